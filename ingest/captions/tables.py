"""Rows of CSV, TSV, JSON, JSONL and COCO files, one at a time: a table of any size needs the memory of one row.

Nothing here knows what a caption is; `ingest.captions.join` decides which column means what.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Literal, TypeAlias

import ijson  # type: ignore[import-untyped]

Shape: TypeAlias = Literal["csv", "jsonl", "list", "object", "coco"]
Row: TypeAlias = dict[str, Any]
Opener: TypeAlias = Callable[[], IO[bytes]]

PICTURE_NAME = re.compile(
    r"\.(?:png|jpe?g|webp|gif|bmp|tiff?|avif|hei[cf]|jp2|ico|psd|tga|p[npgb]m|pcx|dds|svg)(?:#\d+)?$", re.IGNORECASE
)
NAME_COLUMN = "image"
"""What the name is called where a file does not say: keys of a JSON object, COCO."""

_LINE_CHARS = 1 << 20
_HEAD_BYTES = 1 << 16
_MOST_COLUMNS = 500
_MOST_NESTED = 64
_STARTS = frozenset({"start_map", "start_array"})
_ENDS = frozenset({"end_map", "end_array"})
_DELIMITERS = ",\t;|"
_WRAPPED_ROWS = re.compile(r'\s*\{\s*"([^"\\]{1,100})"\s*:\s*\[\s*\{')
_COCO_PICTURES = re.compile(r'"images"\s*:\s*\[|"image_id"\s*:')
_CODE = re.compile(r"[+-]?0\d")
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,14})\.\d{1,15}")
# Raised by ijson and json; RecursionError for `[[[[...`.
_BAD_JSON = (ijson.JSONError, ValueError, RecursionError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a file are to be read.

    Attributes:
        shape: `list` is a JSON list of objects, `object` maps a name to a caption or to an object.
        encoding: `cp1252` where the file is neither UTF-8 nor UTF-16.
        delimiter: of CSV.
        header: CSV column names; made up where the first line is a row already.
        has_header: whether the first line is one.
        key: of the list of rows, for a `list` that lies in an object.
    """

    shape: Shape
    encoding: str
    delimiter: str = ","
    header: tuple[str, ...] = ()
    has_header: bool = True
    key: str = ""


class BadRow:
    """A row that cannot be read."""


@dataclass(frozen=True, slots=True)
class NoPicture(BadRow):
    """A caption for an `image_id` that no picture of its file has."""

    image_id: str


def find_layout(open_file: Opener) -> Layout | None:
    """How to read the file as a table; None where it is none. OSError where it cannot be read."""
    with open_file() as file:
        head = file.read(_HEAD_BYTES)
    encoding = _encoding(head, open_file)
    if encoding is None:
        return None
    text = head.decode(encoding, "replace").lstrip("\ufeff")
    first = text.lstrip()[:1]
    if first == "[":
        return Layout("list", encoding)
    if first == "{":
        return _json_layout(text, encoding)
    return _csv_layout(text, encoding)


def read_rows(layout: Layout, open_file: Opener) -> Iterator[Row | BadRow]:
    """The rows, in order. A row that cannot be read is a `BadRow`; OSError where the file cannot be read."""
    readers = {"csv": _csv_rows, "jsonl": _json_lines, "list": _json_list, "object": _json_object, "coco": _coco_rows}
    rows = readers[layout.shape](layout, open_file)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except _BAD_JSON:
            yield BadRow()
            return
        yield row


def decode(data: bytes) -> str | None:
    """A whole small file as text; None where it is none."""
    encoding = _encoding(data, lambda: io.BytesIO(data))
    return data.decode(encoding, "replace") if encoding else None


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


def _encoding(head: bytes, open_file: Opener) -> str | None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if b"\0" in head:
        odd, even = head[1::2].count(0), head[::2].count(0)
        if max(odd, even) < len(head) // 5:
            return "utf-8" if head.count(0) < 8 and _is_utf8(open_file) else None
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8" if _is_utf8(open_file) else "cp1252"


def _is_utf8(open_file: Opener) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with open_file() as file:
            while block := file.read(_LINE_CHARS):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _json_layout(text: str, encoding: str) -> Layout:
    first_line = text.strip().split("\n", 1)[0]
    try:
        if isinstance(json.loads(first_line), dict) and "\n" in text.strip():
            return Layout("jsonl", encoding)
    except _BAD_JSON:
        pass
    if _COCO_PICTURES.search(text):
        return Layout("coco", encoding)
    wrapped = _WRAPPED_ROWS.match(text)
    if wrapped:
        return Layout("list", encoding, key=wrapped[1])
    return Layout("object", encoding)


