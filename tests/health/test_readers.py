"""What `rag doctor` says about readers."""

from __future__ import annotations

import pytest

from rag.health import readers
from rag.health.readers import find_readers
from rag.installation import extra_command


def test_a_reader_that_is_missing_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "find_spec", lambda name: None)
    always, heic, archives = find_readers()
    assert always.severity == "ok"
    assert (heic.severity, heic.remedy) == ("info", f"to read them: {extra_command('heic')}")
    assert extra_command("archives") in archives.remedy
    assert "libarchive" in archives.remedy


def test_a_library_that_is_missing_is_told_apart_from_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "find_spec", lambda name: object())
    monkeypatch.setattr(readers.ctypes.util, "find_library", lambda name: None)
    *_, heic, archives = find_readers()
    assert heic.severity == "ok"
    assert "the system's libarchive is missing" in archives.message
