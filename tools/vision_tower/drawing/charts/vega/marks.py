"""Vega-Lite for each kind of chart: data, marks and channels, without size, theme or words around them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

from tools.vision_tower.drawing.charts.spec import BARS, Chart

Json: TypeAlias = dict[str, Any]


def bars(chart: Chart, tones: list[str], rng: Random) -> Json:
    """Upright or lying, alone, side by side or stacked."""
    stacked, flat = "stacked" in chart.kind, "horizontal" in chart.kind
    value = _value(chart) | {"stack": "zero"}
    if "100%" in chart.kind:
        value |= {"stack": "normalize", "axis": {"format": "%"}}
    elif not stacked:
        value["stack"] = None
    encoding = _ways(flat, _category(chart, rng, flat), value) | {"color": _colour(chart, tones)}
    if stacked:
        # Vega-Lite stacks by the alphabet; the first series belongs at the bottom, or at the left.
        encoding["order"] = {"field": "place", "type": "quantitative"}
    elif len(chart.names) > 1:
        encoding["yOffset" if flat else "xOffset"] = {"field": "series", "sort": list(chart.names)}
    mark: Json = {"type": "bar"}
    if rng.random() < 0.35:
        mark["cornerRadius" if stacked else "cornerRadiusEnd"] = rng.randint(1, 5)
    if rng.random() < 0.15:
        mark |= {"stroke": rng.choice(("white", "black")), "strokeWidth": 0.7}
    layers = [{"mark": mark}]
    if not stacked and len(chart.values) == 1 and len(chart.categories) <= 10 and rng.random() < 0.3:
        beside = {"align": "left", "dx": 3} if flat else {"baseline": "bottom", "dy": -2}
        label = {"field": "value", "type": "quantitative", "format": ",.3~r"}
        layers.append({"mark": {"type": "text", **beside}, "encoding": {"text": label, "color": {"value": "gray"}}})
    return {"data": _rows(chart, tones), "encoding": encoding, "layer": layers}


def lines(chart: Chart, tones: list[str], rng: Random) -> Json:
    """One or several."""
    mark: Json = {"type": "line", "strokeWidth": rng.uniform(1, 4)}
    mark["interpolate"] = rng.choice(("linear", "linear", "monotone", "linear"))
    if len(chart.categories) <= 30 and rng.random() < 0.5:
        mark["point"] = rng.choice((True, {"filled": False, "fill": "white"}, {"size": 50}))
    value = _value(chart) | {"scale": {"zero": rng.random() < 0.6}}
    encoding = {"x": _category(chart, rng), "y": value, "color": _colour(chart, tones)}
    if len(chart.names) > 1 and rng.random() < 0.12:
        encoding["strokeDash"] = {"field": "series", "sort": list(chart.names), "legend": None}
    return {"data": _rows(chart, tones), "mark": mark, "encoding": encoding}


def areas(chart: Chart, tones: list[str], rng: Random) -> Json:
    """One, overlapping ones, or a stack."""
    stacked = chart.kind == "stacked area chart"
    mark: Json = {"type": "area", "interpolate": rng.choice(("linear", "linear", "monotone"))}
    mark["opacity"] = rng.uniform(0.8, 1) if stacked or len(chart.names) == 1 else 0.6
    if rng.random() < 0.4:
        mark["line"] = True
    value = _value(chart) | {"stack": "zero" if stacked else None}
    encoding = {"x": _category(chart, rng), "y": value, "color": _colour(chart, tones)}
    encoding["order"] = {"field": "place", "type": "quantitative"}
    return {"data": _rows(chart, tones), "mark": mark, "encoding": encoding}


def slices(chart: Chart, tones: list[str], rng: Random) -> Json:
    """Named by a legend, with the shares at the rim of some."""
    rows = [
        {"category": name, "value": share, "place": nth}
        for nth, (name, share) in enumerate(zip(chart.categories, chart.values[0], strict=True))
    ]
    scale = {"domain": list(chart.categories), "range": _cycled(tones, len(rows))}
    encoding = {
        "theta": {"field": "value", "type": "quantitative", "stack": True},
        "order": {"field": "place"},
        "color": {"field": "category", "scale": scale, "title": None},
    }
    outer = rng.randint(70, 120)
    arc: Json = {"type": "arc", "outerRadius": outer}
    if chart.kind == "donut chart":
        arc["innerRadius"] = outer * rng.uniform(0.4, 0.72)
    if rng.random() < 0.6:
        arc |= {"stroke": "white", "strokeWidth": rng.uniform(0.5, 4)}
    if rng.random() < 0.25:
        arc |= {"padAngle": 0.03, "cornerRadius": 4}
    layers: list[Json] = [{"mark": arc}]
    if rng.random() < 0.5:
        text = {"text": {"field": "value"}, "color": {"value": "gray"}}
        layers.append({"mark": {"type": "text", "radius": outer + 12}, "encoding": text})
    return {"data": {"values": rows}, "encoding": encoding, "layer": layers}


def points(chart: Chart, tones: list[str], rng: Random) -> Json:
    """A scatter plot or a bubble chart."""
    bubbles = chart.kind == "bubble chart"
    stride = 3 if bubbles else 2
    rows = []
    for nth, name in enumerate(chart.names):
        group = chart.values[nth * stride : (nth + 1) * stride]
        rows += [{"series": name, "colour": tones[nth % len(tones)], "at": at} for at in zip(*group, strict=True)]
    encoding: Json = {
        axis: {"field": f"at[{nth}]", "type": "quantitative", "title": title, "scale": {"zero": rng.random() < 0.3}}
        for nth, (axis, title) in enumerate((("x", chart.topic or None), ("y", chart.unit or None)))
    }
    encoding["color"] = _colour(chart, tones)
    if bubbles:
        encoding["size"] = {"field": "at[2]", "type": "quantitative", "legend": None, "scale": {"range": [20, 900]}}
    mark: Json = {"type": "point", "filled": bubbles or rng.random() < 0.6, "opacity": rng.uniform(0.6, 1)}
    mark["shape"] = (
        "circle" if bubbles else rng.choice(("circle", "circle", "square", "diamond", "triangle-up", "cross"))
    )
    if not bubbles:
        mark["size"] = rng.randint(20, 80)
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def histogram(chart: Chart, tones: list[str], rng: Random) -> Json:
    """Bins side by side on a numeric axis; `categories` are their left edges."""
    starts = [float(label) for label in chart.categories]
    step = starts[1] - starts[0]
    rows = [{"low": low, "high": low + step, "n": n} for low, n in zip(starts, chart.values[0], strict=True)]
    mark = {"type": "bar", "color": tones[0], "binSpacing": rng.choice((0, 1, 1))}
    if mark["binSpacing"] == 0:
        mark |= {"stroke": rng.choice(("white", "black")), "strokeWidth": 0.6}
    encoding = {
        "x": {"field": "low", "bin": {"binned": True, "step": step}, "title": chart.topic or None},
        "x2": {"field": "high"},
        "y": {"field": "n", "type": "quantitative", "title": rng.choice(("Count of Records", "Frequency", None))},
    }
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def boxes(chart: Chart, tones: list[str], rng: Random) -> Json:
    """Whiskers with or without caps, a box over the middle half, a line at the median."""
    flat = rng.random() < 0.3
    rows = [
        {"category": name, "five": row, "colour": tones[nth % len(tones)]}
        for nth, (name, row) in enumerate(zip(chart.categories, chart.values, strict=True))
    ]
    along, across = ("x", "y") if flat else ("y", "x")
    wide = rng.randint(10, 26)
    colour = {"field": "colour", "scale": None}
    ink = rng.choice(("black", "gray"))

    def span(low: int, high: int, mark: Json, **channels: object) -> Json:
        start = {"field": f"five[{low}]", "type": "quantitative", "title": chart.unit or None}
        start["scale"] = {"zero": False}
        return {"mark": mark, "encoding": {along: start, f"{along}2": {"field": f"five[{high}]"}, **channels}}

    def line(at: int, tick: Json) -> Json:
        return {"mark": {"type": "tick", **tick}, "encoding": {along: {"field": f"five[{at}]", "type": "quantitative"}}}

    layers = [span(0, 1, {"type": "rule", "color": ink}), span(3, 4, {"type": "rule", "color": ink})]
    if rng.random() < 0.6:
        layers += [line(end, {"color": ink, "size": wide / 2, "thickness": 1}) for end in (0, 4)]
    box = {"type": "bar", "size": wide, "stroke": ink, "strokeWidth": rng.choice((0, 1))}
    layers.append(span(1, 3, box, color=colour))
    layers.append(line(2, {"color": rng.choice(("white", "black")), "size": wide, "thickness": 2}))
    return {"data": {"values": rows}, "encoding": {across: _category(chart, rng, flat)}, "layer": layers}


def heat_map(chart: Chart, tones: list[str], rng: Random) -> Json:
    """A cell for each row and column."""
    rows = [
        {"column": column, "row": row, "value": value}
        for column, values in zip(chart.names, chart.values, strict=True)
        for row, value in zip(chart.categories, values, strict=True)
    ]
    ramp = ["#f7f7f7", tones[0]] if len(tones) == 1 else [tones[1], "#f7f7f7", tones[0]]
    legend = {"title": None} if rng.random() < 0.6 else None
    encoding: Json = {
        "x": {"field": "column", "type": "ordinal", "sort": list(chart.names), "title": None},
        "y": {"field": "row", "type": "ordinal", "sort": list(chart.categories), "title": None},
        "color": {"field": "value", "type": "quantitative", "scale": {"range": ramp}, "legend": legend},
    }
    mark: Json = {"type": "rect"}
    if rng.random() < 0.4:
        mark |= {"stroke": "white", "strokeWidth": rng.uniform(0.5, 3)}
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def stems(chart: Chart, tones: list[str], rng: Random) -> Json:
    """A lollipop chart: a thin line to a dot."""
    flat = rng.random() < 0.5
    encoding = _ways(flat, _category(chart, rng, flat), _value(chart)) | {"color": _colour(chart, tones)}
    stem: Json = {"mark": {"type": "rule", "strokeWidth": rng.uniform(1, 3)}}
    stem["encoding"] = {"x2" if flat else "y2": {"datum": 0}}
    dot = {"mark": {"type": "circle", "size": rng.randint(60, 180), "opacity": 1}}
    return {"data": _rows(chart, tones), "encoding": encoding, "layer": [stem, dot]}


def dots(chart: Chart, tones: list[str], rng: Random) -> Json:
    """A dot a value on each category's line; a grey bar joins two of them."""
    value = _value(chart) | {"scale": {"zero": rng.random() < 0.5}}
    encoding: Json = {"y": _category(chart, rng, flat=True) | {"axis": {"grid": rng.random() < 0.6}}, "x": value}
    dot = {"mark": {"type": "circle", "size": rng.randint(60, 200), "opacity": 1}}
    dot["encoding"] = {"color": _colour(chart, tones)}
    joint = {"mark": {"type": "line", "color": "#b8b8b8", "strokeWidth": rng.uniform(1, 4)}}
    joint["encoding"] = {"detail": {"field": "category"}}
    layers = [joint, dot] if len(chart.values) == 2 else [dot]
    return {"data": _rows(chart, tones), "encoding": encoding, "layer": layers}


