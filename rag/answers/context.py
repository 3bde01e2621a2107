"""What the model is given to read: numbered sources, most relevant first, within a token budget. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.answers.conversation import GivenSource
from rag.answers.excerpt import excerpt
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
class ChosenSource:
    """A source to give: its number, and the tokens that its words may take (0: all of them)."""

    hit: Hit
    number: int
    max_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Packed:
    """Sources that fit.

    Attributes:
        sources: each with its block, between lines that carry the boundary.
        images: encoded pictures, in the order in which the sources name them.
        dropped: places of those that did not fit, for people.
        notes: what was cut.
    """

    sources: tuple[GivenSource, ...]
    images: tuple[bytes, ...] = ()
    dropped: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def text(self) -> str:
        return "\n\n".join(source.block for source in self.sources)


def pack(
    chosen: Sequence[ChosenSource],
    budget_tokens: int,
    boundary: str,
    *,
    asked: Sequence[str] = (),
    count: CountTokens = estimate_tokens,
    picture: Callable[[Hit], bytes | None] | None = None,
    max_images: int = 0,
    image_tokens: int = 0,
    first_image: int = 1,
) -> Packed:
    """Renders those that fit; a smaller one may still fit after one that did not.

    Args:
        chosen: most relevant first.
        budget_tokens: for all sources together.
        boundary: of the conversation.
        asked: content words of the question, to cut long sources around.
        count: tokens of a text.
        picture: the encoded picture of a hit, None if it has none; not asked without `max_images`.
        max_images: pictures at most.
        image_tokens: what each picture takes off the budget.
        first_image: number of the first picture here, where the question brings one of its own.
    """
    left, given, images, notes, dropped = budget_tokens, list[GivenSource](), list[bytes](), list[Note](), list[str]()
    for each in chosen:
        hit, attached = each.hit, first_image + len(images)
        whole = body_of(hit.record)
        body = excerpt(whole, asked, each.max_tokens, count) if each.max_tokens else whole
        image = picture(hit) if picture is not None and len(images) < max_images and left > image_tokens else None
        block = render_source(hit.record, each.number, boundary, attached if image is not None else None, body=body)
        cost = count(block) + (image_tokens if image is not None else 0)
        if image is not None and cost > left:
            image, block = None, render_source(hit.record, each.number, boundary, body=body)
            cost = count(block)
        if cost > left and not given:
            body, block = _shortened(each, body, boundary, left, count)
            cost = count(block)
            text = f"source {each.number} ({citation_label(hit.record)}) is longer than there is room and was cut"
            notes.append(Note("source_cut", text))
        if cost > left:
            dropped.append(citation_label(hit.record))
            continue
        left -= cost
        given.append(GivenSource(each.number, hit.record.id, block, body))
        images += [image] if image is not None else []
    return Packed(tuple(given), tuple(images), tuple(dropped), tuple(notes))


def render_source(
    record: Record, number: int, boundary: str, attached: int | None = None, *, body: str | None = None
) -> str:
    """One source between its delimiters: a line that says where it is from, `---`, its words with where they come from.

    Args:
        record: the source.
        number: its `[n]`.
        boundary: of the conversation.
        attached: number of the picture that goes with it.
        body: its words, cut or not; None: all.
    """
    words = body_of(record) if body is None else body
    words = words or "(no words are known about this picture)"
    header = header_of(record, attached)
    return f"<<<source {number} {boundary}\n{header}\n---\n{words}\n{boundary} end {number}>>>"


def header_of(record: Record, attached: int | None = None) -> str:
    """Where a source is from and what its owner recorded about it, on one line."""
    meta = record.metadata
    source = quoted_line(record.source)
    parts = [f"{source}, page {quoted_line(str(meta['page']))}" if meta.get("page") else source]
    headings = [str(heading) for heading in meta.get("heading_path") or ()]
    if meta.get("title") and meta["title"] not in headings:
        parts.append(quoted_line(str(meta["title"])))
    if headings:
        parts.append(f"section {quoted_line(' > '.join(headings))}")
    if columns := _columns(record):
        parts.append(f"columns {columns}")
    if record.kind == "image":
        parts.append("picture" if attached is None else f"picture, attached as image {attached}")
    return "; ".join(parts)


def body_of(record: Record) -> str:
    """The words of a source, quoted; those of a picture each with where they come from."""
    said = [
        f"{_LABELS.get(origin, quoted_line(origin))}: {quoted(text).strip()}" for origin, text in origin_texts(record)
    ]
    return "\n".join(said) if said else quoted(record.text).strip()


def _columns(record: Record) -> str:
    """The user's own columns as JSON, without sentences that the source says anyway; how many had no room."""
    given: Any = record.metadata.get("columns")
    columns = given if isinstance(given, Mapping) else {}
    said, left_out = dict[str, Any](), 0
    for name, value in columns.items():
        if name in _UNTOLD or (name in _LOCATION and "place" in columns):
            continue
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


_UNTOLD = frozenset({"folder"})
"""Columns that a source's own path says already."""
_LOCATION = frozenset({"lat", "lon"})
"""That nobody asks for where the place has a name."""
_LABELS = {
    "ocr": "words read in the picture",
    "caption": "caption",
    "picture file": "caption in its file",
    "alt": "alternative text",
    "heading": "heading above it",
    "context": "text around it",
    "vision model": "described by a model",
    "place": "taken in",
    "file name": "file name",
}


def _shortened(
    chosen: ChosenSource, body: str, boundary: str, budget_tokens: int, count: CountTokens
) -> tuple[str, str]:
    """The first source cut at a line or word, to the longest that fits (or the least that is worth reading)."""
    low, high = 0, len(body)
    budget = max(budget_tokens, _MIN_SHORTENED_TOKENS)

    def rendered(n_chars: int) -> tuple[str, str]:
        cut = body[:n_chars].rsplit(None, 1)[0] if n_chars < len(body) and " " in body[:n_chars] else body[:n_chars]
        short = f"{cut} ..."
        return short, render_source(chosen.hit.record, chosen.number, boundary, body=short)

    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(rendered(middle)[1]) <= budget else (low, middle - 1)
    return rendered(low)
