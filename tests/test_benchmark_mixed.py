"""The benchmark of mixed dumps, on a handful of drawings and with a tower that knows nothing."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from random import Random

import pytest
from embed.towers import save_tower
from PIL import Image

from benchmarks import mixed, mixed_questions
from benchmarks.mixed_dump import MOST_OF_A_KIND, Thing, drawings, real, written
from benchmarks.mixed_questions import BY_KEYWORD, BY_KIND, BY_NAME, Question, is_a, questions
from benchmarks.mixed_ranks import Found, measures, row, rows
from benchmarks.vision_tower.drawer import Drawer
from benchmarks.vision_tower.real import labelled
from rag.embed.minilm import MiniLM
from tools.vision_tower.drawing.family import held_out
from tools.vision_tower.drawing.scenes import family as scenes

ITEMS = 6
QUESTION = "How many pictures are there?"


class Symbols:
    """Twenty pictograms: flat tiles named by number; the keyword 'low' is that of the first ten."""

    def names(self) -> list[tuple[str, str]]:
        return [(chr(i), f"tile {i}") for i in range(20)]

    def keyword_queries(self) -> list[tuple[str, Collection[str]]]:
        return [("low", {chr(i) for i in range(10)}), ("nowhere", {"x"})]

    def draw_unseen_style(self, char: str, rng: Random) -> Image.Image:
        return Image.new("RGB", (32, 32), (12 * ord(char), 0, 0))


def thing(family: str, *kinds: str) -> Thing:
    return Thing(family, None, kinds, lambda path: None)


def found(fused: int | None) -> Found:
    return Found(fused, None, None, None)


@pytest.fixture(scope="module")
def drawn() -> list[Thing]:
    return drawings(Symbols(), ITEMS, Drawer())


def test_dump_has_every_family_and_little_of_a_kind(drawn):
    counts = {family: [one.kinds for one in drawn if one.family == family] for family in [one.family for one in drawn]}
    assert set(counts) == {"pictograms", "charts", "scenes", "pages", "diagrams", "maps"}
    assert all(0 < len(kinds) <= ITEMS for kinds in counts.values())
    assert max(counts["pages"].count(kinds) for kinds in counts["pages"]) <= MOST_OF_A_KIND


def test_things_drawn_were_kept_out_of_training(drawn):
    assert all(held_out(one.spec) for one in drawn if one.family not in ("pictograms", "scenes"))
    assert all({*scenes.pairs(one.spec)} <= {*scenes.HELD_OUT_PAIRS} for one in drawn if one.family == "scenes")


def test_dump_is_the_same_each_time_and_its_names_are_numbers(drawn, tmp_path):
    first = written(drawn, tmp_path / "first", Random(1))
    again = written(drawings(Symbols(), ITEMS, Drawer()), tmp_path / "again", Random(1))
    assert [(name, one.spec) for name, one in first.items()] == [(name, one.spec) for name, one in again.items()]
    assert all((tmp_path / "first" / n).read_bytes() == (tmp_path / "again" / n).read_bytes() for n in first)
    assert all(Path(name).stem.isdecimal() for name in first)
    assert [one.family for one in first.values()] != [one.family for one in drawn]


def test_every_question_has_an_answer_in_the_dump(drawn):
    dump = {f"{i}.png": one for i, one in enumerate(drawn)}
    asked = questions(dump, Symbols(), scenes)
    assert all(question.answers and question.answers <= set(dump) for question in asked)
    by_group = {question.group: question for question in asked}
    assert len(by_group) == 7
    assert by_group[BY_NAME].text.startswith("a picture of a tile ")
    n_low = sum(one.family == "pictograms" and ord(one.spec) < 10 for one in drawn)
    assert (by_group[BY_KEYWORD].text, len(by_group[BY_KEYWORD].answers)) == ("low", n_low)


def test_a_kind_is_asked_for_by_its_own_family_and_answered_by_real_charts_and_narrower_kinds_too():
    dump = {
        "1": thing("charts", "bar chart"),
        "2": thing("charts", "stacked bar chart"),
        "3": thing("real charts", "horizontal bar chart", "pie chart"),
        "4": thing("diagrams", "bar chart"),
    }
    answers = {q.text: q.answers for q in mixed_questions._of_kinds(dump) if q.group == BY_KIND["charts"]}
    assert answers["a bar chart"] == {"1", "2", "3"}
    assert answers["a picture of a stacked bar chart"] == {"2"}
    assert "a pie chart" not in answers
    subjects = [q.subject for q in mixed_questions._of_kinds(dump) if q.group == BY_KIND["charts"]]
    assert subjects == ["bar chart", "bar chart", "stacked bar chart", "stacked bar chart"]


def test_a_heat_map_is_a_map_by_name_only_and_a_minibar_chart_no_bar_chart():
    assert is_a("heat map", "map")
    assert not is_a("minibar chart", "bar chart")
    dump = {"1": thing("maps", "map"), "2": thing("charts", "heat map")}
    assert {q.answers for q in mixed_questions._of_kinds(dump) if q.text.endswith("a map")} == {frozenset({"1"})}


def test_ranks_become_recalls_and_a_mean_reciprocal():
    assert measures([1, 2, 10, None]) == pytest.approx((0.25, 0.5, 0.75, (1 + 0.5 + 0.1) / 4))


def test_a_gain_counts_only_beyond_its_margin():
    up, down = row("up", [[(None, 1)]] * 9 + [[(1, 1)]]), row("down", [[(1, 2)]] * 5)
    both_ways, deeper = row("both ways", [[(1, 2)], [(2, 1)], [(None, None)]]), row("deeper", [[(5, 4)]] * 5)
    assert (up.at_1.verdict, up.reciprocal.verdict) == ("above", "above")
    assert (down.at_1.verdict, down.reciprocal.verdict) == ("below", "below")
    assert (deeper.at_1.verdict, deeper.reciprocal.verdict) == ("no difference shown", "above")
    assert both_ways.reciprocal.verdict == row("one", [[(None, 1)]]).reciprocal.verdict == "no difference shown"


def test_wordings_of_one_question_are_averaged_and_count_once():
    asked = [Question("kinds", wording, frozenset(), subject) for subject in "ab" for wording in ("{}", "a {}")]
    (line,) = rows(asked, [found(None)] * 4, [found(1), found(2), found(1), found(None)], lambda one: one.fused)
    assert (line.n, line.with_[0], line.at_1.mean, line.at_1.margin) == (2, 0.5, 0.5, 0)
    assert line.reciprocal.mean == line.with_[-1] == pytest.approx((0.75 + 0.5) / 2)


def test_questions_of_all_groups_are_in_the_total():
    asked = [Question(group, "", frozenset()) for group in ("b", "a", "b")]
    table = rows(asked, [found(2), found(1), found(None)], [found(1)] * 3, lambda one: one.fused)
    assert [(line.group, line.n) for line in table] == [("b", 2), ("a", 1), ("total", 3)]
    assert (table[-1].without[-1], table[-1].with_[-1]) == (0.5, 1.0)


def test_labelled_pictures_of_a_folder_have_kinds(tmp_path):
    chart = labelled()[0]
    for name in (chart.name, "other.png"):
        Image.new("RGB", (9, 9)).save(tmp_path / name)
    assert {one.spec: one.kinds for one in real(tmp_path)} == {chart.name: chart.kinds, "other.png": ()}


def test_benchmark_ingests_twice_asks_and_prints_both_rankings(tmp_path, monkeypatch, capsys):
    (tmp_path / "real" / "images").mkdir(parents=True)
    Image.new("RGB", (64, 48), "green").save(tmp_path / "real" / "images" / "7.png")
    row_of_7 = json.dumps({"image": "images/7.png", "question": QUESTION})
    (tmp_path / "real" / "questions.jsonl").write_text(row_of_7 + "\n")
    tower = save_tower(tmp_path / "tower", locked_text=MiniLM().fingerprint, dim=MiniLM().dim)
    monkeypatch.setenv("RAG_OCR", "false")
    monkeypatch.setenv("RAG_STORE_URI", "http://127.0.0.1:9")  # the user's, which is left alone
    monkeypatch.setattr("tools.vision_tower.drawing.pictograms.family.Pictograms", lambda folder: Symbols())
    options = {"--real": "real", "--image-model": tower.name, "--cache": "cache", "--json": "figures.json"}
    paths = [part for option, name in options.items() for part in (option, str(tmp_path / name))]
    monkeypatch.delenv("RAG_OLLAMA_URL")
    monkeypatch.setattr("sys.argv", ["mixed", "--items", "2", *paths])
    mixed.main()
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert [line for line in printed.err.splitlines() if line.startswith("setting")] == [
        "setting ocr: False (environment)"
    ]
    assert [line for line in lines if line in ("fused", "reranked")] == ["fused", "reranked"]
    assert sum(line.startswith("real charts alone") for line in lines) == 2
    figures = json.loads((tmp_path / "figures.json").read_text())
    whole, alone = figures["asked"]
    assert all(found["fused"] is None for found in whole["without"])  # nothing is read, and nothing seen
    assert any(found["fused"] for found in whole["with_"])
    assert alone["with_"][0]["right"]["name"] == "0000.png"
    assert figures["tables"]["fused"][-1]["with_"] == [1.0, 1.0, 1.0, 1.0]
