"""What the commands print about an ingest."""

from __future__ import annotations

from ingest.report.ingest_report import MAX_LISTED, IngestReport
from ingest.report.summary import report_lines
from rag.types import Document


def test_counts_come_first_then_what_needs_attention() -> None:
    report = IngestReport("manuals", documents=3, new=2, records=7, seconds=1.0)
    report.fail("dump/a\x1b.pdf", "broken", transient=False)
    report.warn("dump/b.html", ["pictures left out: 4"], 1)
    lines = list(report_lines(report))
    assert lines[0] == "manuals: 3 documents: 2 new, 0 replaced, 0 unchanged, 1 failed, 0 removed"
    assert any(line.startswith("failed: dump/a") and "\x1b" not in line for line in lines)
    assert "warning: dump/b.html: pictures left out: 4" in lines


def test_the_exit_code_tells_some_failures_from_nothing_done() -> None:
    report = IngestReport("manuals", documents=1, new=1)
    assert report.exit_code == 0
    report.fail("a", "broken", transient=False)
    assert report.exit_code == 3
    report.new = 0
    assert report.exit_code == 1


def test_lists_are_bounded_and_counts_are_not() -> None:
    report = IngestReport("manuals")
    for n in range(MAX_LISTED + 5):
        report.fail(f"{n}", "broken", transient=False)
        report.leave_out({"picture_missing": 2})
    assert (report.n_failed, len(report.failed)) == (MAX_LISTED + 5, MAX_LISTED)
    assert report.to_dict()["left_out"] == {"picture_missing": 2 * (MAX_LISTED + 5)}


def test_the_end_says_how_many_have_a_date_and_a_place() -> None:
    report = IngestReport("kb", documents=4, new=4)
    dated = {"columns": {"taken_at": "2019", "country": "Portugal"}}
    for name, metadata in (
        ("a.jpg", dated),
        ("b.png", {"columns": {"taken_at": "2020"}}),
        ("c.jpg", {}),
        ("d.pdf", {}),
    ):
        report.known.count(Document("d", name, f"/{name}", "h", "done", 1, metadata=metadata))
    said = list(report_lines(report))
    assert "of 3 pictures 2 have a date, 1 a place" in said
    assert not any("other documents" in line for line in said)
    report.known.count(Document("e", "e.pdf", "/e.pdf", "h", "done", 1, metadata={"columns": {"author": "Nell"}}))
    assert "of 2 other documents 1 have an author" in report_lines(report)
