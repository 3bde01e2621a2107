"""A dump of pictures without captions, as people have them: symbols, drawings, charts, pages, diagrams and maps.

None was seen in training. Pictograms are by an emoji set and charts by a renderer that were kept out of it; the rest
are new things, drawn by the renderers of training. File names are numbers by lot, which say nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.vision_tower.drawer import Drawer, lot, of_many_kinds, unseen
from benchmarks.vision_tower.real import labelled

if TYPE_CHECKING:
    from benchmarks.vision_tower.drawn import Pictograms
    from tools.vision_tower.drawing.family import Family

MOST_OF_A_KIND = 8
TRIES = 4
"""Things looked at for each one taken: rare kinds are not waited for."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A picture of the dump, and what is known of it.

    Attributes:
        family: `pictograms`, `scenes`, `charts`, `pages`, `diagrams`, `maps` or `real charts`.
        spec: what it shows: an emoji, a spec of the family, or the file name of a real chart.
        kinds: all names of its kind, where it has one.
        save: writes the file.
    """

    family: str
    spec: Any
    kinds: tuple[str, ...]
    save: Callable[[Path], object]


def drawings(pictograms: Pictograms | None, items: int, drawer: Drawer) -> list[Thing]:
    """At most `items` of each family; no pictograms where none are given: they take a download and half an hour."""
    from tools.vision_tower.drawing.diagrams import family as diagrams
    from tools.vision_tower.drawing.maps import family as maps
    from tools.vision_tower.drawing.pages import family as pages
    from tools.vision_tower.drawing.scenes import family as scenes

    things = [*(_emoji(pictograms, items, drawer) if pictograms else ()), *_charts(items, drawer)]
    things += _drawn("scenes", scenes.draw, _scenes(items), drawer)
    families: dict[str, Family[Any]] = {"pages": pages, "diagrams": diagrams, "maps": maps}
    for name, family in families.items():
        specs = islice(unseen(family.imagine, lot(f"mixed/{name}")), TRIES * items)
        things += _drawn(name, family.draw, islice(of_many_kinds(specs, MOST_OF_A_KIND), items), drawer)
    return things


def real(folder: Path) -> list[Thing]:
    """The pictures of a folder; those that are labelled here have kinds."""
    kinds = {chart.name: chart.kinds for chart in labelled()}
    paths = sorted(folder.iterdir())
    return [Thing("real charts", path.name, kinds.get(path.name, ()), partial(shutil.copyfile, path)) for path in paths]


def written(things: Sequence[Thing], folder: Path, rng: Random) -> dict[str, Thing]:
    """The dump: file name to thing, in an order by lot."""
    folder.mkdir(parents=True)
    named = {f"{i:04}.png": thing for i, thing in enumerate(rng.sample(things, len(things)))}
    for name, thing in named.items():
        thing.save(folder / name)
    return named


def _emoji(pictograms: Pictograms, items: int, drawer: Drawer) -> list[Thing]:
    chosen = lot("mixed/pictograms").sample([char for char, _ in pictograms.names()], items)
    return _drawn("pictograms", pictograms.draw_unseen_style, chosen, drawer)


def _scenes(items: int) -> list[Any]:
    """All different in what they contain, so that no description is true of two."""
    from tools.vision_tower.drawing.scenes import family as scenes

    rng, chosen = lot("mixed/scenes"), {}
    while len(chosen) < items:
        scene = scenes.imagine_unseen(rng)
        chosen.setdefault(scenes.contents(scene), scene)
    return list(chosen.values())


def _charts(items: int, drawer: Drawer) -> list[Thing]:
    """Each kind as often as the others."""
    from tools.vision_tower.drawing.charts.imagine import imagine
    from tools.vision_tower.drawing.charts.vega import renderer as vega

    kinds, rng = sorted(vega.KINDS), lot("mixed/charts")
    specs = [next(unseen(partial(imagine, kind=kinds[i % len(kinds)]), rng)) for i in range(items)]
    return _drawn("charts", vega.draw, specs, drawer)


def _drawn(family: str, draw: Callable[..., Any], specs: Iterable[Any], drawer: Drawer) -> list[Thing]:
    def save(path: Path, *, name: str, spec: Any) -> None:
        drawer(name, draw, spec).save(path)

    return [
        Thing(family, spec, _kinds(spec), partial(save, name=f"mixed/{family}-{i}", spec=spec))
        for i, spec in enumerate(specs)
    ]


def _kinds(spec: Any) -> tuple[str, ...]:
    kind = getattr(spec, "kind", "")
    return (kind,) if kind else ()
