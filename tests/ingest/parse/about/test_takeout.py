"""Google Takeout's JSON beside a picture, in our words."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.parse.about.takeout import from_takeout

ROW: dict[str, Any] = {
    "title": "IMG_1.jpg",
    "description": "At the pier",
    "photoTakenTime": {"timestamp": "1563096153", "formatted": "14.07.2019"},
    "geoData": {"latitude": 0.0, "longitude": 0.0},
    "geoDataExif": {"latitude": 38.714, "longitude": -9.139},
    "people": [{"name": "Ines"}, {"name": ""}, "x", {"name": 7}],
    "url": "https://photos.example/1",
    "favorited": True,
}


def test_date_place_and_people_are_told_and_the_rest_stays() -> None:
    facts, rest = from_takeout(ROW) or ({}, {})
    assert facts == {"taken_at": "2019-07-14T09:22:33+00:00", "lat": 38.714, "lon": -9.139, "people": ["Ines"]}
    assert rest == {"title": "IMG_1.jpg", "description": "At the pier", "favorited": True}


@pytest.mark.parametrize(
    "change",
    [
        {"photoTakenTime": {"timestamp": "9" * 400}},
        {"photoTakenTime": {"timestamp": None}},
        {"photoTakenTime": {}},
        {"photoTakenTime": {"timestamp": "0"}},
    ],
)
def test_a_date_that_is_none_costs_itself(change: dict[str, Any]) -> None:
    facts, _ = from_takeout(ROW | change) or ({}, {})
    assert "taken_at" not in facts
    assert facts["people"] == ["Ines"]


def test_coordinates_out_of_range_and_other_files_are_none() -> None:
    assert from_takeout({"caption": "a boat"}) is None
    facts, _ = from_takeout(ROW | {"geoData": {"latitude": 1e9, "longitude": 2}, "geoDataExif": None}) or ({}, {})
    assert "lat" not in facts
