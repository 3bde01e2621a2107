"""What a framework's document tells about a hit beside its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rag.trace import Note
from rag.types import Hit


def metadata(hit: Hit, notes: Sequence[Note] = ()) -> dict[str, Any]:
    """Plain JSON with the same keys for every hit; `page`, `title`, `asset` and `rerank` may be None.

    Args:
        hit: scores become plain floats, higher is better.
        notes: of the whole search, as {"code", "text"}; frameworks have no other place for them.
    """
    record, about = hit.record, hit.record.metadata
    return {
        "source": record.source,
        "doc_id": record.doc_id,
        "kind": record.kind,
        "page": about.get("page"),
        "heading_path": list(about.get("heading_path") or ()),
        "title": about.get("title"),
        "asset": about.get("asset"),
        "columns": dict(about.get("columns") or {}),
        "score": float(hit.score),
        "fused": float(hit.fused),
        "rerank": None if hit.rerank is None else float(hit.rerank),
        "channels": {channel: asdict(score) for channel, score in hit.channels.items()},
        "also": list(hit.also),
        "notes": [note.to_dict() for note in notes],
    }
