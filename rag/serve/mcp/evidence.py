"""Whether what a search found has to do with what was asked: by the floor that answers rest on."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answers.evidence import has_evidence, likeness_floor
from rag.knowledge_base import KnowledgeBase
from rag.types import SearchResult


def close_hits(base: KnowledgeBase, question: str, result: SearchResult) -> tuple[int, ...]:
    """Indices of the hits that are close to a question; all where nobody measured how close that is, or none was
    searched for.

    Args:
        base: whose models they were found by.
        question: words; empty for a question by picture.
        result: hits, best first; those of a fact are what was asked for.
    """
    hits = result.hits
    texts, images = base.text_embedder, base.image_embedder
    least = texts.min_cosine
    if least is None or result.fact is not None:
        return tuple(range(len(hits)))
    of_images, alike = images.min_cosine if images else None, likeness_floor(images)
    found = (has_evidence(question, [hit], least, of_images, alike) for hit in hits)
    return tuple(at for at, is_close in enumerate(found) if is_close)


def list_line(found: SearchResult) -> str:
    """The head of a list: how much of it there is."""
    return f"A list, not ranked by any search: {len(found.hits)} of {found.total} documents that match."


def evidence_line(close: Sequence[int], n_hits: int) -> str:
    """The head of a result: whether there is evidence, and what its scores mean."""
    scores = "A score orders the sources of this search alone; it says nothing beside that of another."
    if not n_hits:
        return "Nothing was found."
    if not close:
        return (
            f"Evidence: none. Nothing here is close to what was asked; the {n_hits} sources that follow are only the "
            f"nearest there are, and most likely do not answer it. {scores}"
        )
    numbers = ", ".join(f"[{at + 1}]" for at in close)
    strength = "good" if close[0] == 0 else "weak"
    return f"{n_hits} sources, best first. Evidence: {strength}; close to what was asked: {numbers}. {scores}"
