"""Who says what of a document: the user before its file, the file before its name, and all of it stays known."""

from __future__ import annotations

import pytest

from ingest.records.about import guessed, join, same_moment


def test_the_table_wins_and_what_the_file_says_stays_known() -> None:
    found = join(
        "photos/a.jpg", {"author": "Ada", "shelf": 3}, (), {"author": "Nell", "camera": "X100"}, keep_location=True
    )
    assert found.columns == {"author": "Ada", "shelf": 3, "camera": "X100", "folder": "photos"}
    assert found.origins == {"author": "table", "shelf": "table", "camera": "file", "folder": "path"}
    assert found.overruled == {"author": "Nell"}


@pytest.mark.parametrize(
    ("source", "columns"),
    [
        ("d/IMG-20190714-WA0001.jpg", {"taken_at": "2019-07-14", "guessed": ["taken_at"]}),
        ("d/2019-07-14 Report.pdf", {"created": "2019-07-14", "guessed": ["created"]}),
        ("d/VID_20190714_102233.mp4", {"taken_at": "2019-07-14T10:22:33", "guessed": ["taken_at"]}),
        ("d/1030.jpg", {}),
    ],
)
def test_a_date_in_a_name_is_a_guess_and_says_so(source: str, columns: dict[str, object]) -> None:
    assert guessed(source, {}) == columns
    assert guessed(source, {"taken_at": "2001"}) == guessed(source, {"created": "2001"}) == {}
    if columns:
        assert join(source, {}, (), {}, keep_location=True).origins[next(iter(columns))] == "file name"


def test_without_location_only_what_the_users_own_table_says_is_kept() -> None:
    given = {"place": "the old mill", "lat": 38.7, "country": "Portugal"}
    said = {"lat": 38.714, "lon": -9.139, "region": "Lisbon", "camera": "X100"}
    found = join("a.jpg", given, ("lat", "country"), said, keep_location=False)
    assert found.columns == {"place": "the old mill", "camera": "X100"}
    assert (found.overruled, found.place) == ({}, "")


@pytest.mark.parametrize(
    ("beside", "file", "kept"),
    [
        ("2019-07-14T09:22:33+00:00", "2019-07-14T10:22:33", "2019-07-14T10:22:33+01:00"),  # the zone is told
        ("2019-07-14T09:22:33+00:00", "2019-07-14T10:22:34+01:00", "2019-07-14T10:22:34+01:00"),  # the same moment
        ("2019-07-14T09:22:33+00:00", "2001-01-01T00:00:00", "2019-07-14T09:22:33+00:00"),  # a clock never set
        ("2019", "2001-01-01T00:00:00", "2019"),
    ],
)
def test_a_sidecar_in_utc_and_a_cameras_clock_are_joined(beside: str, file: str, kept: str) -> None:
    assert same_moment(beside, file) == kept
    found = join("a.jpg", {"taken_at": beside}, ("taken_at",), {"taken_at": file}, keep_location=True)
    assert found.columns["taken_at"] == kept


def test_coordinates_of_a_sidecar_get_their_names_and_hostile_ones_none() -> None:
    given = {"lat": 38.714, "lon": -9.139}
    found = join("a.jpg", given, ("lat", "lon"), {}, keep_location=True)
    assert (found.columns["place"], found.columns["country"]) == ("Lisbon", "Portugal")
    assert found.origins["place"] == "coordinates"
    assert found.place.startswith("Lisbon, ")
    for lat in (1e308, "38", True, None):
        assert "place" not in join("a.jpg", {"lat": lat, "lon": 0.5e9}, (), {}, keep_location=True).columns
