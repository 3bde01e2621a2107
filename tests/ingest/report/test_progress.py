import io
import json

import pytest

from ingest.report.ingest_report import Failure, IngestReport
from ingest.report.progress import progress, tell_failure


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_programs_are_told_in_lines_of_json_now_and_then_and_at_the_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("ingest.report.progress.time.monotonic", lambda: now[0])
    with progress("k", as_json=True) as told:
        for done in range(1, 1001):
            now[0] += 0.001
            told("documents", done, 1000)
        told("pictures", 5, None)
    out = capsys.readouterr()
    lines = [json.loads(line) for line in out.err.splitlines()]
    assert out.out == ""
    assert lines[0] == {"stage": "documents", "done": 1, "total": 1000}
    assert lines[-1] == {"stage": "documents", "done": 1000, "total": 1000}
    assert 5 <= len(lines) <= 7


@pytest.mark.parametrize(("options", "words"), [({}, "k: listing files"), ({"begins": "loading models"}, "k: loading")])
def test_a_bar_says_what_is_done_before_the_first_document(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, str], words: str
) -> None:
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr", terminal)
    with progress("k", **options):
        pass
    assert words in terminal.getvalue()


def test_a_failure_is_told_at_once_and_is_no_part_of_the_report(capsys):
    report = IngestReport("k", on_failure=tell_failure)
    report.fail("k/a.pdf", "it is encrypted", transient=False)
    said = json.loads(capsys.readouterr().err)
    assert said == {"failed": {"source": "k/a.pdf", "reason": "it is encrypted", "transient": False}}
    assert "on_failure" not in report.to_dict()
    assert report.failed == [Failure("k/a.pdf", "it is encrypted")]
