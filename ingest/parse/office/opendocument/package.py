"""An OpenDocument file as its parts, whether it is a zip or one flat XML file."""

from __future__ import annotations

import base64
import binascii
import posixpath
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from ingest.parse.blocks import Title
from ingest.parse.clean import one_line
from ingest.parse.elements import Warned
from ingest.parse.office.opendocument.names import DC, DRAW, META, OFFICE, STYLE, XLINK, local
from ingest.parse.office.package import Parts, read_xml
from rag.errors import DocumentError

_MAX_STYLE_PARENTS = 20


class OdfPackage:
    """The parts of a document.

    Attributes:
        problems: parts that could not be read.
        styles: root of the styles, where headers and footers stand.

    Raises:
        DocumentError: broken, or protected with a password.
    """

    def __init__(self, data: bytes) -> None:
        self._parts: Parts | None = None
        self.problems: list[Warned] = []
        if data.startswith(b"PK"):
            self._parts = Parts(data)
            self.problems = self._parts.problems
            if b"encryption-data" in self._parts.read("META-INF/manifest.xml"):
                raise DocumentError("the document is protected with a password: save it without one")
            self._content = self._read("content.xml")
            self.styles, self._meta = self._read("styles.xml"), self._read("meta.xml")
        else:
            self._content = self.styles = self._meta = self._parsed(data, "the document")
        if next(self._content.iter(OFFICE + "body"), None) is None:
            raise DocumentError("the document is broken (it has no body): save it again in an office program")
        self._styles_by_name: dict[str, Any] = {}
        for root in {id(root): root for root in (self.styles, self._content)}.values():
            self._styles_by_name |= {style.get(STYLE + "name"): style for style in root.iter(STYLE + "style")}

    def body(self, kind: str) -> Any:
        """The body of a `text`, `spreadsheet`, `presentation` or `drawing`; None where it is of another kind."""
        return next(self._content.iter(OFFICE + kind), None)

    def title(self) -> Title:
        """Of the document's properties."""
        root = next(self._meta.iter(OFFICE + "meta"), self._meta)
        title, author = (
            one_line(root.findtext(DC + "title") or ""),
            one_line(root.findtext(META + "initial-creator") or ""),
        )
        author = author or one_line(root.findtext(DC + "creator") or "")
        about = {
            "author": author,
            "created": one_line(root.findtext(META + "creation-date") or ""),
            "modified": one_line(root.findtext(DC + "date") or ""),
            "keywords": ", ".join(filter(None, (one_line(node.text or "") for node in root.iter(META + "keyword")))),
        }
        pages = sum(1 for _ in self._content.iter(DRAW + "page"))
        return Title(title, {key: value for key, value in about.items() if value}, pages or None)

    def style(self, name: str) -> Any:
        """Properties of a style and of those that it comes from, the nearest first: a mapping of attributes."""
        found: dict[str, str] = {}
        for style in self._ancestry(name):
            for node in style.iterchildren():
                found = {**dict(node.attrib), **found}
        return found

    def style_name(self, name: str) -> str:
        """What the author called a paragraph's style: the first that is not a program's own `P12`."""
        for style in self._ancestry(name):
            if local(style.getparent()) != "automatic-styles":
                return (style.get(STYLE + "name") or "").replace("_20_", " ").lower()
        return name.lower()

    def picture(self, image: Any) -> bytes:
        """The bytes of a `draw:image`; nothing where it is elsewhere."""
        href = image.get(XLINK + "href", "")
        if self._parts is not None and href and ":" not in href:
            return self._parts.read(posixpath.normpath(href))
        return self._inline(image)

    def embedded(self, node: Any) -> Any:
        """Root of the content of a `draw:object`; None where it cannot be read."""
        href = node.get(XLINK + "href", "")
        if self._parts is not None and href and ":" not in href:
            folder = posixpath.normpath(href)
            data = self._parts.read(f"{folder}/content.xml") or self._parts.read(folder)
            return self._parsed(data, folder) if data else None
        return next(node.iterchildren(), None)

    def _ancestry(self, name: str) -> list[Any]:
        styles: list[Any] = []
        while name in self._styles_by_name and len(styles) < _MAX_STYLE_PARENTS:
            styles.append(self._styles_by_name[name])
            name = styles[-1].get(STYLE + "parent-style-name", "")
        return styles

    def _read(self, name: str) -> Any:
        assert self._parts is not None
        return self._parsed(self._parts.read(name), name)

    def _parsed(self, data: bytes, name: str) -> Any:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            if data:
                said = f"{name} is damaged: it is read as far as that is possible"
                self.problems.append(Warned("part_broken", said))
            return read_xml(data)

    @staticmethod
    def _inline(image: Any) -> bytes:
        text = image.findtext(OFFICE + "binary-data") or ""
        try:
            return base64.b64decode("".join(text.split()))
        except (binascii.Error, ValueError):
            return b""
