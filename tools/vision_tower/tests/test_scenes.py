import os
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations
from random import Random

import pytest

from tools.vision_tower.drawing import colours
from tools.vision_tower.drawing.scenes import family as scenes
from tools.vision_tower.drawing.scenes.layout import spots
from tools.vision_tower.drawing.scenes.shapes import contours
from tools.vision_tower.drawing.scenes.spec import SEEN_PAIRS, SHAPES, Group, Pattern, Scene, Thing
from tools.vision_tower.drawing.scenes.tones import backdrop_for, distance, tones_apart

RED_CIRCLE, BLUE_SQUARE = Thing("red", "circle"), Thing("blue", "square")
SIDE_BY_SIDE = Scene("left of", (Group(RED_CIRCLE), Group(BLUE_SQUARE)))


@pytest.fixture(scope="module")
def many() -> list[Scene | Pattern]:
    return [scenes.imagine(Random(seed)) for seed in range(3000)]


@pytest.fixture(scope="module")
def unseen() -> list[Scene]:
    return [scenes.imagine_unseen(Random(seed)) for seed in range(1000)]


def test_each_colour_has_two_held_out_shapes_and_each_shape_one_or_two_held_out_colours():
    assert len(scenes.HELD_OUT_PAIRS) == 24
    assert set(Counter(colour for colour, _ in scenes.HELD_OUT_PAIRS).items()) == {(c, 2) for c in colours.NAMES}
    per_shape = Counter(shape for _, shape in scenes.HELD_OUT_PAIRS)
    assert set(per_shape) == set(SHAPES)
    assert max(per_shape.values()) == 2


def test_training_scenes_show_all_other_pairs_and_no_held_out_one(many):
    shown = {pair for spec in many for pair in scenes.pairs(spec)}
    assert shown == set(SEEN_PAIRS)
    assert not shown & set(scenes.HELD_OUT_PAIRS)


def test_unseen_scenes_show_all_held_out_pairs_and_nothing_else(unseen):
    assert {pair for spec in unseen for pair in scenes.pairs(spec)} == set(scenes.HELD_OUT_PAIRS)


def test_all_layouts_patterns_fills_and_backgrounds_are_reachable(many):
    drawn = [spec for spec in many if isinstance(spec, Scene)]
    layouts = "alone/left of/above/inside/overlapping/bigger than/row/column/grid/circle/scattered"
    assert {scene.layout for scene in drawn} == set(layouts.split("/"))
    assert {spec.kind for spec in many if isinstance(spec, Pattern)} == set(
        "checkerboard stripes dots gradient plain".split()
    )
    assert {group.thing.fill for scene in drawn for group in scene.groups} == {"solid", "outlined", "striped", "dotted"}
    assert {group.count for scene in drawn for group in scene.groups} == set(range(1, 10))
    assert {scene.background for scene in drawn} == {"", *colours.NAMES}


