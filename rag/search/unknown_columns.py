"""Why a filter found nothing: it may name a column that no record has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from rag.filters.parse import children, resolve
from rag.filters.tree import And, Exists, Filter, Holds, Not, Or
from rag.text.quoting import plain
from rag.trace import Note

if TYPE_CHECKING:
    from rag.types import FieldType, Record

MOST_NAMES = 12
_MOST_CHARS = 60


def unknown_columns(
    where: Filter, fields: Mapping[str, FieldType], find: Callable[[Filter | None], Iterable[Record]]
) -> list[Note]:
    """A note for every column of a filter that no record has, with columns that there are.

    Args:
        where: the filter that found nothing.
        fields: declared columns, which are known even where no record has a value.
        find: some of the records that pass a filter, none only where none does; None: any records.
    """
    asked = [name for name in dict.fromkeys(_columns(where, fields)) if name not in fields]
    if not asked:
        return []
    records = list(find(None))
    present = set(fields).union(*(record.metadata.get("columns") or {} for record in records))
    missing = [name for name in asked if name not in present and not any(find(Exists(("columns", name))))]
    there_are = f"there are: {_shown(present)}" if present else "no column was found at all"
    notes = [Note("unknown_column", f"no record has a column '{_short(name)}'; {there_are}") for name in missing]
    return notes if records else []


def _columns(where: Filter, fields: Mapping[str, FieldType]) -> Iterator[str]:
    if isinstance(where, And | Or | Not):
        for child in children(where):
            yield from _columns(child, fields)
        return
    if isinstance(where, Holds):
        return
    target = resolve(where.path, fields)
    if target.scope == "column":
        yield target.path[0]


def _shown(names: Iterable[str]) -> str:
    shown = [_short(name) for name in sorted(names)]
    return ", ".join(shown[:MOST_NAMES]) + (", ..." if len(shown) > MOST_NAMES else "")


def _short(name: str) -> str:
    return " ".join(plain(name).split())[:_MOST_CHARS]
