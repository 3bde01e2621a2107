"""Dates of any precision are dates, what only looks like one is not, and zones count."""

import pytest

from rag.columns.dates import in_years, is_date


@pytest.mark.parametrize("text", ["2019", "2019-07", "2019-07-14", "2019-07-14T10:22:33", "2019-07-14T10:22:33+01:00"])
def test_each_precision_is_a_date(text):
    assert is_date(text)
    assert 2019 <= in_years(text) < 2020


@pytest.mark.parametrize(
    "value",
    ["0000", "0000-00-00", "2019-13", "2019-02-30", "20 March 2020", "2019-07-14T25:00:00", "123-45", "2019-07-", "",
     2019, None, ["2019"], "2019-07-14T" + "1" * 10_000],
)  # fmt: skip
def test_what_is_no_date_is_none(value):
    assert not is_date(value)


def test_a_date_begins_where_it_begins_and_zones_count():
    assert in_years("2019") == in_years("2019-01") == in_years("2019-01-01T00:00:00Z") == 2019
    assert in_years("2019-07-02T12:00:00") == pytest.approx(2019.5)
    assert in_years("2019-07-14T10:00:00+09:00") < in_years("2019-07-14T02:00:00+00:00")
    assert in_years("2019-07-14T10:00:00.001") > in_years("2019-07-14T10:00:00")
    with pytest.raises(ValueError, match="is no date"):
        in_years("soon")