def candles(chart: Chart, tones: list[str], rng: Random) -> Json:
    """Opening, highest, lowest and closing value of each day."""
    rows = [
        {"category": day, "at": row, "colour": tones[0] if row[3] >= row[0] else tones[1]}
        for day, row in zip(chart.categories, chart.values, strict=True)
    ]
    encoding = {"x": _category(chart, rng), "color": {"field": "colour", "scale": None}}
    layers = []
    for low, high, mark in ((2, 1, {"type": "rule"}), (0, 3, {"type": "bar", "size": rng.randint(4, 7)})):
        start = {"field": f"at[{low}]", "type": "quantitative", "scale": {"zero": False}, "title": chart.unit or None}
        layers.append({"mark": mark, "encoding": {"y": start, "y2": {"field": f"at[{high}]"}}})
    return {"data": {"values": rows}, "encoding": encoding, "layer": layers}


MARKS: dict[str, Callable[[Chart, list[str], Random], Json]] = {
    **dict.fromkeys(BARS, bars),
    "line chart": lines,
    "area chart": areas,
    "stacked area chart": areas,
    "pie chart": slices,
    "donut chart": slices,
    "scatter plot": points,
    "bubble chart": points,
    "histogram": histogram,
    "box plot": boxes,
    "heat map": heat_map,
    "lollipop chart": stems,
    "dot plot": dots,
    "candlestick chart": candles,
}


