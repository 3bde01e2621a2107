"""How the commands print: results to stdout, everything else to stderr, foreign text made harmless for a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rag.context import place
from rag.quoting import plain
from rag.types import ChannelScore, Hit

SNIPPET_CHARS = 200


def one_line(text: str) -> str:
    """Foreign text on one line, single-spaced, without anything a terminal would obey."""
    return " ".join(plain(text).split())


def say(text: str = "") -> None:
    """A line of the result."""
    print(text, file=sys.stdout)


def note(text: str) -> None:
    """A line for people, beside the result."""
    print(text, file=sys.stderr)


def notes(items: Iterable[str]) -> None:
    for item in items:
        note(f"note: {one_line(item)}")


def say_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str), file=sys.stdout)


def hit_lines(number: int, hit: Hit, *, explain: bool = False) -> list[str]:
    """A numbered source: where it is, its kind, its scores, and how it begins."""
    lines = [f"[{number}] {place(hit.record)}  ({hit.record.kind})  {scores(hit)}"]
    snippet = one_line(hit.record.text)
    if snippet:
        lines.append(f"    {snippet[:SNIPPET_CHARS]}{'...' if len(snippet) > SNIPPET_CHARS else ''}")
    lines += [f"    also: {one_line(source)}" for source in hit.also]
    if explain:
        lines += [f"    {line}" for line in _explanation(hit)]
    return lines


def scores(hit: Hit) -> str:
    """`score 2.31 = text 0.62, lexical 7.10, rerank 0.55`"""
    parts = [f"{name} {view.raw:.2f}" for name, view in hit.channels.items() if view.raw is not None]
    if hit.rerank is not None:
        parts.append(f"rerank {hit.rerank:.2f}")
    return f"score {hit.score:.2f} ({', '.join(parts)})"


def _explanation(hit: Hit) -> Sequence[str]:
    rows = [
        f"{name:8} raw {_number(view.raw)}  {view.calibrated:+6.2f} deviations above its background  {_rank(view)}"
        for name, view in hit.channels.items()
    ]
    return [*rows, f"fused    {hit.fused:.3f}", f"rerank   {_number(hit.rerank).strip()}", f"final    {hit.score:.3f}"]


def _rank(view: ChannelScore) -> str:
    if view.rank is not None:
        return f"rank {view.rank}"
    return "no row" if view.raw is None else "not in its list, score completed"


def _number(value: float | None) -> str:
    return "   none" if value is None else f"{value:7.3f}"
