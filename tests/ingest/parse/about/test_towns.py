"""Coordinates to places."""

from __future__ import annotations

import pytest

from ingest.parse.about.towns import Place, place_at


@pytest.mark.parametrize(
    ("at", "place"),
    [
        ((38.714, -9.139), Place("Lisbon", "Lisbon", "Portugal")),
        ((38.70, -9.42), Place("Cascais", "Lisbon", "Portugal")),
        ((46.0207, 7.7491), Place("Zermatt", "Valais", "Switzerland")),
        ((-33.86, 151.21), Place("Sydney", "New South Wales", "Australia")),
        ((-16.5, 179.99), Place("", "", "Fiji")),
        ((0.0, -30.0), None),
        ((90.0, 0.0), None),
    ],
)
def test_a_place_is_a_town_near_by_or_a_country_or_nothing(at: tuple[float, float], place: Place | None) -> None:
    assert place_at(*at) == place


def test_the_date_line_is_no_border() -> None:
    east, west = place_at(-16.8, 179.9999), place_at(-16.8, -179.9999)
    assert east == west
    assert east is not None
