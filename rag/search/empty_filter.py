"""Why a filter found nothing: which of its parts finds nothing by itself, and what the column holds instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rag.filters.parse import children, resolve, type_of, value_of
from rag.filters.tree import And, Compare, Day, Exists, Filter, Holds, In, Leaf, Like, Not, Or, Value
from rag.text.quoting import plain, value_line
from rag.trace import Note

if TYPE_CHECKING:
    from rag.types import FieldType, Record

MOST_PARTS, MOST_EXAMPLES = 6, 3
_MOST_CHARS = 60
_KINDS = {"number": "numbers", "str": "words", "bool": "true or false"}


def empty_parts(
    where: Filter, fields: Mapping[str, FieldType], find: Callable[[Filter | None], Iterable[Record]]
) -> list[Note]:
    """A note for every part that no record matches, with what its column holds; or one that none matches all parts.

    Args:
        where: the filter that found nothing.
        fields: declared columns.
        find: some of the records that pass a filter, none only where none does; None: any records.
    """
    if not any(find(None)):
        return []
    parts = list(dict.fromkeys(_parts(where)))[:MOST_PARTS]
    empty = [part for part in parts if not any(find(part))]
    notes = [_note(part, fields, find) for part in empty if not isinstance(part, Not | Exists)]
    if not empty and len(parts) > 1:
        said = " and ".join(_said(part) for part in parts)
        return [Note("filter_part_empty", f"each part of the filter finds records, but no record has {said}")]
    return [note for note in notes if note is not None]


def _parts(where: Filter, negated: bool = False) -> Iterator[Filter]:
    if isinstance(where, And | Or):
        for child in children(where):
            yield from _parts(child, negated)
    elif isinstance(where, Not):
        yield from _parts(where.item, not negated)
    elif not isinstance(where, Holds):
        yield Not(where) if negated else where


def _note(
    part: Filter, fields: Mapping[str, FieldType], find: Callable[[Filter | None], Iterable[Record]]
) -> Note | None:
    """None where no record has the column: that is said of its name."""
    assert isinstance(part, Compare | In | Like)
    target = resolve(part.path, fields)
    values = [value_of(record, target) for record in find(Exists(part.path))]
    if not values:
        return None
    held = " and ".join(dict.fromkeys(_KINDS.get(type_of(value) or "", "lists or objects") for value in values))
    examples = ", ".join(list(dict.fromkeys(_short(value) for value in values))[:MOST_EXAMPLES])
    text = f"no record matches {_said(part)}; '{_name(part)}' holds {held}, such as {examples}"
    return Note("filter_part_empty", text)


def _said(part: Filter) -> str:
    if isinstance(part, Not):
        return f"not {_said(part.item)}"
    assert isinstance(part, Compare | In | Like | Exists)
    if isinstance(part, Exists):
        return f"exists({_name(part)})"
    if isinstance(part, Like):
        return f"{_name(part)} like {_short(part.pattern)}"
    if isinstance(part, In):
        return f"{_name(part)} in ({', '.join(map(_short, part.values[:MOST_EXAMPLES]))})"
    return f"{_name(part)} {'=' if part.op == '==' else part.op} {_short(part.value)}"


def _name(part: Leaf) -> str:
    return " ".join(plain(".".join(part.path)).split())[:_MOST_CHARS]


def _short(value: Value | Any) -> str:
    return value.text if isinstance(value, Day) else value_line(value, _MOST_CHARS)
