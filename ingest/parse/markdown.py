"""Markdown (CommonMark with GFM tables): rendered in pieces, then read like any page, inline HTML included."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt

from ingest.parse.blocks import Block, Passage, Title, assemble
from ingest.parse.clean import windows
from ingest.parse.decode import decode_text
from ingest.parse.elements import Element, Warned
from ingest.parse.front_matter import read_front_matter, words_of
from ingest.parse.html.blocks import KNOWN_TAGS, BlockBuilder
from ingest.parse.html.reader import html_blocks
from ingest.parse.pictures import ANYWHERE, Picture, Resolve

_PIECE_CHARS = 64_000
"""The renderer keeps every token of what it is given, so long files go to it in pieces."""
_PARAGRAPH_CHARS = 8_000
_MAX_NESTING = 100
"""The renderer drops what is nested deeper, so deep indents and quotes are levelled before."""
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]{1,999}\]:[ \t]*\S.*$", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_DEEP_QUOTE = re.compile(r"^(?:[ \t]*>){20,}")
_DEEP_INDENT = re.compile(r"^[ \t]{40,}(?=\S)")
_TAG = re.compile(r"<([A-Za-z][\w.:-]*)[^<>]*>")
_END_TAG = re.compile(r"</([A-Za-z][\w.:-]*)\s*>")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/|\.\./", re.IGNORECASE)
_WIKI_PICTURE = re.compile(r"!\[\[([^\]|\n]{1,300}\.(?:png|jpe?g|gif|webp|bmp|tiff?))(?:\|([^\]\n]{0,300}))?\]\]", re.I)


def parse_markdown(data: bytes, resolve: Resolve) -> Iterator[Element]:
    """Elements of a Markdown file; values of its front matter go into DocumentInfo, its words become a passage."""
    decoded = decode_text(data)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    values, text, warning = read_front_matter(text)
    title = str(values.pop("title", ""))
    said = words_of(values)
    head: list[Block] = [Title(title, values), *([Passage(said)] if said else [])]
    yield from assemble(itertools.chain(head, markdown_blocks(text)), resolve)
    if warning:
        yield Warned("remark", warning)
    if decoded.warning:
        yield Warned("encoding_guessed", decoded.warning)


def markdown_blocks(text: str) -> Iterator[Block]:
    """Blocks of a text without front matter."""
    renderer = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])
    renderer.add_render_rule("html_inline", _render_html)
    renderer.add_render_rule("html_block", _render_html)
    environment: dict[str, Any] = {}
    if len(text) > _PIECE_CHARS:  # a definition may stand in another piece than its uses
        renderer.render("\n".join(match[0] for match in _REFERENCE.finditer(text)), environment)
    for piece in _pieces(text):
        piece = _WIKI_PICTURE.sub(_wiki_picture, piece)
        environment["closed"] = {name.lower() for name in _END_TAG.findall(piece)}
        page = renderer.render(piece, environment)
        for block in html_blocks(page.encode("utf-8", "replace"), BlockBuilder()):
            if isinstance(block, Passage) and block.pictures:
                block = replace(block, pictures=tuple(map(_anywhere, block.pictures)))
            yield block


def _render_html(renderer: Any, tokens: Any, index: int, options: Any, environment: Any) -> str:
    """What looks like a tag but is none stays as words: `List<String>`, `KEY=<your-token>`."""
    html: str = tokens[index].content
    closed = {name.lower() for name in _END_TAG.findall(html)} | environment.get("closed", set())
    return _TAG.sub(lambda tag: tag[0] if tag[1].lower() in KNOWN_TAGS | closed else escape(tag[0]), html)


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


def _anywhere(picture: Picture) -> Picture:
    """Notes name their pictures without a folder: what does not lie beside one is looked for in the whole dump."""
    ref = unquote(re.split(r"[?#]", picture.ref, maxsplit=1)[0])
    if not ref or _ELSEWHERE.match(ref):
        return picture
    return replace(picture, others=(*picture.others, f"{ANYWHERE}{ref}"))


def _wiki_picture(match: re.Match[str]) -> str:
    """`![[a.png|300]]` of note-taking programs; a bare number is a width, not words."""
    words = match[2] or ""
    return f"![{'' if re.fullmatch(r'[0-9x]*', words) else words}](<{match[1]}>)"
