"""The events of an HTML parser as blocks: what a reader of the page would see, in order."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import TypeVar

from ingest.parse.blocks import Block, Passage, Title
from ingest.parse.html.boxes import Box, CaptionBox, CellBox, FigureBox, HeadingBox, ListBox, TableBox
from ingest.parse.pictures import Picture

_B = TypeVar("_B", bound=Box)

# fmt: off
_BREAKING = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl",
    "dt", "fieldset", "footer", "form", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "p", "pre",
    "search", "section", "summary", "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
})
_BOXED = frozenset({"ul", "ol", "table", "td", "th", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"})
_SKIPPED = frozenset({
    "script", "style", "template", "noscript", "iframe", "embed", "applet", "canvas", "audio", "video", "select",
    "datalist", "textarea", "button",
})
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})
_NAVIGATION_ROLES = frozenset({"navigation", "search", "menu", "menubar", "toolbar"})
# fmt: on
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_EMPHASIS = frozenset({"em", "i"})
_SPACE = re.compile(r"[ \t\n\r\f]+")
_LINE_BREAK = "\0"  # the parser replaces NUL in the page, so it is free to outlive the squeezing of white space
_AROUND_BREAK = re.compile(" ?\0 ?")
_MAX_BOXES = 32
"""Boxes nested deeper are taken as plain blocks: a page of 100,000 nested lists is no reader's page."""


class BlockBuilder:
    """Target of `lxml.etree.HTMLParser`: gathers text and pictures and closes a block wherever a page would break.

    Args:
        keep_navigation: reads `<nav>` and its like too.
    """

    def __init__(self, *, keep_navigation: bool = False) -> None:
        self.base = ""
        self._keep_navigation = keep_navigation
        self._out: deque[Block] = deque()
        self._boxes: list[Box] = []
        self._n_too_deep = 0
        self._skipping: list[str] = []
        self._text: list[str] = []
        self._pictures: list[Picture] = []
        self._emphasis = 0
        self._has_plain = False  # words outside of <em> in the current block
        self._pre = 0
        self._in_title = False
        self._has_body = False

    def take(self) -> Iterator[Block]:
        """Blocks that are complete, each given once."""
        while self._out:
            yield self._out.popleft()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Called by lxml."""
        if self._skipping and tag in {"main", "article"} and self._skipping[0] == "nav":
            self._skipping.clear()  # a <nav> that was never closed
        if self._skipping or (tag not in _VOID and self._is_skipped(tag, attributes)):
            if tag not in _VOID:
                self._skipping.append(tag)
            return
        if tag in _BREAKING or tag in _BOXED:
            self._break()
        if tag in _BOXED:
            self._open(tag, attributes)
        elif tag in _EMPHASIS:
            self._emphasis += 1
        elif tag == "br":
            self._text.append(_LINE_BREAK)
        elif tag == "img":
            self._pictures.append(_picture(attributes))
        elif tag == "pre":
            self._pre += 1
        elif tag == "li" and self._boxes and isinstance(self._boxes[-1], ListBox):
            self._boxes[-1].begin_item()
        elif tag in {"thead", "tbody", "tfoot"} and (table := self._innermost(TableBox)):
            table.in_head = tag == "thead"
        elif tag == "body":
            self._has_body = True
        elif tag == "title" and not self._has_body:
            self._in_title = True
        elif tag == "base":
            self.base = self.base or (attributes.get("href") or "").strip()
        elif tag == "text":  # a label of an inline SVG
            self._text.append(" ")

    def end(self, tag: str) -> None:
        """Called by lxml, also for what it closes by itself."""
        if self._skipping:
            if tag not in _VOID:
                self._skipping.pop()
            return
        if tag in _BREAKING or tag in _BOXED:
            self._break()
        if tag in _BOXED:
            self._close(tag)
        elif tag == "tr" and (table := self._innermost(TableBox)):
            self._give(table.end_row(), self._boxes.index(table))
        elif tag in _EMPHASIS:
            self._emphasis = max(0, self._emphasis - 1)
        elif tag == "pre":
            self._pre = max(0, self._pre - 1)
        elif tag == "title" and self._in_title:
            self._in_title = False
            self._out.append(Title(self._take_text()))

    def data(self, data: str) -> None:
        """Called by lxml."""
        if self._skipping:
            return
        self._text.append(data)
        if not self._emphasis and not self._has_plain and not data.isspace():
            self._has_plain = True

    def close(self) -> None:
        """Called by lxml at the end of the page, whatever is still open."""
        self._break()
        while self._boxes:
            self._close(self._boxes[-1].tag)

    def _is_skipped(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag in _SKIPPED or "hidden" in attributes or _HIDDEN_STYLE.search(attributes.get("style") or ""):
            return True
        is_navigation = tag == "nav" or (attributes.get("role") or "").lower() in _NAVIGATION_ROLES
        return is_navigation and not self._keep_navigation

    def _take_text(self) -> str:
        text = "".join(self._text)
        self._text.clear()
        self._has_plain = False
        if self._pre:
            return text.replace(_LINE_BREAK, "\n").strip("\n")
        return _AROUND_BREAK.sub("\n", _SPACE.sub(" ", text)).strip()

    def _break(self) -> None:
        """Ends the current paragraph."""
        if not self._text and not self._pictures:
            return
        is_emphasis = not self._has_plain
        text, pictures = self._take_text(), tuple(self._pictures)
        self._pictures.clear()
        if text or pictures:
            self._give([Passage(text, pictures, is_emphasis and bool(text))], len(self._boxes))

    def _give(self, blocks: Iterator[Block] | list[Block], depth: int) -> None:
        """Passes blocks outwards through the boxes below `depth`."""
        for box in reversed(self._boxes[:depth]):
            blocks = [given for block in blocks for given in box.accept(block)]
        self._out.extend(blocks)

    def _open(self, tag: str, attributes: Mapping[str, str]) -> None:
        if len(self._boxes) >= _MAX_BOXES:
            self._n_too_deep += 1
            return
        box = Box(tag)
        if tag in {"ul", "ol"}:
            box = ListBox(tag, attributes.get("start") or "1")
        elif tag == "table":
            if cell := self._innermost(CellBox):
                self._give(cell.become_layout(), self._boxes.index(cell))
            box = TableBox(tag)
        elif tag in {"td", "th"} and (table := self._innermost(TableBox)):
            spans = {name: (attributes.get(name) or "1").strip() for name in ("colspan", "rowspan")}
            box = CellBox(tag, table, **spans)
        elif tag == "figure":
            box = FigureBox(tag)
        elif tag == "figcaption" and (figure := self._innermost(FigureBox)):
            box = CaptionBox(tag, figure)
        elif tag[0] == "h":
            box = HeadingBox(tag)
        self._boxes.append(box)

    def _close(self, tag: str) -> None:
        if self._n_too_deep:
            self._n_too_deep -= 1
        elif self._boxes and self._boxes[-1].tag == tag:
            box = self._boxes.pop()
            self._give(box.finish(), len(self._boxes))

    def _innermost(self, kind: type[_B]) -> _B | None:
        return next((box for box in reversed(self._boxes) if isinstance(box, kind)), None)


def _picture(attributes: Mapping[str, str]) -> Picture:
    ref = attributes.get("src") or ""
    lazy = attributes.get("data-src") or attributes.get("data-original") or ""
    if lazy and (not ref or ref[:5].lower() == "data:"):
        ref = lazy  # a lazily loaded picture shows a placeholder first
    return Picture(ref, alt=attributes.get("alt") or "", title=attributes.get("title") or "")
