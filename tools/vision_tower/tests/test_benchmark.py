"""The benchmark of the vision tower, by embedders that cheat, guess, or see nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import pytest
import torch
from PIL import Image

from benchmarks.vision_tower import __main__ as vision_tower
from benchmarks.vision_tower import real
from benchmarks.vision_tower.costs import size, speed
from benchmarks.vision_tower.drawer import Drawer, lot, unseen, worn
from benchmarks.vision_tower.drawn import (
    MOST_OF_A_KIND,
    icons_by_name,
    kinds_of_charts,
    pictograms_by_words,
    redrawn,
    scenes_by_words,
)
from benchmarks.vision_tower.figures import Figure, found, wilson
from benchmarks.vision_tower.kinds import CANDIDATES, SHAPES, WORDINGS, is_right, wordings
from tools.vision_tower.drawing.family import held_out

SIDE_PX = 24


class Cheat:
    """Reads a number off the first pixel of a picture, and knows which texts stand for which number."""

    fingerprint = "cheat@1"
    dim = 128

    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers

    def embed_images(self, images: Sequence[Image.Image]) -> np.ndarray:
        pixels = [image.resize((1, 1)).getpixel((0, 0)) for image in images]
        return self._one_hot([round(red / 4) * 64 + round(green / 4) for red, green, _ in pixels])

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        return self._one_hot([self._numbers[text] for text in texts])

    def _one_hot(self, numbers: Sequence[int]) -> np.ndarray:
        """Two one-hot halves of 64 and 64, so that 4,096 numbers are told apart."""
        rows = np.zeros((len(numbers), self.dim), np.float32)
        for row, number in zip(rows, numbers, strict=True):
            row[number // 64] = row[64 + number % 64] = 0.5**0.5
        return rows


class Guess:
    """Vectors that depend on what is shown or said, and mean nothing."""

    fingerprint = "guess@1"
    dim = 32

    def embed_images(self, images: Sequence[Image.Image]) -> np.ndarray:
        return self._vectors([image.tobytes() for image in images])

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        return self._vectors([text.encode() for text in texts])

    def _vectors(self, things: Sequence[bytes]) -> np.ndarray:
        seeds = [int.from_bytes(hashlib.sha256(thing).digest()[:8], "big") for thing in things]
        rows = np.stack([np.random.default_rng(seed).normal(size=self.dim) for seed in seeds]).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Blind(Guess):
    """Everything is the same."""

    def _vectors(self, things: Sequence[bytes]) -> np.ndarray:
        return np.ones((len(things), self.dim), np.float32) / self.dim**0.5


@dataclass(frozen=True)
class Tile:
    number: int
    kind: str = ""


def flat(number: int) -> Image.Image:
    return Image.new("RGB", (SIDE_PX, SIDE_PX), (number // 64 * 4, number % 64 * 4, 0))


class Tiles:
    """A family of flat tiles that stands for scenes, charts and pictograms alike."""

    def imagine(self, rng: Random) -> Tile:
        return Tile(rng.randrange(4096))

    imagine_unseen = imagine

    def draw(self, spec: Tile, rng: Random) -> Image.Image:
        return flat(spec.number)

    def describe(self, spec: Tile, rng: Random) -> str:
        return f"tile {spec.number}"

    def describe_fully(self, spec: Tile) -> str:
        return f"tile {spec.number}"

    def names(self) -> list[tuple[str, str]]:
        return [(chr(number), f"tile {number}") for number in range(100)]

    def draw_unseen_style(self, char: str, rng: Random) -> Image.Image:
        return flat(ord(char))

    def keyword_queries(self) -> list[tuple[str, set[str]]]:
        return [("tile 7", {chr(7), chr(8)}), ("tile 200", {chr(20), chr(30)})]

    def told_keywords(self, char: str) -> tuple[str, ...]:
        return ("tile 200",) if char == chr(20) else ()

    def unseen_icons(self) -> list[str]:
        return [f"tile {number}" for number in range(30)]

    def draw_unseen_icon(self, name: str, rng: Random) -> Image.Image:
        return flat(int(name.split()[1]))


KNOWS_TILES = Cheat({f"tile {number}": number for number in range(4096)})


def test_wilson_interval_is_that_of_the_textbook():
    assert wilson(9, 10) == pytest.approx((0.5958, 0.9821), abs=1e-4)


def test_a_tie_is_no_hit():
    scores = np.array([[1.0, 1.0], [1.0, 0.9]], np.float32)
    assert found(scores, np.array([[True, False], [True, False]]), 1) == [False, True]


def test_any_right_candidate_is_a_hit():
    scores = np.array([[0.1, 0.9, 0.5, 0.2]], np.float32)
    right = np.array([[True, False, False, True]])
    assert [found(scores, right, k) for k in (1, 2, 3)] == [[False], [False], [True]]


def test_a_figure_is_judged_by_its_bar():
    assert Figure("share", 0.9, 0.9, 10).is_met
    assert Figure("size", 12.5, 12.0, 1, unit="MB", fewer_is_better=True).is_met is False
    assert Figure("told", 0.1, None, 10).is_met is None
    assert Figure("size", 12.5, 12.0, 1, unit="MB", fewer_is_better=True).row().endswith("<= 12   MISSED")


def test_a_drawing_is_made_once_and_read_from_then_on(tmp_path):
    drawn = []

    def draw(spec: int, rng: Random) -> Image.Image:
        drawn.append(spec)
        return flat(rng.randrange(4096))

    first = Drawer(tmp_path)("part/1", draw, 1)
    again = Drawer(tmp_path)("part/1", draw, 1)
    assert (drawn, first.tobytes()) == ([1], again.tobytes())
    assert Drawer()("part/1", draw, 1).tobytes() == first.tobytes()
    assert Drawer()("part/2", draw, 1).tobytes() != first.tobytes()
    Drawer(tmp_path)("part/1", draw, 2)
    assert drawn == [1, 1, 1, 2], "another thing under the same name is drawn"
    assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} == {".png"}


def test_only_things_kept_out_of_training_are_unseen_and_none_comes_twice():
    tiles = list(unseen(Tiles().imagine, lot("test")))
    assert len(tiles) == len(set(tiles)) > 20
    assert all(held_out(tile) for tile in tiles)


def test_a_worn_picture_has_another_size_and_other_pixels():
    image = flat(70).resize((200, 100))
    first, again, other = (worn(image, lot(name)) for name in ("one", "one", "two"))
    assert first.tobytes() == again.tobytes()
    assert first.size != other.size


def test_scenes_are_all_found_by_one_who_sees_and_few_by_one_who_guesses():
    assert scenes_by_words(KNOWS_TILES, Tiles(), Drawer(), rounds=1).value == 1
    assert scenes_by_words(Guess(), Tiles(), Drawer(), rounds=3).value < 0.05
    assert scenes_by_words(Blind(), Tiles(), Drawer(), rounds=1).value == 0


def test_kinds_are_chosen_among_all_names():
    cheat = Cheat({text: CANDIDATES.index(kind) for kind in CANDIDATES for text in wordings(kind)})

    def imagine(rng: Random, kind: str) -> Tile:
        return Tile(rng.randrange(10**6), kind)

    def draw(spec: Tile, rng: Random) -> Image.Image:
        return flat(CANDIDATES.index(spec.kind))

    kinds = ("bar chart", "pie chart", "heat map")
    whole, *parts = kinds_of_charts(cheat, imagine, draw, kinds, Drawer(), each=5)
    assert (whole.value, whole.n, len(parts)) == (1, 15, 3)
    assert kinds_of_charts(Guess(), imagine, draw, kinds, Drawer(), each=5)[0].value < 0.5


def test_a_second_name_is_right_only_where_it_is_as_true():
    assert is_right("stacked bar chart", "100% stacked bar chart")
    assert not is_right("bar chart", "stacked bar chart")
    assert not is_right("100% stacked bar chart", "stacked bar chart")


def test_every_wording_and_shape_belongs_to_a_candidate():
    assert {*WORDINGS, *SHAPES} <= set(CANDIDATES)
    assert "an area chart" in wordings("area chart")


def test_pictograms_are_found_by_name_and_by_any_owner_of_a_keyword():
    by_name, by_keyword, on_name, on_words = pictograms_by_words(KNOWS_TILES, Tiles(), Drawer())
    assert (by_name.value, by_name.n) == (1, 100)
    assert (by_keyword.value, by_keyword.n) == (0.5, 2)
    assert (on_name.value, on_name.n, on_name.is_met) == (0.5, 2, None)
    assert (on_words.value, on_words.n, on_words.is_met) == (1, 2, None)


def test_icons_of_the_unseen_set_are_only_told():
    figure = icons_by_name(KNOWS_TILES, Tiles(), Drawer())
    assert (figure.value, figure.n, figure.is_met) == (1, 30, None)


def test_redrawn_things_are_found_among_those_of_all_families():
    whole, *parts = redrawn(Cheat({}), {"tiles": Tiles(), "more": Other()}, Drawer(), each=5)
    assert whole.n == 10
    assert [part.measure.strip() for part in parts] == ["tiles", "more"]
    assert redrawn(Blind(), {"tiles": Tiles()}, Drawer(), each=8)[0].value == 0


def test_no_kind_fills_the_crowd_of_redrawn_things():
    assert redrawn(Blind(), {"more": Other()}, Drawer(), each=20)[0].n == MOST_OF_A_KIND


class Other(Tiles):
    def imagine(self, rng: Random) -> Tile:
        return Tile(rng.randrange(4096), "other")


def test_sixty_charts_and_more_of_five_shapes_are_labelled_by_names_among_the_candidates():
    charts = real.labelled()
    assert {kind for chart in charts for kind in chart.kinds} <= set(CANDIDATES)
    assert {chart.shape for chart in charts} == {
        "upright bars",
        "horizontal bars",
        "line chart",
        "pie chart",
        "scatter plot",
    }
    assert len(charts) == len({chart.name for chart in charts}) >= 60
    assert len(real.balanced(charts)) >= 60


def test_no_constant_guess_comes_far_with_real_charts():
    charts = real.labelled()
    perfect, *_ = real.judged({chart: chart.kinds[0] for chart in charts})
    coarse, exact, *_ = real.judged(dict.fromkeys(charts, "horizontal bar chart"))
    constant = [real.judged(dict.fromkeys(charts, kind))[0].value for kind in CANDIDATES]
    assert perfect.value == 1
    assert max(constant) < 0.35
    assert ("coarse" in coarse.measure, "exact" in exact.measure) == (True, True)
    assert exact.n == coarse.n < len(charts)
    assert exact.value < coarse.value


def test_a_missing_real_chart_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=real.labelled()[0].name):
        real.real_charts(Guess(), tmp_path)


def test_speed_is_measured_on_one_thread_and_leaves_the_threads_as_they_were():
    seen = []

    class Watching(Guess):
        def embed_images(self, images: Sequence[Image.Image]) -> np.ndarray:
            seen.append(torch.get_num_threads())
            return super().embed_images(images)

    before = torch.get_num_threads()
    figure = speed(Watching(), [flat(number) for number in range(32)])
    assert (set(seen), torch.get_num_threads(), figure.n) == ({1}, before, 32)


def test_size_is_of_all_files(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(bytes(3_000_000))
    (tmp_path / "config.json").write_bytes(bytes(500_000))
    assert size(tmp_path).value == 3.5


def test_the_table_is_printed_and_written_and_real_charts_are_said_to_be_left_out(tmp_path, monkeypatch, capsys):
    rows = [Figure("seen", 0.95, 0.9, 20, (0.8, 0.99)), Figure("missed", 0.1, 0.5, 20)]
    monkeypatch.setattr(vision_tower, "load", lambda name: (Guess(), tmp_path))
    monkeypatch.setattr(vision_tower, "measures", lambda *_: [lambda: rows[:1], lambda: rows[1:]])
    monkeypatch.setattr("sys.argv", ["vision_tower", "--json", str(tmp_path / "figures.json")])
    vision_tower.main()
    printed = capsys.readouterr()
    assert [line.split()[-1] for line in printed.out.splitlines()] == ["met", "MISSED"]
    assert "left out, no --real FOLDER" in printed.err
    assert [row["value"] for row in json.loads((tmp_path / "figures.json").read_text())] == [0.95, 0.1]