def _csv_layout(text: str, encoding: str) -> Layout | None:
    lines = text.splitlines()[:50]
    best: list[list[str]] = []
    delimiter = ""
    for candidate in _DELIMITERS:
        try:
            rows = [row for row in csv.reader(lines, delimiter=candidate) if row]
        except csv.Error:
            continue
        # The right delimiter cuts most rows into as many parts as the first.
        rows = [row for row in rows if len(row) == len(rows[0])] if rows and len(rows[0]) > 1 else []
        if len(rows) > len(best) or (len(rows) == len(best) and rows and len(rows[0]) > len(best[0])):
            best, delimiter = rows, candidate
    if not best:
        return None
    names = [cell.strip() for cell in best[0]][:_MOST_COLUMNS]
    has_header = not any(PICTURE_NAME.search(name) for name in names)
    return Layout("csv", encoding, delimiter, _unique(names if has_header else [""] * len(names)), has_header)


def _unique(names: list[str]) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for place, name in enumerate(names, 1):
        wanted = name or f"column_{place}"
        seen[wanted if wanted not in seen else f"{wanted}_{place}"] = None
    return tuple(seen)


def _text(layout: Layout, open_file: Opener) -> io.TextIOWrapper:
    return io.TextIOWrapper(open_file(), encoding=layout.encoding, errors="replace", newline="")


def _lines(file: io.TextIOWrapper) -> Iterator[str]:
    """Lines, but never more than a million characters at a time: a file need not have line ends."""
    while line := file.readline(_LINE_CHARS):
        yield line.replace("\0", "")


def _csv_rows(layout: Layout, open_file: Opener) -> Iterator[Row | BadRow]:
    with _text(layout, open_file) as file:
        reader = csv.reader(_lines(file), delimiter=layout.delimiter)
        first = layout.has_header
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:  # a field over 131,072 characters: usually a quote that is never closed
                yield BadRow()
                continue
            if cells and not first:
                yield {name: cell.strip() for name, cell in zip(layout.header, cells, strict=False)}
            first = first and not cells


def _json_lines(layout: Layout, open_file: Opener) -> Iterator[Row | BadRow]:
    with _text(layout, open_file) as file:
        for line in _lines(file):
            if line.strip():
                try:
                    row = json.loads(line)
                except _BAD_JSON:
                    row = None
                yield row if isinstance(row, dict) else BadRow()


def _json_list(layout: Layout, open_file: Opener) -> Iterator[Row | BadRow]:
    for _, row in _json_values(layout, open_file, *filter(None, [layout.key])):
        yield row if isinstance(row, dict) else BadRow()


def _json_object(layout: Layout, open_file: Opener) -> Iterator[Row | BadRow]:
    for name, value in _json_values(layout, open_file):
        yield {NAME_COLUMN: name, **value} if isinstance(value, dict) else {NAME_COLUMN: name, "caption": value}


def _coco_rows(layout: Layout, open_file: Opener) -> Iterator[Row | BadRow]:
    """The pictures with their own facts, then one row a caption."""
    names: dict[str, str] = {}
    captions_first = False
    for key, row in _json_values(layout, open_file, "images", "annotations"):
        if not isinstance(row, dict):
            yield BadRow()
        elif key == "annotations":
            captions_first = captions_first or not names
            if not captions_first:
                yield from _coco_caption(row, names)
        elif isinstance(name := row.get("file_name"), str):
            names[str(row.pop("id", name))] = name
            yield {NAME_COLUMN: row.pop("file_name"), **row}
        else:
            yield row
    if captions_first:
        for _, row in _json_values(layout, open_file, "annotations"):
            yield from _coco_caption(row, names)


def _coco_caption(row: Any, names: dict[str, str]) -> Iterator[Row | BadRow]:
    if isinstance(row, dict) and isinstance(row.get("caption"), str):
        image_id = str(row.get("image_id"))
        name = names.get(image_id)
        yield {NAME_COLUMN: name, "caption": row["caption"]} if name else NoPicture(image_id)


def _json_values(layout: Layout, open_file: Opener, *keys: str) -> Iterator[tuple[str, Any]]:
    """The values in the outermost list or object, or in the lists under its `keys`; each with its outermost key.

    Built on ijson's events: its `items` keeps the whole path of every level, which at `[[[[...` fills the memory.
    """
    wanted_depth = 2 if keys else 1
    depth, outer_key, builder = 0, "", None
    with _text(layout, open_file) as file:
        for event, value in ijson.basic_parse(_Utf8(file), use_float=True):
            if builder is not None:
                builder.event(event, value)
            elif event == "map_key":
                outer_key = value if depth == 1 else outer_key
            elif depth == wanted_depth and event not in _ENDS and (not keys or outer_key in keys):
                builder = ijson.ObjectBuilder()
                builder.event(event, value)
            if event in _STARTS:
                depth += 1
                if depth > _MOST_NESTED:
                    raise ValueError(f"nested more than {_MOST_NESTED} deep")
            elif event in _ENDS:
                depth -= 1
            if depth == wanted_depth and builder is not None:
                yield outer_key, builder.value
                builder = None


class _Utf8:
    """Text as the UTF-8 bytes that ijson reads."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text

    def read(self, size: int) -> bytes:
        return self._text.read(size).encode("utf-8", "replace")
