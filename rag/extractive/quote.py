"""Answers without a language model: the best sentences, word for word, each with its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median, pstdev
from typing import TypeAlias

from rag.extractive.chart_lines import read_chart
from rag.extractive.sentences import split_sentences
from rag.text.labels import origin_texts
from rag.text.quoting import quoted_line
from rag.text.words import WORD, content_words
from rag.types import Hit

Score: TypeAlias = Callable[[str, Sequence[str]], Sequence[float | None]]
"""(question, passages) to one score a passage, higher is better; None where it ran out of time."""

NO_MODEL_NOTE = "no model wrote this answer: it quotes the sentences of the sources that fit the question best"

_MAX_HITS, _MAX_PER_HIT, _MAX_UNITS, _MAX_QUOTES, _MAX_CHARS = 6, 12, 48, 3, 320
_OVERLAP, _PLACE, _DROP = 1.0, 0.8, 1.3
"""Weights in standard deviations of the score: shared words and the hit's rank; and how far below the best a quote may
be."""

_READING, _PAGE = "it reads", "it says"
_READING_CHARS = 4
_PAGE_LINES, _PAGE_WORDS = 6, 6
_MARKUP = re.compile(r"\*\*|__|`+|^#{1,6}\s+|^>\s+|!?\[(?=[^\]]*\]\()|\]\([^)\s]*\)", re.MULTILINE)
_ENDED = re.compile(r"[.!?:;,…。！？][\"'”’»)\]]*$")
_MARKER = re.compile(r"[\[［【](\d[\d\s,;–-]*)[\]］】]")


@dataclass(frozen=True, slots=True)
class _Unit:
    """Something that can be quoted. `position` orders the units of a hit; `label` says what it is in a picture."""

    hit: int
    position: int
    text: str
    label: str
    heading: str


def extract(
    question: str,
    hits: Sequence[Hit],
    score: Score | None = None,
    *,
    by_looks: Collection[int] | None = None,
    may_quote: Collection[int] | None = None,
) -> str:
    """Quotes what answers best, one line a source, best first, each with its marker `[n]`.

    Args:
        question: words; empty for a question by picture: then the best hits are described in their order.
        hits: the numbered sources, most relevant first.
        score: how well a passage fits the question, such as a reranker; None leaves shared words and rank.
        by_looks: indices of the hits that were found by what they show: named first to last, not quoted like texts.
            None where nobody can tell: then pictures without words among the best two count as that.
        may_quote: indices of the hits that may be quoted; None: all.

    Returns:
        Lines; empty where the hits say nothing at all.
    """
    asked = set(content_words(question))
    named = by_looks or ()
    by_hit = [
        _units(at, hit, asked) if at not in named and (may_quote is None or at in may_quote) else []
        for at, hit in enumerate(hits[:_MAX_HITS])
    ]
    units = list(_candidates(asked, by_hit))
    ranked = sorted(zip(_scores(question, units, score), units, strict=True), key=lambda each: -each[0])
    best: list[_Unit] = []
    chosen: list[_Unit] = []
    for value, unit in ranked:
        far = value < ranked[0][0] - _DROP
        full = len(best) == _MAX_QUOTES or sum(unit.hit == each.hit for each in best) == 2
        if not (far or full or any(_same(unit.text, each.text) for each in chosen)):
            best.append(unit)
            chosen += _with_followers(unit, by_hit[unit.hit], chosen)
    chosen += [unit for unit in units if unit.label == _READING and _adds(unit, chosen)]
    lines = [_line(hits, [unit for unit in chosen if unit.hit == at]) for at in dict.fromkeys(u.hit for u in chosen)]
    wordless = [at for at, hit in enumerate(hits[:2]) if hit.record.kind == "image" and not _words_of(hit)]
    shown = [_shown(at, hits[at], asked) for at in (wordless if by_looks is None else sorted(by_looks)[:_MAX_QUOTES])]
    return "\n".join([*shown, *lines] if 0 in named else [*lines, *shown])


def quotable(text: str, n_chars: int = _MAX_CHARS) -> str:
    """One line of at most `n_chars`, without control characters; `[3]` becomes `(3)`, or it would read as a marker."""
    return _clipped(_MARKER.sub(r"(\1)", quoted_line(text)), n_chars)


def _shown(at: int, hit: Hit, asked: set[str]) -> str:
    """A picture that answers by its pixels, and the words in it or about it."""
    known = (f"{label}: “{text}”" for label, text in _texts(hit, asked, "") if text)
    words = next(known, "nothing is written about it.")
    return f"- The picture {quotable(hit.record.source)} matches by what it shows; {words} [{at + 1}]"


def _units(at: int, hit: Hit, asked: set[str]) -> list[_Unit]:
    """All that a hit says, in its order."""
    heading = " > ".join(map(str, hit.record.metadata.get("heading_path") or ()))
    texts = enumerate(_texts(hit, asked, heading))
    return [_Unit(at, position, text, label, quotable(heading)) for position, (label, text) in texts if text]


def _candidates(asked: set[str], by_hit: Sequence[Sequence[_Unit]]) -> Iterator[_Unit]:
    """At most `_MAX_UNITS`; of a long passage the sentences that share most words with the question."""
    left = _MAX_UNITS
    for units in by_hit:
        close = sorted(units, key=lambda unit: -len(asked.intersection(content_words(unit.text))))
        yield from close[: min(_MAX_PER_HIT, left)]
        left -= min(len(units), _MAX_PER_HIT, left)


def _with_followers(unit: _Unit, units: Sequence[_Unit], chosen: Sequence[_Unit]) -> list[_Unit]:
    """The unit and what comes next, together `_MAX_CHARS`; of a picture, then also what comes before.

    The answer often stands in the sentence after the one that names its subject, and calls that subject "it".
    """
    kept, left, at = [unit], _MAX_CHARS - len(unit.text), units.index(unit)
    before = () if unit.label in ("", _PAGE) else units[:at]
    for each in (*units[at + 1 :], *before) if unit.label != _READING else ():
        if each.label != _READING:
            if len(each.text) > left or each in chosen:
                break
            kept.append(each)
            left -= len(each.text)
    return kept


def _words_of(hit: Hit) -> bool:
    return bool(hit.record.text.strip() or origin_texts(hit.record))


def _texts(hit: Hit, asked: set[str], heading: str) -> Iterator[tuple[str, str]]:
    """(label, quotable text) of a hit, cleaned."""
    if hit.record.kind != "image":
        body = hit.record.text.removeprefix(f"{heading}\n")
        yield from (("", text) for text in _prose(body) if _is_telling(text))
        return
    for origin, text in origin_texts(hit.record) or [("", hit.record.text)]:
        if origin == "ocr" and _is_page(text):
            yield from ((_PAGE, sentence) for sentence in _prose(text) if _is_telling(sentence))
        elif origin == "ocr":
            yield _READING, quotable(_picture_words(text, asked), 2 * _MAX_CHARS)
        elif origin != "file name":
            yield from ((origin, sentence) for sentence in _prose(text))


def _is_page(text: str) -> bool:
    """Running text, such as a scanned page, rather than a chart or a sign."""
    lengths = [len(line.split()) for line in text.split("\n") if line.strip()]
    return len(lengths) >= _PAGE_LINES and median(lengths) >= _PAGE_WORDS


def _prose(text: str) -> Iterator[str]:
    return (quotable(sentence) for sentence in split_sentences(_MARKUP.sub("", text)))


def _is_telling(sentence: str) -> bool:
    """Not a heading's one word or a page's running title: three words, or a number."""
    return len(WORD.findall(sentence)) >= 3 or any(char.isdigit() for char in sentence)


def _picture_words(text: str, asked: set[str]) -> str:
    """All that is written in a sign; of a picture with many words the title and the lines the question speaks of."""
    chart = read_chart(text.split("\n"))
    lines = [*chart.heads, *chart.rows]
    whole = " / ".join([*chart.statements, *lines])
    if len(whole) <= _MAX_CHARS:
        return whole
    spoken = [line for line in lines if asked.intersection(content_words(line))]
    if not spoken:
        totals = [row for row in chart.rows[4:] if re.match(r"(?i)total|all\b|median|average|mean\b|global", row)]
        spoken = [*chart.rows[:4], *totals[:1]]
    heads = [head for head in chart.heads[:4] if head not in spoken]
    parts = (
        " / ".join(_clipped(statement, 160) for statement in chart.statements[:2]),
        " | ".join(_clipped(head, 40) for head in heads),
        " / ".join(_clipped(line, 80) for line in spoken[:6]),
    )
    return " … ".join(part for part in parts if part)


def _clipped(text: str, n_chars: int) -> str:
    return text if len(text) <= n_chars else text[:n_chars].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _scores(question: str, units: Sequence[_Unit], score: Score | None) -> list[float]:
    if not units:
        return []
    by_position = [-0.5 * unit.hit - 0.01 * unit.position for unit in units]
    if not question.strip():
        return by_position
    passages = [f"{unit.heading}: {unit.text}".removeprefix(": ") for unit in units]
    given = list(score(question, passages)) if score else [0.0] * len(units)
    known = [value for value in given if value is not None] or [0.0]
    mean, spread, worst = fmean(known), pstdev(known) or 1.0, min(known)
    asked = set(content_words(question))
    return [
        ((worst if value is None else value) - mean) / spread
        + 2 * _OVERLAP * len(asked.intersection(content_words(unit.text))) / max(1, len(asked))
        + _PLACE / (1 + unit.hit)
        for value, unit in zip(given, units, strict=True)
    ]


def _adds(reading: _Unit, chosen: Sequence[_Unit]) -> bool:
    """A picture that is quoted by its caption also shows what is written in it, unless that is noise or the same."""
    quoted = [unit for unit in chosen if unit.hit == reading.hit]
    return bool(quoted) and len(reading.text) >= _READING_CHARS and not any(_same(reading.text, u.text) for u in chosen)


def _same(one: str, other: str) -> bool:
    """Nearly the same words, or one inside the other."""
    a, b = set(content_words(one)), set(content_words(other))
    return len(a & b) >= 0.8 * max(1, min(len(a), len(b)))


def _line(hits: Sequence[Hit], units: Sequence[_Unit]) -> str:
    """All quotes from one source, in the order of the source."""
    record, parts, before = hits[units[0].hit].record, list[str](), units[0]
    for unit in sorted(units, key=lambda each: each.position):
        if parts and unit.label == before.label and unit.position == before.position + 1:
            between = " " if _ENDED.search(before.text) else " / "
            parts[-1] = f"{parts[-1][:-1]}{between}{unit.text}”"
        else:
            parts.append(f"{unit.label}: “{unit.text}”".removeprefix(": "))
        before = unit
    said = "; ".join(parts) if record.kind == "image" else " … ".join(parts)
    prefix = f"In the picture {quotable(record.source)}, " if record.kind == "image" else ""
    return f"- {prefix}{said} [{units[0].hit + 1}]"
