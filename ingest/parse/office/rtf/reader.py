"""Rich Text Format: headings by their styles, tables, pictures, footnotes, comments, headers and footers."""

from __future__ import annotations

import codecs
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingest.parse.blocks import Block, Heading, Passage, Title, assemble
from ingest.parse.clean import one_line
from ingest.parse.elements import Element
from ingest.parse.office.package import Embedded
from ingest.parse.office.rtf.names import CHARACTERS, CODE_PAGES, MARGINS, READABLE, SKIPPED, SYMBOLS, TOKEN
from ingest.parse.office.rtf.tables import RtfTable
from ingest.parse.passed_over import PassedOver
from ingest.parse.pictures import Picture
from rag.errors import DocumentError

_MAX_DEPTH = 4_000
_PICTURES = frozenset({"pngblip", "jpegblip"})
_OTHER_PICTURES = frozenset({"emfblip", "wmetafile", "macpict", "dibitmap", "wbitmap", "pmmetafile"})
_PAGE_FIELDS = frozenset({"chpgn", "chdate", "chtime", "chdpl", "chdpa"})


def parse_rtf(data: bytes) -> Iterator[Element]:
    """Elements in reading order; headers and footers first, notes and comments after their paragraph.

    Raises:
        DocumentError: nothing but a beginning.
    """
    reader = _Reader(data)
    blocks = list(reader.blocks())
    if not blocks and not reader.embedded:
        raise DocumentError("the document is broken (no words in it): save it again in an office program")
    head = [Passage(f"Header: {text}") for text in reader.margins["Header"]]
    foot = [Passage(f"Footer: {text}") for text in reader.margins["Footer"]]
    yield from assemble(itertools.chain([reader.title()], head, foot, blocks), reader.pictures.resolve)
    yield from reader.passed_over.warnings()


@dataclass(slots=True)
class _Style:
    name: str = ""
    level: int | None = None


@dataclass(slots=True)
class _State:
    """What a group changes for itself."""

    target: str = "body"
    skip: bool = False
    n_substitutes: int = 1
    encoding: str = ""
    is_hidden: bool = False
    is_deleted: bool = False


@dataclass(slots=True)
class _Paragraph:
    """What is known of the paragraph that is being read."""

    style: int = 0
    level: int | None = None
    in_table: bool = False
    mark: str = ""
    pictures: list[Picture] = field(default_factory=list)
    after: list[Block] = field(default_factory=list)


