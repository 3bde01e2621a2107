"""Dates as formats write them, to ISO 8601 with the precision and the zone that they have."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_DATE = re.compile(
    r"(?P<year>\d{4})(?:[-:/.]?(?P<month>\d\d)(?:[-:/.]?(?P<day>\d\d))?)?"
    r"(?:[T ]?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r"\s*(?P<zone>Z|UTC|(?P<sign>[+-])(?P<off_hour>\d\d)(?::?'?(?P<off_minute>\d\d)'?)?)?)?\s*",
    re.IGNORECASE,
)
_LARGEST_OFFSET = timedelta(hours=14)


def iso_date(text: str) -> str:
    """`2019:07:14 10:22:33` and `20190714T102233Z`: ISO 8601, as precise as it was; empty for what is no date.

    A year, a month, a day or an instant; with a zone only where the text names one.
    """
    match = _DATE.fullmatch(text.strip())
    if not match:
        return ""
    try:
        moment = datetime(
            int(match["year"]),
            int(match["month"] or 1),
            int(match["day"] or 1),
            int(match["hour"] or 0),
            int(match["minute"] or 0),
            int(match["second"] or 0),
        )
    except ValueError:
        return ""
    if not match["hour"]:
        return "-".join(filter(None, (match["year"], match["month"], match["day"])))
    if not match["day"]:
        return ""
    return moment.isoformat() + _zone(match)


def _zone(match: re.Match[str]) -> str:
    if not match["sign"]:
        return "+00:00" if match["zone"] else ""
    offset = timedelta(hours=int(match["off_hour"]), minutes=int(match["off_minute"] or 0))
    return f"{match['sign']}{match['off_hour']}:{match['off_minute'] or '00'}" if offset <= _LARGEST_OFFSET else ""


def with_zone_of(local: str, utc: datetime) -> str:
    """A local time whose zone is told by the same moment in UTC, to a quarter of an hour; as it was where none fits."""
    try:
        offset = datetime.fromisoformat(local) - utc.replace(tzinfo=None)
    except ValueError:
        return local
    quarters = round(offset / timedelta(minutes=15))
    rounded = timedelta(minutes=15 * quarters)
    if abs(rounded) > _LARGEST_OFFSET or abs(offset - rounded) > timedelta(minutes=5):
        return local
    return datetime.fromisoformat(local).replace(tzinfo=timezone(rounded)).isoformat()
