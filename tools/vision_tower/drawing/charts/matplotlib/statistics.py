"""What scientists plot, by matplotlib: points, bubbles, histograms, boxes, heat maps, candles."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, to_hex

from tools.vision_tower.drawing.charts import words
from tools.vision_tower.drawing.charts.matplotlib.axes import figure_text, label_px, lying, numeric, on, upright
from tools.vision_tower.drawing.charts.matplotlib.page import Page


def scatter(page: Page) -> None:
    """Points in one or several clouds; bubbles where each has a size."""
    chart, look, rng = page.chart, page.look, page.rng
    bubbles = chart.kind == "bubble chart"
    stride = 3 if bubbles else 2
    many = len(chart.names) > 1
    if many and look.legend not in {"inside", "direct"}:
        page.legend(chart.names, page.tones, "dot")
    x_rows, y_rows = chart.values[::stride], chart.values[1::stride]
    axes = numeric(page, _span(x_rows), _span(y_rows), _axis_names(page))
    marker = look.marker or "o"
    size = rng.uniform(0.3, 0.75) * look.text_px
    opacity = rng.choice((1.0, 0.8, 0.6)) if marker != "x" else 1.0
    biggest = rng.uniform(0.08, 0.16) * min(look.size)
    for nth, (x, y) in enumerate(zip(x_rows, y_rows, strict=True)):
        tone = page.tones[nth % len(page.tones)]
        if bubbles:
            areas = [share * biggest**2 for share in chart.values[nth * 3 + 2]]
            axes.scatter(
                x, y, areas, color=tone, alpha=min(0.8, opacity), edgecolors=look.edge or "white", linewidth=0.7
            )
        else:
            own = rng.choice("os^Dv") if many and look.hatch else marker
            edge = look.edge if look.edge and size > 4 else tone
            style = {
                "markersize": size,
                "color": tone,
                "alpha": opacity,
                "markeredgecolor": edge,
                "markeredgewidth": 0.5,
            }
            axes.plot(x, y, own, **style)
    if not many and not bubbles and rng.random() < 0.25:
        _trend(page, axes)
    if many and look.legend in {"inside", "direct"}:
        page.inner_legend(axes, chart.names, page.tones, "dot")


def histogram(page: Page) -> None:
    """Bins side by side on a numeric axis; `categories` are their left edges."""
    chart, look, rng = page.chart, page.look, page.rng
    edges = [float(label) for label in chart.categories]
    edges.append(2 * edges[-1] - edges[-2])
    counts = chart.values[0]
    names = (chart.topic if rng.random() < 0.6 else "", rng.choice(("Frequency", "Count", "Number", "Density", "")))
    axes = numeric(page, (edges[0], edges[-1]), (0.0, max(counts)), names)
    if rng.random() < 0.6:
        axes.set_xlim(edges[0], edges[-1])
    edge = rng.choice(("black", "white", page.tones[0], page.paper))
    steps = rng.random() < 0.08
    axes.stairs(counts, edges, fill=not steps, facecolor=page.tones[0], edgecolor=edge, linewidth=0.0, zorder=2)
    if steps or edge == page.tones[0]:
        axes.stairs(counts, edges, color=page.tones[0], linewidth=max(1.0, look.line_px), zorder=2)
    else:
        axes.vlines(edges[1:-1], 0, list(map(min, counts[:-1], counts[1:])), color=edge, linewidth=0.7, zorder=2)
        axes.stairs(counts, edges, color=edge, linewidth=0.7, zorder=2.1)
    if rng.random() < 0.12:
        mean = sum((low + high) / 2 * count for low, high, count in zip(edges, edges[1:], counts, strict=False))
        axes.axvline(mean / (sum(counts) or 1.0), color=page.ink, linestyle="--", linewidth=1.2, zorder=3)


def boxes(page: Page) -> None:
    """Whiskers with caps, a box over the middle half, a line at the median."""
    chart, look, rng = page.chart, page.look, page.rng
    flat = rng.random() < 0.25
    low, high = min(map(min, chart.values)), max(map(max, chart.values))
    places = list(range(len(chart.values)))
    low = 0.0 if rng.random() < 0.4 else low - 0.05 * (high - low)
    axes = lying(page, low, high, chart.categories, places) if flat else upright(page, low, high, chart.categories)
    filled = rng.random() < 0.8
    wide = min(0.7, look.bar_share)
    ink = page.ink if filled and rng.random() < 0.7 else None
    for place, row in zip(places, chart.values, strict=True):
        tone = page.tones[place % len(page.tones)]
        line = ink or tone
        cap = wide * 0.3
        ends = [[(place, row[0]), (place, row[1])], [(place, row[3]), (place, row[4])]]
        ends += [[(place - cap, row[end]), (place + cap, row[end])] for end in (0, 4)]
        half = wide / 2
        middle = [[(place - half, row[2]), (place + half, row[2])]]
        bar = axes.barh if flat else axes.bar
        start = {"left" if flat else "bottom": row[1]}
        bar(
            place,
            row[3] - row[1],
            wide,
            color=tone if filled else "none",
            edgecolor=line,
            linewidth=1,
            zorder=2,
            **start,
        )
        median = ("white" if on(tone) == "white" else "black") if filled else rng.choice((tone, page.ink))
        for segments, colour, width in ((ends, line, 1.0), (middle, median, 1.8)):
            turned = [[(y, x) for x, y in ends] for ends in segments] if flat else segments
            axes.add_collection(LineCollection(turned, colors=colour, linewidths=width, zorder=2.2), autolim=False)


def heat_map(page: Page) -> None:
    """A cell for each row and column, the deeper the higher its value."""
    chart, look, rng = page.chart, page.look, page.rng
    barred = rng.random() < 0.5
    bar_room = look.text_px * 5 if barred else 0.0
    over = rng.random() < 0.2
    narrow = max(map(len, chart.names)) * 0.55 * look.text_px > (page.right - page.left) * 0.8 / len(chart.names)
    depth = label_px(page, chart.names) if narrow else look.text_px * 1.6
    left = min(0.35 * (page.right - page.left), label_px(page, chart.categories))
    axes = page.axes(left, 0.0 if over else depth, bar_room, depth if over else 0.0)
    rows = [list(row) for row in zip(*chart.values, strict=True)]
    shades = _shades(page)
    image = axes.imshow(rows, cmap=shades, aspect="auto", interpolation="nearest")
    axes.set_xticks(range(len(chart.names)), chart.names, rotation=90 if narrow else 0)
    axes.set_yticks(range(len(chart.categories)), chart.categories)
    axes.tick_params(size=0, top=over, labeltop=over, labelbottom=not over)
    axes.grid(False)
    if rng.random() < 0.5:
        thick = rng.uniform(0.5, 2.5)
        for line, n in ((axes.axvline, len(chart.names)), (axes.axhline, len(chart.categories))):
            for place in range(1, n):
                line(place - 0.5, color=page.paper, linewidth=thick)
    if len(rows) * len(rows[0]) <= 56 and rng.random() < 0.5:
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                ink = on(to_hex(shades(image.norm(value))))
                axes.text(x, y, figure_text(value), ha="center", va="center", color=ink, size=page.px(0.85))
    if barred:
        _colour_bar(page, axes, shades, (min(map(min, rows)), max(map(max, rows))))


def candles(page: Page) -> None:
    """Bodies from open to close, in the first colour where the price went up; wicks from low to high."""
    chart, rng = page.chart, page.rng
    low, high = min(row[2] for row in chart.values), max(row[1] for row in chart.values)
    page.right -= page.look.text_px
    axes = upright(page, low - 0.05 * (high - low), high, chart.categories)
    up, down = page.tones[0], page.tones[1]
    wide = rng.uniform(0.5, 0.85)
    tints = [up if row[3] >= row[0] else down for row in chart.values]
    axes.vlines(
        range(len(tints)),
        [row[2] for row in chart.values],
        [row[1] for row in chart.values],
        colors=tints if rng.random() < 0.7 else page.ink,
        linewidth=1,
    )
    bodies = [max(abs(row[3] - row[0]), (high - low) * 0.004) for row in chart.values]
    axes.bar(range(len(tints)), bodies, wide, [min(row[0], row[3]) for row in chart.values], color=tints, zorder=3)


def _span(rows: tuple[tuple[float, ...], ...]) -> tuple[float, float]:
    low, high = min(map(min, rows)), max(map(max, rows))
    pad = 0.05 * (high - low)
    return low - pad, high + pad


def _axis_names(page: Page) -> tuple[str, str]:
    if page.rng.random() < 0.3:
        return "", ""
    x, y = page.rng.sample(words.TOPICS, 2)
    return x.capitalize(), y.capitalize()


def _trend(page: Page, axes: Axes) -> None:
    """The least-squares line through the points."""
    x, y = page.chart.values[:2]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    spread = sum((value - mean_x) ** 2 for value in x) or 1.0
    slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread
    ends = [min(x), max(x)]
    dashes = page.rng.choice(("-", "--"))
    axes.plot(ends, [mean_y + slope * (end - mean_x) for end in ends], dashes, color=page.ink, linewidth=1.2)


def _shades(page: Page) -> LinearSegmentedColormap:
    """From nearly white to the colour of high values, or from that of low ones to it over a light middle."""
    pale = page.rng.choice(("#ffffff", "#f7f7f2", "#fdf6e3", "#eef2f7"))
    stops = [pale, page.tones[0]] if len(page.tones) == 1 else [page.tones[1], pale, page.tones[0]]
    return LinearSegmentedColormap.from_list("", stops)


def _colour_bar(page: Page, axes: Axes, shades: LinearSegmentedColormap, span: tuple[float, float]) -> None:
    box = axes.get_position()
    step = page.look.text_px / page.width
    bar = page.figure.add_axes((box.x1 + step * 0.8, box.y0, step * 1.1, box.height))
    ramp = [[span[0] + (span[1] - span[0]) * part / 31] for part in range(32)]
    bar.imshow(ramp, cmap=shades, aspect="auto", origin="lower", extent=(0, 1, *span))
    bar.set_xticks([])
    bar.grid(False)
    bar.yaxis.tick_right()
    ticks = [span[0], sum(span) / 2, span[1]]
    bar.set_yticks(ticks, [figure_text(tick) for tick in ticks])
