"""What the model is given to read: numbered sources, whole, most relevant first, within a token budget. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.text.labels import citation_label, origin_texts
from rag.text.quoting import quoted, quoted_line
from rag.text.tokens import CountTokens, estimate_tokens
from rag.trace import Note
from rag.types import Hit, Record

_MIN_SHORTENED_TOKENS = 48
"""A first source that does not fit is cut, but not to less than this."""
MAX_COLUMNS_CHARS = 600
"""Of the user's columns of one source: a table with long cells must not push out other sources."""
_SENTENCE_CHARS = 40
"""A column's text from this length on is looked for in the source's own; 'art' also stands in 'party'."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Sources that fit.

    Attributes:
        hits: `[n]` is `hits[n - 1]`.
        text: the sources, each between lines that carry the boundary.
        images: encoded pictures, in the order in which the sources name them.
        notes: what did not fit.
    """

    hits: tuple[Hit, ...]
    text: str
    images: tuple[bytes, ...] = ()
    notes: tuple[Note, ...] = ()


def pack(
    hits: Sequence[Hit],
    budget_tokens: int,
    boundary: str,
    *,
    count: CountTokens = estimate_tokens,
    picture: Callable[[Hit], bytes | None] | None = None,
    max_images: int = 0,
    image_tokens: int = 0,
    first_image: int = 1,
) -> Packed:
    """Numbers the hits and renders those that fit, whole; a smaller one may still fit after one that did not.

    Args:
        hits: most relevant first.
        budget_tokens: for all sources together.
        boundary: from `new_boundary`.
        count: tokens of a text.
        picture: the encoded picture of a hit, None if it has none; not asked without `max_images`.
        max_images: pictures at most.
        image_tokens: what each picture takes off the budget.
        first_image: number of the first picture here, where the question brings one of its own.
    """
    left, kept, blocks, images, notes = budget_tokens, list[Hit](), list[str](), list[bytes](), list[Note]()
    dropped: list[str] = []
    for hit in hits:
        number, attached = len(kept) + 1, first_image + len(images)
        image = picture(hit) if picture is not None and len(images) < max_images and left > image_tokens else None
        block = render_source(hit.record, number, boundary, attached if image is not None else None)
        cost = count(block) + (image_tokens if image is not None else 0)
        if image is not None and cost > left:
            image, block = None, render_source(hit.record, number, boundary)
            cost = count(block)
        if cost > left and not kept:
            block = _shortened(hit.record, boundary, left, count)
            cost = count(block)
            text = f"source 1 ({citation_label(hit.record)}) is longer than the model's context and was cut"
            notes.append(Note("source_cut", text))
        if cost > left:
            dropped.append(citation_label(hit.record))
            continue
        left -= cost
        kept.append(hit)
        blocks.append(block)
        images += [image] if image is not None else []
    if dropped:
        text = (
            f"{len(dropped)} of {len(hits)} sources did not fit into the model's context and were left out: "
            f"{', '.join(dropped)}; RAG_CONTEXT_TOKENS raises the limit"
        )
        notes.append(Note("sources_left_out", text))
    return Packed(tuple(kept), "\n\n".join(blocks), tuple(images), tuple(notes))


def render_source(record: Record, number: int, boundary: str, attached: int | None = None) -> str:
    """One source between its delimiters: a header of one line a fact, `---`, its words with where they come from."""
    meta = record.metadata
    header = [f"file: {quoted_line(record.source)}"]
    if meta.get("page"):
        header.append(f"page: {quoted_line(str(meta['page']))}")
    headings = [str(heading) for heading in meta.get("heading_path") or ()]
    if meta.get("title") and meta["title"] not in headings:
        header.append(f"title: {quoted_line(str(meta['title']))}")
    if headings:
        header.append(f"section: {quoted_line(' > '.join(headings))}")
    if columns := _columns(record):
        header.append(f"columns: {columns}")
    header.append(f"kind: {'picture' if record.kind == 'image' else 'text'}")
    if attached is not None:
        header.append(f"picture: attached image {attached}")
    body = _body(record) or "(no words are known about this picture)"
    return f"<<<source {number} {boundary}\n{chr(10).join(header)}\n---\n{body}\n{boundary} end {number}>>>"


def _columns(record: Record) -> str:
    """The user's own columns as JSON, without sentences that the source says anyway; how many had no room."""
    given: Any = record.metadata.get("columns")
    columns = given if isinstance(given, Mapping) else {}
    said, left_out = dict[str, Any](), 0
    for name, value in columns.items():
        if isinstance(value, str) and len(value) >= _SENTENCE_CHARS and value in record.text:
            continue
        if len(_json({**said, name: value})) <= MAX_COLUMNS_CHARS:
            said[name] = value
        else:
            left_out += 1
    rest = f"({left_out} more, too long to show here)" if left_out else ""
    return " ".join(part for part in (quoted_line(_json(said)) if said else "", rest) if part)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _body(record: Record) -> str:
    said = [
        f"{_LABELS.get(origin, quoted_line(origin))}: {quoted(text).strip()}" for origin, text in origin_texts(record)
    ]
    return "\n".join(said) if said else quoted(record.text).strip()


_LABELS = {
    "ocr": "words read in the picture",
    "caption": "caption",
    "picture file": "caption in its file",
    "alt": "alternative text",
    "heading": "heading above it",
    "context": "text around it",
    "vision model": "described by a model",
    "file name": "file name",
}


def _shortened(record: Record, boundary: str, budget_tokens: int, count: CountTokens) -> str:
    """The first source cut at a line or word, to the longest that fits (or the least that is worth reading)."""
    text, low, high = record.text, 0, len(record.text)
    budget = max(budget_tokens, _MIN_SHORTENED_TOKENS)

    def rendered(n_chars: int) -> str:
        cut = text[:n_chars].rsplit(None, 1)[0] if n_chars < len(text) and " " in text[:n_chars] else text[:n_chars]
        short = Record(record.id, record.doc_id, record.source, "text", f"{cut} ...", {**record.metadata, "texts": ()})
        return render_source(short, 1, boundary)

    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(rendered(middle)) <= budget else (low, middle - 1)
    return rendered(low)
