"""What the commands print about an ingest and about the manifest, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ingest.catalog.listing import Tally
from ingest.report.ingest_report import IngestReport
from rag.text.quoting import plain

if TYPE_CHECKING:
    from ingest.captions.join import CaptionReport, TableUse
    from rag.knowledge_base import KnowledgeBase
    from rag.types import Document

_SHOWN = 20


def report_lines(report: IngestReport) -> Iterator[str]:
    """A summary: counts first, then what needs somebody's attention."""
    would = "would be " if report.dry_run else ""
    counts = [f"{getattr(report, name)} {would}{name}" for name in ("new", "replaced", "unchanged")]
    counts += [f"{report.n_failed} failed", f"{report.removed} {would}removed"]
    yield f"{report.kb}: {report.documents} documents: {', '.join(counts)}"
    if not report.dry_run:
        yield f"{report.records} records written in {report.seconds:.1f} s"
    for what, known in (("pictures", report.known.pictures), ("other documents", report.known.others)):
        if said := _known(known):
            yield f"of {known['documents']:,} {what} {said}"
    if not report.documents and not report.n_failed:
        yield "nothing failed earlier" if report.retry else "nothing to ingest was found there"
    for failure in report.failed[:_SHOWN]:
        yield f"failed: {plain(failure.source)}: {plain(failure.reason)}"
    if report.n_failed > _SHOWN:
        yield f"... and {report.n_failed - _SHOWN} more: ingest status --kb {report.kb}"
    for warning in report.warnings[:_SHOWN]:
        yield f"warning: {plain(warning)}"
    if report.n_warnings > _SHOWN:
        yield f"... and {report.n_warnings - _SHOWN} more warnings (--json has them)"
    yield from (f"note: {plain(note.text)}" for note in report.notes)
    if report.not_removed:
        yield f"{report.not_removed} documents were not found but kept: not everything there could be read"
    if report.captions is not None:
        yield from _caption_lines(report.captions)
    for reason, tally in sorted(report.skipped.items()):
        yield _tally(f"left out ({plain(reason)})", tally)


def _known(counts: Mapping[str, int]) -> str:
    """`2,310 have a date, 1,800 a place`; empty where there is nothing to say."""
    some = [(n, name) for name in ("date", "place", "author") if (n := counts.get(name, 0))]
    said = [f"{n:,} {'an' if name == 'author' else 'a'} {name}" for n, name in some]
    return f"{said[0].replace(' a', ' have a', 1)}{''.join(f', {each}' for each in said[1:])}" if said else ""


def status(kb: KnowledgeBase) -> dict[str, Any]:
    """Documents by state, and each one that has a problem."""
    problems = [_problem(document) for document in kb.stored.documents() if document.state != "done" or document.error]
    counts = kb.stored.counts()
    return {
        "kb": kb.name,
        "documents": dict(counts.documents),
        "texts": counts.texts,
        "images": counts.images,
        "problems": sorted(problems, key=lambda problem: problem["path"]),
    }


def status_lines(found: dict[str, Any]) -> Iterator[str]:
    states = found["documents"]
    yield (
        f"{found['kb']}: {states.get('done', 0)} documents, {found['texts']} texts, {found['images']} pictures with a "
        f"vector; {states.get('failed', 0)} failed, {states.get('writing', 0)} interrupted"
    )
    for problem in found["problems"]:
        again = "  (is tried again by itself)" if problem["transient"] else ""
        yield f"{problem['state']}: {plain(problem['path'])}: {plain(problem['reason'])}{again}"
    if found["problems"]:
        yield f"try them again with: ingest retry --kb {found['kb']}"


def _problem(document: Document) -> dict[str, Any]:
    interrupted = document.state == "writing"
    return {
        "source": document.source,
        "path": document.path,
        "state": "interrupted" if interrupted else "failed" if document.state == "failed" else "kept as it was",
        "reason": document.error or "an ingest was stopped while it was written",
        "transient": document.transient or interrupted,
    }


def _caption_lines(captions: CaptionReport) -> Iterator[str]:
    for table in captions.tables:
        yield (
            f"captions: {plain(table.source)}: {table.n_joined} of {table.n_rows} rows joined by column "
            f"'{plain(table.image_column)}'" + "".join(f"; {said}" for said in _asides(table))
        )
    if captions.n_sidecars:
        yield f"captions: {captions.n_sidecars} sidecar files joined"
    for label, tally in (
        ("captions without an image, read as text", captions.captions_without_image),
        ("images without a caption", captions.images_without_caption),
        ("captions that fit several images, read as text", captions.ambiguous),
        ("tables whose images are not here, read as text", captions.not_joined),
        ("tables whose rows were not understood, read as text", captions.not_understood),
        (
            "names in zip files in an encoding that is guessed; pack them anew if letters are wrong",
            captions.guessed_names,
        ),
    ):
        if tally.count:
            yield _tally(label, tally)


def _asides(table: TableUse) -> Iterator[str]:
    """What else is to be known of a table."""
    if not table.caption_columns:
        yield "no column of it reads like a caption, all are kept as columns"
    if table.n_bad_rows:
        which = f" ({plain('; '.join(table.bad_rows[:2]))})" if table.bad_rows else ""
        yield f"{table.n_bad_rows} rows could not be read as they are{which}"
    if table.n_values_left_out:
        yield f"{table.n_values_left_out} values were too large to be kept"
    yield from map(plain, table.guesses)


def _tally(label: str, tally: Tally) -> str:
    examples = ", ".join(plain(example) for example in tally.examples[:3])
    return f"{label}: {tally.count} ({examples}{', ...' if tally.count > 3 else ''})"
