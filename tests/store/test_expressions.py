"""Filters as Milvus expressions: nothing a value holds can leave its quotes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from milvus_lite.search.filter.tokens import TokenKind, tokenize

from rag.filters.parse import parse_where
from rag.filters.tree import Compare, Like, Not, Or
from rag.store.expressions import ALWAYS, NEVER, encode, literal
from rag.store.rows.facets import facet_key, facets

FIELDS: Any = {"year": "int", "price": "float", "odd name": "str", "final": "bool"}


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40) | st.text("\\\"'n\n\r{}%", max_size=20))
def test_literal_is_one_token_with_the_same_value(text: str) -> None:
    string, end = tokenize(literal(text))
    assert (string.kind, string.value, end.kind) == (TokenKind.STRING, text, TokenKind.EOF)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=3).map(tuple), st.text(max_size=20))
def test_hostile_names_and_values_add_no_token(path: tuple[str, ...], value: str) -> None:
    def kinds(node: Compare) -> list[TokenKind]:
        return [token.kind for token in tokenize(encode(Not(node), {}).text)]

    plain = kinds(Compare(("columns", "x"), "!=", "y"))
    assert kinds(Compare(("columns", *path), "!=", value)) == plain


@pytest.mark.parametrize(
    ("where", "expression"),
    [
        ("source = 'a'", '(source == "a")'),
        ("year > 3.5", "((column_0_set == true) and (column_0 >= 4))"),
        ("year < -3.5", "((column_0_set == true) and (column_0 <= -4))"),
        ("year = 3.5", f"((column_0_set == true) and {NEVER})"),
        ("year < 1e30", f"((column_0_set == true) and {ALWAYS})"),
        ("year in (1, 2.0)", "((column_0_set == true) and ((column_0 == 1) or (column_0 == 2)))"),
        ("price = 3", "((column_1_set == true) and (column_1 == 3.0))"),
        ("exists(final)", "(column_3_set == true)"),
        ("page = 3", '($meta["n:page"] == 3)'),
        ("x = 5.0", '(($meta["n:columns.x"] == 5) or (exists($meta["mn:2:columns.x.5"])))'),
        (
            "x != 5",
            '(((exists($meta["n:columns.x"])) and ($meta["n:columns.x"] != 5))'
            ' or ((exists($meta["j:columns.x"])) and (not (exists($meta["mn:2:columns.x.5"])))))',
        ),
        (
            "not x = true",
            '(not (((exists($meta["b:columns.x"])) and ($meta["b:columns.x"] == true))'
            ' or (exists($meta["mb:2:columns.x.True"]))))',
        ),
        (
            "x in (1, 'a')",
            '(($meta["n:columns.x"] == 1) or ($meta["s:columns.x"] == "a")'
            ' or (exists($meta["mn:2:columns.x.1"])) or (exists($meta["ms:2:columns.x.a"])))',
        ),
        ("x like 'a%'", '(($meta["s:columns.x"] like "a%") or ($meta["j:columns.x"] like "%␟a%"))'),
        ("x like 'a'", '(($meta["s:columns.x"] == "a") or ($meta["j:columns.x"] like "%␟a␟%"))'),
        (
            "x > 2020-03",
            '(($meta["s:columns.x"] like "____-__%") and ($meta["s:columns.x"] >= "0")'
            ' and ($meta["s:columns.x"] < ":") and ($meta["s:columns.x"] >= "2020-03~"))',
        ),
    ],
)
def test_expression_by_example(where: str, expression: str) -> None:
    assert encode(parse_where(where), FIELDS).text == expression


def test_pattern_that_the_engine_cannot_say_lets_more_through_and_says_so() -> None:
    like = Like(("source",), "dump/%.pdf")
    assert encode(like, {}).exact
    assert encode(like, {}, full_like=False) == encode(like, {}, full_like=False)
    assert (encode(like, {}, full_like=False).text, encode(like, {}, full_like=False).exact) == (
        '(source like "dump/%")',
        False,
    )
    assert encode(Not(like), {}, full_like=False).text == f"(not {NEVER})"
    assert encode(Not(Not(like)), {}, full_like=False).text == '(not (not (source like "dump/%")))'
    assert not encode(Or((like, Like(("source",), "a\\b"))), {}).exact


def test_facets_have_one_type_under_one_key() -> None:
    metadata = {
        "page": 3,
        "title": None,
        "texts": [{"origin": "ocr"}],
        "columns": {"a.b": 1, "a": {"b": "x", "c": True}, "tab\t%": 2.5, "l": [1, "a"], "empty": {}, "none": None},
    }
    assert facets(metadata) == {
        "n:page": 3,
        "o:columns": True,
        "n:columns.a%2Eb": 1,
        "o:columns.a": True,
        "s:columns.a.b": "x",
        "b:columns.a.c": True,
        "n:columns.tab%09%25": 2.5,
        "o:columns.l": True,
        "j:columns.l": "␟a␟",
        "mn:2:columns.l.1": True,
        "ms:2:columns.l.a": True,
        "o:columns.empty": True,
    }


@given(
    st.lists(st.text(max_size=6), min_size=1, max_size=3).map(tuple),
    st.lists(st.text(max_size=6), min_size=1, max_size=3).map(tuple),
)
def test_different_paths_have_different_keys(one: tuple[str, ...], two: tuple[str, ...]) -> None:
    assert (facet_key("n", one) == facet_key("n", two)) == (one == two)
