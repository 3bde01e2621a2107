"""Answers without a language model: the best sentences, word for word, each with its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from statistics import fmean, pstdev
from typing import TypeAlias

from rag.extractive.named import Named
from rag.extractive.quotable import MAX_CHARS, quotable
from rag.extractive.said import PAGE, READING, Unit, texts_of, units_of
from rag.text.labels import likely_things, looks_like, origin_texts
from rag.text.words import content_words
from rag.types import Hit

Score: TypeAlias = Callable[[str, Sequence[str]], Sequence[float | None]]
"""(question, passages) to one score a passage, higher is better; None where it ran out of time."""

NO_MODEL_NOTE = "no model wrote this answer: it quotes the sentences of the sources that fit the question best"

_MAX_HITS, _MAX_PER_HIT, _MAX_UNITS, _MAX_QUOTES = 6, 12, 48, 3
_OVERLAP, _PLACE, _NAMED = 1.0, 0.8, 1.5
"""Weights in standard deviations of the score: shared words, the hit's rank, and what is asked for to the letter."""
_DROP, _CLOSE = 1.3, 0.5
"""How far below the best a quote may be, and how far whatever it says."""

_READING_CHARS = 4
_ENDED = re.compile(r"[.!?:;,…。！？][\"'”’»)\]]*$")


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
    seen = by_looks or ()
    named = Named.of(question, hits)
    by_hit = [
        units_of(at, hit, asked) if at not in seen and (may_quote is None or at in may_quote) else []
        for at, hit in enumerate(hits[:_MAX_HITS])
    ]
    units = list(_candidates(asked, _only_named(named, hits, by_hit)))
    scores = _scores(question, units, named, score)
    ranked = sorted(zip(scores, units, strict=True), key=lambda each: -each[0])
    best: list[Unit] = []
    chosen: list[Unit] = []
    for value, unit in ranked:
        far = value < ranked[0][0] - _DROP
        full = len(best) == _MAX_QUOTES or sum(unit.hit == each.hit for each in best) == 2
        if (
            far
            or full
            or any(_same(unit.text, each.text) for each in chosen)
            or not (value > ranked[0][0] - _CLOSE or _earns(unit, best, asked))
        ):
            continue
        best.append(unit)
        chosen += _with_followers(unit, by_hit[unit.hit], chosen, named)
    chosen += [unit for unit in units if unit.label == READING and _adds(unit, chosen)]
    lines = [_line(hits, [unit for unit in chosen if unit.hit == at]) for at in dict.fromkeys(u.hit for u in chosen)]
    wordless = [at for at, hit in enumerate(hits[:2]) if hit.record.kind == "image" and not _words_of(hit)]
    shown = [_shown(at, hits[at], asked) for at in (wordless if by_looks is None else sorted(by_looks)[:_MAX_QUOTES])]
    return "\n".join([*shown, *lines] if 0 in seen else [*lines, *shown])


def _only_named(named: Named, hits: Sequence[Hit], by_hit: Sequence[Sequence[Unit]]) -> list[list[Unit]]:
    """Of what is asked for to the letter, the sources that have it, and of those the sentences and rows that do."""
    if not named.certain:
        return [list(units) for units in by_hit]
    kept: list[list[Unit]] = []
    for hit, units in zip(hits, by_hit, strict=False):
        has_it = named.n_held(hit.record.text, hit.record.source)
        kept.append(([unit for unit in units if named.n_held(unit.whole)] or list(units)) if has_it else [])
    return kept


def _earns(unit: Unit, best: Sequence[Unit], asked: set[str]) -> bool:
    """The best hit is worth a line; another one where it adds a word of the question, or has as many."""
    if not best or unit.hit in (0, best[0].hit):
        return True
    spoken = asked.intersection(content_words(unit.whole))
    before = [asked.intersection(content_words(each.whole)) for each in best]
    return bool(spoken - set().union(*before)) or len(spoken) >= max(map(len, before))


