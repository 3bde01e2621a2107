"""Measures on drawings that are in no training: of things, emoji sets and renderers that were kept out of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from PIL.Image import Image

from benchmarks.tower.drawer import Drawer, lot, of_many_kinds, unseen, worn
from benchmarks.tower.figures import Figure, found, share
from benchmarks.tower.kinds import CANDIDATES, classify, is_right
from rag.ports import ImageTextEmbedder
from tools.vision_tower.drawing import Family

if TYPE_CHECKING:
    from rag.types import Vectors

SCENES = 100
ROUNDS = 10
CHARTS_OF_A_KIND = 20
THINGS_OF_A_FAMILY = 50
MOST_OF_A_KIND = 5
BATCH = 64

TOLD_ELSEWHERE: tuple[tuple[str, str], ...] = (
    ("orange", "oval"),  # 1
    ("orange", "cross"),  # 23
    ("yellow", "arrow"),  # 19
    ("green", "star"),  # 17
    ("green", "ring"),  # 20
    ("teal", "square"),  # 26
    ("teal", "heart"),  # 17
    ("blue", "triangle"),  # 225: population pyramids and blue warning signs
    ("blue", "crescent"),  # 11
    ("purple", "rectangle"),  # 105: boxes of box plots
    ("purple", "arrow"),  # 45
    ("pink", "circle"),  # 74
    ("pink", "star"),  # 5
    ("brown", "diamond"),  # 6
    ("brown", "cross"),  # 30
    ("white", "oval"),  # 3
    ("grey", "square"),  # 60
    ("grey", "triangle"),  # 110
)
"""Pairs of colour and shape in no scene of the shipped tower's training, but named together in that many of its 183,000
captions of icons, charts, pages, diagrams and maps (counted by `tools.vision_tower.unseen_pairs`), be it as 'a teal
family tree with squares'. Later trainings leave such drawings out."""


class Scenes(Protocol):
    """What is used here of `tools.vision_tower.scenes`."""

    def imagine_unseen(self, rng: Random) -> Any: ...

    def pairs(self, spec: Any) -> Iterable[tuple[str, str]]:
        """Of colour and shape, those of a scene."""

    def describe_fully(self, spec: Any) -> str: ...

    def draw(self, spec: Any, rng: Random) -> Image: ...


class Pictograms(Protocol):
    """What is used here of the pictograms; the style and the keywords were kept out of training."""

    def names(self) -> Sequence[tuple[str, str]]:
        """Emoji, and the Unicode name of each."""

    def keyword_queries(self) -> Sequence[tuple[str, Collection[str]]]:
        """Keywords, and the emoji that have each."""

    def draw_unseen_style(self, char: str, rng: Random) -> Image: ...

    def unseen_icons(self) -> Sequence[str]:
        """Names of icons in a set kept out of training; other sets have them too."""

    def draw_unseen_icon(self, name: str, rng: Random) -> Image: ...


def scenes_by_words(model: ImageTextEmbedder, scenes: Scenes, drawer: Drawer, rounds: int = ROUNDS) -> list[Figure]:
    """Each scene is asked for by a caption of its own, among 100 of colour-shape pairs that no scene of training shows.

    The second figure is of those questions whose pairs were told nowhere else either; the crowd is the same.
    """
    hits: list[bool] = []
    is_new: list[bool] = []
    for turn in range(rounds):
        told = _told_apart(scenes, lot(f"scenes/{turn}"), SCENES)
        images = [drawer(f"scenes/{turn}-{i}", scenes.draw, spec) for i, spec in enumerate(told.values())]
        scores = model.embed_texts(list(told)) @ model.embed_images(images).T
        hits += found(scores, np.eye(SCENES, dtype=bool), 1)
        is_new += [not any(pair in TOLD_ELSEWHERE for pair in scenes.pairs(spec)) for spec in told.values()]
    figures = [share(f"text to image among {SCENES} scenes, pairs that no trained scene shows, R@1", hits, 0.90)]
    if new := [hit for hit, is_one in zip(hits, is_new, strict=True) if is_one]:
        figures.append(share("  those whose pairs no other caption names", new))
    return figures


def _told_apart(scenes: Scenes, rng: Random, n: int) -> dict[str, Any]:
    """Caption to scene; no caption twice."""
    told: dict[str, Any] = {}
    while len(told) < n:
        spec = scenes.imagine_unseen(rng)
        told.setdefault(scenes.describe_fully(spec), spec)
    return told


