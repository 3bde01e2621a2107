"""Diagrams and maps of the vision tower's drawings."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random
from types import ModuleType

import pytest

from tools.vision_tower.drawing.diagrams import family as diagrams
from tools.vision_tower.drawing.drafting.kinds import Diagram
from tools.vision_tower.drawing.maps import family as maps

FAMILIES = pytest.mark.parametrize("family", [diagrams, maps], ids=["diagrams", "maps"])


def one_of_each(family: ModuleType) -> list[Diagram]:
    found: dict[str, Diagram] = {}
    rng = Random(1)
    for _ in range(4000):
        spec = family.imagine(rng)
        found.setdefault(spec.kind, spec)
    return [found[kind] for kind in family.KINDS]


def captions(family: ModuleType, spec: Diagram, n_captions: int = 200) -> list[str]:
    rng = Random(5)
    return [family.describe(spec, rng) for _ in range(n_captions)]


@FAMILIES
def test_every_kind_is_imagined_and_drawn_in_bounds(family):
    for spec in one_of_each(family):
        image = family.draw(spec, Random(2))
        assert image.mode == "RGB"
        assert all(160 <= side <= 900 for side in image.size), spec.kind
        assert len(image.getcolors(1 << 20)) > 1, f"{spec.kind} is blank"


@FAMILIES
def test_one_seed_gives_the_same_pixels_and_another_one_a_redrawing(family):
    for spec in one_of_each(family):
        first, again, other = (family.draw(spec, Random(seed)) for seed in (3, 3, 4))
        assert first.tobytes() == again.tobytes(), spec.kind
        assert first.tobytes() != other.tobytes(), spec.kind


@FAMILIES
def test_every_form_and_palette_can_be_drawn(family):
    rng = Random(8)
    for spec in {
        (s.kind, s.form, s.colour in ("many", "none", "own"), s.count): s
        for s in (family.imagine(rng) for _ in range(700))
    }.values():
        family.draw(spec, rng)


@FAMILIES
def test_a_kind_has_at_least_twenty_wordings(family):
    for spec in one_of_each(family):
        assert len(set(captions(family, spec))) >= 20, spec.kind


def test_captions_tell_the_count_and_no_other():
    spec = replace(next(s for s in one_of_each(diagrams) if s.kind == "pyramid diagram"), count=5)
    text = " ".join(captions(diagrams, spec))
    assert " five " in text
    assert not any(f" {number} " in text for number in ("two", "three", "four", "six", "seven", "4", "6"))


def test_captions_tell_only_the_colour_that_is_drawn():
    spec = replace(next(s for s in one_of_each(maps) if s.kind == "choropleth map"), colour="green", topic="")
    text = " ".join(captions(maps, spec))
    assert "green" in text
    assert not re.search(r"\b(red|blue|purple|orange|brown|colourful|black and white)\b", text)


def test_more_than_seven_are_not_counted():
    spec = replace(next(s for s in one_of_each(diagrams) if s.kind == "Gantt chart"), count=9)
    assert not any("nine" in text or "9" in text for text in captions(diagrams, spec))


def test_the_plan_and_not_the_style_decides_where_land_is():
    spec = replace(next(s for s in one_of_each(maps) if s.kind == "map"), form="island", topic="")
    assert repr(spec) != repr(replace(spec, plan=spec.plan + 1))
    assert maps.draw(spec, Random(1)).tobytes() != maps.draw(replace(spec, plan=spec.plan + 1), Random(1)).tobytes()
