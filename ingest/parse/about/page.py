"""What a web page's head says of the page: meta elements, Open Graph, Dublin Core and JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from ingest.parse.about.dates import iso_date
from ingest.parse.clean import one_line, shorten

_HEAD = re.compile(rb"</head\s*>|<body[\s>]", re.IGNORECASE)
_MOST_HEAD_BYTES = 1 << 20
_MOST_JSON_CHARS = 200_000
_MOST_CHARS, _MOST_ITEMS, _MOST_NODES = 300, 100, 2000
_NAMES = {
    "author": ("author", "article:author", "dc.creator", "dcterms.creator", "citation_author", "parsely-author"),
    "published": (
        "article:published_time", "datepublished", "dc.date", "dcterms.date", "dcterms.issued", "dc.date.issued",
        "citation_publication_date", "citation_date", "date", "pubdate", "parsely-pub-date",
    ),
    "created": ("dcterms.created", "dc.date.created"),
    "modified": ("article:modified_time", "og:updated_time", "dcterms.modified", "last-modified", "datemodified"),
    "keywords": ("keywords", "article:tag", "dc.subject", "dcterms.subject", "citation_keywords"),
    "language": ("dc.language", "dcterms.language", "content-language", "og:locale"),
    "copyright": ("copyright", "dc.rights", "dcterms.rights"),
    "site": ("og:site_name", "application-name"),
}  # fmt: skip
"""Columns by the names that pages use for them, the surest first."""
_OF = {name: (column, rank) for column, names in _NAMES.items() for rank, name in enumerate(names)}
_LINKED = {"datePublished": "published", "dateCreated": "created", "dateModified": "modified", "inLanguage": "language"}
_DATES = frozenset({"published", "created", "modified"})
_ADDRESS = re.compile(r"https?://")


def about_page(source: bytes) -> dict[str, Any]:
    """Columns `author`, `published`, `created`, `modified`, `keywords` (a list), `language`, `copyright`, `site`.

    Dates in ISO 8601, as precise as the page has them. What a meta element says goes before JSON-LD.

    Args:
        source: in UTF-8; only its head is read, of at most 1 MB.
    """
    end = _HEAD.search(source, 0, _MOST_HEAD_BYTES)
    head = source[: end.start() if end else _MOST_HEAD_BYTES]
    if b"<meta" not in head.lower() and b"ld+json" not in head:
        return {}
    try:
        root = etree.fromstring(head, etree.HTMLParser(encoding="utf-8", recover=True, no_network=True))
    except etree.XMLSyntaxError:
        return {}
    if root is None:
        return {}
    found = _linked(root) | _metas(root)
    return {column: value for column, value in found.items() if value}


def _metas(root: Any) -> dict[str, Any]:
    ranked: dict[str, dict[int, list[str]]] = {}
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or meta.get("http-equiv") or ""
        text = one_line(meta.get("content") or "")
        if text and (place := _OF.get(name.strip().casefold())):
            column, rank = place
            ranked.setdefault(column, {}).setdefault(rank, []).append(text)
    return {column: _value(column, by_rank[min(by_rank)]) for column, by_rank in ranked.items()}


def _value(column: str, texts: list[str]) -> Any:
    texts = texts[:_MOST_ITEMS]
    if column in _DATES:
        return iso_date(texts[0])
    if column == "keywords":
        words = (one_line(word) for text in texts for word in re.split("[,;]", text))
        return list(dict.fromkeys(shorten(word, _MOST_CHARS) for word in words if word))[:_MOST_ITEMS]
    names = dict.fromkeys(text for text in texts if not _ADDRESS.match(text))
    return shorten(", ".join(names), _MOST_CHARS)


def _linked(root: Any) -> dict[str, Any]:
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            data = json.loads((script.text or "")[:_MOST_JSON_CHARS])
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            if found := _of_node(node):
                return found
    return {}


def _nodes(data: Any) -> Iterator[Mapping[str, Any]]:
    """Objects, outermost first, of lists and `@graph` too."""
    waiting = [data]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting.extend(one[:_MOST_ITEMS])
        elif isinstance(one, dict):
            yield one
            waiting.append(one.get("@graph"))


def _of_node(node: Mapping[str, Any]) -> dict[str, Any]:
    """Of an article, a book, a photograph: what has a date or an author."""
    found = {
        column: _value(column, [one_line(node[key])]) for key, column in _LINKED.items() if _is_text(node.get(key))
    }
    if names := [name for one in _list(node.get("author")) if (name := _name(one))]:
        found["author"] = _value("author", names)
    if not found:
        return {}
    if words := [word for word in _list(node.get("keywords")) if _is_text(word)]:
        found["keywords"] = _value("keywords", words)
    return found


def _list(value: Any) -> list[Any]:
    return value[:_MOST_ITEMS] if isinstance(value, list) else [value]


def _name(author: Any) -> str:
    name = author.get("name") if isinstance(author, dict) else author
    return one_line(name) if isinstance(name, str) else ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
