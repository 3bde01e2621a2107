"""A PDF's outline (bookmarks) as heading paths of its paragraphs."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pypdfium2 as pdfium

from ingest.parse.clean import one_line, shorten

_MAX_ENTRIES = 5_000
_MAX_DEPTH = 8
_NUMBERING = re.compile(r"^(?:chapter|section|part|appendix|kapitel)?\s*[\dA-Z]{1,3}(?:\.\d+)*[.:)]?\s+", re.IGNORECASE)


class Outline:
    """Reads the outline once; then asked page by page, in order.

    Attributes:
        current: the heading path at the end of the last page asked for.
        n_entries: with a title and a page.
    """

    def __init__(self, pdf: Any) -> None:
        self.current: tuple[str, ...] = ()
        self.n_entries = 0
        self._levels: list[int] = []
        self._by_page: dict[int, list[tuple[int, str]]] = defaultdict(list)
        page = 1
        for entry in itertools.islice(pdf.get_toc(max_depth=_MAX_DEPTH), _MAX_ENTRIES):
            place = _page(entry)
            page = place or page
            if title := shorten(one_line(entry.get_title()), 200):
                self._by_page[page].append((entry.level, title))
                self.n_entries += place is not None

    def paths(self, page: int, texts: Sequence[str]) -> list[tuple[str, ...]]:
        """The heading path of each paragraph of a page (from 1).

        An entry begins at the paragraph that starts with its title. Where there is none it begins with the entry before
        it, or at the top of the page: most outlines say no more than the page.
        """
        found = []
        entries = iter([*self._places(page, texts), (len(texts), 0, "")])
        place, level, title = next(entries)
        for n in range(len(texts) + 1):
            while n >= place and title:
                self._enter(level, title)
                place, level, title = next(entries)
            if n < len(texts):
                found.append(self.current)
        return found

    def _places(self, page: int, texts: Sequence[str]) -> list[tuple[int, int, str]]:
        entries = []
        start = 0
        for level, title in self._by_page.get(page, ()):
            start = next((n for n in range(start, len(texts)) if _begins(texts[n], title)), start)
            entries.append((start, level, title))
        return entries

    def _enter(self, level: int, title: str) -> None:
        n_kept = sum(1 for outer in self._levels if outer < level)
        self._levels = [*self._levels[:n_kept], level]
        self.current = (*self.current[:n_kept], title)


def _page(entry: Any) -> int | None:
    try:
        target = entry.get_dest()
        index = target.get_index() if target else None
    except (pdfium.PdfiumError, ValueError):
        return None
    return None if index is None else index + 1


def _begins(text: str, title: str) -> bool:
    words, wanted = _letters(text[: 2 * len(title) + 40]), _letters(title)
    return bool(wanted) and (words == wanted or (len(wanted) > 4 and words.startswith(wanted)))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, _NUMBERING.sub("", text.strip()).casefold()))
