"""What cameras write: EXIF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ingest.parse.about.dates import iso_date, with_zone_of
from ingest.parse.about.embedded import any_text
from ingest.parse.about.values import coordinates, stars

_MAKE, _MODEL, _ARTIST, _COPYRIGHT, _RATING, _XP_KEYWORDS, _XP_AUTHOR = (
    0x010F, 0x0110, 0x013B, 0x8298, 0x4746, 0x9C9E, 0x9C9D,
)  # fmt: skip
_PART, _GPS_PART = 0x8769, 0x8825
_ORIGINAL, _ORIGINAL_ZONE, _DIGITIZED, _DIGITIZED_ZONE, _FOCAL_LENGTH, _LENS = (
    0x9003, 0x9011, 0x9004, 0x9012, 0x920A, 0xA434,
)  # fmt: skip
_NORTH_SOUTH, _LATITUDE, _EAST_WEST, _LONGITUDE, _GPS_TIME, _GPS_DAY = 1, 2, 3, 4, 7, 29


def exif_facts(image: Any) -> Mapping[str, Any]:
    """Columns of `about_picture` that a picture's EXIF gives."""
    exif = image.getexif()
    if not exif:
        return {}
    part, gps = exif.get_ifd(_PART), exif.get_ifd(_GPS_PART)
    focal_length = _number(part.get(_FOCAL_LENGTH))
    return {
        "taken_at": _taken_at(part, gps),
        "camera": _camera(_text(exif.get(_MAKE)), _text(exif.get(_MODEL))),
        "lens": _text(part.get(_LENS)),
        "focal_length_mm": round(focal_length, 1) if focal_length and 0 < focal_length < 10_000 else None,
        "author": _text(exif.get(_ARTIST)) or _wide(exif.get(_XP_AUTHOR)),
        "copyright": _text(exif.get(_COPYRIGHT)),
        "keywords": [word for word in _wide(exif.get(_XP_KEYWORDS)).split(";") if word.strip()],
        "rating": stars(exif.get(_RATING)),
    } | coordinates(
        _degrees(gps.get(_LATITUDE), gps.get(_NORTH_SOUTH)), _degrees(gps.get(_LONGITUDE), gps.get(_EAST_WEST))
    )


def _taken_at(part: Mapping[int, Any], gps: Mapping[int, Any]) -> str:
    """The camera's own clock; its zone as it says, or as the satellites' clock beside it tells."""
    for moment, zone in ((_ORIGINAL, _ORIGINAL_ZONE), (_DIGITIZED, _DIGITIZED_ZONE)):
        local = iso_date(_text(part.get(moment)))
        if not local:
            continue
        if zoned := iso_date(f"{local}{_text(part.get(zone))}"):
            local = zoned
        utc = _satellite_time(gps)
        return with_zone_of(local, utc) if utc and "T" in local and local[19:] == "" else local
    return ""


def _satellite_time(gps: Mapping[int, Any]) -> datetime | None:
    day, clock = iso_date(_text(gps.get(_GPS_DAY))), gps.get(_GPS_TIME)
    if not day or not isinstance(clock, tuple) or len(clock) != 3:
        return None
    numbers = [_number(part) for part in clock]
    if None in numbers:
        return None
    hours, minutes, seconds = (number or 0.0 for number in numbers)
    return datetime.fromisoformat(day) + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _camera(make: str, model: str) -> str:
    """`Canon` and `Canon EOS R6` are one name, `NIKON CORPORATION` and `NIKON D90` nearly."""
    first = make.split(" ")[0]
    return model if not make or model.casefold().startswith(first.casefold()) else f"{make} {model}".strip()


def _degrees(value: Any, side: Any) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    parts = [_number(part) for part in value]
    if None in parts:
        return None
    whole = sum(((part or 0.0) / 60.0**place for place, part in enumerate(parts)), 0.0)
    return -whole if _text(side).upper()[:1] in ("S", "W") else whole


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None


def _text(value: Any) -> str:
    """Pillow reads EXIF's texts as Latin-1, phones and programs write UTF-8."""
    if isinstance(value, str):
        value = value.encode("latin-1", "replace")
    return any_text(value).replace("\0", " ").strip() if isinstance(value, bytes) else ""


def _wide(value: Any) -> str:
    return bytes(value).decode("utf-16-le", "replace").strip("\0 ") if isinstance(value, bytes | tuple) else ""
