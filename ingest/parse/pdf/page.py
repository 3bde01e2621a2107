"""One page of a PDF, taken apart: its lines and tables in reading order, its pictures, what was put on it later."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ingest.parse.pdf.added.annotations import Annotations, Comment, flatten, read_annotations, undrawn, words_in
from ingest.parse.pdf.geometry import Box
from ingest.parse.pdf.layout import Item, arranged
from ingest.parse.pdf.objects import PageObjects, page_objects
from ingest.parse.pdf.tables.rules import rules
from ingest.parse.pdf.words.lines import Line, TextReader

_MAX_SIDE_PT = 14_400.0  # PDF's own limit, 200 inches

_MEANINGLESS = re.compile("[\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that has been loaded; it has to be closed.

    Attributes:
        number: from 1.
        degrees: where its text runs, counter-clockwise, in the page's own coordinates.
        visible: the page, seen upright as all boxes here.
        lines: in the order of the file.
        items: lines and tables in reading order.
        comments: each with the words that it is about.
        is_garbage: it has a text layer, but one that means nothing.
    """

    number: int
    handle: Any
    degrees: int
    visible: Box
    lines: list[Line]
    items: list[Item]
    objects: PageObjects
    notes: Annotations
    comments: list[tuple[Comment, str]]
    is_garbage: bool

    @property
    def n_letters(self) -> int:
        return sum(len(line.text) - line.text.count(" ") for line in self.lines)

    def in_file(self, box: Box) -> Box:
        """A box in the page's own coordinates."""
        return box.turned(360 - self.degrees)

    def close(self) -> None:
        self.handle.close()


def load_page(pdf: Any, index: int) -> Page:
    """A page of a `pypdfium2.PdfDocument`.

    Raises:
        PdfiumError: PDFium cannot load it.
        ValueError: it has no size, or one beyond all measure.
    """
    handle = pdf[index]
    try:
        left, bottom, right, top = handle.get_bbox()
        visible = Box(left, bottom, right, top)
        if not (0 < visible.width <= _MAX_SIDE_PT and 0 < visible.height <= _MAX_SIDE_PT):
            raise ValueError(f"its size is {visible.width:.0f} x {visible.height:.0f} points")
        notes = read_annotations(handle, pdf.formenv)
        if not notes.is_flat and flatten(handle):
            handle.close()
            handle = pdf[index]
        return _page(handle, index + 1, visible, notes)
    except BaseException:
        handle.close()
        raise


def _page(handle: Any, number: int, visible: Box, notes: Annotations) -> Page:
    textpage = handle.get_textpage()
    try:
        reader = TextReader(textpage)
        degrees = handle.get_rotation() if reader.degrees is None else reader.degrees
        upright = visible.turned(degrees)
        lines = [line for line in reader.lines() if line.box.grown(1).meets(upright)]
        is_garbage = _is_garbage("".join(line.text for line in lines[:200]))
        lines = [] if is_garbage else lines
        lines += undrawn(notes.values, textpage, degrees)
        comments = [(note, words_in(textpage, note.box) if note.is_quoting else "") for note in notes.comments]
    finally:
        textpage.close()
    objects = page_objects(handle, visible, degrees)
    items = arranged(lines, rules(objects.rules), is_patched=not notes.is_flat)
    return Page(number, handle, degrees, upright, lines, items, objects, notes, comments, is_garbage)


def _is_garbage(text: str) -> bool:
    """Over a third of the letters have no meaning: the fonts lack their Unicode tables."""
    return len(_MEANINGLESS.findall(text)) * 3 > len(text) - text.count(" ")
