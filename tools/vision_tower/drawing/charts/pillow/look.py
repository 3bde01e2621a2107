"""House styles of charts, by lot: newspaper, spreadsheet, slide, dashboard, paper, statistics portal, plain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

from tools.vision_tower.drawing import colours, fonts
from tools.vision_tower.drawing.charts.spec import Chart, lighter
from tools.vision_tower.drawing.colours import RGB

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Look:
    """Lengths in pixels; `None` for a colour: not drawn."""

    width: int
    height: int
    text: Path
    strong: Path
    text_px: int
    title_px: int
    ink: RGB = (50, 50, 50)
    soft: RGB = (120, 120, 120)
    line: RGB = (215, 215, 215)
    back: RGB = WHITE
    plot_back: RGB | None = None
    border: RGB | None = None
    accent: RGB | None = None
    accent_at: str = "top"
    title_at: str = "left"
    subtitle: bool = False
    foot_lines: int = 0
    house_name: bool = False
    legend: str = "bottom"
    grid: str = "values"
    dotted: bool = False
    bands: bool = False
    frame: str = "corner"
    ticks: bool = True
    tick_px: int = 0
    values: bool = False
    axis_names: bool = False
    turn: int = 0
    bar_share: float = 0.65
    stroke: int = 2
    markers: str = ""
    dashes: bool = False
    outline: RGB | None = None
    rounded: bool = False
    hatched: bool = False
    shadow: bool = False
    solid: bool = False
    gaps: bool = False
    errors: bool = False
    seed: int = 0


@cache
def _paths(*parts: str) -> tuple[Path, ...]:
    bad = ("Italic", "Oblique", "Thin", "Light", "Mono", "It.", "Black", "Display", "Condensed-Thin")
    return tuple(
        path
        for path in fonts.plain_paths()
        if any(part in path.name for part in parts) and not any(part in path.name for part in bad)
    )


def pick(chart: Chart, rng: Random) -> Look:
    """A look for this chart; nothing dark or inked over that would hide one of its colours."""
    house = rng.choices(HOUSES, (5, 5, 2, 2, 3, 4, 3))[0]
    if house is _dashboard and {"black", "grey", "brown"} & set(chart.colours):
        house = _portal
    look = house(_plain_lot(chart, rng), rng)
    if chart.colours.count("black") and look.hatched:
        look = replace(look, hatched=False)
    if look.title_at == "none" or rng.random() < 0.08:
        look = replace(look, title_at="none", subtitle=False)
    words = look.title_px * 2 * (look.title_at != "none") + look.text_px * (1.5 * look.subtitle + look.foot_lines)
    return replace(look, height=min(640, round(look.height + words * rng.uniform(0.5, 1.0))))


def _size(chart: Chart, rng: Random) -> tuple[int, int]:
    area = rng.uniform(230, 480)
    shape = rng.choices((0.62, 0.85, 1.0, 1.33, 1.6, 2.0), (1, 1.5, 2, 5, 5, 2))[0] * rng.uniform(0.88, 1.14)
    n_rows = max(len(chart.categories), 1) * (len(chart.names) if "grouped" in chart.kind else 1)
    if "horizontal" in chart.kind or chart.kind == "dot plot":
        shape = min(shape, 1.9 if n_rows < 6 else 1.3) * (0.75 if n_rows > 8 else 1)
    elif chart.kind in ("pie chart", "donut chart", "gauge", "radar chart"):
        shape = rng.uniform(0.8, 1.7)
    return max(190, min(640, round(area * shape**0.5))), max(190, min(640, round(area / shape**0.5)))


def _plain_lot(chart: Chart, rng: Random) -> Look:
    width, height = _size(chart, rng)
    text_px = max(7, round((min(width, height) * (width * height) ** 0.5) ** 0.5 * rng.uniform(0.025, 0.045)))
    regular, bold = _paths("Regular", "Sans.ttf", "Medium", "Book", "-Roman"), _paths("Bold")
    text = rng.choice(regular or fonts.plain_paths())
    strong = next((path for path in bold if path.name.split("-")[0] == text.name.split("-")[0].split(".")[0]), text)
    grey = rng.randint(20, 90)
    return Look(
        width,
        height,
        text,
        rng.choice((strong, strong, text)),
        text_px,
        round(text_px * rng.uniform(1.2, 1.7)),
        ink=(grey, grey, grey),
        soft=(grey + 60,) * 3,
        line=(rng.randint(195, 235),) * 3,
        legend=rng.choice(("right", "bottom", "top", "inside", "right")),
        grid=rng.choice(("values", "values", "both", "")),
        frame=rng.choice(("corner", "base", "box", "none")),
        values=rng.random() < 0.3,
        axis_names=rng.random() < 0.4,
        turn=rng.choice((0, 0, 30, 45, 90)),
        bar_share=rng.uniform(0.4, 0.92),
        stroke=max(1, round((width * height) ** 0.5 * rng.uniform(0.004, 0.014))),
        markers=rng.choice(("", "", "circle", "square", "diamond", "hollow")),
        dashes=rng.random() < 0.12,
        outline=rng.choice((None, None, None, WHITE, (40, 40, 40))),
        gaps=rng.random() < 0.2,
        subtitle=rng.random() < 0.2,
        foot_lines=rng.choice((0, 0, 0, 1)),
        title_at=rng.choice(("left", "centre", "centre", "none")),
        seed=rng.getrandbits(30),
    )


def _newspaper(look: Look, rng: Random) -> Look:
    """Think tanks and papers: a bold title at the left, grey lines under it, numbers at the bars, no axis."""
    serif = _paths("Serif", "Caladea")
    strong = (
        rng.choice([path for path in serif if "Bold" in path.name] or [look.strong])
        if rng.random() < 0.6
        else look.strong
    )
    values = rng.random() < 0.75
    return replace(
        look,
        strong=strong,
        ink=(rng.randint(0, 40),) * 3,
        back=rng.choice((WHITE, WHITE, WHITE, (250, 246, 238), (240, 244, 246), (255, 241, 229))),
        accent=rng.choice((None, BLACK, (190, 190, 190), colours.tone(rng.choice(colours.CHROMATIC), rng))),
        accent_at=rng.choice(("top", "both", "tag", "bottom")),
        title_at="left",
        subtitle=rng.random() < 0.8,
        foot_lines=rng.choice((0, 1, 2, 3)),
        house_name=rng.random() < 0.6,
        legend=rng.choice(("top", "top", "ends", "ends", "right")),
        grid="" if values else rng.choice(("values", "")),
        frame=rng.choice(("none", "base", "base", "side")),
        ticks=not values,
        values=values,
        axis_names=False,
        turn=0,
        bar_share=rng.uniform(0.55, 0.85),
        outline=rng.choice((None, None, WHITE)),
        dotted=rng.random() < 0.4,
        gaps=rng.random() < 0.5,
    )


def _spreadsheet(look: Look, rng: Random) -> Look:
    """Office programs: centred title, legend beside or below, grey grid, often a border."""
    return replace(
        look,
        border=rng.choice((None, (190, 190, 190), (90, 90, 90))),
        plot_back=rng.choice((None, None, None, (192, 192, 192), (242, 242, 242))),
        title_at="centre",
        legend=rng.choice(("right", "bottom", "bottom")),
        grid=rng.choice(("values", "values", "both")),
        frame=rng.choice(("base", "corner", "box")),
        bar_share=rng.choice((0.4, 0.5, 0.65)),
        shadow=rng.random() < 0.08,
        solid=rng.random() < 0.12,
        subtitle=False,
    )


def _slide(look: Look, rng: Random) -> Look:
    """Big and colourful: large words, thick strokes, tinted ground."""
    return replace(
        look,
        strong=fonts.pick_path(rng, plain=False) if rng.random() < 0.4 else look.strong,
        text_px=round(look.text_px * 1.3),
        title_px=round(look.text_px * rng.uniform(1.8, 2.4)),
        back=rng.choice((WHITE, lighter(colours.tone(rng.choice(colours.CHROMATIC), rng), 0.88), (247, 243, 235))),
        ink=rng.choice(((30, 30, 30), colours.tone("blue", rng), colours.tone("purple", rng))),
        grid=rng.choice(("", "values")),
        frame=rng.choice(("none", "base")),
        stroke=look.stroke * 2,
        rounded=rng.random() < 0.5,
        shadow=rng.random() < 0.2,
        values=rng.random() < 0.6,
        ticks=rng.random() < 0.5,
        outline=rng.choice((None, WHITE)),
    )


def _dashboard(look: Look, rng: Random) -> Look:
    """Bright colours on a dark ground."""
    shade = rng.choice(((24, 27, 36), (16, 16, 18), (34, 40, 54), (13, 27, 42), (45, 45, 48)))
    return replace(
        look,
        back=shade,
        plot_back=rng.choice((None, lighter(shade, 0.06))),
        ink=(rng.randint(210, 250),) * 3,
        soft=(165, 168, 175),
        line=lighter(shade, rng.uniform(0.12, 0.28)),
        outline=rng.choice((None, None, shade)),
        rounded=rng.random() < 0.4,
        dotted=rng.random() < 0.4,
        frame=rng.choice(("none", "base", "corner")),
    )


def _paper(look: Look, rng: Random) -> Look:
    """Journals: a black frame with ticks inside, axis names, outlines, hatching."""
    return replace(
        look,
        text=rng.choice((*_paths("Serif", "Caladea"), look.text)),
        ink=BLACK,
        soft=(40, 40, 40),
        title_at=rng.choice(("centre", "none", "none")),
        legend=rng.choice(("inside", "inside", "right", "top")),
        grid=rng.choice(("", "", "both")),
        dotted=True,
        frame=rng.choice(("box", "box", "corner")),
        tick_px=rng.choice((-1, -1, 1)) * max(2, look.text_px // 3),
        axis_names=rng.random() < 0.8,
        outline=rng.choice((BLACK, BLACK, None)),
        hatched=rng.random() < 0.35,
        errors=rng.random() < 0.35,
        values=rng.random() < 0.1,
        subtitle=False,
        foot_lines=0,
        stroke=max(1, look.stroke // 2),
    )


def _portal(look: Look, rng: Random) -> Look:
    """Statistics portals: numbers over the bars, pale bands, a rotated axis name, a source at the foot."""
    return replace(
        look,
        bands=rng.random() < 0.6,
        dotted=rng.random() < 0.7,
        grid="values",
        frame="base",
        values=rng.random() < 0.8,
        axis_names=rng.random() < 0.85,
        title_at=rng.choice(("none", "left", "left", "centre")),
        legend=rng.choice(("bottom", "bottom", "top")),
        markers=rng.choice(("circle", "circle", "")),
        foot_lines=rng.choice((0, 1, 2)),
        gaps=False,
        turn=rng.choice((0, 45, 90)),
        plot_back=rng.choice((None, (250, 250, 250))),
    )


def _bare(look: Look, rng: Random) -> Look:
    """Left as the lot fell, with every word of the page taken away now and then."""
    words = rng.random() < 0.6
    return replace(look, title_at=look.title_at if words else "none", ticks=rng.random() < 0.8, foot_lines=0)


HOUSES: tuple[Callable[[Look, Random], Look], ...] = (
    _newspaper,
    _spreadsheet,
    _slide,
    _dashboard,
    _paper,
    _portal,
    _bare,
)
