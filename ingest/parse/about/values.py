"""Values that several kinds of metadata hold, checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ingest.parse.clean import one_line, shorten

LISTS = frozenset({"keywords", "people"})
_MOST_CHARS = 300
_MOST_ITEMS = 100


def checked(found: Mapping[str, Any]) -> dict[str, Any]:
    """What says something, each value on one line and not endless."""
    values = ((name, _items(value) if name in LISTS else _bounded(value)) for name, value in found.items())
    return {name: value for name, value in values if value not in (None, "", [])}


def _items(values: Any) -> list[str]:
    return list(dict.fromkeys(filter(None, (_bounded(str(value)) for value in values[:_MOST_ITEMS]))))


def _bounded(value: Any) -> Any:
    return shorten(one_line(value), _MOST_CHARS) if isinstance(value, str) else value


def stars(value: Any) -> int | None:
    """A rating of 0 to 5; -1, which means rejected, and what is none are nothing."""
    try:
        number = round(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 <= number <= 5 else None


def degrees(text: str) -> float | None:
    """XMP's `38,42.84N` or `38,42,50N`."""
    parts, side = text.strip()[:-1].split(","), text.strip()[-1:].upper()
    if side not in ("N", "S", "E", "W"):
        return None
    try:
        value = sum((float(part) / 60.0**place for place, part in enumerate(parts)), 0.0)
    except ValueError:
        return None
    return -value if side in "SW" else value


def coordinates(latitude: float | None, longitude: float | None) -> dict[str, float]:
    """Both in degrees, to about a metre; nothing for what lies nowhere, and for 0, 0, which means that nobody knew."""
    if latitude is None or longitude is None or not (math.isfinite(latitude) and math.isfinite(longitude)):
        return {}
    if abs(latitude) > 90 or abs(longitude) > 180 or latitude == longitude == 0:
        return {}
    return {"lat": round(latitude, 5), "lon": round(longitude, 5)}
