"""`rag serve --demo` answers at once; the sample comes in beside it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rag.cli import demo
from rag.config import load_settings


def test_the_sample_is_filled_beside_the_server_and_ends_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, ...]] = []

    class Process:
        def __init__(self, command: tuple[str, ...], env: dict[str, str], **_: object) -> None:
            started.append(command)
            assert env["RAG_DATA_DIR"] == str(tmp_path)
            self.ended = False

        def terminate(self) -> None:
            self.ended = True

        def wait(self) -> None:
            assert self.ended

    monkeypatch.setattr(demo.subprocess, "Popen", Process)
    with demo.filling_samples("demo", load_settings(data_dir=tmp_path)):
        (command,) = started
    python, *_, module, _, ingest, dump, option, kb = command
    assert (python, module, ingest) == (sys.executable, "rag.serve.uploads.tethered", "ingest")
    assert (Path(dump).name, option, kb) == ("dump", "--kb", "demo")
