"""Axes for matplotlib charts: few round ticks set by hand, which is both how reports print them and fast."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.axis import Axis

from tools.vision_tower.drawing.charts.matplotlib.look import luminance
from tools.vision_tower.drawing.charts.matplotlib.page import GLYPH, Page


def figure_text(value: float, unit: str = "") -> str:
    """A number as charts print it: thousands apart, few digits."""
    digits = 0 if abs(value) >= 20 or float(value).is_integer() else 1 if abs(value) >= 1 else 2
    return f"{value:,.{digits}f}{'%' if unit == '%' else ''}"


def round_steps(low: float, high: float, n: int) -> list[float]:
    """About `n` round numbers, the first not above `low` and the last not below `high`."""
    span = (high - low) or abs(high) or 1.0
    power = 10 ** math.floor(math.log10(span / n))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10, 20) if span / (power * factor) <= n)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(nth * step, 10) for nth in range(first, max(last, first + 1) + 1)]


def on(tone: str) -> str:
    """A colour for words that stand on that one."""
    return "#222222" if luminance(tone) > 0.58 else "white"


def value_ticks(page: Page, low: float, high: float, most: int = 7) -> tuple[list[float], list[str]]:
    """Places and words of 2 to `most` ticks or so."""
    steps = round_steps(low, high, min(page.rng.randint(3, 7), most))
    unit = page.chart.unit if page.rng.random() < 0.6 else ""
    return steps, [figure_text(step, unit) for step in steps]


def label_px(page: Page, labels: Sequence[str]) -> float:
    """Room for the longest of them."""
    return (max(map(len, labels), default=0) * GLYPH + 0.6) * page.look.text_px


def upright(page: Page, low: float, high: float, labels: Sequence[str], *, at_centres: bool = True) -> Axes:
    """Axes with values upwards from `low` to `high` and categories 0, 1, 2, ... along the bottom.

    Args:
        page: gives up the rest of its room.
        low: smallest value to be seen.
        high: largest value to be seen.
        labels: one a category; some are left out, broken or turned where they would touch.
        at_centres: a category takes a width of 1 about its number, as bars do; else the first and the last are at the
            sides, as in many line charts.
    """
    ticks, words = value_ticks(page, low, high)
    left = label_px(page, words) if page.look.value_axis else 0
    named = page.look.value_axis and page.chart.unit not in {"", "%"} and page.rng.random() < 0.6
    left += page.look.text_px * 1.4 * named
    slot = (page.right - page.left - left) / max(1, len(labels))
    shown, turn, bottom = _fitted(page, labels, slot)
    if turn:
        left = max(left, len(labels[0]) * GLYPH * page.look.text_px * math.cos(math.radians(turn)) - slot / 2)
    axes = page.axes(left, bottom)
    if named:
        axes.set_ylabel(page.chart.unit, fontsize=page.look.text_px, labelpad=2)
    n = len(labels)
    axes.set_xlim(*((-0.5, n - 0.5) if at_centres else (0, max(1, n - 1))))
    places = [place for place, label in enumerate(shown) if label]
    axes.set_xticks(places, [shown[place] for place in places])
    if turn:
        for label in axes.get_xticklabels():
            label.set(
                rotation=turn, ha="center" if turn == 90 else "right", rotation_mode="anchor" if turn < 90 else None
            )
    _values(page, axes.yaxis, ticks, words)
    axes.set_ylim(min(low, ticks[0]), max(high, ticks[-1]) * (1.06 if page.look.value_labels else 1.0))
    _grid(page, axes.yaxis, axes.xaxis)
    return axes


def lying(page: Page, low: float, high: float, labels: Sequence[str], places: Sequence[float]) -> Axes:
    """Axes with values to the right and categories downwards, at `places`."""
    width = min(0.4 * (page.right - page.left), label_px(page, labels))
    broken = [textwrap.fill(label, max(6, int(width / (GLYPH * page.look.text_px)))) for label in labels]
    ticks, words = value_ticks(page, low, high, _fitting(page, low, high, page.right - page.left - width))
    named = page.look.value_axis and page.chart.unit not in {"", "%"} and page.rng.random() < 0.5
    axes = page.axes(
        left=width,
        bottom=page.look.text_px * (1.7 + 1.3 * named) if page.look.value_axis else 0,
        right=page.look.text_px * 0.8,
    )
    axes.set_yticks(places, broken)
    axes.set_ylim(max(places) + 0.6, min(places) - 0.6)
    _values(page, axes.xaxis, ticks, words)
    axes.set_xlim(min(low, ticks[0]), max(high, ticks[-1]) * (1.1 if page.look.value_labels else 1.0))
    if named:
        axes.set_xlabel(page.chart.unit, fontsize=page.look.text_px, labelpad=1)
    _grid(page, axes.xaxis, axes.yaxis)
    return axes


def numeric(page: Page, x_span: tuple[float, float], y_span: tuple[float, float], names: tuple[str, str]) -> Axes:
    """Axes with numbers both ways; a name may be empty."""
    most = _fitting(page, *x_span, 0.8 * (page.right - page.left))
    x_ticks, y_ticks = round_steps(*x_span, min(most, page.rng.randint(3, 7))), round_steps(*y_span, 5)
    words = [figure_text(tick) for tick in y_ticks]
    size = page.look.text_px
    axes = page.axes(
        left=label_px(page, words) + size * 1.4 * bool(names[1]),
        bottom=size * (1.7 + 1.4 * bool(names[0])),
        right=size,
        top=size * 0.3,
    )
    axes.set_xticks(x_ticks, [figure_text(tick) for tick in x_ticks])
    axes.set_yticks(y_ticks, words)
    axes.set_xlim(min(x_ticks[0], x_span[0]), max(x_ticks[-1], x_span[1]))
    axes.set_ylim(min(y_ticks[0], y_span[0]), max(y_ticks[-1], y_span[1]))
    axes.set_xlabel(names[0], fontsize=size, labelpad=1)
    axes.set_ylabel(names[1], fontsize=size, labelpad=1)
    _grid(page, axes.yaxis, axes.xaxis)
    return axes


def _fitting(page: Page, low: float, high: float, room: float) -> int:
    """How many steps along so many pixels leave their numbers apart."""
    widest = max(len(figure_text(low)), len(figure_text(high))) + 3
    return max(1, int(room / (widest * GLYPH * page.look.text_px)))


def _values(page: Page, axis: Axis, ticks: list[float], words: list[str]) -> None:
    """Ticks of the value axis; or none, and then its line goes too."""
    if page.look.value_axis:
        axis.set_ticks(ticks, labels=words)
        return
    axis.set_ticks([])
    for side in ("left", "right") if axis is axis.axes.yaxis else ("bottom", "top"):
        axis.axes.spines[side].set_visible(False)


def _grid(page: Page, values: Axis, categories: Axis) -> None:
    values.grid(page.look.grid != "none", which="major")
    categories.grid(page.look.grid == "both", which="major")
    values.axes.set_axisbelow(True)


def _fitted(page: Page, labels: Sequence[str], slot: float) -> tuple[list[str], int, float]:
    """Labels, some of them emptied, the angle they are turned by, and the pixels they need below the axes."""
    size = page.look.text_px
    longest = max(map(len, labels)) * GLYPH * size
    if longest < slot * 0.85:
        return list(labels), 0, size * 1.7
    if all(label.isdigit() for label in labels) or len(labels) > 14:
        every = math.ceil(longest * 1.5 / slot)
        return [label if nth % every == 0 else "" for nth, label in enumerate(labels)], 0, size * 1.7
    broken = [textwrap.fill(label, max(1, int(slot / (GLYPH * size))), break_long_words=False) for label in labels]
    if max(len(line) for label in broken for line in label.split("\n")) * GLYPH * size < slot:
        return broken, 0, size * (0.6 + 1.2 * max(label.count("\n") + 1 for label in broken))
    turn = page.rng.choice((30, 45, 45, 90))
    return list(labels), turn, longest * math.sin(math.radians(turn)) + size * 1.3