def _shown(at: int, hit: Hit, asked: set[str]) -> str:
    """A picture that answers by its pixels, and the words in it or about it."""
    known = (f"{label}: “{text}”" for label, text, _ in texts_of(hit, asked, "") if text)
    guess = quotable(looks_like(likely_things(hit.record)))
    told = ["matches by what it shows", *([guess] if guess else []), next(known, "nothing is written about it.")]
    return f"- The picture {quotable(hit.record.source)} {'; '.join(told)} [{at + 1}]"


def _candidates(asked: set[str], by_hit: Sequence[Sequence[Unit]]) -> Iterator[Unit]:
    """At most `_MAX_UNITS`; of a long passage the sentences that share most words with the question."""
    left = _MAX_UNITS
    for units in by_hit:
        close = sorted(units, key=lambda unit: -len(asked.intersection(content_words(unit.whole))))
        yield from close[: min(_MAX_PER_HIT, left)]
        left -= min(len(units), _MAX_PER_HIT, left)


def _with_followers(unit: Unit, units: Sequence[Unit], chosen: Sequence[Unit], named: Named) -> list[Unit]:
    """The unit and what comes next, together `MAX_CHARS`; of a picture, then also what comes before.

    The answer often stands in the sentence after the one that names its subject, and calls that subject "it". A row
    stands for itself, and what names another E21 is not about this one.
    """
    if unit.shape == "row":
        return [unit]
    kept, left, at = [unit], MAX_CHARS - len(unit.text), units.index(unit)
    runs = [units[at + 1 :], () if unit.label in ("", PAGE) else units[:at]]
    if named.n_held(unit.heading):  # the whole section is about it
        runs[1] = units[:at][::-1]
    for run in runs if unit.label != READING else ():
        for each in run:
            if each.label != READING:
                if len(each.text) > left or each in chosen or named.names_another(each.text):
                    break
                kept.append(each)
                left -= len(each.text)
    return kept


def _words_of(hit: Hit) -> bool:
    return bool(hit.record.text.strip() or origin_texts(hit.record))


def _scores(question: str, units: Sequence[Unit], named: Named, score: Score | None) -> list[float]:
    if not units:
        return []
    if not question.strip():
        return [-0.5 * unit.hit - 0.01 * unit.position for unit in units]
    given = list(score(question, [unit.whole for unit in units])) if score else [0.0] * len(units)
    known = [value for value in given if value is not None] or [0.0]
    mean, spread, worst = fmean(known), pstdev(known) or 1.0, min(known)
    asked = set(content_words(question))
    return [
        ((worst if value is None else value) - mean) / spread
        + 2 * _OVERLAP * _overlap(unit, asked)
        + _PLACE / (1 + unit.hit)
        + _NAMED * (named.n_held(unit.whole) + named.n_weak(unit.whole))
        for value, unit in zip(given, units, strict=True)
    ]


def _overlap(unit: Unit, asked: set[str]) -> float:
    """The question's words that it has, in [0, 1]; one that only its heading has counts half."""
    said = asked.intersection(content_words(unit.text))
    above = asked.intersection(content_words(unit.heading)) - said
    return (len(said) + len(above) / 2) / max(1, len(asked))


def _adds(reading: Unit, chosen: Sequence[Unit]) -> bool:
    """A picture that is quoted by its caption also shows what is written in it, unless that is noise or the same."""
    quoted = [unit for unit in chosen if unit.hit == reading.hit]
    return bool(quoted) and len(reading.text) >= _READING_CHARS and not any(_same(reading.text, u.text) for u in chosen)


def _same(one: str, other: str) -> bool:
    """Nearly the same words, or one inside the other."""
    a, b = set(content_words(one)), set(content_words(other))
    return len(a & b) >= 0.8 * max(1, min(len(a), len(b)))


def _line(hits: Sequence[Hit], units: Sequence[Unit]) -> str:
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
