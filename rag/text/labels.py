"""What a record's metadata says of it, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rag.ports import Likely
from rag.text.quoting import plain, quoted_line
from rag.types import Record

MADE_WHEN = ("taken_at", "created", "published")
"""Columns that date a document, the surest first."""
MADE_WHERE_AND_BY = ("place", "country", "author")
_MOST_CHARS = 60


def citation_label(record: Record) -> str:
    """Where a record is, for people: `manuals/pump.pdf, page 3`."""
    page = record.metadata.get("page")
    return f"{record.source}, page {page}" if page else record.source


def made_line(metadata: Mapping[str, Any]) -> str:
    """When, where and by whom: `2019-07-14, Lisbon, Portugal, Ines Prado`; empty where none of it is known.

    Args:
        metadata: of a record, or of a document.
    """
    columns = metadata.get("columns")
    if not isinstance(columns, Mapping):
        return ""
    parts = [_date(columns), *(_short(columns.get(name)) for name in MADE_WHERE_AND_BY)]
    return ", ".join(dict.fromkeys(filter(None, parts)))


def _date(columns: Mapping[str, Any]) -> str:
    guessed = columns.get("guessed")
    for name in MADE_WHEN:
        if day := _short(columns.get(name)).partition("T")[0]:
            return f"{day} (by its name)" if isinstance(guessed, list) and name in guessed else day
    return ""


def _short(value: Any) -> str:
    said = value if isinstance(value, str) else str(value) if isinstance(value, int) and value > 1000 else ""
    line = " ".join(plain(said).split())
    return line if len(line) <= _MOST_CHARS else f"{line[: _MOST_CHARS - 4]} ..."


def origin_texts(record: Record) -> list[tuple[str, str]]:
    """(origin, text) of everything that is known in words about a picture; [] for a passage."""
    texts: Sequence[Mapping[str, Any]] = record.metadata.get("texts") or ()
    if record.kind != "image":
        return []
    return [(str(each.get("origin", "")), str(each["text"])) for each in texts if str(each.get("text", "")).strip()]


def likely_things(record: Record) -> list[Likely]:
    """What a model took a photograph for when it was ingested, likeliest first; [] for everything else."""
    things: Sequence[Sequence[Any]] = record.metadata.get("looks_like") or ()
    return [(str(thing), float(probability)) for thing, probability in things]


def looks_like(things: Sequence[Likely]) -> str:
    """`looks like: tabby cat 0.62, tiger cat 0.21 (a machine's guess)`; "" where there is nothing to say."""
    said = ", ".join(f"{quoted_line(thing)} {probability:.2f}" for thing, probability in things)
    return f"looks like: {said} (a machine's guess)" if said else ""
