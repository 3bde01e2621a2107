"""XML that is data: each record's values with the names of their fields, records that are alike as a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ingest.parse.blocks import Block, Passage
from ingest.parse.clean import one_line
from ingest.parse.grid import TableGrid
from ingest.parse.passed_over import PassedOver
from ingest.parse.textual.plain_words import without_binary
from ingest.parse.xml.head import name_of

_TABLE_CHARS = 4_000
_MAX_FIELDS = 40
_MAX_DEPTH = 200
_MIN_RECORDS = 3
_TECHNICAL = re.compile(r"(?:xmlns|xsi|xml:space|style|class|rid|href)$|.*schemaLocation$", re.IGNORECASE)


def record_blocks(root: Any, passed_over: PassedOver) -> Iterator[Block]:
    """Blocks of an element that holds data."""
    yield from _blocks(root, passed_over, 0)


def _blocks(node: Any, passed_over: PassedOver, depth: int) -> Iterator[Block]:
    if depth > _MAX_DEPTH:
        passed_over.add("parts nested too deeply", code="over_limit")
        return
    children = [child for child in node if isinstance(child.tag, str)]
    counts = Counter(child.tag for child in children)
    alike = {tag for tag, n in counts.items() if n >= _MIN_RECORDS and _is_flat(children, tag)}
    fields: list[str] = []
    for tag in alike:
        yield from _table([child for child in children if child.tag == tag])
    for name, value in _attributes(node):
        fields.append(f"{name}: {value}")
    if words := _value(node.text):
        fields.append(words)
    for child in children:
        if child.tag in alike:
            continue
        if len(child) or len(_attributes(child)) > 1:
            if fields:
                yield Passage("\n".join(fields))
                fields = []
            yield from _blocks(child, passed_over, depth + 1)
        elif line := _line(child):
            fields.append(line)
        if tail := _value(child.tail):
            fields.append(tail)
    if fields:
        yield Passage("\n".join(fields))


def _is_flat(children: list[Any], tag: str) -> bool:
    """Records whose fields have no parts of their own."""
    some = [child for child in children if child.tag == tag][:50]
    return all(not len(field) for child in some for field in child) and any(len(c) or len(c.attrib) > 1 for c in some)


def _table(records: list[Any]) -> Iterator[Block]:
    rows = [dict(_fields(record)) for record in records]
    names = list(dict.fromkeys(name for row in rows for name in row))[:_MAX_FIELDS]
    grid = TableGrid()
    for name in names:
        grid.add_cell(name, is_header=True)
    grid.end_row(in_head=True)
    for row in rows:
        for name in names:
            grid.add_cell(row.get(name, ""))
        grid.end_row()
        if grid.n_chars > _TABLE_CHARS:
            yield from map(Passage, grid.take())
    yield from map(Passage, grid.take())


def _fields(record: Any) -> Iterator[tuple[str, str]]:
    yield from _attributes(record)
    if text := _value(record.text):
        yield name_of(record), text
    seen: dict[str, str] = {}
    for child in record:
        if isinstance(child.tag, str):
            name = _shown(child)
            value = _value(child.text) or "; ".join(value for _, value in _attributes(child))
            seen[name] = f"{seen[name]}; {value}" if name in seen else value
    yield from seen.items()


def _line(node: Any) -> str:
    values = [*(value for _, value in _attributes(node)), _value(node.text)]
    words = " ".join(filter(None, values))
    return f"{_shown(node)}: {words}" if words else ""


def _attributes(node: Any) -> list[tuple[str, str]]:
    found = ((name.rpartition("}")[2], _value(value)) for name, value in node.attrib.items())
    return [(name, value) for name, value in found if value and not _TECHNICAL.match(name)]


def _shown(node: Any) -> str:
    """A field's name with its words apart: `unitPrice` as `unit Price`."""
    name = node.tag.rpartition("}")[2]
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").replace("-", " ").strip()


def _value(text: str | None) -> str:
    return one_line(without_binary(text)[0]) if text and text.strip() else ""
