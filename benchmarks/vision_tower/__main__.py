"""Does the vision tower see? Its figures on drawings that training never saw.

What is unseen differs. Scenes and what is redrawn are new things by the renderers of training. Kinds of charts are by
a renderer that was kept out of it, pictograms by an emoji set that was; real charts come from elsewhere altogether.

    python -m benchmarks.vision_tower [--model FOLDER] [--real FOLDER] [--cache DIR] [--json FILE]

FOLDER of `--real` holds the pictures that `real_charts.json` beside this labels; without it real charts are left out.
The drawings are kept in `--cache`, so that a second model is measured on the same ones, and sooner.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import cast

from benchmarks.vision_tower.costs import size, speed
from benchmarks.vision_tower.drawer import Drawer, lot
from benchmarks.vision_tower.drawn import (
    Pictograms,
    icons_by_name,
    kinds_of_charts,
    pictograms_by_words,
    redrawn,
    scenes_by_words,
)
from benchmarks.vision_tower.figures import Figure
from benchmarks.vision_tower.real import real_charts
from rag.embed import make_image_embedder, make_text_embedder
from rag.embed.tower import FOLDER
from rag.ports import ImageTextEmbedder
from tools.vision_tower.drawing.provenance import CACHE

TIMED = 160


def main() -> None:
    arguments = _arguments()
    figures: list[Figure] = []
    for measure in measures(*load(arguments.model), arguments.real, arguments.cache):
        for figure in measure():
            figures.append(figure)
            print(figure.row(), flush=True)
    if not arguments.real:
        print("real charts: left out, no --real FOLDER", file=sys.stderr)
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n", encoding="utf-8")


def load(name: str) -> tuple[ImageTextEmbedder, Path]:
    """The model that is measured, and its folder."""
    model = make_image_embedder(name, lambda: make_text_embedder("minilm"))
    if model is None:
        raise SystemExit("--model is empty: nothing to measure")
    return model, FOLDER if name == "tower" else Path(name)


def measures(
    model: ImageTextEmbedder, folder: Path, real: Path | None, cache: Path
) -> Sequence[Callable[[], Sequence[Figure]]]:
    """All of them, in the order of the table. Renderers are imported here: '--help' needs none."""
    from tools.vision_tower.drawing.charts import family as charts
    from tools.vision_tower.drawing.charts.vega import renderer as vega
    from tools.vision_tower.drawing.families import SHARES, open_family
    from tools.vision_tower.drawing.scenes import family as scenes

    drawer = Drawer(cache / "benchmark")
    families = {name: open_family(name, cache / "downloads") for name in SHARES}
    pictograms = cast("Pictograms", families["pictograms"])
    timed = [drawer(f"timed/{i}", charts.draw, charts.imagine(lot(f"timed/{i}"))) for i in range(TIMED)]
    return [
        lambda: [scenes_by_words(model, scenes, drawer)],
        lambda: kinds_of_charts(model, charts.imagine, vega.draw, vega.KINDS, drawer),
        lambda: [*pictograms_by_words(model, pictograms, drawer), icons_by_name(model, pictograms, drawer)],
        lambda: redrawn(model, families, drawer),
        *([lambda: real_charts(model, real)] if real else []),
        lambda: [speed(model, timed), size(folder)],
    ]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.vision_tower", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--model", default="tower", help="folder of a tower or CLIP-class model (default: the shipped tower)"
    )
    parser.add_argument("--real", type=Path, help="folder of the real charts that are labelled here")
    parser.add_argument("--cache", type=Path, default=CACHE, help="keep downloads and drawings here")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
