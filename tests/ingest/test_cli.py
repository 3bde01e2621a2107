import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.captions.join import CaptionReport, TableUse
from ingest.cli import parse_fields
from ingest.report.ingest_report import Failure, IngestReport
from ingest.report.summary import report_lines
from rag.errors import ConfigError

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "RAG_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT), "COLUMNS": "200"}


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    def run_one(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ingest", *words],
            cwd=tmp_path,
            env={**environment, **variables},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run_one


def test_the_main_form_and_its_followers(run: Run, dump: Path) -> None:
    """One story, because each command pays for loading the text model."""
    (dump / "good.txt").write_text("The red valve closes first.")
    (dump / "bad\x1b[31m.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")

    planned = run("dump", "--kb", "k", "--dry-run")
    assert "1 would be new" not in planned.stdout  # what is in a picture is only known when it is read
    assert "2 would be new" in planned.stdout
    assert planned.returncode == 0
    assert run("status", "--kb", "k").returncode == 1

    done = run("dump", "--kb", "k", "--field", "year:int", "--json", RAG_OCR="false")
    report = json.loads(done.stdout)
    assert (report["new"], report["n_failed"]) == (1, 1)
    assert done.returncode == 3

    other_fields = run("dump", "--kb", "k", "--field", "year:str", "--dry-run")
    assert other_fields.returncode == run("dump", "--kb", "k", "--field", "year:str").returncode == 1
    assert "declared fields (--field)" in other_fields.stderr

    shown = run("status", "--kb", "k")
    assert "1 documents" in shown.stdout
    assert "failed" in shown.stdout
    assert "\x1b" not in shown.stdout
    assert shown.returncode == 0
    (problem,) = json.loads(run("status", "--kb", "k", "--json").stdout)["problems"]
    assert problem["state"] == "failed"
    assert problem["reason"] == report["failed"][0]["reason"]

    (dump / "bad\x1b[31m.png").unlink()
    assert "does not exist" in run("retry", "--kb", "k", RAG_OCR="false").stdout
    pruned = run("./dump", "--kb", "k", "--prune", "--no-ocr")
    assert "1 unchanged" in pruned.stdout
    assert pruned.returncode == 0
    assert "0 failed" in run("status", "--kb", "k").stdout


def test_without_a_knowledge_base_it_is_wrong_usage(run: Run) -> None:
    done = run("somewhere")
    assert done.returncode == 2
    assert "--kb" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_shows_paths_first_and_names_the_other_commands(run: Run) -> None:
    shown = run("--help").stdout
    assert shown.startswith("Usage: ingest [OPTIONS]") or "[OPTIONS] {PATH}" in shown.splitlines()[0]
    for word in ("PATH", "--prune", "ingest status", "ingest retry", "130"):
        assert word in shown
    assert "--kb" in run("status", "--help").stdout


def test_ctrl_c_exits_with_130_and_says_how_to_go_on(environment: dict[str, str], dump: Path) -> None:
    (dump / "long.txt").write_text("\n\n".join(f"Paragraph {n} of many. " + "word " * 40 for n in range(60_000)))
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest", str(dump), "--kb", "k"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not Path(environment["RAG_DATA_DIR"], "milvus.db").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "goes on where it stopped" in errors


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (("status", "--kb", "absent"), "knowledge_base_not_found", 1),
        (("retry", "--kb", "absent"), "knowledge_base_not_found", 1),
        (("reembed", "--kb", "absent"), "knowledge_base_not_found", 1),
        ((".", "--kb", "k", "--field", "year"), "config_error", 2),
    ],
)
def test_a_failure_is_an_object_where_json_is_wanted(
    run: Run, arguments: tuple[str, ...], code: str, exit_code: int
) -> None:
    done = run(*arguments, "--json")
    assert done.returncode == exit_code
    error = json.loads(done.stdout)["error"]
    assert (error["code"], done.stderr) == (code, f"error: {error['message']}\n")


@pytest.mark.parametrize("wrong", ["year", "year:", ":int", "year:date"])
def test_a_field_without_a_known_type_is_refused(wrong: str) -> None:
    with pytest.raises(ConfigError, match="NAME:TYPE"):
        parse_fields([wrong])


def test_fields_keep_odd_names() -> None:
    assert parse_fields(["year:int", "odd: name:str"]) == {"year": "int", "odd: name": "str"}


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (IngestReport("k", documents=2, new=2), 0),
        (IngestReport("k", documents=2, unchanged=2), 0),
        (IngestReport("k", documents=2, new=1, n_failed=1), 3),
        (IngestReport("k", documents=1, n_failed=1), 1),
        (IngestReport("k"), 1),
        (IngestReport("k", removed=1), 0),
    ],
)
def test_exit_codes(report: IngestReport, code: int) -> None:
    assert report.exit_code == code


def test_hostile_names_do_not_reach_the_terminal() -> None:
    report = IngestReport("k", documents=1)
    report.fail("a\x1b]0;x\x07\n.png", "why\x1b[2J", transient=False)
    report.warn("b\u202e.md", ["left \r out"], 1)
    text = "\n".join(report_lines(report))
    assert not set(text) & set("\x1b\x07\r\u202e")
    assert report.failed == [Failure("a\x1b]0;x\x07\n.png", "why\x1b[2J")]


def test_rows_of_a_caption_table_that_could_not_be_read_are_told() -> None:
    use = TableUse(
        "d/c.jsonl", "utf-8", "file", ("caption",), n_rows=4, n_joined=4, n_bad_rows=2, bad_rows=["line 3: why"]
    )
    report = IngestReport("k", documents=4, captions=CaptionReport(tables=[use]))
    (line,) = [line for line in report_lines(report) if line.startswith("captions: ")]
    assert line.endswith("joined by column 'file'; 2 rows could not be read as they are (line 3: why)")