def kinds_of_charts(
    model: ImageTextEmbedder,
    imagine: Callable[[Random, str], Any],
    draw: Callable[[Any, Random], Image],
    kinds: Collection[str],
    drawer: Drawer,
    each: int = CHARTS_OF_A_KIND,
) -> list[Figure]:
    """Zero-shot among all candidates, pages included; things and renderer are kept out of training. Then each kind."""
    truth, images = [], []
    for kind in sorted(kinds):
        specs = unseen(lambda rng, kind=kind: imagine(rng, kind), lot(f"kinds/{kind}"))  # type: ignore[misc]
        drawn = [drawer(f"kinds/{kind}-{i}", draw, spec) for i, spec in enumerate(islice(specs, each))]
        truth += [kind] * len(drawn)
        images += drawn
    hits = [is_right(guess, kind) for guess, kind in zip(classify(model, images), truth, strict=True)]
    return [
        share(f"kind of chart, {len(kinds)} kinds among {len(CANDIDATES)} names, unseen renderer", hits, 0.90),
        *_parts(hits, truth),
    ]


def pictograms_by_words(model: ImageTextEmbedder, pictograms: Pictograms, drawer: Drawer) -> list[Figure]:
    """By Unicode name, and by keyword: any pictogram that has the keyword is right."""
    emoji, names = zip(*pictograms.names(), strict=True)
    keywords, owners = zip(*pictograms.keyword_queries(), strict=True)
    vectors = _embed(model, (drawer(_file_name(char), pictograms.draw_unseen_style, char) for char in emoji))
    same_name = np.array([[name == other for other in names] for name in names])
    has_keyword = np.array([[char in having for char in emoji] for having in owners])
    by_name = found(model.embed_texts(names) @ vectors.T, same_name, 10)
    by_keyword = found(model.embed_texts(keywords) @ vectors.T, has_keyword, 10)
    return [
        share(f"pictograms by Unicode name, among {len(names)}, unseen set, R@10", by_name, 0.80),
        share("pictograms by keywords that no caption of training says, R@10", by_keyword, 0.50),
    ]


def icons_by_name(model: ImageTextEmbedder, pictograms: Pictograms, drawer: Drawer) -> Figure:
    """Icons of the set kept out of training."""
    names = pictograms.unseen_icons()
    vectors = _embed(model, (drawer(f"icons/{name}", pictograms.draw_unseen_icon, name) for name in names))
    hits = found(model.embed_texts(names) @ vectors.T, np.eye(len(names), dtype=bool), 10)
    return share(f"icons by name, among {len(names)}, unseen set, R@10", hits)


def _file_name(char: str) -> str:
    return "pictograms/" + "-".join(f"{ord(point):x}" for point in char)


def _embed(model: ImageTextEmbedder, images: Iterator[Image]) -> Vectors:
    """(n, dim). Thousands of pictures are not in memory at once."""
    batches = iter(lambda: list(islice(images, BATCH)), [])
    return np.concatenate([model.embed_images(batch) for batch in batches])


def redrawn(
    model: ImageTextEmbedder, families: Mapping[str, Family[Any]], drawer: Drawer, each: int = THINGS_OF_A_FAMILY
) -> list[Figure]:
    """A drawing is asked for by another one of the same thing, worn; the things of all families are one crowd.

    The things are new, their styles are not: both drawings are by the renderers, fonts and icon sets of training.
    Where things have a kind, at most five of each are in it: else most pages would be tables, which vary most.
    """
    owners, first, second = [], [], []
    for name, family in families.items():
        specs = of_many_kinds(unseen(family.imagine, lot(f"redrawn/{name}")), MOST_OF_A_KIND)
        for i, spec in enumerate(islice(specs, each)):
            owners.append(name)
            first.append(drawer(f"redrawn/{name}-{i}-a", family.draw, spec))
            again = drawer(f"redrawn/{name}-{i}-b", family.draw, spec)
            second.append(worn(again, lot(f"worn/{name}-{i}")))
    scores = model.embed_images(second) @ model.embed_images(first).T
    hits = found(scores, np.eye(len(owners), dtype=bool), 1)
    return [
        share(f"unseen things redrawn, seen styles, among {len(owners)}, image to image R@1", hits, 0.95),
        *_parts(hits, owners),
    ]


def _parts(hits: Sequence[bool], labels: Sequence[str]) -> list[Figure]:
    """The same hits by label, only told."""
    return [
        share(f"  {name}", [hit for hit, label in zip(hits, labels, strict=True) if label == name])
        for name in dict.fromkeys(labels)
    ]
