"""What filters can name in a knowledge base: columns, what they hold, how often, and examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rag.filters.parse import BUILT_IN, SCALARS, type_of
from rag.knowledge_base import KnowledgeBase
from rag.serve.routes.columns import MOST_DOCUMENTS, first_columns
from rag.text.quoting import plain, value_line

_MOST_EXAMPLES, _EXAMPLE_CHARS = 3, 40


@dataclass(slots=True)
class Column:
    """A column of the user's.

    Attributes:
        name: as a filter says it.
        types: of its values, `number`, `str`, `bool`, `list` or `other`, the most frequent first; or as declared.
        documents: that have it.
        examples: different values.
    """

    name: str
    types: list[str]
    documents: int = 0
    examples: list[Any] = field(default_factory=list)


def kb_columns(name: str) -> list[Column]:
    """The user's columns of a knowledge base, those that are declared first.

    Raises:
        KnowledgeBaseNotFound: there is none of that name.
    """
    with KnowledgeBase.open(name) as kb:
        return tally(first_columns(kb, MOST_DOCUMENTS), kb.spec.fields)


def tally(rows: Iterable[Mapping[str, Any]], declared: Mapping[str, str]) -> list[Column]:
    """What the columns of some documents hold."""
    types: dict[str, Counter[str]] = {name: Counter() for name in declared}
    examples: dict[str, list[Any]] = {name: [] for name in declared}
    for row in rows:
        for name, value in row.items():
            if value is None:
                continue
            types.setdefault(name, Counter())[_type(value)] += 1
            known = examples.setdefault(name, [])
            if len(known) < _MOST_EXAMPLES and value not in known:
                known.append(value)
    names = [*declared, *sorted(name for name in types if name not in declared)]
    return [
        Column(
            name,
            [declared[name]] if name in declared else [kind for kind, _ in types[name].most_common()],
            types[name].total(),
            examples[name],
        )
        for name in names
    ]


def lines(columns: Iterable[Column]) -> Iterator[str]:
    """A table for people."""
    rows = [
        (column.name, " or ".join(column.types), str(column.documents), _examples(column.examples))
        for column in columns
    ]
    for name, kind, n, examples in [("column", "type", "documents", "such as"), *rows]:
        yield f"{' '.join(plain(name).split()):24} {kind:16} {n:>9}  {examples}".rstrip()
    yield f"of every record: {', '.join([*SCALARS, *BUILT_IN])}"


def _type(value: Any) -> str:
    return "list" if isinstance(value, list) else type_of(value) or "other"


def _examples(values: Iterable[Any]) -> str:
    return ", ".join(value_line(value, _EXAMPLE_CHARS) for value in values)
