"""Dates as columns hold them: ISO 8601, as precise as whoever wrote them knew."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_CLOCK = r"[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_DATE = re.compile(rf"(?P<year>[0-9]{{4}})(?:-(?P<month>[0-9]{{2}})(?:-(?P<day>[0-9]{{2}})(?P<clock>{_CLOCK})?)?)?")
_YEARS = range(1000, 3000)


def is_date(value: object) -> bool:
    """Whether a value is a year, a month, a day or an instant. A year alone only as words: a number is a number."""
    return isinstance(value, str) and _moment(value) is not None


def in_years(date: str) -> float:
    """The moment at which a date begins, in years: 2019.5 in the middle of 2019. Without a zone it counts as UTC.

    Raises:
        ValueError: it is no date (see `is_date`).
    """
    moment = _moment(date)
    if moment is None:
        raise ValueError(f"{date!r} is no date")
    start, end = datetime(moment.year, 1, 1, tzinfo=UTC), datetime(moment.year + 1, 1, 1, tzinfo=UTC)
    return moment.year + (moment - start) / (end - start)


def _moment(text: str) -> datetime | None:
    match = _DATE.fullmatch(text)
    if match is None or int(match["year"]) not in _YEARS:
        return None
    try:
        if not match["clock"]:
            return datetime(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1), tzinfo=UTC)
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
