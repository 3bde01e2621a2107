"""What a sheet of a workbook has beside its values: merged cells, links, formulas that were never calculated, drawings.

openpyxl reads these only with the whole sheet in memory (fifty times its size); here its XML goes by once.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from openpyxl.formula.translate import Translator, TranslatorError  # type: ignore[import-untyped]
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries  # type: ignore[import-untyped]

from ingest.parse.clean import one_line
from ingest.parse.office.package import Parts, chart_text, read_xml, relations

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_MAX_MERGED = 20_000
_MAX_FORMULAS = 20_000
_NARROW_CHARS = 4.0
_LINKS = ("http://", "https://", "mailto:", "ftp://")

Cell = tuple[int, int]
"""Row and column, from 1."""


@dataclass(slots=True)
class SheetParts:
    """Of one sheet.

    Attributes:
        spans: rows and columns that a merged cell covers, by its first cell.
        covered: the cells that it covers beside the first.
        formulas: of cells without a saved value.
        n_formulas: how many of these there are, kept or not.
        links: of cells, to somewhere outside the workbook.
        spacers: columns too narrow for words, from 0.
        relations: targets of the sheet's own relations by id: type's last word and path.
    """

    spans: dict[Cell, tuple[int, int]] = field(default_factory=dict)
    covered: set[Cell] = field(default_factory=set)
    formulas: dict[Cell, str] = field(default_factory=dict)
    n_formulas: int = 0
    links: dict[Cell, str] = field(default_factory=dict)
    spacers: frozenset[int] = frozenset()
    relations: dict[str, tuple[str, str]] = field(default_factory=dict)


def sheet_parts(parts: Parts, path: str) -> SheetParts:
    """Scans a sheet's XML, as far as it can be read."""
    found = SheetParts(relations=relations(parts, path))
    scan = _Scan(found)
    tags = [_SHEET + name for name in ("c", "mergeCell", "hyperlink", "col")]
    try:
        events = etree.iterparse(
            io.BytesIO(parts.read(path)), tag=tags, recover=True, resolve_entities=False, no_network=True
        )
        for _, node in events:
            scan.take(node)
            node.clear()
            while node.getprevious() is not None:
                del node.getparent()[0]
    except etree.XMLSyntaxError:
        pass  # whoever reads the values says so
    return found


def comments(parts: Parts, found: SheetParts) -> Iterator[str]:
    """Comments on cells and what was answered to them, a line each, in the order of the file."""
    has_threads = False
    for kind, path in found.relations.values():
        if kind == "threadedComment":
            for node in read_xml(parts.read(path)).iter("{*}threadedComment"):
                has_threads = True
                yield f"Comment on {node.get('ref', '')}: {one_line(node.findtext('{*}text') or '')}"
    for kind, path in found.relations.values():
        if kind == "comments" and not has_threads:  # these say the threads again, for older programs
            for node in read_xml(parts.read(path)).iter("{*}comment"):
                words = one_line("".join(t.text or "" for t in node.iter("{*}t") if not _is_phonetic(t)))
                if words:
                    yield f"Comment on {node.get('ref', '')}: {words}"


@dataclass(slots=True)
class Drawn:
    """What is drawn on a sheet: words and numbers, and the paths of pictures with their alternative texts."""

    texts: list[str] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)


def drawings(parts: Parts, found: dict[str, tuple[str, str]]) -> Drawn:
    """Charts as their numbers, words of text boxes and shapes, and pictures."""
    drawn = Drawn()
    for kind, path in found.values():
        if kind != "drawing":
            continue
        inner = relations(parts, path)
        root = read_xml(parts.read(path))
        for anchor in root:
            drawn.texts.extend(_shape_words(anchor))
            for chart in anchor.iter(_CHART + "chart"):
                text = chart_text(parts.read(inner.get(chart.get(_RELATION + "id", ""), ("", ""))[1]))
                drawn.texts.extend([text] if text else [])
            named = next(anchor.iter(_PLACED + "cNvPr"), None)
            alt = "" if named is None else named.get("descr") or ""
            for blip in anchor.iter(_DRAWN + "blip"):
                target = inner.get(blip.get(_RELATION + "embed", ""), ("", ""))[1]
                drawn.pictures.setdefault(target, alt)
    return drawn


def _shape_words(anchor: Any) -> Iterator[str]:
    for body in anchor.iter(_PLACED + "txBody"):
        lines = (one_line("".join(p.itertext(_DRAWN + "t"))) for p in body.iter(_DRAWN + "p"))
        if text := "\n".join(filter(None, lines)):
            yield text


def _is_phonetic(node: Any) -> bool:
    parent = node.getparent()
    return parent is not None and parent.tag == _SHEET + "rPh"


class _Scan:
    """Takes one node after the other."""

    def __init__(self, found: SheetParts) -> None:
        self._found = found
        self._shared: dict[str, tuple[str, str]] = {}

    def take(self, node: Any) -> None:
        kind = etree.QName(node).localname
        try:
            if kind == "c":
                self._cell(node)
            elif kind == "mergeCell":
                self._merged(node.get("ref", ""))
            elif kind == "hyperlink":
                self._link(node)
            else:
                self._column(node)
        except (ValueError, TypeError, TranslatorError):
            return  # a reference that is none

    def _cell(self, node: Any) -> None:
        formula = node.find(_SHEET + "f")
        if formula is None:
            return
        ref, text = node.get("r", ""), (formula.text or "").strip()
        number = formula.get("si")
        if formula.get("t") == "shared" and number is not None and text:
            self._shared[number] = (ref, text)
        value = node.find(_SHEET + "v")
        if value is not None and (value.text or node.get("t") == "str"):
            return
        self._found.n_formulas += 1
        if len(self._found.formulas) < _MAX_FORMULAS:
            if not text and number in self._shared:
                origin, master = self._shared[number]
                text = Translator("=" + master, origin).translate_formula(ref)[1:]
            self._found.formulas[coordinate_to_tuple(ref)] = "=" + text

    def _merged(self, ref: str) -> None:
        left, top, right, bottom = range_boundaries(ref)
        n_rows, n_columns = bottom - top + 1, right - left + 1
        if len(self._found.spans) >= _MAX_MERGED or n_rows * n_columns > _MAX_MERGED:
            return
        self._found.spans[top, left] = (n_rows, n_columns)
        if len(self._found.covered) < 10 * _MAX_MERGED:
            cells = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
            self._found.covered.update(cell for cell in cells if cell != (top, left))

    def _link(self, node: Any) -> None:
        _, target = self._found.relations.get(node.get(_RELATION + "id", ""), ("", ""))
        if target.startswith(_LINKS):
            left, top, *_ = range_boundaries(node.get("ref", ""))
            self._found.links[top, left] = target

    def _column(self, node: Any) -> None:
        if float(node.get("width", "9")) < _NARROW_CHARS:
            first, last = int(node.get("min", "0")), int(node.get("max", "0"))
            self._found.spacers |= set(range(first - 1, min(last, first + 255)))
