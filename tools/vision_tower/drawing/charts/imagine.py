"""Charts by lot: a kind, plausible numbers for it, and words and colours to go with them."""

from __future__ import annotations

from random import Random

from tools.vision_tower.drawing.charts import numbers, words
from tools.vision_tower.drawing.charts.spec import BARS, KINDS, Chart
from tools.vision_tower.drawing.colours import CHROMATIC

Row = tuple[float, ...]
Data = tuple[tuple[str, ...], tuple[str, ...], tuple[Row, ...], str]
"""Categories, names, values, unit."""

COMMON = dict.fromkeys((*BARS, "line chart", "pie chart", "donut chart", "scatter plot"), 3.0)
COMMON |= {"bar chart": 7, "horizontal bar chart": 7, "line chart": 10, "pie chart": 6, "donut chart": 5}
COMMON |= {"area chart": 4, "histogram": 5, "box plot": 4, "heat map": 4, "scatter plot": 6, "stacked area chart": 3}
COMMON |= {"gauge": 1.5}
WEIGHTS = [COMMON.get(kind, 2.0) for kind in KINDS]
SHADED = ("blue", "blue", "green", "teal", "purple", "orange", "grey", "red", "brown")
OFFICE = ("blue", "orange", "grey", "yellow", "teal", "green", "purple")
SHARE_BESIDE = 0.04


def imagine(rng: Random, kind: str | None = None) -> Chart:
    """A chart of any kind, the common ones oftener; or of the kind that is asked for."""
    kind = kind or rng.choices(KINDS, WEIGHTS)[0]
    chart = _one(kind, rng)
    if rng.random() >= SHARE_BESIDE:
        return chart
    return _with(chart, beside=_one(kind, rng))


def _with(chart: Chart, beside: Chart) -> Chart:
    return Chart(
        chart.kind,
        chart.categories,
        chart.names,
        chart.values,
        chart.colours,
        chart.title,
        chart.unit,
        beside,
        chart.topic,
    )


def _one(kind: str, rng: Random) -> Chart:
    topic, unit = rng.choice(words.TOPICS), rng.choice(words.UNITS)
    categories, names, values, unit = _data(kind, unit, rng)
    title = words.fill(rng.choice(words.TITLES), topic, unit, rng)
    hues = _colours(kind, len(categories), len(names), rng)
    return Chart(kind, categories, names, values, hues, title, unit, topic=topic)


def _data(kind: str, unit: str, rng: Random) -> Data:
    if kind in BARS or kind == "radar chart":
        return _bars(kind, unit, rng)
    if kind in ("line chart", "area chart", "stacked area chart"):
        return _lines(kind, unit, rng)
    if kind in ("scatter plot", "bubble chart"):
        return _points(kind, unit, rng)
    if kind in ("pie chart", "donut chart"):
        n = rng.choice((2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 9))
        return words.categories(n, rng), ("",), (_sorted(numbers.shares(n, rng), 0.6, rng),), "%"
    return _others(kind, unit, rng)


def _sorted(row: Row, share: float, rng: Random) -> Row:
    """From large to small in that share of the cases; sometimes the other way."""
    if rng.random() >= share:
        return row
    return tuple(sorted(row, reverse=rng.random() < 0.8))


def _names(n: int, rng: Random) -> tuple[str, ...]:
    group = rng.choice([group for group in words.GROUPS if len(group) >= n])
    choice = rng.random()
    if choice < 0.25:
        return tuple(str(year) for year in sorted(rng.sample(range(1990, 2025), n)))
    return tuple(rng.sample(words.PLOTTED_BY, n)) if choice < 0.45 else tuple(rng.sample(group, n))


