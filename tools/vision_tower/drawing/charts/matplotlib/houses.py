"""Habits of publishers: what a think tank, a yearbook, a spreadsheet or a scientific paper does to a chart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tools.vision_tower.drawing.charts.matplotlib.look import SANS, SERIF, Look, luminance
from tools.vision_tower.drawing.charts.spec import Chart

SHEETS = (
    "Solarize_Light2",
    "bmh",
    "classic",
    "default",
    "fivethirtyeight",
    "ggplot",
    "grayscale",
    "petroff10",
    "seaborn-v0_8",
    "seaborn-v0_8-dark",
    "seaborn-v0_8-darkgrid",
    "seaborn-v0_8-paper",
    "seaborn-v0_8-ticks",
    "seaborn-v0_8-white",
    "seaborn-v0_8-whitegrid",
    "tableau-colorblind10",
)


def _spines(*sides: str) -> dict[str, object]:
    return {f"axes.spines.{side}": side in sides for side in ("left", "bottom", "top", "right")}


def _no_ticks() -> dict[str, object]:
    return {"xtick.major.size": 0, "ytick.major.size": 0}


def _paper(page: str, plot: str, ink: str, grid: str) -> dict[str, object]:
    inks = dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color", "axes.edgecolor"), ink)
    return {"figure.facecolor": page, "axes.facecolor": plot, "grid.color": grid, **inks}


def script(look: Look, rng: Random) -> Look:
    """Somebody's script: a style sheet as it is."""
    return replace(look, sheet=rng.choice(SHEETS), grid=rng.choice(("none", "value", "both")))


def dark(look: Look, rng: Random) -> Look:
    """Dashboards at night."""
    page = rng.choice(("#000000", "#111217", "#1b1f2a", "#202124", "#0b1d33", "#2b2b2b", "#15202b"))
    plot = rng.choice((page, "#1f232b"))
    return replace(
        look,
        sheet="dark_background",
        rc={**_paper(page, plot, rng.choice(("#ffffff", "#c8ccd4")), "#3c414c"), **_spines("bottom")},
        grid=rng.choice(("none", "value", "both")),
    )


def think_tank(look: Look, rng: Random) -> Look:
    """A headline that says it all, figures at the marks, no axis, and long notes."""
    return replace(
        look,
        text_px=round(look.text_px * rng.uniform(1.0, 1.35)),
        rc={**_paper("white", "white", "#222222", "#dddddd"), **_no_ticks(), **_spines(*rng.choice(((), ("left",))))},
        title="left",
        title_font=rng.choice((*SANS, *SERIF)),
        title_bold=True,
        title_scale=rng.uniform(1.2, 1.7),
        subtitle=rng.random() < 0.85,
        notes=rng.randint(1, 4),
        logo=rng.random() < 0.85,
        rules=rng.choice(("both", "top", "none")),
        legend=rng.choice(("top", "direct", "direct")),
        value_axis=False,
        value_labels=True,
        bar_share=rng.uniform(0.6, 0.85),
    )


def portal(look: Look, rng: Random) -> Look:
    """Statistics portals: faint dotted lines, a number at each bar, the unit written upwards, small print below."""
    return replace(
        look,
        rc={
            **_paper("white", "white", "#444444", "#d5d5d5"),
            **_no_ticks(),
            **_spines("bottom"),
            "grid.linestyle": ":",
        },
        title=rng.choice(("none", "left", "left")),
        title_bold=rng.random() < 0.7,
        notes=rng.randint(1, 2),
        logo=rng.random() < 0.6,
        legend=rng.choice(("bottom", "bottom", "top")),
        grid="value",
        value_labels=True,
        bar_share=rng.uniform(0.45, 0.7),
    )


def almanac(look: Look, rng: Random) -> Look:
    """Official yearbooks: a tinted plot with white lines, the legend in a band above it."""
    page = rng.choice(("white", "white", "#f4f6f8"))
    plot = rng.choice(("#eaeaea", "#dfe9f1", "#f2f2ee", "#e6eef0"))
    return replace(
        look,
        rc={**_paper(page, plot, "#222222", "white"), **_no_ticks(), **_spines(), "grid.linewidth": 1.0},
        title=rng.choice(("left", "centre")),
        title_bold=True,
        subtitle=rng.random() < 0.6,
        notes=rng.randint(0, 3),
        rules=rng.choice(("none", "top", "band")),
        legend="top",
        grid=rng.choice(("value", "value", "both")),
        line_px=rng.uniform(1.5, 3),
    )


def weekly(look: Look, rng: Random) -> Look:
    """News magazines: tinted paper, a coloured tab in the corner, lines across and nothing else."""
    page = rng.choice(("white", "#d9e6ec", "#fff1e5", "#f3f0ea", "#eef3f5"))
    return replace(
        look,
        rc={**_paper(page, page, "#1a1a1a", "#b4bfc5"), **_no_ticks(), **_spines("bottom")},
        title="left",
        title_font=rng.choice((*SANS, *SERIF)),
        title_bold=True,
        subtitle=rng.random() < 0.8,
        notes=rng.randint(1, 2),
        rules=rng.choice(("tab", "tab", "top", "none")),
        legend=rng.choice(("direct", "top")),
        grid="value",
    )


