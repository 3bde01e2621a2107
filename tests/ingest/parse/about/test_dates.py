"""Dates as formats write them."""

from __future__ import annotations

from datetime import datetime

import pytest

from ingest.parse.about.dates import iso_date, with_zone_of


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2019:07:14 10:22:33", "2019-07-14T10:22:33"),
        ("2019:07:14 10:22:33+01:00", "2019-07-14T10:22:33+01:00"),
        ("20190714T102233Z", "2019-07-14T10:22:33+00:00"),
        ("2019-07-14T10:22:33.123-0430", "2019-07-14T10:22:33-04:30"),
        ("2019-07-14T10:22", "2019-07-14T10:22:00"),
        ("20190714", "2019-07-14"),
        ("2019-07", "2019-07"),
        ("2019", "2019"),
        ("0000:00:00 00:00:00", ""),
        ("2019:13:14 10:22:33", ""),
        ("    :  :     :  :  ", ""),
        ("last summer", ""),
        ("2019-07-14T10:22:33+99:00", "2019-07-14T10:22:33"),
        ("", ""),
    ],
)
def test_a_date_is_as_precise_as_it_was_written(text: str, date: str) -> None:
    assert iso_date(text) == date


@pytest.mark.parametrize(
    ("utc", "date"),
    [
        (datetime(2019, 7, 14, 8, 22, 30), "2019-07-14T10:22:33+02:00"),
        (datetime(2019, 7, 14, 4, 37, 31), "2019-07-14T10:22:33+05:45"),
        (datetime(2019, 7, 14, 8, 30, 0), "2019-07-14T10:22:33"),
        (datetime(2019, 7, 16, 8, 22, 30), "2019-07-14T10:22:33"),
    ],
)
def test_satellites_tell_the_zone_of_a_camera(utc: datetime, date: str) -> None:
    assert with_zone_of("2019-07-14T10:22:33", utc) == date
