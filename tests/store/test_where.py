"""Filters mean the same on every engine: compared with the plain Python filter over random and hostile values."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from rag.errors import FilterSyntaxError
from rag.filters.parse import matches, parse_where
from rag.filters.tree import And, Compare, Day, Exists, Filter, Holds, In, Like, Not, Or
from rag.ports import Store
from rag.types import EmbeddedRecord
from tests.store.conftest import SPEC, record, unit

N_ROWS = 600
N_FILTERS = 150
HOSTILE = [
    'x" or 1 == 1 or "" == "',
    "' or ''='",
    '"',
    "\\",
    '\\"',
    "a\\nb",
    "a\nb",
    "a\r\n\tb",
    "{x}",
    "$meta",
    "%",
    "50%",
    "a_b",
    "a\\b",
    "",
    " ",
    "null",
    "true",
    "5",
    "日本語",
    "😀",
    "é",
    "\x01\x7f",
    "\u2028\ufeff",
    "or",
    "[1, 2]",
    "a" * 300,
]
DATES = ["2019-12-31", "2020-03", "2020-03-05T12:00:00Z", "2020-04-01", "2001", "2000-01", "20 March 2020"]
KEYS = ["anything", "odd key", 'q"uo\\te', "dotted.key", "tab\tkey", "slash/~1", "日本", "in", ""]
NUMBERS: list[Any] = [0, 1, -1, 5, 5.0, 5.5, -3.25, 2**53, 2**63 - 1, 1e300, 5e-324, 0.1, 2000, 2001.0, True, False]


def _value(pick: random.Random) -> Any:
    kind = pick.randrange(10)
    if kind < 4:
        return pick.choice(NUMBERS)
    if kind < 8:
        return pick.choice(HOSTILE)
    return pick.choice([None, [1, "5"], {"in": 5}, [], [5, True, "a_b", "50%"], ["é", [5], "a\\b"], *DATES])


def _rows(pick: random.Random) -> Iterator[EmbeddedRecord]:
    for i in range(N_ROWS):
        columns = {key: _value(pick) for key in KEYS if pick.random() < 0.5}
        columns |= {name: _value(pick) for name in SPEC.fields if pick.random() < 0.8}
        columns["nested"] = {"deep": {"er": _value(pick)}}
        metadata: dict[str, Any] = {"columns": columns, "mime": pick.choice(["image/png", "text/html"])}
        if pick.random() < 0.7:
            metadata["page"] = pick.randrange(12)
        yield record(f"r{i}", doc=pick.choice(HOSTILE[:12]) or "d", **metadata)


def _operand(pick: random.Random, type_: str) -> Any:
    numbers = [value for value in NUMBERS if not isinstance(value, bool)]
    choices = {"int": numbers, "float": numbers, "str": HOSTILE, "bool": [True, False]}
    days = [Day(text) for text in ("2020", "2020-03", "2020-03-05")]
    return pick.choice(choices.get(type_) or [*NUMBERS, *HOSTILE, *days, *days])


def _leaf(pick: random.Random) -> Filter:
    typed = [("source",), ("kind",), ("doc_id",), ("page",), ("mime",), *((name,) for name in SPEC.fields)]
    free = [("columns", "nested", "deep", "er"), *(("columns", key) for key in KEYS), ("missing",)]
    path = pick.choice(typed if pick.random() < 0.5 else free)
    type_ = {"page": "int", **SPEC.fields}.get(path[0], "str") if path in typed else "any"
    shape = pick.randrange(10)
    if shape == 0:
        return Exists(path)
    if shape == 1 and type_ in ("str", "any"):
        plain = [text for text in HOSTILE if not set(text) & set("%_\\")]
        return Like(path, pick.choice(plain)[:2] + "%")
    if shape <= 3:
        return In(path, tuple(_operand(pick, type_) for _ in range(pick.randint(1, 4))))
    value = _operand(pick, type_)
    return Compare(path, "==" if isinstance(value, bool) else pick.choice(["==", "!=", "<", "<=", ">", ">="]), value)


def _tree(pick: random.Random, depth: int = 3) -> Filter:
    shape = pick.randrange(6)
    if depth == 0 or shape < 2:
        return _leaf(pick)
    if shape < 4:
        return Not(_tree(pick, depth - 1))
    items = tuple(_tree(pick, depth - 1) for _ in range(pick.randint(2, 3)))
    return And(items) if shape == 4 else Or(items)


@pytest.fixture(scope="module")
def rows(store: Store, kb: str) -> list[EmbeddedRecord]:
    rows = list(_rows(random.Random(20)))
    store.kb(kb).upsert(rows)
    return rows


def _found(store: Store, kb: str, where: Filter) -> set[str]:
    return {hit.record.id for hit in store.kb(kb).search("text", unit("q"), limit=N_ROWS, where=where)}


def _expected(rows: list[EmbeddedRecord], where: Filter) -> set[str]:
    return {row.record.id for row in rows if matches(where, row.record, SPEC.fields)}


def test_random_filters_let_through_what_the_plain_filter_does(
    store: Store, kb: str, rows: list[EmbeddedRecord]
) -> None:
    pick = random.Random(21)
    n_telling = 0
    for _ in range(N_FILTERS):
        where = _tree(pick)
        expected = _expected(rows, where)
        n_telling += 0 < len(expected) < N_ROWS
        assert _found(store, kb, where) == expected, where
    assert n_telling > N_FILTERS / 2


@pytest.mark.parametrize("path", [("odd name",), ("columns", "anything"), ("source",)])
def test_filter_value_with_quotes_matches_only_itself(
    store: Store, kb: str, rows: list[EmbeddedRecord], path: tuple[str, ...]
) -> None:
    for text in HOSTILE:
        where = Compare(path, "==", f"dump/{text}.pdf" if path == ("source",) else text)
        assert _found(store, kb, where) == _expected(rows, where), text


@pytest.mark.parametrize("pattern", ["%b", "a_b", "%\\%", "%or%1%", "a\\b", "_"])
def test_like_patterns_beyond_a_prefix(store: Store, kb: str, rows: list[EmbeddedRecord], pattern: str) -> None:
    for where in (Like(("odd name",), pattern), Not(Like(("columns", "anything"), pattern))):
        expected = _expected(rows, where)
        assert expected
        assert _found(store, kb, where) == expected


def test_pattern_that_needs_a_check_holds_with_ids_and_other_conditions(
    store: Store, kb: str, rows: list[EmbeddedRecord]
) -> None:
    where = And((Like(("source",), "dump/%\\%"), Compare(("page",), ">=", 3)))
    ids = [row.record.id for row in rows[:200]]
    hits = store.kb(kb).search("text", unit("q"), limit=500, where=where, ids=ids)
    assert {hit.record.id for hit in hits} == _expected(rows[:200], where) != set()


def test_undeclared_and_declared_columns_answer_alike(store: Store, kb: str, rows: list[EmbeddedRecord]) -> None:
    assert _found(store, kb, parse_where("columns.year >= 2000")) == _found(store, kb, parse_where("year >= 2000"))


@pytest.mark.parametrize("text", ["year = 'x'", "page like '3%'", "mime > 5", "final = 1", "heading_path = 'x'"])
def test_comparison_that_can_never_hold_is_refused(store: Store, kb: str, text: str) -> None:
    with pytest.raises(FilterSyntaxError):
        store.kb(kb).search("text", unit("q"), limit=3, where=parse_where(text))


@pytest.mark.parametrize("patterns", [("KX-44%/A",), ("_X-44", "e21"), ("E21",), ("50%",), ("nothing",)])
def test_letters_are_found_in_words_and_sources_as_the_plain_filter_finds_them(
    store: Store, kb: str, patterns: tuple[str, ...]
) -> None:
    texts = ["the KX-4400/A lies", "the KX-4400/B lies", "E21 is shown", "e210", "50 % off", 'a "quote"']
    rows = [record(f"letters{n}", doc="E21 manual" if n == 5 else "plain", text=text) for n, text in enumerate(texts)]
    store.kb(kb).upsert(rows)
    found = store.kb(kb).search("text", unit("letters0"), limit=2000, where=Holds(patterns))
    assert {hit.record.id for hit in found if hit.record.id.startswith("letters")} == {
        row.record.id for row in rows if matches(Holds(patterns), row.record, {})
    }