def office(look: Look, rng: Random) -> Look:
    """Spreadsheets of every age: a frame, a centred title, the legend at the right or below."""
    old = rng.random() < 0.4
    plot = rng.choice(("#c0c0c0", "white")) if old else "white"
    ink, grid = ("black", "black") if old else ("#595959", "#d9d9d9")
    return replace(
        look,
        rc={
            **_paper("white", plot, ink, grid),
            **_spines(*(("left", "bottom", "top", "right") if old else ("bottom",))),
        },
        title="centre",
        title_bold=old,
        rules=rng.choice(("frame", "frame", "none", "none", "border")),
        legend=rng.choice(("right", "bottom", "top", "right")),
        grid=rng.choice(("value", "value", "none")),
        value_labels=rng.random() < 0.35,
        edge="black" if old else None,
        marker=rng.choice(("", "D", "s", "o", "^")),
    )


def journal(look: Look, rng: Random) -> Look:
    """Scientific papers: a full box, ticks inwards, serifs, the caption below, sometimes hatched for the copier."""
    ticks = {"xtick.direction": "in", "ytick.direction": "in", "xtick.top": True, "ytick.right": True}
    family = rng.choice((*SERIF, "DejaVu Sans"))
    return replace(
        look,
        rc={"font.family": family, **(ticks if rng.random() < 0.5 else {})},
        title=rng.choice(("none", "none", "below", "centre")),
        title_font=family,
        legend=rng.choice(("inside", "inside", "top", "right")),
        grid=rng.choice(("none", "none", "both")),
        edge="black" if rng.random() < 0.6 else None,
        hatch=rng.random() < 0.35,
        line_px=rng.uniform(0.8, 2),
        marker=rng.choice(("", "o", "s", "^", "x")),
    )


def card(look: Look, rng: Random) -> Look:
    """Dashboards and slides: soft greys, much air, thick marks."""
    page = rng.choice(("white", "#fafafa", "#f7f9fc", "#fffdf7"))
    return replace(
        look,
        rc={**_paper(page, page, rng.choice(("#5f6368", "#333f50", "#777777")), "#e8eaed"), **_no_ticks(), **_spines()},
        title=rng.choice(("left", "left", "none")),
        title_bold=rng.random() < 0.5,
        subtitle=rng.random() < 0.3,
        rules=rng.choice(("none", "frame")),
        grid=rng.choice(("value", "none")),
        value_axis=rng.random() < 0.6,
        value_labels=rng.random() < 0.6,
        line_px=rng.uniform(2, 4.5),
    )


def sketch(look: Look, rng: Random) -> Look:
    """Drawn by a shaky hand."""
    rc = {**_spines("left", "bottom"), "path.sketch": (rng.uniform(0.6, 1.4), rng.uniform(60, 120), 2.0)}
    return replace(look, rc=rc, edge="black", line_px=rng.uniform(1.8, 3))


HOUSES: dict[Callable[[Look, Random], Look], int] = {
    script: 20,
    dark: 6,
    think_tank: 22,
    portal: 9,
    almanac: 10,
    weekly: 9,
    office: 14,
    journal: 9,
    card: 9,
    sketch: 2,
}
"""How often each."""


def _page_size(chart: Chart, rng: Random) -> tuple[int, int]:
    """Wide for most, tall for long lists of rows."""
    width = rng.randint(240, 520)
    rows = len(chart.categories) * (len(chart.values) if chart.kind.startswith("grouped") else 1)
    lying = "horizontal" in chart.kind or chart.kind in {"dot plot", "funnel chart", "population pyramid"}
    aspect = rng.uniform(0.55, 1.5) if lying and rows > 4 else rng.triangular(0.7, 2.3, 1.35)
    return width, min(640, max(190, round(width / aspect)))


def pick(chart: Chart, tones: list[str], rng: Random) -> Look:
    """A look in which every tone stands out from the paper."""
    size = _page_size(chart, rng)
    family = rng.choice(SANS) if rng.random() < 0.8 else rng.choice(SERIF)
    plain = Look(
        size=size,
        text_px=max(7, round((size[0] * size[1]) ** 0.5 * rng.uniform(0.025, 0.04))),
        title_font=family,
        title=rng.choice(("centre", "centre", "left", "none", "below")),
        title_bold=rng.random() < 0.3,
        title_scale=rng.uniform(1.0, 1.6),
        notes=rng.random() < 0.15,
        legend=rng.choice(("inside", "right", "top", "bottom")),
        value_labels=rng.random() < 0.2,
        bar_share=rng.uniform(0.45, 0.92),
        edge=rng.choice((None, None, "black", "white")),
        hatch=rng.random() < 0.04,
        line_px=rng.uniform(1, 3.2),
        marker=rng.choice(("", "", "o", "o", "s", "^", "D")),
    )
    house = rng.choices(list(HOUSES), list(HOUSES.values()))[0]
    if house is dark and min(map(luminance, tones)) < 0.3:
        house = card
    look = house(plain, rng)
    sizes = dict.fromkeys(("font.size", "xtick.labelsize", "ytick.labelsize"), look.text_px)
    fixed = {"text.parse_math": False, "text.hinting": "none"}
    words = look.notes + look.subtitle + look.logo + (look.title != "none")
    taller = size[0], min(860, size[1] + round(words * look.text_px * rng.uniform(0.8, 2.0)))
    return replace(look, size=taller, rc={"font.family": family, **look.rc, **sizes, **fixed})