def _value(chart: Chart) -> Json:
    return {"field": "value", "type": "quantitative", "title": chart.unit or None}


def _ways(flat: bool, category: Json, value: Json) -> Json:
    """The two channels, for lying marks or for upright ones."""
    return {"y": category, "x": value} if flat else {"x": category, "y": value}


def _category(chart: Chart, rng: Random, flat: bool = False) -> Json:
    axis: Json = {"labelOverlap": not flat}
    if not flat and len(chart.categories) <= 14 and rng.random() < 0.5:
        axis["labelAngle"] = rng.choice((0, -45, -30))
    return {"field": "category", "type": "ordinal", "sort": list(chart.categories), "title": None, "axis": axis}


def _colour(chart: Chart, tones: list[str]) -> Json:
    """A legend for several series; for a single one its tone, or a tone a bar."""
    if len(chart.names) == 1:
        return {"field": "colour", "scale": None}
    scale = {"domain": list(chart.names), "range": _cycled(tones, len(chart.names))}
    return {"field": "series", "type": "nominal", "scale": scale, "title": None}


def _rows(chart: Chart, tones: list[str]) -> Json:
    many = len(chart.values) > 1
    rows = [
        {
            "category": category,
            "series": chart.names[nth],
            "place": nth,
            "value": value,
            "colour": tones[(nth if many else bar) % len(tones)],
        }
        for nth, row in enumerate(chart.values)
        for bar, (category, value) in enumerate(zip(chart.categories, row, strict=True))
    ]
    return {"values": rows}


def _cycled(tones: list[str], n: int) -> list[str]:
    return [tones[nth % len(tones)] for nth in range(n)]
