"""Help of all commands at once, and what the shell's completion offers."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ingest.cli import app as ingest_app
from rag.cli.app import app as rag_app


@pytest.mark.parametrize(
    ("app", "usages"),
    [
        (rag_app, ["rag [OPTIONS] COMMAND", "rag ask [OPTIONS]", "rag kb drop [OPTIONS]"]),
        (ingest_app, ["ingest [OPTIONS] COMMAND", "ingest [OPTIONS] {PATH}", "ingest status [OPTIONS]"]),
    ],
)
def test_the_help_of_all_commands_is_shown_at_once(app: typer.Typer, usages: list[str]) -> None:
    shown = CliRunner().invoke(app, ["--help-all"], prog_name=usages[0].split()[0])
    assert shown.exit_code == 0
    for usage in usages:
        assert f"Usage: {usage}" in shown.output
    assert "--explain" in shown.output or "--prune" in shown.output


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("rag k", ["kb"]),
        ("rag kb ", ["list", "show", "facets", "describe", "empty", "drop"]),
        ("ingest ", []),  # the shell's own files
        ("ingest st", ["status"]),
        ("ingest re", ["retry", "reembed"]),
        ("ingest no", []),
        ("ingest notes st", []),
        ("ingest --pru", ["--prune"]),
        ("ingest status --j", ["--json"]),
    ],
)
def test_the_shell_completes_commands_and_options(
    typed: str, offered: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert completed(typed) == offered


def test_files_come_before_commands_that_begin_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "statutes").mkdir()
    monkeypatch.chdir(tmp_path)
    assert completed("ingest stat") == []


def completed(typed: str) -> list[str]:
    program = typed.split()[0]
    variables = {
        f"_{program.upper()}_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split(" ")) - 1),
    }
    app = rag_app if program == "rag" else ingest_app
    return CliRunner().invoke(app, env=variables, prog_name=program).stdout.split()
