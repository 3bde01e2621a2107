"""The `--where` language: what is read, what is refused, and what a filter means."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import FilterSyntaxError
from rag.filters.parse import coerce, matches, parse_where, resolve
from rag.filters.tree import MAX_INT, And, Compare, Day, Exists, Filter, In, Like, Not, Or
from rag.types import Record

FIELDS: Any = {"year": "int", "price": "float", "name": "str", "final": "bool"}

paths = st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=3).map(tuple)
values = st.one_of(
    st.integers(-MAX_INT, MAX_INT),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.booleans(),
)
ordered = values.filter(lambda value: not isinstance(value, bool))
leaves: st.SearchStrategy[Filter] = st.one_of(
    st.builds(Compare, paths, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), ordered),
    st.builds(Compare, paths, st.just("=="), values),
    st.builds(In, paths, st.lists(values, min_size=1, max_size=4).map(tuple)),
    st.builds(Like, paths, st.text(max_size=8)),
    st.builds(Exists, paths),
)


def _groups(children: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    items = st.lists(children, min_size=2, max_size=3).map(tuple)
    negated = children.filter(lambda node: not isinstance(node, Not)).map(Not)
    return st.one_of(items.map(And), items.map(Or), negated)


trees = st.recursive(leaves, _groups, max_leaves=12)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(value: Any) -> str:
    return _quoted(value) if isinstance(value, str) else repr(value).lower()


def render(node: Filter) -> str:
    """The filter as somebody could have typed it."""
    if isinstance(node, And | Or):
        return f" {type(node).__name__.upper()} ".join(f"({render(item)})" for item in node.items)
    if isinstance(node, Not):
        return f"not ({render(node.item)})"
    name = ".".join(_quoted(part) for part in node.path)
    if isinstance(node, Compare):
        return f"{name} {node.op} {_value(node.value)}"
    if isinstance(node, In):
        return f"{name} in ({', '.join(map(_value, node.values))})"
    return f"exists({name})" if isinstance(node, Exists) else f"{name} like {_quoted(node.pattern)}"


@settings(max_examples=200, deadline=None)
@given(trees)
def test_whatever_can_be_written_is_read_back_as_it_was(tree: Filter) -> None:
    assert repr(parse_where(render(tree))) == repr(tree)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.text("ab01 ='\"()[],.<>!\\%-+andorti", max_size=60))
def test_any_text_is_read_or_refused_with_a_place_inside_it(text: str) -> None:
    problem = None
    try:
        parse_where(text)
    except FilterSyntaxError as error:
        problem = error
    assert problem is None or 0 <= problem.position <= len(text)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a = 1", Compare(("a",), "==", 1)),
        ("a == 1", Compare(("a",), "==", 1)),
        ("a <> 'x'", Compare(("a",), "!=", "x")),
        ("price<-1.5e3", Compare(("price",), "<", -1500.0)),
        ("final = TRUE", Compare(("final",), "==", True)),
        ("columns.\"odd name\" = 'it\\'s \\u00e9'", Compare(("columns", "odd name"), "==", "it's é")),
        ("年 in ['a', \"b\"]", In(("年",), ("a", "b"))),
        ("a NOT IN (1)", Not(In(("a",), (1,)))),
        ("a not like 'x%'", Not(Like(("a",), "x%"))),
        ("not not a = 1", Compare(("a",), "==", 1)),
        ("notes = 1 and orders = 2", And((Compare(("notes",), "==", 1), Compare(("orders",), "==", 2)))),
        (
            "a = 1 or b = 2 and not c = 3",
            Or((Compare(("a",), "==", 1), And((Compare(("b",), "==", 2), Not(Compare(("c",), "==", 3)))))),
        ),
        ("a >= 2020-03", Compare(("a",), ">=", Day("2020-03"))),
        ("a in (2020-03-05, 2020-03-05T10:30Z)", In(("a",), (Day("2020-03-05"), Day("2020-03-05T10:30Z")))),
        ("exists(a.b) and exists = 1", And((Exists(("a", "b")), Compare(("exists",), "==", 1)))),
    ],
)
def test_language_by_example(text: str, tree: Filter) -> None:
    assert repr(parse_where(text)) == repr(tree)


@pytest.mark.parametrize(
    ("text", "position", "complaint"),
    [
        ("", 0, "is empty"),
        ("year >= ", 8, "at the end: expected a date or a number"),
        ("kind = image", 7, "in quotes: 'image'"),
        ("a = 1 b = 2", 6, "expected 'and' or 'or' or the end"),
        ("(a = 1", 6, "at the end: expected"),
        ("a = 'x", 4, "closing quote missing"),
        ("a in ()", 6, "expected a date or a number"),
        ("a = 99999999999999999999", 4, "too large"),
        ("a = 1e999", 4, "too large"),
        ("final < true", 6, "have no order"),
        ("a = 'x\\q'", 4, r"unknown escape \\q"),
        ("1 = 1", 0, "expected .*a name"),
        ('$meta["x"] == 1', 0, "expected .*a name"),
        ("a = {x}", 4, "expected a date or a number"),
        ("a && b", 2, "expected"),
    ],
)
def test_mistake_is_shown_where_it_is(text: str, position: int, complaint: str) -> None:
    with pytest.raises(FilterSyntaxError, match=complaint) as caught:
        parse_where(text)
    assert caught.value.position == position


def test_pointer_stays_under_the_place_when_the_text_has_line_breaks() -> None:
    with pytest.raises(FilterSyntaxError) as caught:
        parse_where("a = 1\nand b ? 2")
    expression, pointer = str(caught.value).splitlines()[1:]
    assert expression[pointer.index("^")] == "?"


@pytest.mark.parametrize(
    "text",
    [
        "a = 1 and " * 2000 + "a = 1",
        "a in (" + ", ".join("1" * 500) + ")",
        "(a = 1 or (b = 1 and " * 100 + "a = 1" + "))" * 100,
        " or ".join(["a = 1"] * 300),
    ],
)
def test_endless_filter_is_refused(text: str) -> None:
    with pytest.raises(FilterSyntaxError, match=r"at most|nested|split"):
        parse_where(text)


def test_many_parentheses_and_negations_cost_no_recursion() -> None:
    assert parse_where("not " * 2000 + "(" * 500 + "a = 1" + ")" * 500) == Compare(("a",), "==", 1)


def _record(**columns: Any) -> Record:
    metadata = {"page": 3, "mime": "image/png", "columns": columns}
    return Record("id", "doc", "dump/a.pdf", "image", "", metadata)


@pytest.mark.parametrize(
    ("text", "columns", "passes"),
    [
        ("page = 3 and kind = 'image' and source like '%.pdf'", {}, True),
        ("columns.page = 3", {"page": "three"}, False),
        ("x = 1", {}, False),
        ("x != 1", {}, False),
        ("not x != 1", {}, True),
        ("x != 1", {"x": "1"}, False),
        ("not x = 1", {"x": "1"}, True),
        ("x = 1", {"x": True}, False),
        ("x = true", {"x": 1}, False),
        ("x = 5", {"x": 5.0}, True),
        ("x > 'a'", {"x": "b"}, True),
        ("x in (1, 'b')", {"x": "b"}, True),
        ("x like 'a_c%'", {"x": "abc\nd"}, True),
        ("x like 'a.c'", {"x": "abc"}, False),
        ("x like '%'", {"x": 5}, False),
        ("exists(x)", {"x": None}, False),
        ("exists(x)", {"x": []}, True),
        ("x.y.z = 1", {"x": {"y": {"z": 1}}}, True),
        ("x.y.z = 1", {"x": {"y": [1]}}, False),
        ("x = 'hops'", {"x": ["hops", "malt"]}, True),
        ("x in ('rye', 'malt')", {"x": ["hops", "malt"]}, True),
        ("x != 'hops'", {"x": ["hops", "malt"]}, False),
        ("x != 'rye'", {"x": ["hops", "malt"]}, True),
        ("x like 'ma%'", {"x": ["hops", "malt"]}, True),
        ("x like 'h%t'", {"x": ["hops", "malt"]}, False),
        ("x = 4", {"x": [4.0, "4"]}, True),
        ("x > 3", {"x": [4]}, False),
        ("x = 'hops'", {"x": [["hops"]]}, False),
        ("x >= 2020-03", {"x": "2020-03-01T10:00"}, True),
        ("x <= 2020-03", {"x": "2020-03-31"}, True),
        ("x > 2020-03", {"x": "2020-03-31"}, False),
        ("x = 2020-03", {"x": "2020-03-31"}, True),
        ("x = 2020-03-05", {"x": "2020-03"}, False),
        ("x != 2020-03", {"x": "2020-04-01"}, True),
        ("x < 2020-03", {"x": "about 1900"}, False),
        ("x >= 1935", {"x": "1935-09-12"}, True),
        ("x = 1935", {"x": "1935-09-12"}, True),
        ("x < 1935", {"x": "1934-08-02"}, True),
        ("x = 1935", {"x": "1935"}, False),
        ("name < 2020-03", {"name": "2019-01-01"}, True),
        ("year = 7", {"year": "007"}, True),
        ("year = 7", {"year": "seven"}, False),
        ("exists(year)", {"year": "seven"}, False),
        ("name = '12'", {"name": 12}, True),
        ("price < 2", {"price": "1.5"}, True),
        ("final = true", {"final": "True"}, True),
    ],
)
def test_meaning_for_one_record(text: str, columns: dict[str, Any], passes: bool) -> None:
    assert matches(parse_where(text), _record(**columns), FIELDS) is passes


@pytest.mark.parametrize(
    "text", ["page = 'x'", "year >= 2020-03", "year like '2%'", "mime = 3", "final = 'yes'", "heading_path = 'x'"]
)
def test_comparison_that_can_never_hold_is_refused(text: str) -> None:
    with pytest.raises(FilterSyntaxError):
        matches(parse_where(text), _record(), FIELDS)


def test_names_lead_to_fields_then_metadata_then_columns() -> None:
    assert resolve(("kind",), FIELDS).scope == "scalar"
    assert resolve(("page",), FIELDS).scope == "metadata"
    assert resolve(("columns", "page"), FIELDS).path == ("page",)
    assert resolve(("year",), FIELDS).type == "int"
    assert resolve(("year", "deep"), FIELDS).type is None
    assert resolve(("columns",), FIELDS).path == ("columns",)


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        (3.0, "int", 3),
        (3.5, "int", None),
        (True, "int", None),
        ("1e3", "int", 1000),
        ("1e400", "float", None),
        (2**70, "int", None),
        (2**70, "float", float(2**70)),
        (10**400, "float", None),
        ("", "int", None),
        ("٣", "int", None),
        (True, "str", "true"),
        ([1], "str", None),
        (1, "bool", None),
        (" FALSE ", "bool", False),
    ],
)
def test_column_value_as_its_declared_type(value: Any, type_: Any, expected: Any) -> None:
    assert repr(coerce(value, type_)) == repr(expected)


def test_reading_a_filter_is_what_pays_for_lark() -> None:
    script = (
        "import sys; from rag.filters import parse; assert 'lark' not in sys.modules; parse.parse_where('a=1'); "
        "import lark"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
