"""Word documents by way of mammoth: they become a web page, and are read as one."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import mammoth  # type: ignore[import-untyped]

from ingest.parse.blocks import Block, Passage, assemble
from ingest.parse.elements import Element, Warned
from ingest.parse.html.blocks import BlockBuilder
from ingest.parse.html.reader import html_blocks
from ingest.parse.office.package import BROKEN, Embedded, Parts, broken, chart_text, diagram_text, reason

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Caption'] => p:fresh > em
p[style-name='caption'] => p:fresh > em
"""
_NO_READER = re.compile(r"An unrecognised element was ignored: (?:\{.*\}|.*:)?(\w+)$")
_OUTSIDE = re.compile(r"could not open external image '(.*)', external file access is disabled$")
_NAMES = {"oMath": "equations", "oMathPara": "equations"}


def parse_word(data: bytes) -> Iterator[Element]:
    """Elements in reading order; the numbers of charts and the words of diagrams come last.

    Raises:
        DocumentError: broken.
    """
    parts, embedded = Parts(data), Embedded()

    def keep(image: Any) -> dict[str, str]:
        try:
            with image.open() as file:
                return {"src": embedded.add(file.read())}
        except (KeyError, zipfile.BadZipFile, zlib.error) as error:
            parts.problems.append(f"a picture in it left out: {reason(error)}")
            return {}

    try:
        page = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(keep),
        )
    except BROKEN as error:
        raise broken(error) from error
    builder = BlockBuilder(keep_navigation=True)
    text = html_blocks(f"<body>{page.value}</body>".encode("utf-8", "replace"), builder)
    yield from assemble(itertools.chain([parts.title()], text, _drawn(parts)), embedded.resolve)
    yield from _left_out([message.message for message in page.messages])
    yield from map(Warned, parts.problems)


def _drawn(parts: Parts) -> Iterator[Block]:
    charts = map(chart_text, parts.named("word/charts/chart"))
    diagrams = map(diagram_text, parts.named("word/diagrams/data"))
    yield from (Passage(words) for words in itertools.chain(charts, diagrams) if words)


def _left_out(messages: list[str]) -> Iterator[Warned]:
    """What is missing in the text. Styles without a meaning, which are most of what mammoth tells, cost nothing."""
    unread = {_NAMES.get(found[1], f"'{found[1]}'"): None for text in messages if (found := _NO_READER.match(text))}
    if unread:
        yield Warned(f"left out, for want of a reader: {', '.join(unread)}")
    for text in messages:
        if outside := _OUTSIDE.match(text):
            yield Warned(f"picture '{outside[1]}' left out: it is not in the document")
