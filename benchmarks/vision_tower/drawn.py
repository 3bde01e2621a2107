"""Measures on drawings that are in no training: of things, emoji sets and renderers that were kept out of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from PIL.Image import Image

from benchmarks.vision_tower.drawer import Drawer, lot, of_many_kinds, unseen, worn
from benchmarks.vision_tower.figures import Figure, found, share
from benchmarks.vision_tower.kinds import CANDIDATES, classify, is_right
from rag.ports import ImageTextEmbedder
from tools.vision_tower.drawing.family import Family

if TYPE_CHECKING:
    from rag.types import Vectors

SCENES = 100
ROUNDS = 10
CHARTS_OF_A_KIND = 20
THINGS_OF_A_FAMILY = 50
MOST_OF_A_KIND = 5
BATCH = 64


class Scenes(Protocol):
    """What is used here of `tools.vision_tower.drawing.scenes.family`."""

    def imagine_unseen(self, rng: Random) -> Any: ...

    def describe_fully(self, spec: Any) -> str: ...

    def draw(self, spec: Any, rng: Random) -> Image: ...


class Pictograms(Protocol):
    """What is used here of the pictograms; the style and the keywords were kept out of training."""

    def names(self) -> Sequence[tuple[str, str]]:
        """Emoji, and the Unicode name of each."""

    def keyword_queries(self) -> Sequence[tuple[str, Collection[str]]]:
        """Keywords, and the emoji that have each."""

    def told_keywords(self, char: str) -> Sequence[str]:
        """Those that captions of training use."""

    def draw_unseen_style(self, char: str, rng: Random) -> Image: ...

    def unseen_icons(self) -> Sequence[str]:
        """Names of icons in a set kept out of training; other sets have them too."""

    def draw_unseen_icon(self, name: str, rng: Random) -> Image: ...


def scenes_by_words(model: ImageTextEmbedder, scenes: Scenes, drawer: Drawer, rounds: int = ROUNDS) -> Figure:
    """Each scene is asked for by a caption of its own, among 100 of colour-shape pairs that training never named."""
    hits: list[bool] = []
    for turn in range(rounds):
        told = _told_apart(scenes, lot(f"scenes/{turn}"), SCENES)
        images = [drawer(f"scenes/{turn}-{i}", scenes.draw, spec) for i, spec in enumerate(told.values())]
        hits += found(model.embed_texts(list(told)) @ model.embed_images(images).T, np.eye(SCENES, dtype=bool), 1)
    return share(f"text to image among {SCENES} scenes, pairs that no caption of training names, R@1", hits, 0.90)


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
    named, asked = model.embed_texts(names), model.embed_texts(keywords)
    by_name = found(named @ vectors.T, same_name, 10)
    by_keyword = found(asked @ vectors.T, has_keyword, 10)
    on_its_name = found(asked @ named.T, has_keyword, 10)
    told = [model.embed_texts([name, *pictograms.told_keywords(char)]) for char, name in pictograms.names()]
    middle = np.stack([words.mean(axis=0) / np.linalg.norm(words.mean(axis=0)) for words in told])
    on_its_words = found(asked @ middle.T, has_keyword, 10)
    return [
        share(f"pictograms by Unicode name, among {len(names)}, unseen set, R@10", by_name, 0.80),
        share(f"pictograms by {len(keywords)} keywords that no caption of training says, R@10", by_keyword, 0.50),
        share("the same, were every picture's vector that of its name, R@10", on_its_name),
        share("the same, were it the mean of name and told keywords, R@10", on_its_words),
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
