"""Metadata as Milvus can filter it: one flat, typed key for every value that `--where` can reach.

The engines disagree about JSON of mixed types: Lite takes true for 1, the server says that a missing value is
`!= 5`, and each has its own idea of `<` between a word and a number. So the metadata is kept as it is, and beside it,
in Milvus's dynamic field, each value stands under a key that carries its type: `n:page`, `s:columns.colour`,
`b:columns.final`. Under one key all values are of one type, and what is missing is missing. Lite also filters such
keys ten times faster than a path into a JSON field (50 ms against 0.4 to 2 s over 20,000 rows): it decodes a row once
and compares columns, where a path is walked in Python for every row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

from rag.filters.parse import BUILT_IN, members, type_of
from rag.filters.tree import Value

Tag: TypeAlias = Literal["n", "s", "b", "o", "j"]
"""number, words, true or false, other (a list or an object: it exists, nothing more), the words of a list, joined."""

TAGS: Mapping[str, Tag] = {"number": "n", "str": "s", "bool": "b"}
LIST_MARK = "\u241f"
"""Round each word of a list."""
_RESERVED = re.compile(r"[%.\x00-\x1f]")


def facet_key(tag: Tag, path: tuple[str, ...]) -> str:
    """The key of one value. Dots in a name are escaped, and control characters, which the server cannot find."""
    return f"{tag}:" + ".".join(_RESERVED.sub(_percent, part) for part in path)


def member_key(path: tuple[str, ...], member: Value) -> str:
    """The key that is there where a list has this member."""
    kind = type_of(member)
    assert kind is not None
    said = str(int(member)) if kind == "number" and member == int(member) else str(member)  # type: ignore[arg-type]
    return f"m{TAGS[kind]}:{len(path)}:" + ".".join(_RESERVED.sub(_percent, part) for part in (*path, said))


def _percent(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02X}"


def facets(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """All keys of a record's metadata, as JSON that is already clean (see `rag.store.rows.values`)."""
    built_in = {name: metadata[name] for name in BUILT_IN if metadata.get(name) is not None}
    columns = metadata.get("columns")
    flat = dict(_walk((), built_in))
    if isinstance(columns, Mapping):
        flat.update(_walk(("columns",), columns))
    return flat


def _walk(path: tuple[str, ...], value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        if path:
            yield facet_key("o", path), True
        for name, child in value.items():
            yield from _walk((*path, name), child)
    elif isinstance(value, list):
        yield facet_key("o", path), True
        found = members(value)
        yield facet_key("j", path), LIST_MARK + "".join(f"{each}{LIST_MARK}" for each in found if isinstance(each, str))
        for member in found:
            yield member_key(path, member), True
    elif value is not None:
        kind = type_of(value)
        yield facet_key(TAGS[kind] if kind else "o", path), value
