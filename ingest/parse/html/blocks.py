"""The events of an HTML parser as blocks: what a reader of the page would see, in order."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from ingest.parse.blocks import Block, Passage, Title
from ingest.parse.html.boxes import Box, CaptionBox, CellBox, FigureBox, HeadingBox, ListBox, TableBox
from ingest.parse.html.hidden import can_be_opened, opens_something
from ingest.parse.html.pictures import drawn_refs, is_picture_file, lazy_refs, picture_at, picture_in, srcset_refs
from ingest.parse.passed_over import PassedOver
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
    "script", "style", "template", "iframe", "applet", "canvas", "audio", "video", "select", "datalist", "textarea",
    "button",
})
_COUNTED = {"iframe": "frames", "applet": "programs", "canvas": "drawings made by a script", "audio": "sounds",
            "video": "videos"}
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})
_DRAWN = frozenset({"image", "object", "embed", "input"})
_PICTURED = _DRAWN | {"img", "picture", "source", "a", "noscript"}
_HIDDEN, _NAVIGATION, _SILENT = "hidden parts with words", "navigation", "what is for programs"
_NAVIGATION_ROLES = frozenset({"navigation", "search", "menu", "menubar", "toolbar"})
KNOWN_TAGS = _BREAKING | _BOXED | _SKIPPED | _VOID | _PICTURED | frozenset(
    "a abbr acronym b bdi bdo big button cite code colgroup data del dfn em font g head i image ins kbd label map mark"
    " math meter nobr noscript object optgroup option output path picture progress q rp rt ruby s samp script slot"
    " small span strike strong style sub sup svg text time title tspan tt u var".split()
)
"""Tags of HTML. In Markdown, anything else between angle brackets was meant as words."""
# fmt: on
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_EMPHASIS = frozenset({"em", "i"})
_SPACE = re.compile(r"[ \t\n\r\f]+")
_LINE_BREAK = "\0"  # the parser replaces NUL in the page, so it is free to outlive the squeezing of white space
_AROUND_BREAK = re.compile(" ?\0 ?")
_MAX_BOXES = 32
"""Boxes nested deeper are taken as plain blocks: a page of 100,000 nested lists is no reader's page."""


@dataclass(frozen=True, slots=True)
class _Link:
    """A link to a picture file that is open; its words begin at this piece of text."""

    href: str
    start: int
    title: str


