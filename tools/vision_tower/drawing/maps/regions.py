"""Maps of countries and regions: political, shaded by value, of tiles, of the world, and a globe."""

from __future__ import annotations

from math import cos, radians, sin
from random import Random

from PIL import Image, ImageDraw

from tools.vision_tower.drawing.colours import CHROMATIC, RGB, mix, tone
from tools.vision_tower.drawing.drafting import words
from tools.vision_tower.drawing.drafting.kinds import Diagram, Kind, is_coloured
from tools.vision_tower.drawing.drafting.pen import Pen, Point
from tools.vision_tower.drawing.drafting.style import LINES, MANY, OWN
from tools.vision_tower.drawing.maps.land import CONTINENTS, UNITED_STATES, cells, crinkled, island
from tools.vision_tower.drawing.maps.style import (
    Ground,
    clip,
    frame,
    ground,
    hexagon,
    legend,
    lot_at,
    ornaments,
    pin,
    shades,
)


def _country(pen: Pen, plan: Random, form: str) -> tuple[list[list[Point]], list[list[Point]]]:
    """Pixels of a country's outlines, and of the cells that cover it."""
    if form == "united states":
        west, south, east, north = -125.0, 25.0, -66.5, 49.5
        coast = [((lon - west) / (east - west), (north - lat) / (north - south)) for lon, lat in UNITED_STATES]
        outlines = [crinkled(coast, plan, 0.06, 1)]
        regions = cells(plan, 9, 5, 0.25, square=0.55)
    else:
        outlines = [island(plan, 0.5, 0.5, 0.48)]
        for _ in range(plan.randint(0, 3)):
            outlines.append(island(plan, plan.random(), plan.random(), plan.uniform(0.03, 0.09)))
        regions = cells(plan, plan.randint(3, 8), plan.randint(3, 6), 0.22)
    return [[pen.at(*p) for p in each] for each in outlines], [[pen.at(*p) for p in each] for each in regions]