class _Reader:
    """Takes token after token.

    Attributes:
        margins: texts of headers and footers, each once.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.passed_over = PassedOver()
        self.pictures = Embedded()
        self.embedded = 0
        self.margins: dict[str, dict[str, None]] = {"Header": {}, "Footer": {}}
        self._state = _State()
        self._stack: list[_State] = []
        self._default = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._default_font = 0
        self._styles: dict[int, _Style] = {}
        self._style = 0
        self._texts: dict[str, list[str]] = {}
        self._bytes = bytearray()
        self._n_to_skip = 0
        self._is_starred = False
        self._paragraph = _Paragraph()
        self._table = RtfTable()
        self._picture_kind = ""
        self._author = ""
        self._out: list[Block] = []
        self._info: dict[str, str] = {}

    def title(self) -> Title:
        author = self._info.get("author", "")
        return Title(self._info.get("title", ""), {"author": author} if author else {})

    def blocks(self) -> Iterator[Block]:
        at = 0
        while at < len(self._data) and (token := TOKEN.match(self._data, at)):
            at = token.end()
            word, number, byte, symbol, brace, text = token.groups()
            if brace:
                if not self._brace(brace):
                    break
            elif word:
                at += self._word(word.decode(), int(number) if number else None, at)
            elif byte:
                self._add(bytes.fromhex(byte.decode()))
            elif symbol:
                self._symbol(symbol)
            elif text:
                self._add(text)
            if self._out:
                yield from self._out
                self._out.clear()
        self._end_paragraph()
        self._out.extend(map(Passage, self._table.take()))
        yield from self._out

    def _brace(self, brace: bytes) -> bool:
        """False where the document ends."""
        self._decode()
        self._n_to_skip = 0
        self._is_starred = False
        if brace == b"{":
            self._stack.append(self._state)
            self._state = replace(self._state)
            return len(self._stack) <= _MAX_DEPTH
        if not self._stack:
            return False
        inner, self._state = self._state, self._stack.pop()
        if inner.target != self._state.target and not inner.skip:
            self._close(inner.target)
        return bool(self._stack)

    def _word(self, word: str, number: int | None, at: int) -> int:
        """How many bytes follow that are no tokens."""
        if word == "u" and number is not None:
            self._unicode(number)
            return 0
        if self._n_to_skip and word != "bin":
            self._n_to_skip -= 1
            return 0
        self._decode()
        if word == "bin":
            n_bytes = max(0, min(number or 0, len(self._data) - at))
            if self._state.target == "pict":
                self._texts.setdefault("pict", []).append(self._data[at : at + n_bytes].hex())
            return n_bytes
        if self._is_starred:
            self._is_starred = False
            if word not in READABLE and word not in MARGINS:
                self._state.skip = True
        if word in SKIPPED:
            self._state.skip = True
            self.passed_over.add("embedded objects", word == "objdata")
        if not self._state.skip:
            self._control(word, number)
        return 0

    def _control(self, word: str, number: int | None) -> None:
        on = number != 0
        if word in CHARACTERS:
            self._write(CHARACTERS[word])
        elif word in {"par", "sect", "page"}:
            self._end_paragraph() if self._state.target == "body" else self._write("\n")
        elif word in {"cell", "row"} and self._state.target == "body":
            self._end_cell() if word == "cell" else self._end_row()
        elif word == "pard":
            self._paragraph.style, self._paragraph.level, self._paragraph.in_table = 0, None, False
            self._style = 0
        elif word == "intbl":
            self._paragraph.in_table = True
        elif word == "s":
            self._paragraph.style = self._style = number or 0
        elif word == "outlinelevel":
            self._outline(number)
        elif word in {"v", "deleted"}:
            setattr(self._state, "is_hidden" if word == "v" else "is_deleted", on)
        elif word == "htmlrtf":
            self._state.is_hidden = on
        elif self._table.define(word, number or 0):
            return
        else:
            self._other(word, number)

    def _other(self, word: str, number: int | None) -> None:
        if word == "uc":
            self._state.n_substitutes = max(0, min(number or 0, 8))
        elif word in {"ansicpg", "mac", "pc", "pca"}:
            named = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}.get(word) or f"cp{number}"
            self._default = _known(named, self._default)
        elif word == "deff":
            self._default_font = number or 0
        elif word in {"f", "af"} and word == "f":
            self._font = number or 0
            self._state.encoding = self._fonts.get(self._font, "")
        elif word == "plain":
            self._state.encoding = self._fonts.get(self._default_font, "")
            self._state.is_hidden = self._state.is_deleted = False
        elif word in {"fcharset", "cpg"} and self._state.target == "fonttbl":
            encoding = CODE_PAGES.get(number or 0, "") if word == "fcharset" else _known(f"cp{number}", "")
            if encoding and (number or word == "cpg"):
                self._fonts[self._font] = encoding
        elif word in _PICTURES:
            self._picture_kind = word
        elif word in _OTHER_PICTURES:
            self._picture_kind = ""
        elif word in MARGINS:
            self._state.target = MARGINS[word]
        elif word in {"fonttbl", "stylesheet", "info", "pict", "footnote", "annotation", "atnauthor", "listtext"}:
            self._state.target = word
            self._texts.pop(word, None)
        elif word == "pntext":
            self._state.target = "listtext"
        elif word in {"title", "author"} and self._state.target == "info":
            self._state.target = word
        elif word in _PAGE_FIELDS:
            return

    def _outline(self, number: int | None) -> None:
        level = None if number is None or not 0 <= number <= 8 else number + 1
        if self._state.target == "stylesheet":
            self._styles.setdefault(self._style, _Style()).level = level
        else:
            self._paragraph.level = level

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._is_starred = True
        elif symbol in {b"\r", b"\n"}:
            self._control("par", None)
        elif (text := SYMBOLS.get(symbol.decode("latin-1"))) is not None:
            self._decode()
            self._write(text)

    def _unicode(self, number: int) -> None:
        self._decode()
        self._write(chr(number & 0xFFFF))
        self._n_to_skip = self._state.n_substitutes

    def _add(self, data: bytes) -> None:
        if self._n_to_skip:
            n = min(self._n_to_skip, len(data))
            self._n_to_skip -= n
            data = data[n:]
        if data and not self._state.skip:
            self._bytes += data

    def _decode(self) -> None:
        if self._bytes:
            text = self._bytes.decode(self._state.encoding or self._default, "replace")
            self._bytes.clear()
            self._write(text)

    def _write(self, text: str) -> None:
        state = self._state
        if state.skip or state.target in {"fonttbl", "info"}:
            return
        if state.target == "stylesheet":
            self._style_name(text)
        elif state.is_deleted and state.target == "body":
            self.passed_over.add("characters that are marked as deleted", len(text))
        elif not state.is_hidden:
            self._texts.setdefault(state.target, []).append(text)

    def _style_name(self, text: str) -> None:
        name, end, _ = text.partition(";")
        style = self._styles.setdefault(self._style, _Style())
        style.name += name
        if end:
            style.name = style.name.strip().lower()
            self._style = 0

    def _close(self, target: str) -> None:
        """At the end of a group that went elsewhere than its surroundings."""
        if target == "pict":
            self._end_picture()
            return
        if target not in self._texts:
            return
        text = self._taken(target)
        if target in self.margins:
            if any(map(str.isalnum, text)):
                self.margins[target][text] = None
        elif target in {"title", "author"}:
            self._info[target] = one_line(text)
        elif target == "footnote" and text:
            self._paragraph.after.append(Passage(f"Note: {text}"))
        elif target == "atnauthor":
            self._author = one_line(text)
        elif target == "annotation" and text:
            author, self._author = self._author, ""
            self._paragraph.after.append(Passage(f"Comment ({author}): {text}" if author else f"Comment: {text}"))
        elif target == "listtext":
            self._paragraph.mark = text.strip()

    def _end_picture(self) -> None:
        digits = "".join("".join(self._texts.pop("pict", [])).split())
        if not self._picture_kind:
            self.passed_over.add("pictures of a kind that is not read (EMF, WMF, DIB)", bool(digits))
            return
        self._picture_kind = ""
        try:
            data = bytes.fromhex(digits[: len(digits) // 2 * 2])
        except ValueError:
            self.passed_over.add("broken pictures", code="picture_broken")
            return
        if data:
            self.embedded += 1
            self._paragraph.pictures.append(Picture(self.pictures.add(data)))

    def _taken(self, target: str) -> str:
        text = "".join(self._texts.pop(target, []))
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()

    def _end_paragraph(self) -> None:
        paragraph = self._paragraph
        if paragraph.in_table:
            self._write("\n")  # a paragraph of a cell
            return
        text = self._taken("body")
        if text or paragraph.pictures:
            self._out.extend(map(Passage, self._table.take()))
            self._out.extend(self._finished(text, paragraph))
        self._out.extend(paragraph.after)
        self._paragraph = _Paragraph(paragraph.style, paragraph.level)

    def _finished(self, text: str, paragraph: _Paragraph) -> Iterator[Block]:
        style = self._styles.get(paragraph.style, _Style())
        level = paragraph.level or style.level
        name = style.name
        if level is None and name.startswith("heading ") and name[8:9].isdigit():
            level = int(name[8:9])
        if (level or name == "title") and text and not paragraph.pictures:
            yield Heading(level or 1, one_line(text))
            return
        if paragraph.mark and text:
            mark = paragraph.mark if any(map(str.isalnum, paragraph.mark)) else "-"
            text = f"{mark} {text}"
        yield Passage(text, tuple(paragraph.pictures), is_emphasis=name == "caption" and bool(text))

    def _end_cell(self) -> None:
        self._table.add_cell(one_line(self._taken("body")))
        self._out.extend(self._loose())

    def _end_row(self) -> None:
        self._table.end_row()
        self._texts.pop("body", None)

    def _loose(self) -> Iterator[Block]:
        """Pictures and notes of a cell; the table's rows come first."""
        paragraph = self._paragraph
        if paragraph.pictures or paragraph.after:
            yield from map(Passage, self._table.take_rows())
            if paragraph.pictures:
                yield Passage("", tuple(paragraph.pictures))
            yield from paragraph.after
        self._paragraph = _Paragraph(paragraph.style, paragraph.level, paragraph.in_table)


def _known(encoding: str, default: str) -> str:
    try:
        return codecs.lookup("utf-8" if encoding == "cp65001" else encoding).name
    except LookupError:
        return default
