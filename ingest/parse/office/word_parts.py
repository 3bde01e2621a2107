"""What mammoth passes over in a Word document is put where it finds it: equations, comments, charts, foreign chunks.

The document's XML is rewritten before mammoth reads it. Charts, diagrams and chunks of other formats leave a mark in a
paragraph of their own; `replace_marks` puts their blocks in its place.
"""

from __future__ import annotations

import io
import re
import secrets
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from ingest.parse.blocks import Block, Passage, Title
from ingest.parse.clean import one_line
from ingest.parse.office.equations import MATH, equation_text
from ingest.parse.office.package import BROKEN, Parts, chart_text, diagram_text, read_xml, relations
from ingest.parse.passed_over import PassedOver

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_NEWER_CHART = "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_SHAPE_TEXT = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}txbx"
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNWRAPPED = tuple(_WORD + name for name in ("customXml", "moveTo", "dir", "bdo"))
_DROPPED = tuple(_WORD + name for name in ("moveFrom",))
_PAGE_FIELD = re.compile(r"\s*(?:NUM)?PAGES?\b|\s*SECTIONPAGES\b", re.IGNORECASE)
_NOTES = ("footnotes", "endnotes")

ReadChunk = Callable[[bytes, str], Iterator[Block]]
"""Blocks of a chunk in another format, by its bytes and name."""


