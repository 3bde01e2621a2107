"""Names of kinds of pictures, as people say them, and zero-shot classification among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL.Image import Image

from rag.ports import ImageTextEmbedder
from tools.vision_tower.drawing.charts.spec import KINDS as CHART_KINDS

if TYPE_CHECKING:
    from rag.types import Vectors

PAGE_KINDS = (
    "table",
    "map",
    "flow chart",
    "tree diagram",
    "network diagram",
    "page of text",
    "form",
    "screenshot of an app",
    "icon",
)
"""Never the right answer for a chart, but always among the answers."""
CANDIDATES = (*CHART_KINDS, "diverging bar chart", *PAGE_KINDS)

WORDINGS = {
    "bar chart": ("vertical bar chart", "column chart", "bar chart with upright bars"),
    "grouped bar chart": ("grouped bar chart", "clustered column chart", "bar chart with bars side by side in groups"),
    "stacked bar chart": ("stacked bar chart", "stacked column chart"),
    "100% stacked bar chart": ("100% stacked bar chart", "100% stacked column chart"),
    "horizontal bar chart": ("horizontal bar chart", "bar chart with horizontal bars"),
    "grouped horizontal bar chart": ("grouped horizontal bar chart", "horizontal bar chart with pairs of bars"),
    "diverging bar chart": ("diverging bar chart", "bar chart with bars to the left and to the right of a middle line"),
    "line chart": ("line chart", "line graph"),
    "pie chart": ("pie chart", "pie diagram"),
    "donut chart": ("donut chart", "ring chart"),
    "scatter plot": ("scatter plot", "scatter diagram"),
    "box plot": ("box plot", "box-and-whisker plot"),
    "heat map": ("heat map", "matrix heatmap"),
    "radar chart": ("radar chart", "spider chart"),
    "map": ("map", "map with regions"),
    "screenshot of an app": ("screenshot of an app", "user interface"),
    "page of text": ("page of text", "text document"),
}
"""Where one name is not enough; the vectors of all are averaged."""
TEMPLATES = ("{}", "a {}", "a picture of a {}", "{} from a report")

ALSO_TRUE = {
    "100% stacked bar chart": "stacked bar chart",
    "100% stacked horizontal bar chart": "stacked horizontal bar chart",
    "stacked area chart": "area chart",
    "population pyramid": "diverging bar chart",
}
"""A second name that is as right for a kind. Broader names ("bar chart" for a stacked one) are not."""

SHAPES = {
    **dict.fromkeys(
        ("bar chart", "grouped bar chart", "stacked bar chart", "100% stacked bar chart"),
        "upright bars",
    ),
    **dict.fromkeys(
        (
            "horizontal bar chart",
            "grouped horizontal bar chart",
            "stacked horizontal bar chart",
            "100% stacked horizontal bar chart",
            "diverging bar chart",
            "population pyramid",
        ),
        "horizontal bars",
    ),
    "bubble chart": "scatter plot",
}
"""Coarse kinds; one that is not listed is its own, so that a donut is no pie and a histogram is no bar chart."""


def shape(kind: str) -> str:
    return SHAPES.get(kind, kind)


def is_right(guess: str, kind: str) -> bool:
    return guess in (kind, ALSO_TRUE.get(kind))


def classify(model: ImageTextEmbedder, images: Sequence[Image]) -> list[str]:
    """The candidate whose averaged wordings are nearest, for each picture."""
    scores = model.embed_images(images) @ _vectors(model).T
    return [CANDIDATES[best] for best in scores.argmax(axis=1)]


def wordings(kind: str) -> list[str]:
    texts = [template.format(name) for name in WORDINGS.get(kind, (kind,)) for template in TEMPLATES]
    return [text.replace("a area", "an area").replace("a icon", "an icon") for text in texts]


def _vectors(model: ImageTextEmbedder) -> Vectors:
    """(n_candidates, dim), rows L2-normalised."""
    rows = np.stack([model.embed_texts(wordings(kind)).mean(axis=0) for kind in CANDIDATES])
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
