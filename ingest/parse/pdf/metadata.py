"""What a PDF says about itself: its title, who wrote it, when, and with which keywords."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

from ingest.parse.clean import one_line

_TITLE_NOISE = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel) - |\(?(?:untitled|anonymous)\W*\d*$|.*\.(?:docx?|dvi|tex|indd|pptx?)$)",
    re.I,
)
_NOBODY = frozenset({"anonymous", "unknown", "user", "administrator", "admin", "owner", "unspecified", "author"})
_DATE = re.compile(
    r"(?:D:)?(?P<year>\d{4})(?P<month>\d\d)?(?P<day>\d\d)?(?P<hour>\d\d)?(?P<minute>\d\d)?(?P<second>\d\d)?"
    r"(?:(?P<zone>Z)|(?P<sign>[+-])(?P<off_hour>\d\d)'?(?P<off_minute>\d\d)?)?"
)


def title_of(pdf: Any) -> str:
    """The title, unless a program left it behind."""
    title = _value(pdf, "Title")
    return "" if _TITLE_NOISE.match(title) else title


def metadata_of(pdf: Any) -> dict[str, str]:
    """`author`, `subject`, `keywords`, `created` and `modified` (ISO 8601), where they say something."""
    author = _value(pdf, "Author")
    subject = _value(pdf, "Subject")
    found = {
        "author": "" if author.casefold().strip("()") in _NOBODY else author,
        "subject": "" if subject.casefold().strip("()") in _NOBODY else subject,
        "keywords": _value(pdf, "Keywords"),
        "created": iso_date(_value(pdf, "CreationDate")),
        "modified": iso_date(_value(pdf, "ModDate")),
    }
    return {key: value for key, value in found.items() if value}


def iso_date(text: str) -> str:
    """`D:20140124111144+01'00'` is `2014-01-24T11:11:44+01:00`; a date without a time stays one; empty for no date.

    Source: ISO 32000-1, 7.9.4.
    """
    match = _DATE.match(text)
    if not match:
        return ""
    year, month, day, hour, minute, second = (int(match[name] or default) for name, default in _DATE_PARTS)
    zone = None
    if match["zone"] or match["sign"]:
        offset = timedelta(hours=int(match["off_hour"] or 0), minutes=int(match["off_minute"] or 0))
        zone = timezone(-offset if match["sign"] == "-" else offset) if offset < timedelta(hours=24) else None
    try:
        date = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return ""
    if match["hour"]:
        return date.isoformat()
    return date.date().isoformat()[: 10 if match["day"] else 7 if match["month"] else 4]


_DATE_PARTS = (("year", 1), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))


def _value(pdf: Any, key: str) -> str:
    return one_line(pdf.get_metadata_value(key) or "")
