"""Coordinates to the town, region and country that they are in, by the nearest of 97,000 towns of GeoNames."""

from __future__ import annotations

import functools
import lzma
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FILE = Path(__file__).parent / "places.tsv.xz"
_KM_A_DEGREE = 111.2
_NEAR_KM = 30.0
"""Farther from any town, a picture was not taken in it."""
_AT_ALL_KM = 100.0
"""Farther from any town, not even the country is known: the sea, the poles."""
_CITY_KM, _CITY_INHABITANTS = 10.0, 100_000
"""So near the middle of so large a city, a place is in that city, whatever its quarter is called."""


@dataclass(frozen=True, slots=True)
class Place:
    """A town, its region and its country, by their names in English; empty where too far from any."""

    town: str
    region: str
    country: str


def place_at(latitude: float, longitude: float) -> Place | None:
    """The place at coordinates in degrees; None far from everywhere."""
    return _place_at(round(latitude, 3), round(longitude, 3))


@functools.lru_cache(maxsize=4096)
def _place_at(latitude: float, longitude: float) -> Place | None:
    towns = _towns()
    km = _distances_km(towns.degrees, latitude, longitude)
    nearest = int(km.argmin())
    if km[nearest] > _AT_ALL_KM:
        return None
    cities = np.flatnonzero((km <= _CITY_KM) & (towns.inhabitants >= _CITY_INHABITANTS))
    chosen = int(cities[towns.inhabitants[cities].argmax()]) if len(cities) else nearest
    name, region, country = towns.names[chosen]
    return Place(name, region, country) if km[chosen] <= _NEAR_KM else Place("", "", country)


def _distances_km(degrees: NDArray[np.float32], latitude: float, longitude: float) -> NDArray[np.float32]:
    """Flat, which is right to a percent over the distances that count, also across the date line."""
    east = (degrees[:, 1] - longitude + 180.0) % 360.0 - 180.0
    km: NDArray[np.float32] = np.hypot(degrees[:, 0] - latitude, east * np.cos(np.radians(latitude))) * _KM_A_DEGREE
    return km


@dataclass(frozen=True, slots=True)
class _Towns:
    """Rows of (latitude, longitude), inhabitants, and (name, region, country) of each."""

    degrees: NDArray[np.float32]
    inhabitants: NDArray[np.int32]
    names: list[tuple[str, str, str]]


@functools.cache
def _towns() -> _Towns:
    rows: list[Any] = [line.split("\t") for line in lzma.decompress(_FILE.read_bytes()).decode().split("\n")]
    numbers = np.array([row[:3] for row in rows], np.float64)
    shared: dict[str, str] = {}
    names = [(row[3], shared.setdefault(row[4], row[4]), shared.setdefault(row[5], row[5])) for row in rows]
    return _Towns(numbers[:, :2].astype(np.float32), numbers[:, 2].astype(np.int32), names)
