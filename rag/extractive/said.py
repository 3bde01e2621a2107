"""All that a hit says, in pieces that can be quoted. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from rag.extractive.chart_lines import read_chart
from rag.extractive.quotable import MAX_CHARS, around, clipped, quotable
from rag.extractive.sentences import split_sentences
from rag.extractive.units import Shape, split_units
from rag.text.labels import origin_texts
from rag.text.words import WORD, content_words
from rag.types import Hit

READING, PAGE = "it reads", "it says"
_PAGE_LINES, _PAGE_WORDS = 6, 6
_MARKUP = re.compile(r"\*\*|__|`+|^#{1,6}\s+|^>\s+|!?\[(?=[^\]]*\]\()|\]\([^)\s]*\)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that can be quoted. `position` orders the units of a hit; `label` says what it is in a picture."""

    hit: int
    position: int
    text: str
    label: str
    heading: str
    shape: Shape = "sentence"

    @property
    def whole(self) -> str:
        return f"{self.heading}: {self.text}".removeprefix(": ")


def units_of(at: int, hit: Hit, asked: set[str]) -> list[Unit]:
    """All that a hit says, in its order."""
    heading = " > ".join(map(str, hit.record.metadata.get("heading_path") or ()))
    texts = enumerate(texts_of(hit, asked, heading))
    return [
        Unit(at, position, text, label, quotable(heading), shape) for position, (label, text, shape) in texts if text
    ]


def texts_of(hit: Hit, asked: set[str], heading: str) -> Iterator[tuple[str, str, Shape]]:
    """(label, quotable text, shape) of a hit, cleaned."""
    if hit.record.kind != "image":
        body = _MARKUP.sub("", hit.record.text.removeprefix(f"{heading}\n"))
        units = ((shape, around(text, asked)) for shape, text in split_units(body))
        yield from (("", text, shape) for shape, text in units if _is_telling(text))
        return
    for origin, text in origin_texts(hit.record) or [("", hit.record.text)]:
        if origin == "ocr" and _is_page(text):
            yield from ((PAGE, sentence, "sentence") for sentence in _prose(text, asked) if _is_telling(sentence))
        elif origin == "ocr":
            yield READING, quotable(_picture_words(text, asked), 2 * MAX_CHARS), "sentence"
        elif origin != "file name":
            yield from ((origin, sentence, "sentence") for sentence in _prose(text, asked))


def _is_page(text: str) -> bool:
    """Running text, such as a scanned page, rather than a chart or a sign."""
    lengths = [len(line.split()) for line in text.split("\n") if line.strip()]
    return len(lengths) >= _PAGE_LINES and median(lengths) >= _PAGE_WORDS


def _prose(text: str, asked: set[str]) -> Iterator[str]:
    return (around(sentence, asked) for sentence in split_sentences(_MARKUP.sub("", text)))


def _is_telling(sentence: str) -> bool:
    """Not a heading's one word or a page's running title: three words, or a number."""
    return len(WORD.findall(sentence)) >= 3 or any(char.isdigit() for char in sentence)


def _picture_words(text: str, asked: set[str]) -> str:
    """All that is written in a sign; of a picture with many words the title and the lines the question speaks of."""
    chart = read_chart(text.split("\n"))
    lines = [*chart.heads, *chart.rows]
    whole = " / ".join([*chart.statements, *lines])
    if len(whole) <= MAX_CHARS:
        return whole
    spoken = [line for line in lines if asked.intersection(content_words(line))]
    if not spoken:
        totals = [row for row in chart.rows[4:] if re.match(r"(?i)total|all\b|median|average|mean\b|global", row)]
        spoken = [*chart.rows[:4], *totals[:1]]
    heads = [head for head in chart.heads[:4] if head not in spoken]
    parts = (
        " / ".join(clipped(statement, 160) for statement in chart.statements[:2]),
        " | ".join(clipped(head, 40) for head in heads),
        " / ".join(clipped(line, 80) for line in spoken[:6]),
    )
    return " … ".join(part for part in parts if part)
