"""What office documents and books have in common: a zip of XML, with pictures, charts and diagrams in it."""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.parsers.expat import ExpatError

from lxml import etree  # type: ignore[import-untyped]

from ingest.parse.about.dates import iso_date
from ingest.parse.blocks import Title
from ingest.parse.clean import one_line
from ingest.parse.detect import BROKEN_ZIP
from ingest.parse.elements import Resolved, Warned
from ingest.parse.html.boxes import table_text
from rag.errors import DocumentError

BROKEN = (*BROKEN_ZIP, OSError, etree.LxmlError, ExpatError, SyntaxError, LookupError, AttributeError, TypeError)
"""What readers of such documents raise on broken ones."""

_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|General')
"""Of a number's format, what is only text or a colour."""
_DATE = re.compile("[yd]|mmm", re.IGNORECASE)
_DAY_0 = datetime(1899, 12, 30)

_DC = "{http://purl.org/dc/elements/1.1/}"
_CORE, _TERMS = (
    "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}",
    "{http://purl.org/dc/terms/}",
)
_PROPERTIES = {
    "author": _DC + "creator",
    "created": _TERMS + "created",
    "modified": _TERMS + "modified",
    "keywords": _CORE + "keywords",
    "category": _CORE + "category",
    "subject": _DC + "subject",
}
_MADE_UP = frozenset({
    "", "openpyxl", "python-docx",
    "2013-12-23T23:15:00+00:00", "2013-01-27T09:14:16+00:00", "2013-01-27T09:15:58+00:00",
})  # fmt: skip
"""What python-docx, python-pptx and openpyxl say of everything that is made with them."""
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"


class Parts:
    """The parts of a document.

    Attributes:
        problems: parts that could not be read.

    Raises:
        DocumentError: it is broken.
    """

    def __init__(self, data: bytes) -> None:
        self.problems: list[Warned] = []
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN as error:
            raise broken(error) from error

    def title(self, *, n_pages: int | None = None) -> Title:
        """Of the document's properties; whatever of it there is, but for the title that PowerPoint makes up."""
        root = read_xml(next(self.named("docProps/core"), b""))
        title = one_line(root.findtext(_DC + "title") or "")
        title = "" if "powerpoint" in title.lower() else title
        about = {column: one_line(root.findtext(name) or "") for column, name in _PROPERTIES.items()}
        about |= {column: iso_date(about[column]) for column in ("created", "modified")}
        return Title(title, {column: value for column, value in about.items() if value not in _MADE_UP}, n_pages)

    def named(self, prefix: str, suffix: str = ".xml") -> Iterator[bytes]:
        """Parts whose names begin and end so, in the order of the file."""
        yield from filter(None, map(self.read, self.names(prefix, suffix)))

    def names(self, prefix: str, suffix: str = ".xml") -> list[str]:
        """Names of parts that begin and end so, in the order of the file."""
        return [name for name in self._zip.namelist() if name.startswith(prefix) and name.endswith(suffix)]

    def read(self, name: str) -> bytes:
        """A part; nothing where there is none, or where it is broken, which is one of `problems` then."""
        try:
            return self._zip.read(name) if name in self._zip.NameToInfo else b""
        except BROKEN as error:
            self.problems.append(Warned("part_broken", f"{name} in it left out: {reason(error)}"))
            return b""


class Embedded:
    """Pictures inside a document, by the references that they get here."""

    def __init__(self) -> None:
        self._data: dict[str, bytes] = {}
        self._refs: dict[str, str] = {}

    def add(self, data: bytes) -> str:
        """Equal pictures get one reference."""
        ref = self._refs.setdefault(hashlib.sha256(data).hexdigest(), f"picture {len(self._refs) + 1}")
        self._data[ref] = data
        return ref

    def resolve(self, ref: str) -> Resolved | None:
        """For `assemble`."""
        data = self._data.get(ref)
        return None if data is None else Resolved(data, "")


def broken(error: BaseException) -> DocumentError:
    """For people."""
    return DocumentError(
        f"the document is broken ({reason(error)}): save it again in an office program, or save it as PDF"
    )


def reason(error: BaseException) -> str:
    """What an error says, or what kind it is."""
    return one_line(str(error)) or type(error).__name__


def read_xml(data: bytes) -> Any:
    """Root element, an empty one where this is no XML. Entities stay unresolved, nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        root = None
    return etree.Element("nothing") if root is None else root


def relations(parts: Parts, path: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: for each id the kind and the path, or the address where it is outside."""
    folder, name = posixpath.split(path)
    found = {}
    for node in read_xml(parts.read(posixpath.join(folder, "_rels", f"{name}.rels"))).iter("{*}Relationship"):
        target = node.get("Target", "")
        if node.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
        found[node.get("Id", "")] = (node.get("Type", "").rpartition("/")[2], target)
    return found


def chart_text(part: bytes) -> str:
    """Title and numbers of a chart, as a table of series by category; empty where it has none."""
    root = read_xml(part)
    names: list[str] = []
    rows: dict[tuple[int, str], dict[int, str]] = {}
    for number, series in enumerate(root.iter(_CHART + "ser")):
        names.append(" ".join(_points(series, "tx").values()) or f"series {number + 1}")
        categories = _points(series, "cat") or _points(series, "xVal")
        for place, value in (_points(series, "val") or _points(series, "yVal")).items():
            row = (place, categories.get(place, str(place + 1)))
            rows.setdefault(row, {})[number] = value
    title = root.find(f"{_CHART}chart/{_CHART}title")
    words = [] if title is None else [_drawn_words(title)]
    if rows:
        cells = [[name, *(of.get(number, "") for number in range(len(names)))] for (_, name), of in rows.items()]
        words.append(table_text([["", *names], *cells]))
    return "\n".join(filter(None, words))


def diagram_text(part: bytes) -> str:
    """The words of a diagram (SmartArt), a line each of its boxes."""
    boxes = map(_drawn_words, read_xml(part).iter(_DIAGRAM + "t"))
    return "\n".join(f"- {words}" for words in boxes if words)


def _points(series: Any, kind: str) -> dict[int, str]:
    """Values of a series by their place, as the document keeps them beside the sheet that they come from."""
    parent = series.find(_CHART + kind)
    if parent is None:
        return {}
    level = next(parent.iter(_CHART + "lvl"), parent)  # of categories in groups, the innermost
    are_numbers = any(parent.find(_CHART + name) is not None for name in ("numRef", "numLit"))
    code = _LITERAL.sub("", parent.findtext(f".//{_CHART}formatCode") or "")
    found = {}
    for place, point in enumerate(level.iter(_CHART + "pt")):
        index = point.get("idx", "")
        text = one_line(point.findtext(_CHART + "v") or "")
        found[int(index) if index.isdecimal() else place] = _shown(text, code) if are_numbers else text
    return found


def _shown(text: str, code: str) -> str:
    """A number about as its format shows it: `0.35000000000000003` as 0.35 or 35%, a day's number as its date."""
    try:
        value = float(text)
        if _DATE.search(code):
            return (_DAY_0 + timedelta(days=value)).date().isoformat()
    except (ValueError, OverflowError):
        return text
    return f"{100 * value:.6g}%" if "%" in code else f"{value:.12g}"


def _drawn_words(node: Any) -> str:
    paragraphs = ("".join(p.itertext(_DRAWING + "t")) for p in node.iter(_DRAWING + "p"))
    return one_line(" ".join(paragraphs))