def test_the_same_seed_draws_the_same_pixels_in_every_process():
    code = (
        "from random import Random; from hashlib import sha256\n"
        "from tools.vision_tower.drawing.scenes import family as s\n"
        "digest = sha256()\n"
        "for spec in [s.imagine(Random(k)) for k in range(25)]:\n"
        "    digest.update(s.draw(spec, Random(1)).tobytes() + s.describe(spec, Random(2)).encode())\n"
        "print(digest.hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        for seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout


@pytest.mark.parametrize("seed", range(60))
def test_two_drawings_of_a_scene_differ_and_are_of_natural_size(seed):
    spec = scenes.imagine(Random(seed))
    one, other = scenes.draw(spec, Random(1)), scenes.draw(spec, Random(2))
    assert one.mode == "RGB"
    assert all(200 <= side <= 440 for side in (*one.size, *other.size))
    assert one.tobytes() != other.tobytes()
    assert one.getcolors(1) is None or isinstance(spec, Pattern)


@pytest.mark.parametrize(("width", "height"), [(320, 240), (240, 320)])
def test_things_are_as_many_as_told_within_the_picture_and_apart(width, height, many):
    for k, scene in enumerate([spec for spec in many if isinstance(spec, Scene)][:600]):
        placed = spots(scene, width, height, Random(k))
        assert Counter(spot.thing for spot in placed) == Counter(
            group.thing for group in scene.groups for _ in range(group.count)
        )
        for spot in placed:
            assert min(spot.x, spot.y, width - spot.x, height - spot.y) >= spot.reach
        if scene.layout not in {"inside", "overlapping", "circle"}:
            for a, b in combinations(placed, 2):
                assert max(abs(a.x - b.x), abs(a.y - b.y)) >= a.reach + b.reach


@pytest.mark.parametrize("seed", range(50))
def test_relations_hold_in_the_layout(seed):
    groups = Group(RED_CIRCLE), Group(BLUE_SQUARE)
    for layout in ("left of", "above", "bigger than", "inside", "overlapping"):
        placed = {spot.thing: spot for spot in spots(Scene(layout, groups), 300, 240, Random(seed))}
        circle, square = placed[RED_CIRCLE], placed[BLUE_SQUARE]
        apart = max(abs(circle.x - square.x), abs(circle.y - square.y))
        assert {
            "left of": circle.x + circle.reach <= square.x - square.reach,
            "above": circle.y + circle.reach <= square.y - square.reach,
            "bigger than": circle.reach >= 1.9 * square.reach,
            "inside": apart + circle.reach < square.reach,
            "overlapping": apart < circle.reach + square.reach,
        }[layout]


def test_an_arrow_points_where_it_is_told():
    tip, n_corners = 3, 7
    for direction, axis, sign in (("left", 0, -1), ("right", 0, 1), ("up", 1, -1), ("down", 1, 1)):
        for seed in range(20):
            (line,) = contours(Thing("blue", "arrow", direction=direction), Random(seed))
            assert len(line) == n_corners
            assert (sign * line[:, axis]).argmax() == tip


@pytest.mark.parametrize("shape", SHAPES)
def test_outlines_fill_the_square_from_minus_one_to_one(shape):
    for seed in range(20):
        outer = contours(Thing("red", shape, direction="up" if shape == "arrow" else ""), Random(seed), wobble=0.02)[0]
        assert abs(outer).max() == pytest.approx(1)
        assert outer.min(axis=0) == pytest.approx(-outer.max(axis=0))


@pytest.mark.parametrize("name", colours.NAMES)
def test_backdrops_stand_out_from_every_colour(name):
    for seed in range(30):
        tones = tones_apart([name, "grey" if name != "grey" else "black"], Random(seed))
        assert min(distance(backdrop_for(list(tones.values()), Random(seed)), tone) for tone in tones.values()) > 120


def test_a_relation_is_told_from_both_sides_in_twenty_ways_and_never_the_wrong_way_round():
    said = {scenes.describe(SIDE_BY_SIDE, Random(seed)) for seed in range(500)}
    assert len(said) > 20
    assert any("blue square to the right of a red circle" in words for words in said)
    wrong = re.compile(r"square( to the)? left of|(circle|disc|shape)( to the)? right of")
    assert not [words for words in said if wrong.search(words)]


def test_the_full_caption_is_one_and_tells_everything(many):
    assert scenes.describe_fully(SIDE_BY_SIDE) == "a red circle to the left of a blue square"
    striped = Scene("alone", (Group(Thing("orange", "arrow", "striped", "big", "up")),), "grey", "top left")
    assert scenes.describe_fully(striped) == (
        "a big striped orange arrow pointing up in the top left corner on a grey background"
    )
    grid = Scene("grid", (Group(Thing("green", "cross", "outlined"), 4),))
    assert scenes.describe_fully(grid) == "four outlined green crosses in a grid"
    for spec in many:
        words = scenes.describe_fully(spec)
        assert all(colour in words for colour, _ in scenes.pairs(spec))
        assert isinstance(spec, Pattern) or all(shape in words for _, shape in scenes.pairs(spec))


def test_scenes_that_differ_in_contents_differ_in_their_full_captions(unseen):
    by_caption = {scenes.describe_fully(scene): scenes.contents(scene) for scene in unseen}
    assert all(by_caption[scenes.describe_fully(scene)] == scenes.contents(scene) for scene in unseen)


def test_captions_name_all_colours_four_times_in_five(many):
    named = {"grey": "gray", "purple": "violet", "teal": "blue-green"}
    drawn = [spec for spec in many if isinstance(spec, Scene)]
    full = 0
    for k, scene in enumerate(drawn):
        words = scenes.describe(scene, Random(k))
        seen = [colour in words or named.get(colour, colour) in words for colour, _ in scenes.pairs(scene)]
        full += all(seen)
        assert not re.search(r"\ba [aeiou]|[{}]|  ", words)
    assert 0.78 < full / len(drawn) < 0.92
