"""Markdown (CommonMark with GFM tables): rendered in pieces, then read like any page, inline HTML included."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt

from ingest.parse.blocks import Block, Title, assemble
from ingest.parse.clean import windows
from ingest.parse.decode import decode
from ingest.parse.elements import Element, Warned
from ingest.parse.html.blocks import BlockBuilder
from ingest.parse.html.reader import html_blocks
from ingest.parse.pictures import Resolve

_PIECE_CHARS = 64_000
"""The renderer keeps every token of what it is given, so long files go to it in pieces."""
_PARAGRAPH_CHARS = 8_000
_MAX_NESTING = 100
"""The renderer drops what is nested deeper, so deep indents and quotes are levelled before."""
_FRONT_MATTER = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\n(.{0,60000}?)\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_SCALAR = re.compile(r"^([A-Za-z][\w -]{0,60}?)[ \t]*[:=][ \t]*(\S.*)$", re.MULTILINE)
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]{1,999}\]:[ \t]*\S.*$", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_DEEP_QUOTE = re.compile(r"^(?:[ \t]*>){20,}")
_DEEP_INDENT = re.compile(r"^[ \t]{40,}(?=\S)")
_WIKI_PICTURE = re.compile(r"!\[\[([^\]|\n]{1,300}\.(?:png|jpe?g|gif|webp|bmp|tiff?))(?:\|([^\]\n]{0,300}))?\]\]", re.I)


def parse_markdown(data: bytes, resolve: Resolve) -> Iterator[Element]:
    """Elements of a Markdown file; title and other plain values of its front matter go into DocumentInfo."""
    text, encoding = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    title, text = _front_matter(text)
    yield from assemble(itertools.chain([title], markdown_blocks(text)), resolve)
    if encoding == "cp1252":
        yield Warned("not UTF-8: read as Windows-1252")


def markdown_blocks(text: str) -> Iterator[Block]:
    """Blocks of a text without front matter."""
    renderer = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])
    environment: dict[str, Any] = {}
    if len(text) > _PIECE_CHARS:  # a definition may stand in another piece than its uses
        renderer.render("\n".join(match[0] for match in _REFERENCE.finditer(text)), environment)
    for piece in _pieces(text):
        piece = _WIKI_PICTURE.sub(_wiki_picture, piece)
        page = renderer.render(piece, environment)
        yield from html_blocks(page.encode("utf-8", "replace"), BlockBuilder())


def _pieces(text: str) -> Iterator[str]:
    """Cuts at headings and blank lines outside of code fences, once a piece is long enough."""
    lines: list[str] = []
    n_chars = 0
    fence = ""
    for line in text.splitlines(keepends=True):
        is_border = not fence and (line.startswith("#") or not line.strip())
        if n_chars > (_PIECE_CHARS if is_border else 4 * _PIECE_CHARS):
            yield "".join(lines)
            lines, n_chars, fence = [], 0, ""
        if mark := _FENCE.match(line):
            fence = mark[1] if not fence else "" if line.strip().startswith(fence) else fence
        if not fence:
            line = _DEEP_QUOTE.sub(">" * 20, _DEEP_INDENT.sub(" " * 40, line))
        # Inline parsing is quadratic in bad cases: a paragraph of one endless line is cut.
        parts = windows(line, _PARAGRAPH_CHARS)
        lines.append("\n\n".join(parts))
        n_chars += len(line)
    yield "".join(lines)


def _wiki_picture(match: re.Match[str]) -> str:
    """`![[a.png|300]]` of note-taking programs; a bare number is a width, not words."""
    words = match[2] or ""
    return f"![{'' if re.fullmatch(r'[0-9x]*', words) else words}](<{match[1]}>)"


def _front_matter(text: str) -> tuple[Title, str]:
    """Plain `key: value` lines only; nested values are for other programs."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return Title(""), text
    values = {key.lower(): value.strip().strip("\"'") for key, value in _SCALAR.findall(found[2])}
    title = values.pop("title", "")
    return Title(title, {key: value[:1000] for key, value in list(values.items())[:50]}), text[found.end() :]
