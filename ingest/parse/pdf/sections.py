"""Under which headings the paragraphs of a PDF stand: by its outline, or by how its headings look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ingest.parse.pdf.headings import Headings, shape
from ingest.parse.pdf.layout import Paragraph
from ingest.parse.pdf.outline import Outline
from ingest.parse.pdf.page import Page

_MIN_ENTRIES = 2
"""An outline with fewer names the document, not its parts."""

Path = tuple[str, ...]


class Sections:
    """Asked page by page, in order.

    Attributes:
        current: the heading path at the end of the last page asked for.
    """

    def __init__(self, pdf: Any) -> None:
        self.current: Path = ()
        self._outline = Outline(pdf)
        self._headings = Headings()
        self._has_outline = self._outline.n_entries >= _MIN_ENTRIES

    def learn(self, page: Page) -> None:
        """Takes in a page before its turn comes."""
        if not self._has_outline:
            self._headings.learn(page.lines)

    def paths(self, page: Page, paragraphs: Sequence[Paragraph], neighbours: Iterable[Page]) -> list[tuple[Path, bool]]:
        """The path of each paragraph of a page, and whether it is a heading itself: the last of its own path.

        With an outline no paragraph is one: it may say more than the outline does.
        """
        if self._has_outline:
            paths = self._outline.paths(page.number, [paragraph.text for paragraph in paragraphs])
            self.current = self._outline.current
            return [(path, False) for path in paths]
        running = {shape(line) for other in neighbours for line in other.lines}
        filled = [box.turned(page.degrees) for _, box in page.notes.values]
        found = []
        for paragraph, looks in zip(paragraphs, self._headings.find(paragraphs, running), strict=True):
            middle = paragraph.box.middle_x, paragraph.box.middle_y
            is_heading = looks and not any(box.has(*middle) for box in filled)
            if is_heading:
                self.current = self._headings.enter(paragraph)
            found.append((self.current, is_heading))
        return found
