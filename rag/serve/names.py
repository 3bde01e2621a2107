"""Names of fields, parameters and arguments: one word for each thing, others understood, a wrong one told the right.

Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from rag.text.quoting import plain

UNDERSTOOD: Mapping[str, tuple[str, ...]] = {"question": ("text", "query")}
"""Words that are taken for the right one where that is left out."""
_MEANT = {
    "q": "question", "prompt": "question", "words": "question", "messages": "history",
    "knowledge_base": "kb", "collection": "kb", "name": "kb", "base": "kb",
    "filter": "where", "filters": "where", "k": "top_k", "n": "top_k", "n_results": "top_k",
    "picture": "image", "img": "image", "file": "image", "document": "doc_id", "id": "doc_id", "page": "offset",
}  # fmt: skip
"""What people write who know another program."""
_MAX_NAME_CHARS = 40


def understood(given: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """What is given, under its right names."""
    renamed = dict(given)
    for right, others in UNDERSTOOD.items():
        if right in known and right not in given:
            for other in others:
                if other in renamed and other not in known:
                    renamed[right] = renamed.pop(other)
                    break
    return renamed


def not_known(name: str, known: Collection[str]) -> str:
    """What is said of a name that is none of those that are known."""
    said = f"there is no '{plain(name):.{_MAX_NAME_CHARS}}' here"
    for right, others in UNDERSTOOD.items():
        if name in others and right in known:
            return f"'{name}' is another word for '{right}', which is given already; leave one of them out"
    meant = _MEANT.get(name.lower(), "")
    close = [meant] if meant in known else get_close_matches(name.lower(), sorted(known), 1)
    if close:
        return f"{said}; did you mean '{close[0]}'?"
    return f"{said}; it takes {', '.join(known)}" if known else f"{said}; it takes none"