def _bars(kind: str, unit: str, rng: Random) -> Data:
    flat = "horizontal" in kind
    if kind in ("bar chart", "horizontal bar chart"):
        return _single_bars(flat, unit, rng)
    n = rng.choice((2, 3, 3, 4, 4, 5, 5, 6, 7, 9, 12) if "grouped" not in kind else (2, 3, 3, 4, 4, 5, 6, 7))
    n = max(n, 4) if kind == "radar chart" else n
    n_series = rng.choice((1, 2, 3)) if kind == "radar chart" else rng.choice((2, 2, 3, 3, 4, 5))
    categories = words.categories(n, rng) if flat or rng.random() < 0.7 else words.times(n, rng)
    if "100%" in kind:
        mixed = [numbers.shares(n_series, rng) for _ in range(n)]
        return categories, _names(n_series, rng), tuple(zip(*mixed, strict=True)), "%"
    top = numbers.top(unit, rng)
    totals = _sorted(numbers.sizes(n, rng), 0.4, rng)
    weights = [rng.uniform(0.3, 1) for _ in range(n_series)]
    share = 1 / sum(weights) if "stacked" in kind else 1
    rows = [
        numbers.scaled(tuple(total * weight * share * rng.uniform(0.75, 1.25) for total in totals), top)
        for weight in weights
    ]
    return categories, _names(n_series, rng), tuple(rows), unit