class WordParts:
    """The parts of a Word document beside its text.

    Args:
        parts: of the document.
        passed_over: counts what is not read.
        read_chunk: for what the document brings in another format.
    """

    def __init__(self, parts: Parts, passed_over: PassedOver, read_chunk: ReadChunk) -> None:
        self._parts = parts
        self._passed_over = passed_over
        self._read_chunk = read_chunk
        self._token = secrets.token_hex(6)
        self._marked: dict[str, list[Block]] = {}
        self._placed: set[str] = set()
        main = (path for kind, path in relations(parts, "").values() if kind == "officeDocument")
        self._path = next(main, "word/document.xml")
        self._relations = relations(parts, self._path)

    def rewritten(self, data: bytes) -> bytes:
        """The document for mammoth; as it is where nothing had to be changed."""
        changed = {self._path: self._document()}
        for kind, path in self._relations.values():
            if kind in _NOTES:
                changed[path] = self._rewritten_part(path)
        changes = {path: part for path, part in changed.items() if part}
        return _with_parts(data, changes) if changes else data

    def margins(self, kind: str) -> Iterator[Passage]:
        """Headers or footers, each text once; the number of the page is none of it."""
        texts: dict[str, None] = {}
        for relation, path in self._relations.values():
            if relation == kind:
                root = read_xml(self._parts.read(path))
                lines = (line for p in root.iter(_WORD + "p") if any(map(str.isalnum, line := _margin_line(p))))
                texts["\n".join(lines)] = None
        for text in filter(None, texts):
            yield Passage(f"{kind.capitalize()}: {text}")

    def unplaced(self) -> Iterator[Passage]:
        """Charts and diagrams that nothing in the text refers to."""
        for prefix, words_of in (("word/charts/chart", chart_text), ("word/diagrams/data", diagram_text)):
            for path in self._parts.names(prefix):
                if path not in self._placed and (words := words_of(self._parts.read(path))):
                    yield Passage(words)

    def replace_marks(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The blocks with what the marks stand for."""
        for block in blocks:
            if not isinstance(block, Passage) or self._token not in block.text:
                yield block
            elif block.text.strip() in self._marked:
                yield from self._marked[block.text.strip()]
            else:
                yield replace(block, text=self._filled(block.text))

    def _filled(self, text: str) -> str:
        """Where the mark stands in a table's cell there is no room for more than words."""
        for mark, blocks in self._marked.items():
            words = " ".join(block.text for block in blocks if not isinstance(block, Title))
            text = text.replace(mark, one_line(words))
        return text

    def _document(self) -> bytes:
        root = self._root(self._path)
        if root is None:
            return b""
        self._plain(root)
        self._hoist_text_boxes(root)
        self._place_comments(root)
        self._place_drawn(root)
        self._place_chunks(root)
        self._count(root)
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))

    def _rewritten_part(self, path: str) -> bytes:
        root = self._root(path)
        if root is None:
            return b""
        self._plain(root)
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))

    def _root(self, path: str) -> Any:
        """None where it is no XML: mammoth says what is wrong."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        try:
            return etree.fromstring(self._parts.read(path), parser)
        except (etree.XMLSyntaxError, ValueError):
            return None

    def _plain(self, root: Any) -> None:
        """Equations as runs, ruby's base words, and what only wraps others taken off."""
        for node in list(root.iter(MATH + "oMath")):
            run = etree.Element(_WORD + "r")
            etree.SubElement(run, _WORD + "t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
            run[0].text = f" {equation_text(node)} "
            _replace(node, [run])
        for node in list(root.iter(MATH + "oMathPara")):
            _replace(node, [child for child in node if child.tag == _WORD + "r"])
        for node in list(root.iter(_WORD + "ruby")):
            base = node.find(_WORD + "rubyBase")
            _replace(node, [] if base is None else list(base))
        for node in list(root.iter(*_UNWRAPPED)):
            _replace(node, [child for child in node if not str(child.tag).endswith("Pr")])
        for node in list(root.iter(*_DROPPED)):
            _replace(node, [])

    def _hoist_text_boxes(self, root: Any) -> None:
        """Words of shapes for which there is no older form beside, which mammoth would read."""
        for box in list(root.iter(_SHAPE_TEXT)):
            alternative = next(box.iterancestors(_ALTERNATIVE), None)
            fallback = None if alternative is None else alternative.find(_FALLBACK)
            if fallback is not None and next(fallback.iter(_WORD + "txbxContent"), None) is not None:
                continue
            paragraph = next(box.iterancestors(_WORD + "p"), None)
            content = box.find(_WORD + "txbxContent")
            if paragraph is not None and content is not None:
                _put_after(paragraph, list(content))

    def _place_comments(self, root: Any) -> None:
        comments = self._comments()
        for reference in list(root.iter(_WORD + "commentReference")):
            text = comments.pop(reference.get(_WORD + "id", ""), "")
            paragraph = next(reference.iterancestors(_WORD + "p"), None)
            _replace(reference, [])
            if text and paragraph is not None:
                _put_after(paragraph, [_paragraph(text)])
        self._passed_over.add("comments on nothing", len(comments))

    def _comments(self) -> dict[str, str]:
        """By id."""
        path = next((path for kind, path in self._relations.values() if kind == "comments"), "")
        found = {}
        for node in read_xml(self._parts.read(path)).iter(_WORD + "comment"):
            words = " ".join(filter(None, (one_line(_words(p)) for p in node.iter(_WORD + "p"))))
            author = one_line(node.get(_WORD + "author", ""))
            if words:
                found[node.get(_WORD + "id", "")] = f"Comment ({author}): {words}" if author else f"Comment: {words}"
        return found

    def _place_drawn(self, root: Any) -> None:
        """Charts and diagrams, behind the paragraph that they are anchored in."""
        for node in list(root.iter(_CHART, _DIAGRAM)):
            is_chart = node.tag == _CHART
            _, path = self._relations.get(node.get(_RELATION + ("id" if is_chart else "dm"), ""), ("", ""))
            part = self._parts.read(path)
            words = (chart_text if is_chart else diagram_text)(part) if part else ""
            if words:
                self._placed.add(path)
                self._mark(node, [Passage(words)])
        self._passed_over.add("charts of a kind that is not read", sum(1 for _ in root.iter(_NEWER_CHART)))

    def _place_chunks(self, root: Any) -> None:
        for node in list(root.iter(_WORD + "altChunk")):
            _, path = self._relations.get(node.get(_RELATION + "id", ""), ("", ""))
            blocks = list(self._read_chunk(self._parts.read(path), path)) if path else []
            if not blocks:
                self._passed_over.add("chunks of other formats that cannot be read")
            mark = self._new_mark(blocks)
            _replace(node, [_paragraph(mark)])

    def _count(self, root: Any) -> None:
        self._passed_over.add("embedded objects", sum(1 for _ in root.iter(_WORD + "object")))
        deleted = sum(1 for node in root.iter(_WORD + "del") if next(node.iter(_WORD + "delText"), None) is not None)
        self._passed_over.add("deletions that nobody has accepted yet", deleted)

    def _mark(self, node: Any, blocks: list[Block]) -> None:
        paragraph = next(node.iterancestors(_WORD + "p"), None)
        if paragraph is not None:
            _put_after(paragraph, [_paragraph(self._new_mark(blocks))])

    def _new_mark(self, blocks: list[Block]) -> str:
        mark = f"{self._token}x{len(self._marked)}"
        self._marked[mark] = [block for block in blocks if not isinstance(block, Title)]
        return mark


def _margin_line(paragraph: Any) -> str:
    """A paragraph of a header or footer without its page numbers."""
    words: list[str] = []
    skipping = depth = 0
    for node in paragraph.iter():
        if node.tag == _WORD + "fldChar":
            kind = node.get(_WORD + "fldCharType")
            depth += (kind == "begin") - (kind == "end")
            skipping = skipping if depth > 0 else 0
        elif node.tag == _WORD + "instrText" and _PAGE_FIELD.match(node.text or ""):
            skipping = 1
        elif node.tag == _WORD + "t" and not skipping and not _is_page_field(node):
            words.append(node.text or "")
        elif node.tag in {_WORD + "tab", _WORD + "br"}:
            words.append(" ")
    return one_line("".join(words))


def _is_page_field(node: Any) -> bool:
    simple = next(node.iterancestors(_WORD + "fldSimple"), None)
    return simple is not None and _PAGE_FIELD.match(simple.get(_WORD + "instr", "")) is not None


def _words(paragraph: Any) -> str:
    tags = (_WORD + "t", _WORD + "tab", _WORD + "br")
    return "".join((node.text or "") if node.tag == tags[0] else " " for node in paragraph.iter(*tags))


def _paragraph(text: str) -> Any:
    paragraph = etree.Element(_WORD + "p")
    run = etree.SubElement(paragraph, _WORD + "r")
    etree.SubElement(run, _WORD + "t").text = text
    return paragraph


def _put_after(node: Any, new: list[Any]) -> None:
    parent = node.getparent()
    at = parent.index(node) + 1
    for offset, child in enumerate(new):
        parent.insert(at + offset, child)


def _replace(node: Any, new: list[Any]) -> None:
    parent = node.getparent()
    if parent is None:
        return
    _put_after(node, new)
    parent.remove(node)


def _with_parts(data: bytes, changes: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
            for name in dict.fromkeys(old.namelist()):
                new.writestr(name, changes[name] if name in changes else old.read(name))
    except BROKEN:
        return data
    return out.getvalue()
