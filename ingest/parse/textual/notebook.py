"""Jupyter notebooks: Markdown cells as Markdown, code with what it printed, pictures as pictures."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import Any

from ingest.parse.blocks import Block, Heading, Passage, Title, assemble
from ingest.parse.clean import one_line, shorten
from ingest.parse.decode import decode
from ingest.parse.elements import Element, Resolved
from ingest.parse.html.blocks import BlockBuilder
from ingest.parse.html.reader import html_blocks
from ingest.parse.markdown import markdown_blocks
from ingest.parse.office.package import Embedded
from ingest.parse.passed_over import PassedOver
from ingest.parse.pictures import Picture, Resolve
from rag.errors import DocumentError

_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
_COLOURS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_ATTACHMENT = re.compile(r"attachment:([^)\s\"'>]+)")
_OUTPUT_CHARS = 8_000
"""Of one output; a program can print without end."""


def parse_notebook(data: bytes, resolve: Resolve) -> Iterator[Element]:
    """Elements cell by cell.

    Raises:
        DocumentError: no JSON, or not a notebook's.
    """
    try:
        book = json.loads(decode(data)[0])
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"the notebook is broken ({error}): open and save it again") from error
    cells = _cells(book)
    if cells is None:
        raise DocumentError("the notebook is broken (it has no cells): open and save it again")
    reader = _Reader(resolve)
    yield from assemble(reader.blocks(book, cells), reader.resolve)
    yield from reader.passed_over.warnings()


def _cells(book: Any) -> list[Any] | None:
    """Of this version of the format or of the one before, which has them in sheets."""
    if not isinstance(book, dict):
        return None
    if isinstance(book.get("cells"), list):
        return list(book["cells"])
    sheets = book.get("worksheets")
    if not isinstance(sheets, list):
        return None
    return [cell for sheet in sheets if isinstance(sheet, dict) for cell in sheet.get("cells") or ()]


class _Reader:
    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._embedded = Embedded()
        self.passed_over = PassedOver()

    def resolve(self, ref: str) -> Resolved | None:
        return self._embedded.resolve(ref) or self._resolve(ref)

    def blocks(self, book: dict[str, Any], cells: list[Any]) -> Iterator[Block]:
        metadata = book.get("metadata")
        title = metadata.get("title") if isinstance(metadata, dict) else ""
        authors = metadata.get("authors") if isinstance(metadata, dict) else None
        names = [one_line(str(a.get("name", ""))) for a in authors or () if isinstance(a, dict)]
        about = {"author": ", ".join(filter(None, names))} if any(names) else {}
        yield Title(one_line(title) if isinstance(title, str) else "", about)
        for cell in cells:
            if isinstance(cell, dict):
                yield from self._cell(cell)

    def _cell(self, cell: dict[str, Any]) -> Iterator[Block]:
        text = _joined(cell.get("source", cell.get("input", "")))
        kind = cell.get("cell_type")
        if kind == "markdown":
            yield from self._markdown(text, cell)
        elif kind == "heading":
            level = cell.get("level")
            yield Heading(level if isinstance(level, int) and 0 < level < 7 else 1, one_line(text))
        elif text.strip():
            yield Passage(text.strip("\n"))
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else ():
            if isinstance(output, dict):
                yield from self._output(output)

    def _markdown(self, text: str, cell: dict[str, Any]) -> Iterator[Block]:
        """Pictures that were pasted into a cell are attached to it."""
        attachments = cell.get("attachments")
        found: dict[str, str] = {}
        for name, forms in attachments.items() if isinstance(attachments, dict) else ():
            for mime, content in forms.items() if isinstance(forms, dict) else ():
                if mime in _PICTURES and (picture := _bytes(content)):
                    found[name] = self._embedded.add(picture).replace(" ", "%20")
        text = _ATTACHMENT.sub(lambda link: found.get(link[1], link[0]), text)
        for block in markdown_blocks(text):
            if isinstance(block, Passage) and block.pictures:
                pictures = tuple(_named(picture) for picture in block.pictures)
                block = Passage(block.text, pictures, block.is_emphasis)
            yield block

    def _output(self, output: dict[str, Any]) -> Iterator[Block]:
        kind = output.get("output_type")
        if kind in {"error", "pyerr"}:
            yield Passage(f"Error: {output.get('ename', '')}: {output.get('evalue', '')}")
            return
        if kind == "stream":
            yield from self._printed(_joined(output.get("text", "")))
            return
        data = output.get("data")
        forms: dict[str, Any] = data if isinstance(data, dict) else {_OLD.get(k, k): v for k, v in output.items()}
        yield from self._shown(forms)

    def _shown(self, forms: dict[str, Any]) -> Iterator[Block]:
        """The best of the forms that one result is given in."""
        for mime in _PICTURES:
            content = forms.get(mime)
            picture = _joined(content).encode() if mime == "image/svg+xml" and content else _bytes(content)
            if picture:
                words = one_line(_joined(forms.get("text/plain", "")))
                alt = "" if words.startswith("<") else words
                yield Passage("", (Picture(self._embedded.add(picture), alt=alt),))
                return
        page = _joined(forms.get("text/html", ""))
        if "<table" in page:
            blocks = html_blocks(f"<body>{page}</body>".encode("utf-8", "replace"), BlockBuilder())
            yield from (block for block in blocks if not isinstance(block, Title))
            return
        for mime in ("text/markdown", "text/latex", "text/plain"):
            if text := _joined(forms.get(mime, "")):
                yield from self._printed(text)
                return
        if forms.keys() & {"application/vnd.plotly.v1+json", "application/vnd.vegalite.v5+json"}:
            self.passed_over.add("interactive charts (save them as pictures, too)")

    def _printed(self, text: str) -> Iterator[Block]:
        text = _COLOURS.sub("", text).strip("\n")
        if len(text) > _OUTPUT_CHARS:
            self.passed_over.add(f"outputs cut at {_OUTPUT_CHARS:,} characters", code="over_limit")
        if text.strip():
            yield Passage(shorten(text, _OUTPUT_CHARS))


_OLD = {"png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml", "html": "text/html", "text": "text/plain"}


def _named(picture: Picture) -> Picture:
    picture.ref = picture.ref.replace("%20", " ") if picture.ref.startswith("picture%20") else picture.ref
    return picture


def _joined(source: Any) -> str:
    """Text may be given as a list of lines."""
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def _bytes(content: Any) -> bytes:
    try:
        return base64.b64decode("".join(_joined(content).split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
