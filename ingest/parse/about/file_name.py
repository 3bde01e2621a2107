"""The date in a file's name, which is a guess: cameras, phones, messengers and people write it there."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from ingest.parse.about.dates import iso_date

_DAY = r"(?P<year>19[5-9]\d|20\d\d)(?P<sep>[-_. ]?)(?P<month>0[1-9]|1[0-2])(?:(?P=sep)(?P<day>0[1-9]|[12]\d|3[01]))"
_CLOCK = r"(?P<hour>[01]\d|2[0-3])[-_.:h]?(?P<minute>[0-5]\d)[-_.:m]?(?P<second>[0-5]\d)"
_NAMED = re.compile(
    rf"(?<!\d){_DAY}(?!\d)(?:(?:[-_ T]|,|\bat\b|\bum\b|\bà\b){{1,5}}{_CLOCK}(?!\d{{4}}))?", re.IGNORECASE
)
_MONTH = re.compile(r"(?<!\d)(?P<year>19[5-9]\d|20\d\d)[-_](?P<month>0[1-9]|1[0-2])(?![-_.]?\d)")
_IN_UTC = re.compile(r"PXL_", re.IGNORECASE)
"""Pixel phones name their pictures by UTC, all others by their own clock."""
_MOST_CHARS = 300


def date_in_name(path: str) -> str:
    """ISO 8601, as precise as the name; empty where it has none.

    `IMG_20190714_102233.jpg`, `PXL_20210102_030405678.jpg`, `IMG-20190714-WA0001.jpg`, `2019-07-14 Report.pdf`,
    `Screenshot 2019-07-14 at 10.22.33.png`, `minutes_2019-07.txt`. A year alone is no date: it may be a number.
    """
    stem = PurePosixPath(path.replace("\\", "/")).stem[:_MOST_CHARS]
    if found := _NAMED.search(stem):
        day = f"{found['year']}-{found['month']}-{found['day']}"
        if found["hour"]:
            zone = "+00:00" if _IN_UTC.match(stem) else ""
            return iso_date(f"{day}T{found['hour']}:{found['minute']}:{found['second']}{zone}")
        return iso_date(day)
    if found := _MONTH.search(stem):
        return f"{found['year']}-{found['month']}"
    return ""
