"""What Google Takeout's file beside a picture says of it, in our vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ingest.parse.about.values import checked, coordinates

_MARK = "photoTakenTime"
_READ = frozenset(
    {
        _MARK, "geoData", "geoDataExif", "people", "creationTime", "photoLastModifiedTime", "modificationTime",
        "imageViews", "url", "googlePhotosOrigin", "appSource", "archived", "trashed",
    }
)  # fmt: skip
"""Keys that are told in our words, or tell of the service and not of the picture."""


def from_takeout(row: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Columns `taken_at` (in UTC), `lat`, `lon`, `people`, and the keys that are left; None where it is another file.

    Coordinates that somebody corrected there go before the camera's.
    """
    if not isinstance(taken := row.get(_MARK), Mapping):
        return None
    facts: dict[str, Any] = {"taken_at": _moment(taken.get("timestamp"))}
    for key in ("geoData", "geoDataExif"):
        place = row.get(key)
        if isinstance(place, Mapping) and not facts.keys() & {"lat"}:
            facts |= coordinates(_number(place.get("latitude")), _number(place.get("longitude")))
    people = row.get("people")
    named = (one.get("name") for one in people[:100] if isinstance(one, Mapping)) if isinstance(people, list) else ()
    facts["people"] = [name for name in named if isinstance(name, str)]
    return checked(facts), {key: value for key, value in row.items() if key not in _READ}


def _moment(timestamp: Any) -> str:
    try:
        seconds = int(timestamp)
        return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds else ""
    except (TypeError, ValueError, OverflowError, OSError):
        return ""


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
