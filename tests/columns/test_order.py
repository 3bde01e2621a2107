"""Records in the order of a column."""

import pytest

from rag.columns.order import Order, parse_sort
from rag.errors import FilterSyntaxError
from tests.fakes import record

VALUES = {
    "a": "2020-01-01T00:30:00+14:00",
    "b": "2019-12-31T09:00:00Z",
    "c": "2019-12-31",
    "d": 2019,
    "e": "zebra",
    "f": ["2018", "2030"],
    "g": None,
    "h": "Äpfel",
    "i": [],
    "j": "apple",
    "k": {"x": 1},
}
RECORDS = [record(name, columns={"when": value}) for name, value in VALUES.items()]


def names(sort):
    order = Order(parse_sort(sort), {})
    return "".join(each.id for each in sorted(RECORDS, key=lambda each: (order.key(each), each.id)))


def test_numbers_and_dates_are_one_scale_words_follow_and_what_has_none_comes_last():
    assert names("when") == "fdcba" + "jeh" + "gik"


def test_the_other_way_round_what_has_none_still_comes_last():
    there = names("when").removesuffix("gik")
    assert names("-when") == there[::-1] + "gik"


def test_any_name_of_a_filter_can_be_sorted_by():
    assert parse_sort('-columns."odd name"').path == ("columns", "odd name")
    assert str(parse_sort(" -taken_at ")) == "-taken_at"
    pages = [record("x", page=3), record("y", page=12), record("z")]
    order = Order(parse_sort("-page"), {})
    assert [each.id for each in sorted(pages, key=order.key)] == ["y", "x", "z"]


@pytest.mark.parametrize("text", ["", "-", "a b", "a) or exists(b", "a = 1", '"open', "-(-a)", "a,b"])
def test_anything_else_is_refused_with_what_to_write(text):
    with pytest.raises(FilterSyntaxError, match="give the name of one column"):
        parse_sort(text)


def test_a_list_of_ours_cannot_be_sorted_by():
    with pytest.raises(FilterSyntaxError, match="heading_path"):
        Order(parse_sort("heading_path"), {})
