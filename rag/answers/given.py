"""Texts that came with a question, as sources beside those that were found."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rag.answers.draft import highest_number
from rag.answers.request import numbered
from rag.question import GivenText, Question
from rag.text.words import content_words
from rag.trace import Trace
from rag.types import ChannelScore, Hit, Record, record_id

if TYPE_CHECKING:
    from rag.answers.conversation import Exchange
    from rag.ports import TextEmbedder

MAX_CHARS = 200_000
"""Of all texts together: about 200 passages, which the small text model reads in some seconds."""
_PASSAGE_CHARS = 900
_MAX_PASSAGES = 6
_ABOUT_IT = re.compile(
    r"\b(?:files?|documents?|attach\w*|upload\w*|pdf|texts?|notes?|summar\w+|this|dateis?|dokumente?|anhang|fichiers?|"
    r"archivos?|documentos?|resum\w*|zusammen\w*)\b",
    re.IGNORECASE,
)
"""`Summarise the file`: what is asked about is what was attached, though no passage of it is close to that."""


def attached_hits(
    question: str,
    texts: Sequence[GivenText],
    hits: Sequence[Hit],
    embedder: TextEmbedder | None,
    is_weak: Callable[[str, Sequence[Hit]], bool],
    trace: Trace,
) -> tuple[Hit, ...]:
    """The passages of the texts that may answer a question, the closest first; none where none is close to it.

    Args:
        question: words; empty: nothing is taken.
        texts: those of earlier turns first.
        hits: what was found, best first: these count as much as the best of it.
        embedder: says how close passages are; None: nothing is taken.
        is_weak: whether nothing among hits is close to a question.
        trace: gets a note where a text is too long.
    """
    if embedder is None or not question.strip():
        return ()
    records = passages_of(texts, trace)
    given = _ranked(question, records, embedder, hits[0].score if hits else 1.0) if records else ()
    close = tuple(hit for hit in given if not is_weak(question, [hit]))
    return given if not close and is_about_given(question) else close


def placed(
    hits: tuple[Hit, ...], attached: tuple[Hit, ...], weak: bool, past: Sequence[Exchange], asked: Question
) -> tuple[tuple[Hit, ...], tuple[int, ...], bool]:
    """All sources, their numbers, and whether still nothing is close to the question.

    What was attached stands first, as the user shows it, and is numbered last. What was found and is not close leaves.
    """
    hits = () if weak and attached else hits
    least = max(highest_number(asked.history), taken_numbers(asked.given))
    numbers = numbered((*hits, *attached), past, least)
    return (*attached, *hits), (*numbers[len(hits) :], *numbers[: len(hits)]), weak and not attached


def taken_numbers(texts: Sequence[GivenText]) -> int:
    """The highest number by which the asker's own program shows one of the texts: ours begin behind it."""
    return max((text.number for text in texts if text.number is not None), default=0)


def is_about_given(question: str) -> bool:
    """Whether the words speak of what was attached itself."""
    return bool(_ABOUT_IT.search(question))


def passages_of(texts: Sequence[GivenText], trace: Trace) -> list[Record]:
    """The texts in passages, each once; what is beyond `MAX_CHARS` is left out, and that is noted."""
    from semantic_text_splitter import TextSplitter

    splitter, records, left = TextSplitter(_PASSAGE_CHARS), dict[str, Record](), MAX_CHARS
    for text in reversed(texts):  # those of this question before those of earlier ones
        doc_id = hashlib.sha256(f"{text.name}\0{text.text}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
        if len(text.text) > left:
            trace.note("given_cut", f"of '{text.name}' only the beginning was read: {left} characters")
        for at, passage in enumerate(splitter.chunks(text.text[:left])):
            id_ = record_id(doc_id, at)
            records.setdefault(id_, Record(id_, doc_id, text.name, "text", passage, {"given": True}))
        left = max(0, left - len(text.text))
    return list(records.values())


def _ranked(question: str, records: Sequence[Record], embedder: TextEmbedder, best: float) -> tuple[Hit, ...]:
    """By closeness in meaning and in words."""
    cosines = (embedder.embed([record.text for record in records]) @ embedder.embed_query(question)).tolist()
    asked = set(content_words(question))
    shared = [len(asked & set(content_words(record.text))) / max(1, len(asked)) for record in records]
    order = sorted(range(len(records)), key=lambda at: -(cosines[at] + shared[at]))[:_MAX_PASSAGES]
    return tuple(_hit(records[at], cosines[at], best * 0.95**place) for place, at in enumerate(order))


def _hit(record: Record, cosine: float, score: float) -> Hit:
    return Hit(record, score, {"text": ChannelScore(cosine, 0.0, None)}, fused=score)
