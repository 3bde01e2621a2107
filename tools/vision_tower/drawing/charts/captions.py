"""Sentences and phrases for charts: many names a kind, a fact or two that can be seen, colours, rarely the topic."""

from __future__ import annotations

from random import Random

from tools.vision_tower.drawing.charts import phrases
from tools.vision_tower.drawing.charts.spec import GENERAL, Chart

NAMES: dict[str, tuple[str, ...]] = {
    "bar chart": ("bar chart", "bar graph", "column chart", "vertical bar chart", "bar plot", "bar diagram"),
    "grouped bar chart": (
        "grouped bar chart",
        "clustered bar chart",
        "clustered column chart",
        "multi-series bar graph",
    ),
    "stacked bar chart": (
        "stacked bar chart",
        "stacked column chart",
        "stacked bar graph",
        "bar chart with stacked bars",
    ),
    "100% stacked bar chart": ("100% stacked bar chart", "stacked bar chart", "100% stacked column chart"),
    "horizontal bar chart": (
        "horizontal bar chart",
        "horizontal bar graph",
        "bar chart with horizontal bars",
        "bar chart",
    ),
    "grouped horizontal bar chart": (
        "grouped horizontal bar chart",
        "horizontal grouped bar chart",
        "clustered horizontal bar chart",
        "grouped bar chart",
    ),
    "stacked horizontal bar chart": (
        "stacked horizontal bar chart",
        "horizontal stacked bar chart",
        "stacked bar chart",
        "horizontal bar chart with stacked bars",
    ),
    "100% stacked horizontal bar chart": (
        "100% stacked horizontal bar chart",
        "stacked horizontal bar chart",
        "horizontal 100% stacked bar chart",
        "stacked bar chart",
    ),
    "line chart": ("line chart", "line graph", "line plot", "line diagram", "curve chart", "time series plot"),
    "area chart": ("area chart", "area graph", "filled line chart", "area plot"),
    "stacked area chart": (
        "stacked area chart",
        "stacked area graph",
        "area chart with stacked areas",
        "layered area chart",
    ),
    "pie chart": ("pie chart", "pie graph", "pie diagram", "circle chart", "pie"),
    "donut chart": (
        "donut chart",
        "doughnut chart",
        "ring chart",
        "donut graph",
        "pie chart with a hole",
        "ring diagram",
    ),
    "scatter plot": ("scatter plot", "scatter chart", "scatter graph", "scatterplot", "point cloud", "scatter diagram"),
    "bubble chart": ("bubble chart", "bubble plot", "bubble graph", "scatter plot with bubbles of different size"),
    "histogram": ("histogram", "histogram", "frequency distribution", "distribution histogram"),
    "box plot": ("box plot", "boxplot", "box and whisker plot", "whisker plot", "box-and-whisker diagram"),
    "heat map": ("heat map", "heatmap", "matrix heat map", "colour matrix", "heat map grid"),
    "radar chart": ("radar chart", "spider chart", "radar plot", "spider web chart", "star plot"),
    "dot plot": ("dot plot", "dot chart", "Cleveland dot plot", "dumbbell or dot chart"),
    "lollipop chart": ("lollipop chart", "lollipop plot", "lollipop graph"),
    "funnel chart": ("funnel chart", "funnel", "funnel diagram", "sales funnel"),
    "gauge": ("gauge", "gauge chart", "speedometer chart", "dial", "meter"),
    "waterfall chart": ("waterfall chart", "waterfall graph", "bridge chart", "cascade chart"),
    "combo chart": ("combo chart", "combined bar and line chart", "bar chart with a line over it", "bars and a line"),
    "population pyramid": ("population pyramid", "age pyramid", "age and sex pyramid", "back-to-back bar chart"),
    "treemap": ("treemap", "tree map", "treemap chart", "tile chart"),
    "candlestick chart": ("candlestick chart", "candlestick graph", "stock chart", "candle chart", "share price chart"),
}
PURPOSES = {
    "line chart": ("trend over time", "development over the years", "time series"),
    "area chart": ("trend over time", "development over time"),
    "pie chart": ("shares of a whole", "parts of a whole", "percentages in a circle", "proportions"),
    "donut chart": ("shares of a whole", "parts of a whole", "proportions"),
    "100% stacked bar chart": ("shares that add up to 100 percent", "composition of each group"),
    "100% stacked horizontal bar chart": ("shares that add up to 100 percent", "survey answers as stacked bars"),
    "histogram": ("distribution of values", "frequency of values", "distribution"),
    "box plot": ("median and quartiles", "spread of several groups", "distribution by group"),
    "scatter plot": ("relation between two variables", "cloud of points", "dots by x and y"),
    "horizontal bar chart": ("ranking", "comparison of categories", "ranked list as bars"),
    "bar chart": ("comparison of categories", "values as columns"),
    "grouped bar chart": ("comparison of several series by category",),
    "heat map": ("matrix of coloured cells", "grid of coloured squares"),
    "candlestick chart": ("stock prices", "share price over time"),
    "population pyramid": ("age structure of a population",),
    "waterfall chart": ("gains and losses that add up to a total",),
    "treemap": ("nested rectangles by size",),
}
BROADER = ("chart", "graph", "statistics", "data visualization", "diagram of numbers", "plot", "figure with data")
BARE = ("{noun}", "a {noun}", "{a} {noun}", "an image of {a} {noun}", "picture of {a} {noun}", "this is {a} {noun}")
WITH = (
    "{a} {noun} with {facts}",
    "{noun} with {facts}",
    "{noun}: {facts}",
    "{a} {noun} showing {facts}",
    "{facts} in {a} {noun}",
    "the {noun} has {facts}",
    "figure: {a} {noun} with {facts}",
    "an image of {a} {noun} with {facts}",
)
ABOUT = (
    "{a} {noun} about {topic}",
    "{noun} of {topic}",
    "{topic}: {noun}",
    "{topic} as {a} {noun}",
    "{topic} in {a} {noun}",
)
PAIRS = ("two {noun}s side by side", "a pair of {noun}s", "two {noun}s", "two {noun}s next to each other")


