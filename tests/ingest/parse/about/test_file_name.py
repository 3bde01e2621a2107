"""Dates that cameras, phones, messengers and people write into names."""

from __future__ import annotations

import pytest

from ingest.parse.about.file_name import date_in_name


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("IMG_20190714_102233.jpg", "2019-07-14T10:22:33"),
        ("PXL_20210102_030405678.jpg", "2021-01-02T03:04:05+00:00"),
        ("PXL_20210102_030405678.MP.jpg", "2021-01-02T03:04:05+00:00"),
        ("IMG-20190714-WA0001.jpg", "2019-07-14"),
        ("2019-07-14 10.22.33.jpg", "2019-07-14T10:22:33"),
        ("20190714_102233.heic", "2019-07-14T10:22:33"),
        ("Screenshot 2019-07-14 at 10.22.33.png", "2019-07-14T10:22:33"),
        ("Screenshot_2019-07-14-10-22-33-45.png", "2019-07-14T10:22:33"),
        ("signal-2019-07-14-102233.jpg", "2019-07-14T10:22:33"),
        ("WhatsApp Image 2019-07-14 at 10.22.33.jpeg", "2019-07-14T10:22:33"),
        ("2019-07-14 Report.pdf", "2019-07-14"),
        ("dump/minutes_2019-07.txt", "2019-07"),
        ("a.zip!/2019.07.14 dinner.png", "2019-07-14"),
        ("2019.pdf", ""),
        ("part 120190714.pdf", ""),
        ("201907141.jpg", ""),
        ("2019-13-01.txt", ""),
        ("2019-02-30.txt", ""),
        ("1030.jpg", ""),
        ("20190714102233456789.jpg", ""),
        ("9" * 10_000, ""),
        ("", ""),
    ],
)
def test_a_date_is_found_as_exact_as_it_is_written(name: str, date: str) -> None:
    assert date_in_name(name) == date
