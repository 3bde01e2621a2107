"""Presentations by way of python-pptx: a slide is a page, its title a heading."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.package import Package

from ingest.parse.blocks import Block, Heading, Page, Passage, assemble
from ingest.parse.clean import one_line
from ingest.parse.elements import Element, Warned
from ingest.parse.grid import TableGrid
from ingest.parse.office.package import BROKEN, Embedded, Parts, broken, chart_text, diagram_text, read_xml, reason
from ingest.parse.office.plain_openxml import plain
from ingest.parse.passed_over import PassedOver
from ingest.parse.pictures import Picture

_LISTS = frozenset({PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY})
_FURNITURE = frozenset({PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER})
_MARGINS = frozenset({PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER})
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_LINE_EMU = 228_600
"""A quarter of an inch: shapes whose tops differ less stand side by side."""


def parse_slides(data: bytes) -> Iterator[Element]:
    """Elements slide by slide, from top to bottom: texts, tables, charts as their numbers, pictures; then the notes.

    Raises:
        DocumentError: broken.
    """
    data = plain(data)
    parts = Parts(data)
    try:
        slides = list(Package.open(io.BytesIO(data)).main_document_part.presentation.slides)
    except BROKEN as error:
        raise broken(error) from error
    reader = _Reader(parts)
    blocks = itertools.chain([parts.title(n_pages=len(slides))], reader.blocks(slides))
    yield from assemble(blocks, reader.embedded.resolve)
    yield from reader.passed_over.warnings()
    yield from [*reader.problems, *parts.problems]


class _Reader:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.embedded = Embedded()
        self.passed_over = PassedOver()
        self.problems: list[Warned] = []
        self._number = 0
        self._margins: dict[str, None] = {}

    def blocks(self, slides: Iterable[Any]) -> Iterator[Block | Page]:
        n_hidden = 0
        for number, slide in enumerate(slides, start=1):
            self._number = number
            yield Page(number)
            try:
                yield from self._slide(slide)
            except BROKEN as error:
                said = f"slide {number} cannot be read to its end: {reason(error)}"
                self.problems.append(Warned("part_broken", said))
            n_hidden += slide._element.get("show") in {"0", "false"}
        yield from (Passage(f"Footer: {text}") for text in self._margins if any(map(str.isalnum, text)))
        if n_hidden:
            self.passed_over.note(f"{n_hidden} hidden slides are read, too")

    def _slide(self, slide: Any) -> Iterator[Block]:
        title = slide.shapes.title
        if title is not None and (words := one_line(title.text_frame.text)):
            yield Heading(1, words)
        yield from self._shapes(shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id)
        notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
        if notes is not None and notes.text.strip():
            yield Passage(f"Speaker notes: {notes.text.strip()}")
        yield from map(Passage, self._comments(slide))

    def _shapes(self, shapes: Iterable[Any]) -> Iterator[Block]:
        for shape in sorted(shapes, key=lambda shape: ((shape.top or 0) // _LINE_EMU, shape.left or 0)):
            try:
                yield from self._shape(shape)
            except BROKEN as error:
                said = f"'{shape.name}' on slide {self._number} cannot be read: {reason(error)}"
                self.problems.append(Warned("part_broken", said))

    def _shape(self, shape: Any) -> Iterator[Block]:
        kind = shape.placeholder_format.type if shape.is_placeholder else None
        if kind in _FURNITURE:
            if kind in _MARGINS and shape.has_text_frame:
                self._margins[one_line(shape.text_frame.text)] = None
            return
        if hasattr(shape, "shapes"):
            yield from self._shapes(shape.shapes)
            return
        text, pictures = _words(shape, is_list=kind in _LISTS), tuple(self._pictures(shape))
        if text or pictures:
            yield Passage(text, pictures)

    def _comments(self, slide: Any) -> Iterator[str]:
        """Of either kind: those with authors beside them, and the newer ones that are answered."""
        for relation in slide.part.rels.values():
            if relation.reltype.rpartition("/")[2] != "comments" or relation.is_external:
                continue
            for node in read_xml(relation.target_part.blob).iter("{*}cm", "{*}reply"):
                told = node.iterchildren("{*}text", "{*}txBody")
                words = one_line(" ".join("".join(text.itertext()) for text in told))
                if words:
                    yield f"Comment: {words}"

    def _pictures(self, shape: Any) -> Iterator[Picture]:
        """Also those that fill a shape."""
        properties = next(shape._element.iter(qn("p:cNvPr")), None)
        alt = "" if properties is None else properties.get("descr") or ""
        for blip in shape._element.iter(qn("a:blip")):
            if inside := blip.get(qn("r:embed")):
                yield Picture(self.embedded.add(shape.part.related_part(inside).blob), alt=alt)
            elif linked := blip.get(qn("r:link")):
                yield Picture(shape.part.rels[linked].target_ref, alt=alt)


def _words(shape: Any, *, is_list: bool) -> str:
    if shape.has_text_frame:
        return _lines(shape.text_frame, is_list=is_list)
    if shape.has_table:
        return _table(shape.table)
    if shape.has_chart:
        return chart_text(shape.chart.part.blob)
    diagram = next(shape._element.iter(_DIAGRAM), None)
    return "" if diagram is None else diagram_text(shape.part.related_part(diagram.get(qn("r:dm"))).blob)


def _table(table: Any) -> str:
    grid = TableGrid()
    for number, row in enumerate(table.rows):
        for cell in row.cells:
            if not cell.is_spanned:
                spans = (cell.span_width, cell.span_height) if cell.is_merge_origin else (1, 1)
                grid.add_cell(one_line(cell.text), colspan=spans[0], rowspan=spans[1])
        grid.end_row(in_head=number == 0 and table.first_row and not _has_groups(row))
    return "\n".join(grid.take())


def _has_groups(row: Any) -> bool:
    """A cell over several columns: the names of the columns stand below it."""
    return any(cell.is_merge_origin and cell.span_width > 1 for cell in row.cells)


def _lines(frame: Any, *, is_list: bool) -> str:
    lines = [(paragraph.level, one_line(paragraph.text)) for paragraph in frame.paragraphs]
    lines = [(level, text) for level, text in lines if text]
    if is_list and len(lines) > 1:
        return "\n".join(f"{'  ' * level}- {text}" for level, text in lines)
    return "\n".join(text for _, text in lines)
