"""Why a hit is where it is, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rag.text.labels import likely_things, looks_like
from rag.types import ChannelScore, Hit


def scores(hit: Hit) -> str:
    """`score 2.31 (text 0.62, lexical 7.10, rerank 0.55)`; empty for what no search ranked."""
    parts = [f"{name} {view.raw:.2f}" for name, view in hit.channels.items() if view.raw is not None]
    if hit.rerank is not None:
        parts.append(f"rerank {hit.rerank:.2f}")
    return f"score {hit.score:.2f} ({', '.join(parts)})" if parts else ""


def explanation(hit: Hit) -> Sequence[str]:
    """A line a channel, then the sums that follow from them, then what a model takes a photograph for."""
    rows = [
        f"{name:8} raw {_number(view.raw)}  {view.calibrated:+6.2f} deviations above its background  {_rank(view)}"
        for name, view in hit.channels.items()
    ]
    named = [f"exact    {', '.join(hit.exact)}"] if hit.exact else []
    guess = looks_like(likely_things(hit.record))
    return [
        *rows,
        *named,
        f"fused    {hit.fused:.3f}",
        f"rerank   {_number(hit.rerank).strip()}",
        f"final    {hit.score:.3f}",
        *([f"seen     {guess}"] if guess else []),
    ]


def _rank(view: ChannelScore) -> str:
    if view.rank is not None:
        return f"rank {view.rank}"
    return "no row" if view.raw is None else "not in its list, score completed"


def _number(value: float | None) -> str:
    return "   none" if value is None else f"{value:7.3f}"
