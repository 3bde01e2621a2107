"""What is known about a document, and who says so: the user first, then the file itself, its name last."""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any, Literal, TypeAlias

from ingest.parse.about.dates import with_zone_of
from ingest.parse.about.file_name import date_in_name
from ingest.paths import folder_of
from rag.text.labels import MADE_WHEN, MADE_WHERE_AND_BY

Origin: TypeAlias = Literal["table", "sidecar", "file", "coordinates", "file name", "path"]
"""Who says a value: a caption table of the user's, a file beside it, the file itself, a list of towns, its name."""
LOCATION = ("lat", "lon")
PLACE = ("place", "region", "country")
_LISTED = (*MADE_WHEN, "modified", *MADE_WHERE_AND_BY, "guessed")
_MAX_SAID_BYTES = 8000
_MAX_OVERRULED_BYTES = 4000
_ONE_MOMENT = timedelta(hours=15)
"""Clocks of two zones are at most so far apart."""


@dataclass(frozen=True, slots=True)
class About:
    """Columns of a document.

    Attributes:
        columns: what counts.
        origins: who says each.
        overruled: what the file says where somebody who goes before it says otherwise.
        place: where it was made, in words.
    """

    columns: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    overruled: dict[str, Any] = field(default_factory=dict)
    place: str = ""

    def to_json(self) -> dict[str, Any]:
        """For the manifest: who says what, and in `columns` what lists of documents show."""
        shown = {name: self.columns[name] for name in _LISTED if name in self.columns}
        said = {
            "origins": _bounded(self.origins, _MAX_OVERRULED_BYTES),
            "overruled": _bounded(self.overruled, _MAX_OVERRULED_BYTES),
        }
        about = {name: value for name, value in said.items() if value}
        return {"about": about, "columns": _bounded(shown, _MAX_OVERRULED_BYTES)}


def join(
    source: str, given: Mapping[str, Any], beside: Collection[str], said: Mapping[str, Any], *, keep_location: bool
) -> About:
    """Puts together what is said of a document.

    Args:
        source: its path in the dump: its folder, and perhaps a date in its name.
        given: columns of caption tables and sidecars.
        beside: those of them that a sidecar says.
        said: what the file says of itself.
        keep_location: else coordinates and places are left out that no table of the user's has.
    """
    own = {name: value for name, value in said.items() if value not in (None, "", [])}
    given = dict(given)
    if not keep_location:
        for name in (*LOCATION, *PLACE):
            own.pop(name, None)
            if name in beside:
                del given[name]
    if isinstance(words := own.get("keywords"), str):
        own["keywords"] = [word.strip() for word in re.split("[,;]", words) if word.strip()]
    if "taken_at" in beside and "taken_at" in own:
        given["taken_at"] = same_moment(given["taken_at"], own["taken_at"])
    own = _bounded(own, _MAX_SAID_BYTES)
    origins: dict[str, Origin] = {name: "sidecar" if name in beside else "table" for name in given}
    columns = {**own, **given}
    origins |= {name: "file" for name in own if name not in given}
    found = _placed(columns) if keep_location else {}
    found |= guessed(source, columns)
    if folder := folder_of(source):
        found["folder"] = folder
    for name, value in found.items():
        if name not in columns:
            columns[name] = value
            origins[name] = "coordinates" if name in PLACE else "path" if name == "folder" else "file name"
    overruled = {name: value for name, value in own.items() if name in given and given[name] != value}
    named = (str(columns[name]) for name in PLACE if columns.get(name) and origins[name] != "table")
    place = ", ".join(dict.fromkeys(named))
    return About(columns, origins, overruled, place)


def guessed(source: str, columns: Mapping[str, Any]) -> dict[str, Any]:
    """A date in the file's name where nobody says one, and that it is a guess."""
    if any(columns.get(name) for name in MADE_WHEN):
        return {}
    date = date_in_name(source)
    if not date:
        return {}
    kind = (mimetypes.guess_type(PurePosixPath(source).name)[0] or "").partition("/")[0]
    name = "taken_at" if kind in ("image", "video") else "created"
    return {name: date, "guessed": [name]}


def same_moment(utc: Any, local: Any) -> Any:
    """Of one moment in UTC and by a camera's clock the latter, with its zone; of two moments the former."""
    try:
        first, second = datetime.fromisoformat(utc), datetime.fromisoformat(local)
    except (TypeError, ValueError):
        return utc
    if first.tzinfo is None or abs(first.replace(tzinfo=None) - second.replace(tzinfo=None)) > _ONE_MOMENT:
        return utc
    if second.tzinfo is not None:
        return local if abs(first - second) < timedelta(minutes=5) else utc
    zoned = with_zone_of(local, first)
    return utc if zoned == local else zoned


def _placed(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The names of where it was made, where there are coordinates and no names."""
    latitude, longitude = (columns.get(name) for name in LOCATION)
    if not isinstance(latitude, float | int) or not isinstance(longitude, float | int):
        return {}
    if not columns.keys().isdisjoint(PLACE) or abs(latitude) > 90 or abs(longitude) > 180:
        return {}
    from ingest.parse.about.towns import place_at

    place = place_at(latitude, longitude)
    names = zip(PLACE, (place.town, place.region, place.country), strict=True) if place else ()
    return {name: value for name, value in names if value}


def _bounded(columns: Mapping[str, Any], left_bytes: int) -> dict[str, Any]:
    """As many of the columns as there is room for."""
    kept: dict[str, Any] = {}
    for name, value in columns.items():
        left_bytes -= len(name.encode()) + len(json.dumps(value).encode())
        if left_bytes >= 0:
            kept[name] = value
    return kept
