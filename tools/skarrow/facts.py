"""Numbers that more than one picture or text tells, so that they agree."""

from __future__ import annotations

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PASSENGERS_2023 = (1100, 1400, 2300, 4000, 5800, 7900, 11200, 12600, 7100, 4400, 1900, 1600)
"""61,300 in all; August is the busiest month."""

ROPE_WEAR = ((2012, 0), (2014, 1), (2016, 2), (2018, 4), (2020, 5), (2022, 7), (2024, 9))
"""(year, broken wires in the worst metre) of the rope laid in 2011."""
ROPE_DISCARD_LIMIT = 12

PUMP_POWER_2023 = (("Solar roof", 64), ("Island grid", 27), ("Wind turbine", 9))
"""Per cent of the energy that lifts the water back up."""

ICE_CREAMS_2022 = (("Beacon terrace", 67), ("Harbour kiosk", 41), ("Widow's Steps", 18), ("Halfway loop", 3))
"""Ice creams taken by gulls, by place."""

BRAKE_TESTS = ((0, 1.16), (4, 1.25), (8, 1.41), (12, 1.52), (16, 1.66), (20, 1.78), (24, 1.91))
"""(passengers aboard, stopping distance in metres); the limit is 2.5 m."""
BRAKE_LIMIT_M = 2.5

PROFILE = ((0, 4), (40, 20), (80, 42), (106, 63), (140, 86), (165, 103), (190, 115), (212, 122))
"""(metres along the line, metres above the sea): Harbour, Halfway and Beacon are at 0, 106 and 212."""

BELL_CODES = (
    ("1", "Stop"),
    ("2", "Ready: start the car"),
    ("3", "Slow, wind rising"),
    ("2 - 1", "Goat on the line"),
    ("5", "Emergency: both brakes"),
)

FARES = (
    ("Up", "2.40"),
    ("Down", "1.80"),
    ("Return", "3.60"),
    ("Dog", "0.50"),
    ("Goat", "1.00"),
    ("Bicycle", "free"),
)
"""In crowns."""
