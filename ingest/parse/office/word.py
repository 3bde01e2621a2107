"""Word documents by way of mammoth: they become a web page, and are read as one."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from typing import Any

import mammoth  # type: ignore[import-untyped]

from ingest.parse.blocks import Block, Passage, Title, assemble
from ingest.parse.decode import decode, decode_html
from ingest.parse.detect import Format, detect
from ingest.parse.elements import Element, Warned
from ingest.parse.html.blocks import BlockBuilder
from ingest.parse.html.reader import html_blocks
from ingest.parse.office.package import BROKEN, Embedded, Parts, broken, reason
from ingest.parse.office.plain_openxml import plain
from ingest.parse.office.word_parts import WordParts
from ingest.parse.passed_over import PassedOver

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Caption'] => p:fresh > em
p[style-name='caption'] => p:fresh > em
"""
_NO_READER = re.compile(r"An unrecognised element was ignored: (?:\{.*\}|.*:)?(\w+)$")
_OUTSIDE = re.compile(r"could not open external image '(.*)', external file access is disabled$")
_MAX_NESTED = 3
"""Documents within documents."""


def parse_word(data: bytes) -> Iterator[Element]:
    """Elements in reading order; headers and footers first, comments after the paragraph that they are on.

    Raises:
        DocumentError: broken.
    """
    reader = _Reader()
    yield from assemble(reader.document(data), reader.embedded.resolve)
    yield from reader.passed_over.warnings()
    yield from reader.problems


class _Reader:
    def __init__(self) -> None:
        self.embedded = Embedded()
        self.passed_over = PassedOver()
        self.problems: list[Warned] = []
        self._depth = 0

    def document(self, data: bytes) -> Iterator[Block]:
        """Blocks of a document, and of those that it brings along."""
        data = plain(data)
        parts = Parts(data)
        parts.problems = self.problems
        word = WordParts(parts, self.passed_over, self._chunk)
        page = self._page(word.rewritten(data))
        text = html_blocks(f"<body>{page}</body>".encode("utf-8", "replace"), BlockBuilder(keep_navigation=True))
        margins = itertools.chain(word.margins("header"), word.margins("footer"))
        yield from itertools.chain([parts.title()], margins, word.replace_marks(text), word.unplaced())

    def _page(self, data: bytes) -> str:
        try:
            page = mammoth.convert_to_html(
                io.BytesIO(data),
                style_map=_STYLES,
                include_embedded_style_map=False,
                convert_image=mammoth.images.img_element(self._keep),
            )
        except BROKEN as error:
            raise broken(error) from error
        self._left_out([message.message for message in page.messages])
        return str(page.value)

    def _keep(self, image: Any) -> dict[str, str]:
        try:
            with image.open() as file:
                return {"src": self.embedded.add(file.read())}
        except BROKEN as error:  # a damaged member is a BadZipFile, from Python 3.14 on a ValueError
            if not self._is_outside(str(error)):
                self.problems.append(Warned("picture_broken", f"a picture in it left out: {reason(error)}"))
            return {}

    def _is_outside(self, message: str) -> bool:
        """Whether mammoth speaks of a picture that lies elsewhere; then it is said."""
        if outside := _OUTSIDE.match(message):
            self.problems.append(
                Warned("picture_missing", f"picture '{outside[1]}' left out: it is not in the document")
            )
        return outside is not None

    def _chunk(self, data: bytes, name: str) -> Iterator[Block]:
        """What a document brings in another format."""
        kind = detect(data, name)
        if kind is Format.HTML:
            source = decode_html(data)[0].encode("utf-8", "replace")
            blocks = html_blocks(source, BlockBuilder(keep_navigation=True, passed_over=self.passed_over))
            yield from (block for block in blocks if not isinstance(block, Title))
        elif kind is Format.WORD and self._depth < _MAX_NESTED:
            self._depth += 1
            yield from (block for block in self.document(data) if not isinstance(block, Title))
            self._depth -= 1
        elif kind in {Format.TEXT, Format.MARKDOWN}:
            yield from (Passage(part.strip()) for part in decode(data)[0].split("\n\n") if part.strip())

    def _left_out(self, messages: list[str]) -> None:
        """What is missing in the text. Styles without a meaning, most of what mammoth tells, cost nothing."""
        for text in messages:
            if found := _NO_READER.match(text):
                self.passed_over.add(f"'{found[1]}' elements")
            else:
                self._is_outside(text)