class BlockBuilder:
    """Target of `lxml.etree.HTMLParser`: gathers text and pictures and closes a block wherever a page would break.

    Args:
        keep_navigation: reads `<nav>` and its like too.
        opened: ids of hidden parts that something on the page opens: tabs, accordions, footnotes.

        passed_over: counts what is not read, by kind.

    Attributes:
        n_kept: characters of words that were read.
        n_navigation: characters of navigation that were not.
    """

    def __init__(
        self, *, keep_navigation: bool = False, opened: Container[str] = (), passed_over: PassedOver | None = None
    ) -> None:
        self.base = ""
        self.n_kept = self.n_navigation = 0
        self.passed_over = passed_over or PassedOver()
        self._opened = opened
        self._skipped_kind, self._skipped_words = "", 0
        self._sources: list[str] | None = None
        self._link: _Link | None = None
        self._in_noscript = False
        self._recent: deque[str] = deque(maxlen=16)
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
        if self._skipping:
            if tag not in _VOID:
                self._skipping.append(tag)
            return
        if tag not in _VOID and (kind := self._skipped_as(tag, attributes)):
            if tag == "video":
                self._picture(picture_at(drawn_refs(tag, attributes), alt=attributes.get("aria-label") or ""))
            self._skipping.append(tag)
            self._skipped_kind, self._skipped_words = kind, 0
            return
        if self._in_noscript:
            if tag == "img":
                self._picture(picture_in(attributes), is_copy=True)
            return
        if tag in _BREAKING or tag in _BOXED:
            self._break()
        if tag in _BOXED:
            self._open(tag, attributes)
        elif tag in _EMPHASIS:
            self._emphasis += 1
        elif tag == "br":
            self._text.append(_LINE_BREAK)
        elif tag in _PICTURED:
            self._start_picture(tag, attributes)
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
                if not self._skipping:
                    self._count_skipped()
            return
        if tag == "noscript":
            self._in_noscript = False
        if self._in_noscript:
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
        elif tag in {"picture", "a"}:
            self._end_picture(tag)
        elif tag == "title" and self._in_title:
            self._in_title = False
            self._out.append(Title(self._take_text()))

    def data(self, data: str) -> None:
        """Called by lxml."""
        if self._skipping:
            self._skipped_words += len(data.split()) if data and not data.isspace() else 0
            if self._skipped_kind == _NAVIGATION:
                self.n_navigation += len(data.strip())
            return
        if self._in_noscript:
            return
        self._text.append(data)
        self.n_kept += len(data.strip())
        if not self._emphasis and not self._has_plain and not data.isspace():
            self._has_plain = True

    def close(self) -> None:
        """Called by lxml at the end of the page, whatever is still open."""
        self._break()
        while self._boxes:
            self._close(self._boxes[-1].tag)
        if self._skipping:
            self._count_skipped()

    def _skipped_as(self, tag: str, attributes: Mapping[str, str]) -> str:
        """The kind of thing that is not read; empty for what is."""
        if tag in _SKIPPED:
            return _COUNTED.get(tag, _SILENT) if tag != "button" or not opens_something(attributes) else ""
        is_hidden = "hidden" in attributes or _HIDDEN_STYLE.search(attributes.get("style") or "")
        if is_hidden and not can_be_opened(attributes, self._opened):
            return _HIDDEN
        is_navigation = tag == "nav" or (attributes.get("role") or "").lower() in _NAVIGATION_ROLES
        return _NAVIGATION if is_navigation and not self._keep_navigation else ""

    def _count_skipped(self) -> None:
        kind = self._skipped_kind
        if kind in _COUNTED.values() or (kind == _HIDDEN and self._skipped_words):
            self.passed_over.add(kind)

    def _start_picture(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "img":
            self._picture(picture_in(attributes, self._sources or ()))
            self._sources = None if self._sources is None else []
        elif tag == "picture":
            self._sources = []
        elif tag == "source" and self._sources is not None:
            self._sources += [attributes.get("srcset") or "", *lazy_refs(attributes)]
        elif tag == "a" and is_picture_file(attributes.get("href") or ""):
            self._link = _Link(attributes["href"], len(self._text), attributes.get("title") or "")
        elif tag == "noscript":
            self._in_noscript = True
        elif tag in _DRAWN and (refs := drawn_refs(tag, attributes)):
            words = attributes.get("alt") or attributes.get("aria-label") or ""
            self._picture(picture_at(refs, alt=words, title=attributes.get("title") or ""))

    def _end_picture(self, tag: str) -> None:
        if tag == "picture":
            if self._sources and any(self._sources):
                self._picture(picture_at(ref for srcset in self._sources for ref in srcset_refs(srcset)))
            self._sources = None
        elif self._link is not None:
            link, self._link = self._link, None
            words = _SPACE.sub(" ", "".join(self._text[link.start :])).strip()
            self._picture(picture_at([link.href], alt=words, title=link.title))

    def _picture(self, picture: Picture, *, is_copy: bool = False) -> None:
        """Keeps a picture of the current block; a copy for readers without scripts only where the first is missing."""
        if self._link is not None:  # the small picture that stands for the large one it leads to
            picture = replace(picture, others=(*picture.others, self._link.href))
            self._link = None
        refs = [ref for ref in (picture.ref, *picture.others) if ref]
        if (is_copy and any(ref in self._recent for ref in refs)) or not (refs or picture.alt):
            return
        self._recent.extend(refs)
        self._pictures.append(picture)

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
