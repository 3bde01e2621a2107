"""The answer to a picture without a language model: its nearest pictures, how alike they are, and what they say."""

from __future__ import annotations

from collections.abc import Sequence

from rag.extractive.quotable import quotable
from rag.extractive.quote import Score, extract
from rag.ports import Likely
from rag.text.labels import citation_label, likely_things, looks_like, origin_texts
from rag.text.pointing import carried
from rag.types import Hit

_MAX_ALIKE, _READING_CHARS = 3, 240


def likeness(cosine: float, least: float) -> float:
    """How alike two pictures are, in [0, 1]: 0 at the cosine of pictures that have nothing to do with each other.

    Args:
        cosine: of their vectors.
        least: `rag.ports.ImageAbilities.min_likeness`, or what stands in for it.
    """
    return min(1.0, max(0.0, (cosine - least) / (1.0 - least)))


def alike(hits: Sequence[Hit], least: float) -> dict[int, float]:
    """Places from 0 of the first few hits that are pictures like the question's, each with its likeness in [0, 1]."""
    found: dict[int, float] = {}
    for at, hit in enumerate(hits):
        view = hit.channels.get("image")
        if hit.record.kind == "image" and view is not None and view.raw is not None and view.raw >= least:
            found[at] = likeness(view.raw, least)
        if len(found) == _MAX_ALIKE:
            break
    return found


def describe(
    question: str,
    hits: Sequence[Hit],
    least: float,
    score: Score | None = None,
    *,
    may_quote: Sequence[int] = (),
    things: Sequence[Likely] = (),
) -> str:
    """One line for each of the nearest pictures, best first, each with its marker `[n]`; then quotes of other sources.

    Args:
        question: words beside the picture; may be empty.
        hits: the numbered sources, most relevant first.
        least: as of `alike`.
        score: as of `extract`.
        may_quote: indices of hits that are close to what was asked or read in words, and may be quoted.
        things: what a model took the question's picture for.

    Returns:
        Lines, that of the guess first; empty where nothing is alike, nothing may be quoted, and there is no guess.
    """
    near = alike(hits, least)
    lines = [_line(at, hits[at], share) for at, share in near.items()]
    rest = [at for at in may_quote if at not in near]
    words = question if carried(question) else ""
    quotes = extract(words, hits, score, by_looks=(), may_quote=rest) if rest else ""
    first_is_told = bool(rest) and not (near and min(near) < min(rest))
    parts = [guessed(things), *([quotes, *lines] if first_is_told else [*lines, quotes])]
    return "\n".join(part for part in parts if part)


def guessed(things: Sequence[Likely]) -> str:
    """What a model took the question's picture for; "" where it took it for nothing."""
    return f"The question's picture {quotable(looks_like(things))}." if things else ""


def _line(at: int, hit: Hit, share: float) -> str:
    guess = quotable(looks_like(likely_things(hit.record)))
    told = [f"{round(100 * share)} % alike", *([guess] if guess else []), _said(hit)]
    return f"- {quotable(citation_label(hit.record))} is {'; '.join(told)} [{at + 1}]"


def _said(hit: Hit) -> str:
    """Its caption first, then what is written in it."""
    texts = dict(reversed(origin_texts(hit.record))) or {"": hit.record.text}
    parts = [
        f"{origin}: “{quotable(text)}”".removeprefix(": ")
        for origin, text in reversed(texts.items())
        if origin not in ("ocr", "file name") and text.strip()
    ]
    if texts.get("ocr", "").strip():
        parts.append(f"it reads: “{quotable(' / '.join(texts['ocr'].splitlines()), _READING_CHARS)}”")
    return "; ".join(parts[:2]) or "nothing is written about it."
