"""What a re-embedding did, for people and programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from ingest.reembed.reader import ReembedLosses
from ingest.report.ingest_report import Failure
from rag.text.quoting import plain


@dataclass(slots=True)
class ReembedReport:
    """What a re-embedding did.

    Attributes:
        kb: the knowledge base.
        models: what it has now or, unless `switched`, would have.
        already: it had them before; nothing was done.
        switched: the new vectors answer.
        documents: in the knowledge base.
        resumed: of these, done by an earlier run that was stopped.
        texts, images: vectors that this run wrote.
        copied: kinds of vectors whose model is the same, so that they were taken over as they are.
        losses: what could not be carried over.
        failed: documents that the store refuses: nothing was switched.
        timings_s: busy seconds by stage.
        seconds: from start to end.
    """

    kb: str
    models: dict[str, str]
    already: bool = False
    switched: bool = False
    documents: int = 0
    resumed: int = 0
    texts: int = 0
    images: int = 0
    copied: list[str] = field(default_factory=list)
    losses: ReembedLosses = field(default_factory=ReembedLosses)
    failed: list[Failure] = field(default_factory=list)
    timings_s: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """0 all well, 3 some pictures could not be seen, 1 the old vectors still answer."""
        if not self.already and not self.switched:
            return 1
        return 3 if self.losses.unseen.count else 0

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def reembed_lines(report: ReembedReport) -> Iterator[str]:
    """A summary for people: what answers now, then what needs somebody's attention."""
    models = f"{report.models['text']} for words and {report.models['image'] or 'nothing'} for pixels"
    if report.already:
        yield f"{report.kb}: its vectors are of {models} already"
        return
    if report.switched:
        yield f"{report.kb}: {report.documents} documents now have vectors of {models}"
    else:
        yield f"{report.kb}: nothing was switched, the old vectors still answer"
    again = f" ({report.resumed} documents were done before)" if report.resumed else ""
    yield f"{report.texts} texts and {report.images} pictures written in {report.seconds:.1f} s{again}"
    if report.copied:
        yield f"taken over, because their model is the same: vectors of {' and '.join(report.copied)}"
    for failure in report.failed:
        yield f"failed: {plain(failure.source)}: {plain(failure.reason)}"
    yield from _loss_lines(report)


def _loss_lines(report: ReembedReport) -> Iterator[str]:
    losses = report.losses
    for tally, what in (
        (losses.unseen, "pictures could not be seen, only their words were embedded"),
        (losses.left_out, "pictures without words were left out: nothing sees them"),
        (losses.never_in, "documents have pictures that were never taken in, because no image model saw them"),
    ):
        if tally.count:
            yield f"{tally.count} {what}; 'ingest PATH --kb {report.kb}' reads their documents again"
            yield from (f"  {plain(example)}" for example in tally.examples)
    if losses.n_long:
        yield (
            f"{losses.n_long} passages are longer than what {report.models['text']} takes in at once; for passages of "
            "its own size drop the knowledge base and ingest the dump again"
        )
