"""A knowledge base's name names folders, too."""

from __future__ import annotations

import sys

import pytest

from rag.errors import ConfigError
from rag.store import names


def test_a_name_that_differs_in_case_only_is_refused_where_files_would_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    names.require_folder_of_its_own("Manuals", lambda: ["manuals"])
    monkeypatch.setattr(names, "FOLDS_CASE", True)
    names.require_folder_of_its_own("manuals", lambda: ["manuals", "other"])
    with pytest.raises(ConfigError, match="--kb manuals"):
        names.require_folder_of_its_own("Manuals", lambda: ["manuals"])


@pytest.mark.parametrize("name", ["con", "NUL", "lpt9"])
def test_a_device_names_no_knowledge_base_on_windows(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names.require_folder_of_its_own(name, list)
    monkeypatch.setattr(sys, "platform", "win32")
    names.require_folder_of_its_own("console", list)
    with pytest.raises(ConfigError, match=f"{name}_1"):
        names.require_folder_of_its_own(name, list)
