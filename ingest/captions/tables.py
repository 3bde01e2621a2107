"""Rows of CSV, TSV, JSON, JSONL and COCO files, one at a time: a table of any size needs the memory of one row.

Nothing here knows what a caption is; `ingest.captions.join` decides which column means what.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import IO, Any, Literal, TypeAlias

from ingest.captions.csv_rows import NO_CELLS, CsvLayout, OpenQuote, find_csv_layout, read_cells
from ingest.captions.json_rows import BAD_JSON, COCO, Path, find_rows, first_line_is_row, flattened, read_values
from ingest.parse.decode import STRAYS
from ingest.parse.encodings import escape_codec, guess

Shape: TypeAlias = Literal["csv", "jsonl", "list", "object", "single", "coco"]
Row: TypeAlias = dict[str, Any]
Opener: TypeAlias = Callable[[], IO[bytes]]

NAME_COLUMN = "image"
"""What the name is called where a file does not say: keys of a JSON object, COCO."""

_LINE_CHARS = 1 << 20
_HEAD_BYTES = 1 << 16
_BLOCK_BYTES = 1 << 16
_SAMPLE_BYTES = 1 << 18
_CODE = re.compile(r"[+-]?0\d")
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,14})\.\d{1,15}")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a file are to be read.

    Attributes:
        shape: `list` is a JSON list of objects, `object` maps a name to a caption or to an object, `single` is one
            object about one picture.
        encoding: Python's name of it.
        csv: how its cells are cut.
        path: keys that lead to the list or object of rows in JSON.
        is_guess: nothing says that it is this encoding.
        n_strays: bytes that are out of place in UTF-8.
        is_flat: nested objects are read as columns of their own, `data.image`.
    """

    shape: Shape
    encoding: str
    csv: CsvLayout = NO_CELLS
    path: Path = ()
    is_guess: bool = False
    n_strays: int = 0
    is_flat: bool = False


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read. `line` counts from 1, 0 where it is not known."""

    reason: str = "it cannot be read"
    line: int = 0


@dataclass(frozen=True, slots=True)
class NoPicture:
    """A caption for an `image_id` that no picture of its file has."""

    image_id: str
    row: Row


def find_layout(open_file: Opener) -> Layout | None:
    """How to read the file as a table; None where it is none. OSError where it cannot be read."""
    with open_file() as file:
        head = file.read(_HEAD_BYTES)
    found = find_encoding(head, open_file)
    if found is None:
        return None
    text = head.decode(found.encoding, STRAYS if found.encoding == "utf-8" else "replace").lstrip("\ufeff")
    first = text.lstrip()[:1]
    if first in ("[", "{"):
        return _json_layout(text, found, open_file)
    cells = find_csv_layout(text)
    return replace(found, csv=cells) if cells else None


def read_rows(layout: Layout, open_file: Opener) -> Iterator[Row | NoPicture | BadRow]:
    """The rows, in order. OSError where the file cannot be read."""
    readers: dict[Shape, Callable[[Layout, Opener], Iterator[Row | NoPicture | BadRow]]] = {
        "csv": _csv_rows, "jsonl": _json_lines, "list": _json_rows, "object": _json_object, "coco": _coco_rows,
        "single": _json_single,
    }  # fmt: skip
    rows = readers[layout.shape](layout, open_file)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except BAD_JSON:
            yield BadRow("the rest is no JSON")
            return
        yield flattened(row) if layout.is_flat and isinstance(row, dict) else row


def decode(data: bytes) -> str | None:
    """A whole small file as text; None where it is none."""
    found = find_encoding(data, lambda: io.BytesIO(data))
    return _decoded(data, found) if found else None


def typed(text: str) -> Any:
    """A CSV cell as JSON: `12` and `-3.5` are numbers, `true` a bool; `007`, `1e5` and `1,5` stay text."""
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return {"true": True, "false": False}.get(text.casefold(), text)


def is_code(text: str) -> bool:
    """Whether the text has a number's digits but is none: article numbers and postcodes begin with zeros."""
    return _CODE.match(text) is not None and "." not in text


def find_encoding(head: bytes, open_file: Opener) -> Layout | None:
    """The encoding as a layout of which nothing else is known yet; None for what is no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Layout("csv", "utf-16")
    if head.startswith(codecs.BOM_UTF8):
        return Layout("csv", "utf-8-sig")
    if b"\0" in head:
        odd, even = head[1::2].count(0), head[::2].count(0)
        if max(odd, even) >= len(head) // 5:
            return Layout("csv", "utf-16-le" if odd > even else "utf-16-be")
        if head.count(0) >= 8:
            return None
    if codec := escape_codec(head):
        return Layout("csv", codec, is_guess=True)
    n_good, n_broken, sample = _count_utf8(open_file)
    if not n_broken or n_good > n_broken:
        return Layout("csv", "utf-8", n_strays=n_broken)
    return Layout("csv", guess(sample), is_guess=True)


def _count_utf8(open_file: Opener) -> tuple[int, int, bytes]:
    """Valid sequences of several bytes, broken ones, and blocks that hold some, of the whole file."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    n_good = n_broken = 0
    sample = b""
    with open_file() as file:
        block = b"first"
        while block:
            block = file.read(_BLOCK_BYTES)
            text = decoder.decode(block, final=not block)
            if text.isascii():
                continue
            broken = text.count("\ufffd")
            n_broken += broken
            n_good += sum(char > "\x7f" for char in text) - broken
            if len(sample) < _SAMPLE_BYTES:
                sample += block
    return n_good, n_broken, sample


