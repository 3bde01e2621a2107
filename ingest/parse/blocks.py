"""From a page's blocks to elements: the heading path, and for pictures the words around them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from ingest.parse.clean import windows
from ingest.parse.elements import DocumentInfo, Element, ImageElement, TextElement
from ingest.parse.pictures import CAPTION_CHARS, Picture, Pictures, Resolve

PASSAGE_CHARS = 16_000
"""No text element is longer: a 50 MB line becomes many."""
_MAX_HEAD = 20

CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|chart|diagram|graph|plate|photo|image|map|scheme|exhibit|illustration"
    r"|abb(?:ildung|\.)?|bild|figura|afbeelding|obr(?:ázek|\.)?|рис(?:унок|\.)?|図|图)\s*"
    r"(?P<number>[A-Z]?\d+(?:[.\-–]\d+)*[a-z]?|[IVXLC]+)"
    r"(?:\s*[.:)|—–-]|\s*$|\s+(?-i:[A-ZÀ-ÞА-Я(«“„]|[^\x00-\u2fff]))",
    re.IGNORECASE,
)
"""How a caption begins: `Figure 3: ...`, `Fig. 2.1 - ...`, `Abb. 4 Pumpe`; but not `Figure 3 shows ...`."""


@dataclass(frozen=True, slots=True)
class Title:
    """The document's own title, and what else its head says."""

    text: str
    metadata: dict[str, Any] = field(default_factory=dict)
    n_pages: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page begins; `number` counts from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` counts from 1 inwards."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, list, table or code block, and the pictures in it. `is_emphasis`: all of it is italic."""

    text: str
    pictures: tuple[Picture, ...] = ()
    is_emphasis: bool = False


Block: TypeAlias = Title | Heading | Passage


def assemble(
    blocks: Iterable[Block | Page], resolve: Resolve, *, base: Callable[[], str] = lambda: ""
) -> Iterator[Element]:
    """Elements of a page of linked text.

    A picture gets the caption that its figure has or the line after it that looks like one, and as context the
    paragraph it stands in, or else the one before it, or else the one after. A heading with nothing under it stays
    as text. Where the document has no title of its own, its first heading is one, if it comes soon.

    Args:
        blocks: in reading order; a Title only first. A heading does not reach beyond its page.
        resolve: gives the bytes of a linked picture, or None.
        base: what relative links are relative to, as a URL, known by the time of the first picture.
    """
    yield from _Assembler(Pictures(resolve, base)).run(blocks)


class _Assembler:
    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._path: list[Heading] = []
        self._is_bare = False  # nothing stands under the innermost heading yet
        self._held: list[Picture] = []  # pictures of the last block: their caption may follow
        self._before = ""
        self._page: int | None = None

    def run(self, blocks: Iterable[Block | Page]) -> Iterator[Element]:
        rest = iter(blocks)
        head = _head(rest)
        words = [block.text for kind in (Title, Heading) for block in head if isinstance(block, kind) and block.text]
        title = head[0] if head and isinstance(head[0], Title) else Title("")
        if words or title.metadata or title.n_pages:
            yield DocumentInfo(words[0] if words else "", title.n_pages, title.metadata)
        for element in self._elements(itertools.chain(head, rest)):
            if self._page is not None and isinstance(element, TextElement | ImageElement):
                element = replace(element, page=self._page)
            yield element

    def _elements(self, blocks: Iterable[Block | Page]) -> Iterator[Element]:
        for block in blocks:
            if isinstance(block, Heading):
                yield from self._heading(block)
            elif isinstance(block, Passage):
                yield from self._passage(block)
            elif isinstance(block, Page):
                yield from self._end_page()
                self._page = block.number
        yield from self._end_page()
        yield from self._pictures.summary()

    def _end_page(self) -> Iterator[Element]:
        yield from self._release("")
        yield from self._bare_heading(next_level=0)
        self._path.clear()
        self._before = ""

    def _heading(self, heading: Heading) -> Iterator[Element]:
        yield from self._release("")
        yield from self._bare_heading(heading.level)
        while self._path and self._path[-1].level >= heading.level:
            self._path.pop()
        self._path.append(heading)
        self._is_bare = True
        self._before = ""

    def _bare_heading(self, next_level: int) -> Iterator[Element]:
        if self._is_bare and next_level <= self._path[-1].level:
            *outer, last = self._titles()
            yield TextElement(last, tuple(outer))
        self._is_bare = False

    def _passage(self, passage: Passage) -> Iterator[Element]:
        if _is_caption(passage) and passage.pictures:
            pictures = tuple(replace(p, caption=p.caption or passage.text) for p in passage.pictures)
            passage = Passage("", pictures)
        elif _is_caption(passage) and self._held and not self._held[-1].caption:
            self._held[-1].caption = passage.text
            yield from self._release("")
            return
        yield from self._release(passage.text)
        for part in windows(passage.text, PASSAGE_CHARS):
            if part.strip():
                self._is_bare = False
                yield TextElement(part.strip("\n"), self._titles())
        self._held = [replace(picture, context=picture.context or passage.text) for picture in passage.pictures]
        if not self._held:
            self._before = passage.text

    def _release(self, after: str) -> Iterator[Element]:
        for picture in self._held:
            picture.context = picture.context or self._before or after
            for element in self._pictures.load(picture, self._titles()):
                self._is_bare = False
                yield element
        self._held = []

    def _titles(self) -> tuple[str, ...]:
        return tuple(heading.text for heading in self._path)


def _is_caption(passage: Passage) -> bool:
    looks_so = passage.is_emphasis or CAPTION.match(passage.text) is not None
    return looks_so and 0 < len(passage.text) <= CAPTION_CHARS


def _head(blocks: Iterator[Block | Page]) -> list[Block | Page]:
    """The blocks up to the first heading, or the first few: badges and a logo often stand above the title."""
    head: list[Block | Page] = []
    for block in blocks:
        head.append(block)
        if isinstance(block, Heading) or len(head) >= _MAX_HEAD:
            break
    return head
