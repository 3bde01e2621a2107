"""What was read of a document, against the truth: words, order, headings, table cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

from benchmarks.reading.truth import Document, Heading, Paragraph, Table
from ingest.parse import parse
from ingest.parse.elements import Element, TextElement
from rag.errors import DocumentError

_WORD = re.compile(r"\w+")
_ROW = re.compile(r"^\|(.*)\|$")
_RULE = re.compile(r"^\|(?: --- \|)+$")
_OPENING_WORDS = 24


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1; None where the document has nothing of the kind.

    Attributes:
        recall, precision: of words, each as often as it was written.
        order: neighbouring paragraphs that come in this order.
        headings: F1 of the headings under which the paragraphs stand.
        cells: body cells that stand in their row and under their column's name.
    """

    recall: float | None
    precision: float | None
    order: float | None
    headings: float | None
    cells: float | None


def score(document: Document) -> Score:
    """Reads the document, as an ingest does, and compares."""
    try:
        elements = list(parse(document.data, document.name, resolve=lambda _: None))
    except DocumentError:
        elements = []
    texts = [element for element in elements if isinstance(element, TextElement)]
    wanted, found = _words(document.texts()), _words(_said(elements))
    n_common = (wanted & found).total()
    return Score(
        recall=n_common / max(1, wanted.total()),
        precision=n_common / max(1, found.total()),
        order=_order(document, texts),
        headings=_headings(document, texts),
        cells=_cells(document, texts),
    )


def mean(scores: Iterable[Score]) -> Score:
    """Over documents, of those that have something of the kind."""
    scores = list(scores)
    found = {}
    for field in fields(Score):
        values = [value for one in scores if (value := getattr(one, field.name)) is not None]
        found[field.name] = sum(values) / len(values) if values else None
    return Score(**found)


def _said(elements: Iterable[Element]) -> Iterable[str]:
    """Every text once; a heading when it begins."""
    path: tuple[str, ...] = ()
    for element in elements:
        if isinstance(element, TextElement):
            yield from (
                title for n, title in enumerate(element.heading_path) if element.heading_path[: n + 1] != path[: n + 1]
            )
            path = element.heading_path
            yield _without_repeated_header(element.text)


def _without_repeated_header(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not _RULE.match(line))


def _words(texts: Iterable[str]) -> Counter[str]:
    return Counter(word.casefold() for text in texts for word in _WORD.findall(text))


def _plain(text: str) -> str:
    return " ".join(word.casefold() for word in _WORD.findall(text))


def _order(document: Document, texts: Sequence[TextElement]) -> float | None:
    whole = " ".join(_plain(element.text) for element in texts)
    openings = [
        " ".join(_plain(block.text).split()[:_OPENING_WORDS])
        for block in document.blocks
        if isinstance(block, Paragraph)
    ]
    places = [whole.find(opening) for opening in openings]
    pairs = list(pairwise(places))
    return sum(1 for before, after in pairs if 0 <= before < after) / len(pairs) if pairs else None


def _headings(document: Document, texts: Sequence[TextElement]) -> float | None:
    wanted = Counter(_plain(block.text) for block in document.blocks if isinstance(block, Heading))
    if not wanted:
        return None
    found: Counter[str] = Counter()
    path: tuple[str, ...] = ()
    for element in texts:
        found.update(
            _plain(title)
            for n, title in enumerate(element.heading_path)
            if element.heading_path[: n + 1] != path[: n + 1]
        )
        path = element.heading_path
    n_common = (wanted & found).total()
    return 2 * n_common / (wanted.total() + found.total())


def _cells(document: Document, texts: Sequence[TextElement]) -> float | None:
    tables = [block.rows for block in document.blocks if isinstance(block, Table)]
    if not tables:
        return None
    read = {}
    for element in texts:
        for row in _records(element.text):
            read.setdefault(next(iter(row.values()), ""), []).append(row)
    n_cells = n_right = 0
    for header, *rows in tables:
        for row in rows:
            candidates = read.get(row[0], [])
            n_cells += len(row)
            n_right += max(
                (sum(found.get(name) == cell for name, cell in zip(header, row, strict=True)) for found in candidates),
                default=0,
            )
    return n_right / n_cells


def _records(text: str) -> Iterable[dict[str, str]]:
    """Rows of Markdown tables by the names of their header."""
    lines = text.split("\n")
    header: list[str] = []
    for n, line in enumerate(lines):
        if not (match := _ROW.match(line)):
            header = []
        elif n + 1 < len(lines) and _RULE.match(lines[n + 1]):
            header = _split(match[1])
        elif header and not _RULE.match(line):
            yield dict(zip(header, _split(match[1]), strict=False))


def _split(row: str) -> list[str]:
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", row)]