def _decoded(data: bytes, layout: Layout) -> str:
    return data.decode(layout.encoding, STRAYS if layout.encoding == "utf-8" else "replace")


def _json_layout(text: str, found: Layout, open_file: Opener) -> Layout:
    if text.lstrip().startswith("{"):
        if first_line_is_row(text):
            return replace(found, shape="jsonl")
        if COCO.search(text):
            return replace(found, shape="coco")
    with _text(found, open_file) as file:
        shape, path = find_rows(_Utf8(file))
    if text.lstrip().startswith("[") and shape != "object":
        shape = "list"
    return replace(found, shape=shape, path=path)


def _text(layout: Layout, open_file: Opener) -> io.TextIOWrapper:
    errors = STRAYS if layout.encoding == "utf-8" else "replace"
    return io.TextIOWrapper(open_file(), encoding=layout.encoding, errors=errors, newline="")


def _lines(file: io.TextIOWrapper) -> Iterator[str]:
    """Lines, but never more than a million characters at a time: a file need not have line ends."""
    while line := file.readline(_LINE_CHARS):
        yield line.replace("\0", "")


def _csv_rows(layout: Layout, open_file: Opener) -> Iterator[Row | BadRow]:
    names = layout.csv.header
    with _text(layout, open_file) as file:
        for cells in read_cells(_lines(file), layout.csv):
            if isinstance(cells, OpenQuote):
                if len(cells.cells) == len(names):
                    yield dict(zip(names, cells.cells, strict=True))
                yield BadRow("a quote is never closed: it was read to the end of its line", cells.line)
            elif not cells:
                yield BadRow("a cell is over 131,072 characters")
            else:
                if any(filter(None, map(str.strip, cells[len(names) :]))):  # a text with the delimiter in it
                    cells[len(names) - 1 :] = [layout.csv.delimiter.join(cells[len(names) - 1 :])]
                yield {name: cell.strip() for name, cell in zip(names, cells, strict=False)}


def _json_lines(layout: Layout, open_file: Opener) -> Iterator[Row | BadRow]:
    with _text(layout, open_file) as file:
        for number, line in enumerate(_lines(file), 1):
            if line.strip():
                try:
                    row = json.loads(line)
                except BAD_JSON:
                    row = None
                yield row if isinstance(row, dict) else BadRow("it is no JSON object", number)


def _json_rows(layout: Layout, open_file: Opener) -> Iterator[Row | BadRow]:
    for _, _, row in _json_values(layout, open_file, layout.path):
        yield row if isinstance(row, dict) else BadRow("it is no JSON object")


def _json_object(layout: Layout, open_file: Opener) -> Iterator[Row | BadRow]:
    for _, name, value in _json_values(layout, open_file, layout.path):
        yield {NAME_COLUMN: name, **value} if isinstance(value, dict) else {NAME_COLUMN: name, "caption": value}


def _json_single(layout: Layout, open_file: Opener) -> Iterator[Row | BadRow]:
    yield {name: value for _, name, value in _json_values(layout, open_file, ())}


def _coco_rows(layout: Layout, open_file: Opener) -> Iterator[Row | NoPicture | BadRow]:
    """The pictures with their own facts, then one row a caption."""
    names: dict[str, str] = {}
    captions_first = False
    pictures, annotations = ("images",), ("annotations",)
    for path, _, row in _json_values(layout, open_file, pictures, annotations):
        if not isinstance(row, dict):
            yield BadRow("it is no JSON object")
        elif path == annotations:
            captions_first = captions_first or not names
            if not captions_first:
                yield from _coco_caption(row, names)
        elif isinstance(name := row.get("file_name"), str):
            names[str(row.pop("id", name))] = name
            yield {NAME_COLUMN: row.pop("file_name"), **row}
        else:
            yield row
    if captions_first:
        for _, _, row in _json_values(layout, open_file, annotations):
            yield from _coco_caption(row, names)


def _coco_caption(row: Any, names: dict[str, str]) -> Iterator[Row | NoPicture]:
    if isinstance(row, dict) and isinstance(row.get("caption"), str):
        image_id = str(row.get("image_id"))
        name = names.get(image_id)
        yield {NAME_COLUMN: name, "caption": row["caption"]} if name else NoPicture(image_id, row)


def _json_values(layout: Layout, open_file: Opener, *paths: Path) -> Iterator[tuple[Path, str, Any]]:
    with _text(layout, open_file) as file:
        yield from read_values(_Utf8(file), *paths)


class _Utf8:
    """Text as the UTF-8 bytes that ijson reads."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text

    def read(self, size: int) -> bytes:
        return self._text.read(size).encode("utf-8", "replace")
