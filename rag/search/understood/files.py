"""What a question wants of files, worked out from their columns: which they are, in the order of their dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rag.columns.dates import in_years, is_date
from rag.columns.documents import columns_of, matching_records
from rag.columns.order import Order
from rag.search.understood.reading import Reading
from rag.search.understood.tokens import folded
from rag.search.understood.vocabulary import Vocabulary, names_in
from rag.types import Hit, Record, record_id
from rag.understood import Fact, told

if TYPE_CHECKING:
    from rag.filters.tree import Filter
    from rag.ports import StoredKb

_CALLED_BY = ("title", "category", "type", "subject", "keywords")
"""Columns that say what a file is, beside its name."""


def look_up(
    kb: StoredKb, reading: Reading, vocabulary: Vocabulary, where: Filter | None, top_k: int, order: Order | None = None
) -> tuple[Fact, tuple[Hit, ...]]:
    """The exact answer to a question about files, and the records behind it, the first `top_k`.

    Args:
        kb: its records.
        reading: of the question; `wanted` is set.
        vocabulary: of the knowledge base.
        where: which files.
        top_k: records at most.
        order: of one's own; None: by date.
    """
    found = _one_a_file(matching_records(kb, where))
    files = _in_order(found, vocabulary, newest=reading.newest is not False)
    if order is not None:
        files.sort(key=order.key)
    named = [record for record in files if _is_called(record, reading.noun)] if reading.noun else []
    label = told(reading.understood)
    if named:
        files, label = named, " · ".join(filter(None, (f"“{reading.noun}” in the name", label)))
    if reading.wanted in ("values", "count_values"):
        return _values(files, reading, vocabulary, label, top_k)
    assert reading.wanted is not None
    shown = files[: min(top_k, reading.n or top_k)]
    fact = Fact(reading.wanted, len(files), label, reading.newest, reading.n)
    return fact, _hits(shown)


def newest_first(hits: Sequence[Hit], vocabulary: Vocabulary, *, newest: bool) -> tuple[Hit, ...]:
    """Hits in the order of their dates; they keep the falling scores of their places."""
    order = _in_order([hit.record for hit in hits], vocabulary, newest=newest)
    by_id = {hit.record.id: hit for hit in hits}
    return tuple(by_id[record.id] for record in order)


def date_of(record: Record, vocabulary: Vocabulary) -> float | None:
    """When something was made, in years, by the surest of its columns; None where none says it."""
    columns = columns_of(record.metadata)
    for name in vocabulary.date_columns:
        if is_date(columns.get(name)):
            return in_years(columns[name])
    years = (columns.get(name) for name in vocabulary.year_columns)
    return next((float(year) for year in years if isinstance(year, int)), None)


def _one_a_file(records: Iterable[Record]) -> list[Record]:
    """The first record of each file that is among them."""
    found: dict[str, Record] = {}
    for record in sorted(records, key=lambda each: (each.id != record_id(each.doc_id, 0), each.id)):
        found.setdefault(record.doc_id, record)
    return list(found.values())


def _in_order(records: Iterable[Record], vocabulary: Vocabulary, *, newest: bool) -> list[Record]:
    """By date, those without one last; what is of one moment by its source."""

    def key(record: Record) -> tuple[bool, float, str, str]:
        date = date_of(record, vocabulary)
        return date is None, (-date if newest else date) if date is not None else 0.0, record.source, record.id

    return sorted(records, key=key)


def _is_called(record: Record, noun: str) -> bool:
    """Whether a file is by its name or columns what the noun, in whatever number, says."""
    columns = columns_of(record.metadata)
    texts = [record.source.rpartition("/")[2], record.metadata.get("title"), *map(columns.get, _CALLED_BY)]
    stem = folded(noun).rstrip("sne") or folded(noun)
    return any(stem in folded(str(text)) for text in texts if text)


def _values(
    files: Sequence[Record], reading: Reading, vocabulary: Vocabulary, label: str, top_k: int
) -> tuple[Fact, tuple[Hit, ...]]:
    counts: Counter[str] = Counter()
    first: dict[str, Record] = {}
    for record in files:
        for value in dict.fromkeys(_said(record, reading.column, vocabulary)):
            counts[value] += 1
            first.setdefault(value, record)
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    assert reading.wanted is not None
    shown = list({first[value].id: first[value] for value, _ in ordered[:top_k]}.values())
    places = {record.id: at for at, record in enumerate(shown)}
    values = tuple((value, n, places[first[value].id]) for value, n in ordered[:top_k])
    return Fact(reading.wanted, len(ordered), label, column=reading.column, values=values), _hits(shown)


def _said(record: Record, column: str, vocabulary: Vocabulary) -> list[str]:
    """What one file has in a column."""
    if column == "folder":
        return list(filter(None, record.source.replace("!/", "/").split("/")[:-1]))[-1:]
    if column == "year" and "year" not in vocabulary.columns:
        date = date_of(record, vocabulary)
        return [] if date is None else [str(int(date))]
    value: Any = columns_of(record.metadata).get(column)
    if value is None or isinstance(value, Mapping):
        return []
    if isinstance(value, str):
        return names_in(column, value)
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _hits(records: Sequence[Record]) -> tuple[Hit, ...]:
    """No channel found them: the first has the score of 1, and each further one less."""
    return tuple(Hit(record, 1.0 / (1 + at), {}, fused=1.0 / (1 + at)) for at, record in enumerate(records))