def describe(chart: Chart, rng: Random) -> str:
    """A true sentence or phrase; another one at each call."""
    noun = _noun(chart, rng)
    fields = {"noun": noun, "a": "an" if noun[0] in "aeiou" else "a", "topic": chart.topic}
    if chart.beside is not None:
        return rng.choice(PAIRS).format(noun=chart.kind)
    way = rng.random()
    if way < 0.06:
        return rng.choice(ABOUT).format(**fields)
    if way < 0.13 and chart.kind in PURPOSES:
        return _purpose(chart, fields, rng)
    if way < 0.33:
        return rng.choice(BARE).replace("a {noun}", "{a} {noun}").format(**fields)
    facts = phrases.about(chart, rng)
    told = rng.sample(facts, min(len(facts), rng.choice((1, 1, 2))))
    hue = hues(chart, rng)
    if hue and (not told or rng.random() < 0.45):
        if " in " not in hue and rng.random() < 0.4 and len(set(chart.colours)) == 1:
            fields |= {"noun": f"{chart.colours[0]} {noun}", "a": "an" if chart.colours[0] == "orange" else "a"}
        else:
            told.append(hue)
    if not told:
        return rng.choice(BARE).replace("a {noun}", "{a} {noun}").format(**fields)
    return rng.choice(WITH).format(facts=_joined(told, rng), **fields)


def _noun(chart: Chart, rng: Random) -> str:
    way = rng.random()
    if way < 0.05:
        return rng.choice(BROADER)
    if way < 0.15:
        return GENERAL.get(chart.kind, chart.kind)
    return chart.kind if way < 0.45 else rng.choice(NAMES[chart.kind])


def _purpose(chart: Chart, fields: dict[str, str], rng: Random) -> str:
    purpose = rng.choice(PURPOSES[chart.kind])
    return rng.choice(
        (
            purpose,
            f"{purpose}, {fields['noun']}",
            f"{fields['noun']} of {purpose}",
            f"{purpose} in {fields['a']} {fields['noun']}",
        )
    )


def _joined(told: list[str], rng: Random) -> str:
    return rng.choice((" and ", ", ")).join(told)


def hues(chart: Chart, rng: Random) -> str:
    """What is coloured how; vaguely where there are more than three colours."""
    names = tuple(dict.fromkeys(chart.colours))
    part = _coloured_part(chart.kind)
    if chart.kind in ("heat map", "waterfall chart", "candlestick chart"):
        listed = " and ".join(names)
        return rng.choice((f"{listed} {'cells' if chart.kind == 'heat map' else 'bars'}", f"colours {listed}"))
    if len(names) == 1 and len(chart.colours) > 1 and chart.shades:
        return rng.choice((f"shades of {names[0]}", f"light and dark {names[0]}", f"{names[0]} tones"))
    if len(names) == 1:
        return _one_hue(names[0], part, rng)
    if not chart.shades and len(names) == 2 and len(chart.colours) > 2:
        return _odd_one_out(chart, rng)
    if len(names) <= 3:
        listed = f"{', '.join(names[:-1])} and {names[-1]}"
        return rng.choice((_parts(listed, part, listed), f"colours {listed}", f"{part} in {listed}"))
    look = _parts("multicoloured", part, "a colourful look")
    return rng.choice(("many colours", "several colours", look, "a different colour for each"))


def _coloured_part(kind: str) -> str:
    """What of such a chart has the colours; 'colours' where there is no good word for it."""
    if "bar chart" in kind or kind == "histogram":
        return "bars"
    parts = {"line chart": "lines", "pie chart": "slices", "donut chart": "segments", "scatter plot": "points"}
    return parts.get(kind, "colours")


def _parts(colours: str, part: str, otherwise: str) -> str:
    return otherwise if part == "colours" else f"{colours} {part}"


def _one_hue(name: str, part: str, rng: Random) -> str:
    if part == "lines":
        line = rng.choice(("a {} line", "one {} line", "a line in {}")).format(name)
        return line.replace("a orange", "an orange")
    return rng.choice((_parts(name, part, f"the colour {name}"), f"{name} as its only colour"))


def _odd_one_out(chart: Chart, rng: Random) -> str:
    """Of bars all in one colour but for one."""
    odd = next(name for name in chart.colours if chart.colours.count(name) == 1)
    usual = next(name for name in chart.colours if name != odd)
    one = "stem" if chart.kind == "lollipop chart" else "bar"
    return rng.choice(
        (f"one {one} highlighted in {odd}", f"one {odd} {one}", f"one {one} in {odd}, the others {usual}")
    )