def _single_bars(flat: bool, unit: str, rng: Random) -> Data:
    top = numbers.top(unit, rng)
    if not flat and rng.random() < 0.4:
        n = rng.choice((4, 5, 6, 7, 10, 12, 16, 24, 40))
        row = numbers.scaled(numbers.course(n, rng.choice(numbers.COURSES), rng), top)
        categories = words.times(n, rng)
    else:
        n = rng.choice((2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 10, 12, 14) + ((20,) if flat else ()))
        row = _sorted(numbers.scaled(numbers.sizes(n, rng), top), 0.55, rng)
        categories = words.categories(n, rng) if n <= 14 else tuple(rng.sample(words.COUNTRIES, n))
    if rng.random() < 0.1:
        below = max(1, n // 3)
        signs = [-0.6] * below + [1.0] * (n - below)
        rng.shuffle(signs)
        row = tuple(round(value * sign, 1) for value, sign in zip(row, signs, strict=True))
    return categories, ("",), (row,), unit


def _lines(kind: str, unit: str, rng: Random) -> Data:
    n = rng.choice((5, 7, 8, 10, 12, 15, 20, 30, 60))
    n_series = {"line chart": rng.choice((1, 1, 1, 2, 2, 3, 3, 4, 5, 6)), "area chart": 1}.get(
        kind, rng.choice((2, 3, 4, 5))
    )
    top = numbers.top(unit, rng)
    alike = rng.choice(numbers.COURSES) if n_series == 1 or rng.random() < 0.4 else None
    rows = [numbers.course(n, alike or rng.choice(numbers.COURSES), rng) for _ in range(n_series)]
    if n_series > 1:
        bands = [(rng.uniform(0, 0.45), rng.uniform(0.3, 0.55)) for _ in rows]
        rows = [tuple(base + value * span for value in row) for row, (base, span) in zip(rows, bands, strict=True)]
    return words.times(n, rng), _names(n_series, rng), tuple(numbers.scaled(row, top) for row in rows), unit


def _points(kind: str, unit: str, rng: Random) -> Data:
    bubbles = kind == "bubble chart"
    n_groups = rng.choice((1, 2, 3, 4)) if bubbles else rng.choice((1, 1, 1, 2, 3, 4))
    top_x, top_y = numbers.top("", rng), numbers.top("", rng)
    rows: list[Row] = []
    if n_groups == 1:
        n = rng.randint(6, 20) if bubbles else rng.choice((15, 25, 40, 70, 120))
        clouds = [numbers.cloud(n, rng.choice(("positive", "negative", "none")), rng)]
    else:
        centres = rng.sample([(0.2, 0.25), (0.25, 0.75), (0.75, 0.3), (0.75, 0.8), (0.5, 0.5)], n_groups)
        n = rng.randint(3, 7) if bubbles else rng.choice((8, 15, 30))
        clouds = [numbers.cluster(n, centre, rng) for centre in centres]
    for x_row, y_row in clouds:
        rows += [tuple(round(x * top_x, 3) for x in x_row), tuple(round(y * top_y, 3) for y in y_row)]
        if bubbles:
            rows.append(tuple(round(rng.betavariate(1.2, 2.5) + 0.05, 2) for _ in x_row))
    return (), _names(n_groups, rng), tuple(rows), unit


def _others(kind: str, unit: str, rng: Random) -> Data:
    top = numbers.top(unit, rng)
    if kind == "histogram":
        n, start, step = rng.choice((8, 10, 12, 15, 20, 30)), rng.choice((0, 10, 50, 100)), rng.choice((1, 2, 5, 10))
        return tuple(str(start + step * place) for place in range(n)), ("",), (numbers.bell(n, rng),), unit
    if kind in ("box plot", "candlestick chart"):
        n = rng.choice((2, 3, 4, 5, 6, 7, 9)) if kind == "box plot" else rng.choice((12, 18, 25, 40))
        rows = tuple(numbers.five(rng) for _ in range(n)) if kind == "box plot" else numbers.days(n, rng)
        labels = words.categories(n, rng) if kind == "box plot" else tuple(str(day + 1) for day in range(n))
        return labels, ("",), tuple(tuple(round(value * top, 3) for value in row) for row in rows), unit
    if kind == "heat map":
        return _heat(top, unit, rng)
    if kind in ("dot plot", "combo chart", "population pyramid"):
        return _pairs(kind, top, unit, rng)
    if kind == "gauge":
        return ("",), ("",), ((float(rng.randint(4, 96)),),), "%"
    if kind == "waterfall chart":
        n = rng.randint(3, 7)
        row = numbers.scaled(
            (rng.uniform(0.5, 0.8), *(rng.choice((-1, 1)) * rng.uniform(0.06, 0.2) for _ in range(n))), top
        )
        return (*rng.sample(words.FLOWS, n + 1), "Total"), ("",), ((*row, sum(row)),), unit
    n = rng.choice((3, 4, 5, 6)) if kind == "funnel chart" else rng.choice((4, 5, 6, 8, 10, 12))
    row = numbers.sizes(n, rng)
    if kind == "funnel chart":
        return words.STAGES[:n], ("",), (numbers.scaled(tuple(sorted(row, reverse=True)), top),), unit
    return words.categories(n, rng), ("",), (_sorted(numbers.scaled(row, top), 0.5, rng),), unit


def _pairs(kind: str, top: float, unit: str, rng: Random) -> Data:
    if kind == "combo chart":
        n = rng.choice((5, 6, 8, 10, 12))
        rows = [numbers.course(n, rng.choice(numbers.COURSES), rng) for _ in range(2)]
        return words.times(n, rng), _names(2, rng), tuple(numbers.scaled(row, top) for row in rows), unit
    if kind == "population pyramid":
        n, bulge = rng.choice((9, 12, 16, 18)), rng.uniform(0, 0.6)
        row = [1.1 - 0.9 * place / n if place / n > bulge else 0.6 + place / n * 0.7 for place in range(n)]
        pair = [numbers.scaled(tuple(value * rng.uniform(0.93, 1.07) for value in row), 8) for _ in range(2)]
        return tuple(f"{5 * age}-{5 * age + 4}" for age in range(n)), ("Men", "Women"), tuple(pair), "%"
    n, n_rows = rng.choice((4, 5, 6, 7, 9, 12)), rng.choice((1, 2, 2))
    first = _sorted(numbers.sizes(n, rng), 0.6, rng)
    rows = [first, tuple(value + rng.uniform(0.05, 0.35) for value in first)][:n_rows]
    return words.categories(n, rng), _names(n_rows, rng), tuple(numbers.scaled(row, top) for row in rows), unit


def _heat(top: float, unit: str, rng: Random) -> Data:
    n_columns, n_rows = rng.choice((4, 5, 7, 8, 10, 12, 24)), rng.choice((3, 4, 5, 7, 8, 10))
    tilt = rng.uniform(-0.6, 0.6), rng.uniform(-0.6, 0.6), rng.choice((0.1, 0.3, 0.6))
    if rng.random() < 0.25:
        labels = words.categories(min(n_rows + 2, 10), rng)
        rows = tuple(
            tuple(1.0 if here == there else round(rng.uniform(-0.3, 0.75), 2) for here in labels) for there in labels
        )
        return labels, labels, rows, ""
    names = words.MONTHS[:n_columns] if n_columns <= 12 else [str(hour) for hour in range(n_columns)]
    rows = tuple(
        numbers.scaled(
            tuple(
                max(
                    0.0,
                    0.5 + tilt[0] * (x / n_columns - 0.5) + tilt[1] * (y / n_rows - 0.5) + rng.gauss(0, tilt[2]) / 2,
                )
                for y in range(n_rows)
            ),
            top,
        )
        for x in range(n_columns)
    )
    return words.categories(n_rows, rng), tuple(names), rows, unit


def _colours(kind: str, n_categories: int, n_names: int, rng: Random) -> tuple[str, ...]:
    if kind in ("heat map", "waterfall chart", "candlestick chart", "gauge"):
        return _few(kind, rng)
    by_slice = kind in ("pie chart", "donut chart", "treemap", "funnel chart")
    n = n_categories if by_slice else n_names
    if n == 1:
        return _single(kind, n_categories, rng)
    scheme = rng.random()
    if scheme < 0.25 and n <= 7:
        return (rng.choice(SHADED),) * n
    if scheme < 0.4 and n <= len(OFFICE):
        return OFFICE[:n]
    if scheme < 0.55 and n > 2:
        shaded, other = rng.sample(("blue", "green", "teal", "orange", "purple", "grey"), 2)
        return (shaded,) * (n - n // 2) + (other,) * (n // 2)
    names = rng.sample((*CHROMATIC, "grey", "black"), min(n, 11))
    return tuple(names[place % len(names)] for place in range(n))


def _single(kind: str, n_categories: int, rng: Random) -> tuple[str, ...]:
    """One colour; in bar charts sometimes one bar of another, or each of its own."""
    name = rng.choice((*CHROMATIC, "blue", "blue", "blue", "teal", "green", "grey", "black"))
    scheme = rng.random()
    if kind not in ("bar chart", "horizontal bar chart", "lollipop chart", "box plot") or scheme < 0.7:
        return (name,)
    if scheme < 0.85 and n_categories >= 3 and kind != "box plot":
        high = rng.randrange(n_categories)
        other = rng.choice([hue for hue in ("red", "orange", "green", "blue", "yellow", "pink") if hue != name])
        return tuple(other if place == high else name for place in range(n_categories))
    if n_categories > len(CHROMATIC):
        return (name,)
    return tuple(rng.sample(CHROMATIC, n_categories))


def _few(kind: str, rng: Random) -> tuple[str, ...]:
    if kind == "gauge":
        return (rng.choice(CHROMATIC),)
    if kind == "heat map":
        high = rng.choice(("red", "blue", "green", "orange", "purple", "teal", "grey", "brown", "pink"))
        return (
            (high,)
            if rng.random() < 0.6
            else rng.choice(
                (
                    ("red", "blue"),
                    ("blue", "red"),
                    ("yellow", "purple"),
                    ("red", "green"),
                    ("green", "red"),
                    ("orange", "blue"),
                )
            )
        )
    return rng.choice(
        (("green", "red"), ("blue", "orange"), ("green", "red"), ("blue", "red"), ("teal", "pink"), ("black", "grey"))
    )
