"""Sources as annotations of an answer, each a link to what it cites.

Front ends such as Open WebUI show `[n]` as the nth annotation: so every number up to the highest that is cited has one,
in their order, but those by which the front end shows texts of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.question import GivenText
from rag.serve.openai.schemas import Annotation, UrlCitation
from rag.serve.source_links import SourceLinks
from rag.text.labels import citation_label
from rag.text.quoting import quoted_line
from rag.types import Answer, Hit

_TITLE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Citing:
    """Makes them.

    Attributes:
        links: signs addresses.
        kb: the knowledge base of the answer.
        base: address of this server, as whoever reads the answer reaches it.
    """

    links: SourceLinks
    kb: str
    base: str

    def annotations(self, answer: Answer, text: str, given: Sequence[GivenText]) -> list[Annotation]:
        """One for each source up to the highest that the answer cites.

        Args:
            answer: with its sources.
            text: the answer's words as they are sent.
            given: texts that the front end shows under numbers of its own.
        """
        last = max((citation.number for citation in answer.citations if citation.hit is not None), default=0)
        hits = dict(answer.earlier) | dict(zip(answer.numbers, answer.hits, strict=True))
        theirs = {each.number for each in given}
        return [
            self._annotation(number, hits.get(number), text) for number in range(1, last + 1) if number not in theirs
        ]

    def _annotation(self, number: int, hit: Hit | None, text: str) -> Annotation:
        start = text.find(f"[{number}]")
        end = start + len(f"[{number}]") if start >= 0 else 0
        base = self.base.rstrip("/")
        if hit is None or hit.record.metadata.get("given"):
            url = f"{base}/#source-{number}"
        else:
            url = base + self.links.path(self.kb, hit.record.id)
        title = (
            quoted_line(citation_label(hit.record))[:_TITLE_CHARS] if hit else f"source {number}, of an earlier answer"
        )
        shown = url.replace("?", "/picture?", 1) + "&size=256" if hit and hit.record.metadata.get("asset") else None
        return Annotation(
            url_citation=UrlCitation(start_index=max(0, start), end_index=end, url=url, title=title, thumbnail=shown)
        )
