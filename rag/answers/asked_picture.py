"""What a model is told of the picture in a question: which one it is, what was read in it, what it would show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.text.labels import citation_label, origin_texts
from rag.text.quoting import quoted, quoted_line
from rag.types import Hit

_READ_CHARS, _CAPTION_CHARS = 400, 160


def told_of_picture(
    question: str,
    hits: Sequence[Hit],
    near: Mapping[int, float],
    read: str,
    *,
    can_see: bool,
    numbers: Sequence[int] = (),
) -> str:
    """The question as the model is asked it, where a picture came with it.

    Args:
        question: words; may be empty.
        hits: the numbered sources.
        near: indices of the pictures like it, each with its likeness in [0, 1].
        read: what was read in the picture.
        numbers: of the hits; empty: from 1.
        can_see: whether the model is given the picture, the first of those attached.
    """
    asked = quoted(question).strip()
    lines = [_which(can_see)]
    if read.strip():
        lines.append(f"Words read in it: {quoted_line(' / '.join(read.splitlines()))[:_READ_CHARS]}")
    if near and not can_see:
        lines.append("The pictures of the knowledge base that are nearest to it, and how alike they are:")
        lines += [
            f"- source {numbers[at] if numbers else at + 1}: {_named(hits[at])}, {round(100 * share)} % alike"
            for at, share in near.items()
        ]
    if not asked:
        asked = (
            "What is in the picture of the question, and what do the sources say about it?"
            if can_see
            else "Which of the sources belong to the picture of the question, and what do they say about it?"
        )
    return "\n".join([asked, "", *lines])


def _which(can_see: bool) -> str:
    if can_see:
        return (
            "The first picture that is attached is the question's own; the others belong to sources, which name them."
        )
    return "A picture came with the question. You cannot see it: say nothing of what it shows but what stands here."


def _named(hit: Hit) -> str:
    captions = [text for origin, text in origin_texts(hit.record) if origin not in ("ocr", "file name")]
    caption = f", “{quoted_line(captions[0])[:_CAPTION_CHARS]}”" if captions else ""
    return f"{quoted_line(citation_label(hit.record))}{caption}"
