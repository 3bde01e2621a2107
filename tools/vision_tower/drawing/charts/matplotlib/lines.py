"""Lines, areas and columns with a line over them, by matplotlib."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from tools.vision_tower.drawing.charts.matplotlib.axes import figure_text, label_px, upright
from tools.vision_tower.drawing.charts.matplotlib.page import Page

DASHES = ("-", "--", ":", "-.")


def lines(page: Page) -> None:
    """One or several, named in a legend, at their ends, or inside the plot."""
    chart, look, rng = page.chart, page.look, page.rng
    many = len(chart.values) > 1
    direct = many and look.legend == "direct"
    if many and look.legend not in {"direct", "inside"}:
        page.legend(chart.names, page.tones, "line")
    within = direct and rng.random() < 0.4
    right = min(0.3 * (page.right - page.left), label_px(page, chart.names)) if direct and not within else 0.0
    page.right -= right + look.text_px
    axes = upright(page, *_span(page), chart.categories, at_centres=rng.random() < 0.4)
    x = range(len(chart.categories))
    dashed = many and rng.random() < 0.12
    marked = look.marker if len(x) <= 32 else ""
    hollow = rng.random() < 0.3
    for nth, (row, tone) in enumerate(zip(chart.values, page.tones, strict=False)):
        axes.plot(
            x,
            row,
            color=tone,
            linewidth=look.line_px,
            linestyle=DASHES[nth % len(DASHES)] if dashed else "-",
            marker=marked or None,
            markersize=look.line_px * 1.4 + 2,
            markerfacecolor=page.paper if hollow else tone,
            markeredgecolor=tone,
            clip_on=False,
            drawstyle="steps-mid" if look.sheet == "classic" and len(x) > 20 else "default",
        )
        if look.value_labels:
            _figures(page, axes, row, tone)
        if direct:
            _name(page, axes, nth, within)
    if many and look.legend == "inside":
        page.inner_legend(axes, chart.names, page.tones, "line")
    if not many and rng.random() < 0.12:
        axes.fill_between(x, chart.values[0], axes.get_ylim()[0], color=page.tones[0], alpha=0.08, linewidth=0)


def areas(page: Page) -> None:
    """One, overlapping ones, or a stack."""
    chart, look, rng = page.chart, page.look, page.rng
    stacked = chart.kind == "stacked area chart"
    if len(chart.values) > 1 and look.legend != "inside":
        page.legend(chart.names, page.tones)
    high = max(map(sum, zip(*chart.values, strict=True))) if stacked else max(map(max, chart.values))
    page.right -= look.text_px
    axes = upright(page, 0.0, high, chart.categories, at_centres=rng.random() < 0.15)
    x = range(len(chart.categories))
    floor = [0.0] * len(x)
    opacity = 1.0 if stacked or len(chart.values) == 1 else 0.6
    opacity *= rng.choice((1.0, 1.0, 0.8))
    outlined = look.edge or rng.random() < 0.4
    for row, tone in zip(chart.values, page.tones, strict=False):
        top = [low + value for low, value in zip(floor, row, strict=True)] if stacked else row
        axes.fill_between(x, floor, top, color=tone, alpha=opacity, linewidth=0, zorder=2)
        if outlined:
            axes.plot(x, top, color=look.edge or tone, linewidth=look.line_px * 0.6, zorder=2.1)
        floor = list(top) if stacked else floor
    if len(chart.values) > 1 and look.legend == "inside":
        page.inner_legend(axes, chart.names, page.tones)


def combo(page: Page) -> None:
    """Columns on the left scale, a line on the right one, or both on one."""
    chart, look, rng = page.chart, page.look, page.rng
    columns, line = chart.values
    page.legend(chart.names, page.tones)
    apart = look.value_axis and (max(line) > 3 * max(columns) or max(columns) > 3 * max(line) or rng.random() < 0.4)
    page.right -= look.text_px * (3.5 if apart else 0.5)
    axes = upright(page, 0.0, max(columns) if apart else max(*columns, *line), chart.categories)
    x = range(len(columns))
    axes.bar(x, columns, look.bar_share, color=page.tones[0], edgecolor=look.edge, linewidth=0.6 if look.edge else 0)
    over = axes
    if apart:
        over = axes.twinx()
        over.grid(False)
        over.set_ylim(0, max(line) * rng.uniform(1.05, 1.5))
        over.set_yticks([0, max(line) / 2, max(line)], [figure_text(part * max(line)) for part in (0, 0.5, 1)])
    over.plot(
        x,
        line,
        color=page.tones[1],
        linewidth=look.line_px + 0.8,
        marker=look.marker or None,
        markersize=look.line_px + 3,
        zorder=3,
    )


def _span(page: Page) -> tuple[float, float]:
    """From zero, or from near the lowest point, as line charts do where zero is far away."""
    low, high = min(map(min, page.chart.values)), max(map(max, page.chart.values))
    from_zero = low > 0 and (low < 0.4 * high or page.rng.random() < 0.5)
    return (0.0 if from_zero else low), high


def _name(page: Page, axes: Axes, nth: int, within: bool) -> None:
    """A series' name in its own colour: at the line's right end, or over some point within."""
    row, size = page.chart.values[nth], page.look.text_px
    place = page.rng.randrange(len(row) // 4, max(1, 3 * len(row) // 4) + 1) if within else len(row) - 1
    shift = (0, size * page.rng.choice((-1, 1))) if within else (size * 0.5, 0)
    axes.annotate(
        page.chart.names[nth],
        (place, row[place]),
        shift,
        textcoords="offset points",
        color=page.tones[nth],
        ha="center" if within else "left",
        va="center",
        weight="bold",
    )


def _figures(page: Page, axes: Axes, row: Sequence[float], tone: str) -> None:
    """Numbers over the points; over the first and the last one where there are many."""
    n = len(row)
    every = range(n) if n <= 8 else (0, n - 1)
    for place in every:
        axes.annotate(
            figure_text(row[place], page.chart.unit if place == 0 else ""),
            (place, row[place]),
            (0, page.look.line_px + 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=page.px(0.95),
            color=tone,
            weight="bold" if page.look.title_bold else "normal",
        )
