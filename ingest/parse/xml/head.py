"""Title and facts that an XML document states about itself."""

from __future__ import annotations

from typing import Any

from ingest.parse.blocks import Title
from ingest.parse.clean import one_line

_TITLES = (
    ".//{*}article-meta/{*}title-group/{*}article-title", ".//{*}title-info/{*}book-title",".//{*}titleStmt/{*}title",
    "./{*}info/{*}title", "./{*}bookinfo/{*}title", "./{*}articleinfo/{*}title", "./{*}channel/{*}title",
    "./{*}head/{*}title",
    "./{*}title", "./{*}Document/{*}name", "./{*}metadata/{*}name",
)  # fmt: skip
_AUTHORS = (
    ".//{*}article-meta//{*}contrib//{*}name", ".//{*}title-info/{*}author", "./{*}info//{*}author",
   ".//{*}titleStmt/{*}author",
    "./{*}bookinfo//{*}author", "./{*}articleinfo//{*}author", "./{*}channel/{*}managingEditor", "./{*}author",
)  # fmt: skip
_FACTS = {
    "published": (".//{*}article-meta/{*}pub-date", ".//{*}title-info/{*}date", "./{*}info/{*}pubdate", "./{*}updated"),
    "keywords": (".//{*}article-meta//{*}kwd", ".//{*}title-info/{*}keywords", "./{*}info//{*}keyword"),
    "doi": (".//{*}article-meta/{*}article-id[@pub-id-type='doi']",),
    "language": (".//{*}title-info/{*}lang", "./{*}channel/{*}language"),
}
_NAME_PARTS = ("given-names", "first-name", "firstname", "middle-name", "surname", "last-name")
_MAX_AUTHORS = 50


def head_of(root: Any) -> Title:
    """What is found in the places where the known vocabularies have it."""
    title = next((words for path in _TITLES if (node := root.find(path)) is not None and (words := _words(node))), "")
    authors = [_name(node) for path in _AUTHORS for node in root.findall(path)[:_MAX_AUTHORS]]
    about = {"author": ", ".join(dict.fromkeys(filter(None, authors)))}
    for key, paths in _FACTS.items():
        nodes: list[Any] = next((found for path in paths if (found := root.findall(path))), [])
        values = [_date(node) if key == "published" else _words(node) for node in nodes[:_MAX_AUTHORS]]
        about[key] = ", ".join(dict.fromkeys(filter(None, values if key == "keywords" else values[:1])))
    return Title(title, {key: value for key, value in about.items() if value})


def name_of(node: Any) -> str:
    """The tag without its namespace, in small letters; empty for comments and the like."""
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def _words(node: Any) -> str:
    return one_line("".join(node.itertext()))


def _name(node: Any) -> str:
    """Given names first, as people write them."""
    parts = {name_of(child): _words(child) for child in node.iter() if name_of(child) in _NAME_PARTS}
    return " ".join(parts[name] for name in _NAME_PARTS if parts.get(name)) or one_line(" ".join(node.itertext()))


def _date(node: Any) -> str:
    parts = {name_of(child): _words(child) for child in node}
    if "year" not in parts:
        return node.get("value") or _words(node)
    day = [parts[name].zfill(2) for name in ("month", "day") if parts.get(name, "").isdecimal()]
    return "-".join([parts["year"], *day])
