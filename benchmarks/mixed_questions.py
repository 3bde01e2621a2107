"""What is asked of the mixed dump, and which of its files answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from benchmarks.mixed_dump import Thing
from benchmarks.vision_tower.drawer import lot
from tools.vision_tower.drawing.english import with_article

if TYPE_CHECKING:
    from benchmarks.vision_tower.drawn import Pictograms, Scenes
    from tools.vision_tower.drawing.charts.spec import Chart

BY_NAME, BY_KEYWORD = "pictograms, by name", "pictograms, by keyword"
BY_DESCRIPTION, BY_WORDS = "scenes, described", "charts, by their words"
BY_KIND = {"charts": "charts, by kind", "pages": "pages, by kind"}
BY_KIND |= dict.fromkeys(("diagrams", "maps"), "diagrams and maps, by kind")
BY_PEOPLE = "real charts, people's questions"
SAME_FAMILY = {"real charts": "charts"}
WORDINGS = ("{}", "a picture of {}")
MOST_LABELS = 4


@dataclass(frozen=True, slots=True)
class Question:
    """`answers` are names of files; one of them is as good as another.

    Questions of one group with the same `subject` are wordings of one question.
    """

    group: str
    text: str
    answers: frozenset[str]
    subject: str = ""


def questions(dump: Mapping[str, Thing], pictograms: Pictograms | None, scenes: Scenes) -> list[Question]:
    """Those about drawings, group by group."""
    described = [
        Question(BY_DESCRIPTION, scenes.describe_fully(thing.spec), frozenset({name}))
        for name, thing in dump.items()
        if thing.family == "scenes"
    ]
    named = _of_pictograms(dump, pictograms) if pictograms else ()
    return [*named, *described, *_of_kinds(dump), *_of_words(dump)]


def of_people(dump: Mapping[str, Thing], path: Path) -> list[Question]:
    """Args: path: of rows with `image` and `question`. Each is about one real chart."""
    names = {thing.spec: name for name, thing in dump.items() if thing.family == "real charts"}
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Question(BY_PEOPLE, row["question"], frozenset({names[PurePosixPath(row["image"]).name]})) for row in rows]


def _of_pictograms(dump: Mapping[str, Thing], pictograms: Pictograms) -> Iterator[Question]:
    """Every one by its name, and half as many keywords; keywords were kept out of training."""
    files = {thing.spec: name for name, thing in dump.items() if thing.family == "pictograms"}
    for char, called in pictograms.names():
        if char in files:
            yield Question(BY_NAME, f"a picture of {_one(called)}", frozenset({files[char]}))
    having = {word: frozenset(files[char] for char in chars if char in files)
              for word, chars in pictograms.keyword_queries()}  # fmt: skip
    words = [word for word, names in having.items() if names]
    for word in lot("mixed/keywords").sample(words, min(len(words), len(files) // 2)):
        yield Question(BY_KEYWORD, word, having[word])


def _of_kinds(dump: Mapping[str, Thing]) -> Iterator[Question]:
    """Every kind in the dump. Broader names are as right: a stacked bar chart is a bar chart, a street map is a map."""
    for family, group in BY_KIND.items():
        related = {
            name: thing.kinds for name, thing in dump.items() if SAME_FAMILY.get(thing.family, thing.family) == family
        }
        for kind in sorted({kind for name, kinds in related.items() for kind in kinds if dump[name].family == family}):
            answers = frozenset(name for name, kinds in related.items() if any(is_a(own, kind) for own in kinds))
            yield from (Question(group, wording.format(_one(kind)), answers, kind) for wording in WORDINGS)


def is_a(kind: str, other: str) -> bool:
    return kind == other or kind.endswith(f" {other}")


def _of_words(dump: Mapping[str, Thing]) -> Iterator[Question]:
    """A chart's title and labels: what OCR answers. A quarter has no title in the picture; then the labels must do."""
    told: dict[str, str] = {}
    for name, thing in dump.items():
        if thing.family == "charts" and len(labels := _labels(thing.spec)) > 1:
            told[name] = f"{thing.spec.title}: {', '.join(labels[:MOST_LABELS])}"
    for name in lot("mixed/words").sample(sorted(told), len(told) // 2):
        yield Question(BY_WORDS, told[name], frozenset({name}))


def _labels(chart: Chart) -> list[str]:
    """What stands beside its axes or in its legend, numbers left out."""
    return [label for label in (*chart.categories, *chart.names) if any(char.isalpha() for char in label)]


def _one(name: str) -> str:
    """'an area chart', 'a flag of France', 'cherries'."""
    name = name.replace("flag: ", "flag of ").replace(":", "")
    if name.endswith("s") and not name.endswith(("ss", "us")) and not name.startswith("flag"):
        return name
    return with_article(name)