def _paint_regions(
    pen: Pen, outlines: list[list[Point]], regions: list[list[Point]], fills: list[RGB], border: RGB
) -> None:
    layer = Image.new("RGB", pen.image.size, fills[0])
    canvas, thick = ImageDraw.Draw(layer), max(1, pen.thick // 2)
    for region, fill in zip(regions, fills, strict=True):
        canvas.polygon(region, fill)
    for region in regions:
        canvas.line([*region, region[0]], border, thick)
    clip(pen, layer, outlines)
    for outline in outlines:
        pen.canvas.line(
            [*outline, outline[0]],
            border if border != (255, 255, 255) else mix(pen.style.ink, pen.style.paper, 0.4),
            thick,
        )


def _political(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Countries in different colours, in a sea or to the map's edge."""
    colours = ground(pen, spec)
    frame(pen, colours.sea)
    outlines, regions = _country(pen, plan, spec.form)
    if spec.form == "edge":
        outlines = [[pen.at(0, 0), pen.at(1, 0), pen.at(1, 1), pen.at(0, 1)]]
    plain = spec.colour == LINES
    pale = pen.rng.uniform(0.0, 0.6)
    fills = [colours.land if plain else mix(pen.style.fill(plan.randrange(7)), (255, 255, 255), pale) for _ in regions]
    border = pen.style.ink if plain else pen.rng.choice(((255, 255, 255), (70, 70, 70), (0, 0, 0)))
    _paint_regions(pen, outlines, regions, fills, border)
    if pen.rng.random() < 0.6:
        _names(pen, regions, fills, every=2)
    ornaments(pen)


def _names(pen: Pen, regions: list[list[Point]], fills: list[RGB], *, every: int) -> None:
    """Names on some regions, where they are seen: in the sea their colour is not."""
    for region, fill in list(zip(regions, fills, strict=True))[::every]:
        x, y = (sum(p[k] for p in region) / len(region) for k in (0, 1))
        if (
            pen.left + 20 < x < pen.right - 20
            and pen.top < y < pen.bottom
            and pen.image.getpixel((int(x), int(y))) == fill
        ):
            pen.text(x, y, words.place(pen.rng), (20, 20, 20), size=pen.letter * 0.75)


def _choropleth(pen: Pen, spec: Diagram, plan: Random) -> None:
    n_shades = plan.randint(3, 6)
    tones = shades(pen, spec.colour, n_shades)
    if spec.legend:
        legend(pen, tones)
    if "tiles" in spec.form:
        _tiles(pen, plan, tones, hexagonal=spec.form == "hexagon tiles")
        return
    outlines, regions = _country(pen, plan, spec.form)
    fills = [tones[lot] for lot in lot_at(plan, len(regions), n_shades)]
    _paint_regions(pen, outlines, regions, fills, pen.rng.choice(((255, 255, 255), (255, 255, 255), (60, 60, 60))))
    if pen.rng.random() < 0.3:
        _names(pen, regions, fills, every=3)


def _tiles(pen: Pen, plan: Random, tones: list[RGB], *, hexagonal: bool) -> None:
    """A tile for each state, laid out roughly like the country."""
    n_columns, n_rows = plan.randint(7, 11), plan.randint(5, 8)
    size = min(pen.width / (n_columns + 0.5), pen.height / (n_rows * 0.87 + 0.3))
    lots = lot_at(plan, n_columns * n_rows, len(tones))
    lettered = pen.rng.random() < 0.6
    x0 = pen.centre[0] - size * n_columns / 2
    for row in range(n_rows):
        skip = abs(row - n_rows / 2.5) * plan.uniform(0.2, 0.9)
        for column in range(n_columns):
            if not skip <= column < n_columns - skip * plan.uniform(0.5, 1.4) or plan.random() < 0.04:
                continue
            tint = tones[lots[row * n_columns + column]]
            x = x0 + size * (column + 0.5 + (0.5 * (row % 2) if hexagonal else 0))
            y = pen.top + size * (row * (0.87 if hexagonal else 1.0) + 0.5)
            if hexagonal:
                pen.canvas.polygon(hexagon(x, y, size * 0.56), tint)
            else:
                half = size * 0.47
                pen.canvas.rectangle((x - half, y - half, x + half, y + half), tint)
            if lettered and size > 18:
                pen.text(x, y, words.short(pen.rng), pen.style.ink_on(tint), size=size * 0.36)


def _continents(pen: Pen, plan: Random) -> list[list[Point]]:
    """Pixels of the coasts on a plain cylindrical projection."""
    return [
        [pen.at((lon + 172) / 355, (82 - lat) / 140) for lon, lat in crinkled([*coast, coast[0]], plan, 0.09, 1)]
        for coast in CONTINENTS
    ]


def _world(pen: Pen, spec: Diagram, plan: Random) -> None:
    colours = ground(pen, spec)
    frame(pen, colours.sea)
    coasts = _continents(pen, plan)
    if spec.form in {"countries", "shaded"}:
        regions = [[pen.at(*p) for p in each] for each in cells(plan, 16, 9, 0.22)]
        many = spec.form == "countries"
        tones = (
            [tone(name, pen.rng) for name in pen.rng.sample(CHROMATIC, 7)] if many else shades(pen, _hue(spec, plan), 5)
        )
        fills = [tones[lot] for lot in lot_at(plan, len(regions), len(tones))]
        _paint_regions(pen, coasts, regions, fills, (255, 255, 255))
    else:
        _land(pen, coasts, colours)
        for _ in range(plan.randint(4, 12) if spec.form != "plain" else 0):
            x, y = pen.at(plan.uniform(0.08, 0.92), plan.uniform(0.15, 0.75))
            if spec.form == "pins":
                pin(pen, (x, y), pen.unit * 0.06, tone("red", pen.rng))
            else:
                radius = pen.unit * plan.uniform(0.015, 0.06)
                pen.canvas.ellipse(
                    (x - radius, y - radius, x + radius, y + radius), tone(_hue(spec, plan), pen.rng), (255, 255, 255)
                )
    if pen.rng.random() < 0.15:
        for k in range(1, 6):
            pen.canvas.line([pen.at(k / 6, 0), pen.at(k / 6, 1)], mix(colours.sea, pen.style.ink, 0.2))
            pen.canvas.line([pen.at(0, k / 6), pen.at(1, k / 6)], mix(colours.sea, pen.style.ink, 0.2))


def _hue(spec: Diagram, plan: Random) -> str:
    return spec.colour if is_coloured(spec) else plan.choice(("red", "blue", "orange", "green"))


def _land(pen: Pen, coasts: list[list[Point]], colours: Ground) -> None:
    layer = Image.new("RGB", pen.image.size, colours.land)
    clip(pen, layer, coasts)
    if colours.coast or colours.land == colours.sea:
        for coast in coasts:
            pen.canvas.line([*coast, coast[0]], colours.coast or pen.style.ink, max(1, pen.thick // 2))


def _globe(pen: Pen, spec: Diagram, plan: Random) -> None:
    """The earth from far away, in orthographic projection."""
    colours = ground(pen, spec)
    x, y = pen.centre
    radius = pen.unit * 0.45
    turn, tilt = radians(plan.choice((90, 60, -15, -60, -110)) + plan.uniform(-20, 20)), radians(plan.uniform(-10, 35))
    pen.ellipse(
        x,
        y,
        radius,
        radius,
        colours.sea if spec.colour != OWN or colours.sea != pen.style.paper else tone("blue", pen.rng),
        pen.style.ink,
    )
    for coast in CONTINENTS:
        points = [_seen(lon, lat, turn, tilt) for lon, lat in crinkled([*coast, coast[0]], plan, 0.06, 1)]
        if sum(deep > 0 for _, _, deep in points) * 2 < len(points):
            continue
        flat = []
        for u, v, deep in points:
            if deep < 0:  # beyond the horizon: onto it
                far = max(1e-6, (u * u + v * v) ** 0.5)
                u, v = u / far, v / far
            flat.append((x + u * radius, y - v * radius))
        pen.canvas.polygon(flat, colours.land, colours.coast or (pen.style.ink if spec.colour == LINES else None))
    if plan.random() < 0.5:
        for k in (-2, -1, 0, 1, 2):
            half = radius * (1 - (k * 0.32) ** 2) ** 0.5
            pen.canvas.line(
                (x - half, y + k * 0.32 * radius, x + half, y + k * 0.32 * radius),
                mix(colours.land, pen.style.ink, 0.4),
            )
            wide = radius * abs(k) * 0.4
            pen.canvas.ellipse(
                (x - wide, y - radius, x + wide, y + radius), None, mix(colours.land, pen.style.ink, 0.4)
            )


def _seen(lon: float, lat: float, turn: float, tilt: float) -> tuple[float, float, float]:
    """Right, up and towards the viewer, on a sphere of radius one."""
    a, b = radians(lon) + turn, radians(lat)
    u, v, deep = cos(b) * sin(a), sin(b), cos(b) * cos(a)
    return u, v * cos(tilt) - deep * sin(tilt), v * sin(tilt) + deep * cos(tilt)


KINDS = (
    Kind(
        ("political map", "map of countries", "map of regions", "administrative map", "map with regions"),
        _political,
        says=("countries and the borders between them", "a map that shows borders between regions"),
        forms={
            "island": ("surrounded by sea",),
            "edge": ("that fills the picture",),
            "united states": ("of the United States", "of the USA"),
        },
        aspect=(1.0, 1.8),
        palettes=(MANY, MANY, MANY, LINES),
        topical=False,
    ),
    Kind(
        ("choropleth map", "shaded map", "map shaded by value", "statistical map", "map with regions shaded by value"),
        _choropleth,
        says=("regions shaded in tones of one colour", "darker regions have higher values"),
        forms={
            "country": ("of a country", "of the regions of a country"),
            "united states": ("of the United States", "of the USA", "of American states"),
            "hexagon tiles": ("of hexagons", "as hexagonal tiles", "with a hexagon for each state"),
            "square tiles": ("of squares", "as a tile grid", "with a square for each state"),
        },
        aspect=(1.0, 1.8),
        palettes=("one",),
        legend=0.7,
    ),
    Kind(
        ("world map", "map of the world", "map of all continents", "global map"),
        _world,
        says=("all continents and oceans", "the whole world on a map"),
        forms={
            "plain": (),
            "countries": ("with countries in many colours", "with colourful countries"),
            "shaded": ("with shaded countries", "with countries shaded by value"),
            "pins": ("with red pins", "with markers"),
            "dots": ("with dots", "with bubbles"),
        },
        aspect=(1.6, 2.2),
        palettes=(OWN,),
    ),
    Kind(
        ("globe", "planet earth", "the earth seen from space", "world globe"),
        _globe,
        says=("the round earth with its continents",),
        aspect=(0.85, 1.3),
        palettes=(OWN, OWN, OWN, LINES),
        dark=0.3,
        topical=False,
    ),
)
