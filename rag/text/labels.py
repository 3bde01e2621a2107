"""What a record's metadata says of it, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rag.types import Record


def citation_label(record: Record) -> str:
    """Where a record is, for people: `manuals/pump.pdf, page 3`."""
    page = record.metadata.get("page")
    return f"{record.source}, page {page}" if page else record.source


def origin_texts(record: Record) -> list[tuple[str, str]]:
    """(origin, text) of everything that is known in words about a picture; [] for a passage."""
    texts: Sequence[Mapping[str, Any]] = record.metadata.get("texts") or ()
    if record.kind != "image":
        return []
    return [(str(each.get("origin", "")), str(each["text"])) for each in texts if str(each.get("text", "")).strip()]
