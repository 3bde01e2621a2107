"""Names of OpenDocument's XML."""

from __future__ import annotations

from typing import Any

_ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, TEXT, TABLE, DRAW, STYLE, META, PRESENTATION, CHART, MANIFEST = (
    _ODF % name for name in ("office", "text", "table", "drawing", "style", "meta", "presentation", "chart", "manifest")
)
DC = "{http://purl.org/dc/elements/1.1/}"
XLINK = "{http://www.w3.org/1999/xlink}"


def local(node: Any) -> str:
    """A tag without its namespace; empty for comments and the like."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
