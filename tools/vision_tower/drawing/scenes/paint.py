"""Paints a scene or a pattern in a style by lot."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from tools.vision_tower.drawing.colours import RGB, mix
from tools.vision_tower.drawing.scenes.layout import Spot, spots
from tools.vision_tower.drawing.scenes.pattern import canvas_size, dots, gradient, stripes
from tools.vision_tower.drawing.scenes.shapes import Contour, contours
from tools.vision_tower.drawing.scenes.spec import Scene
from tools.vision_tower.drawing.scenes.tones import backdrop_for, lightness, tones_apart


@dataclass(frozen=True)
class Style:
    """What no caption tells."""

    backdrop: RGB
    tones: dict[str, RGB]
    edge: str
    """Around filled things: none, dark, black or white."""
    edge_px: int
    line_px: int
    """Of outlined things, stripes and dots."""
    shade: str
    """none, linear or radial"""
    lit_from_left: bool
    shadow: bool
    wobble: float


def paint(scene: Scene, rng: Random) -> Image.Image:
    """Ground, things in their layout, and what style adds to both."""
    width, height = canvas_size(rng)
    style = _style(scene, min(width, height), rng)
    image = _ground(style.backdrop, width, height, rng)
    canvas = ImageDraw.Draw(image)
    alike = rng.random() < 0.7
    lines: list[Contour] = []
    before = None
    for spot in spots(scene, width, height, rng):
        if spot.thing != before or not alike:
            lines, before = contours(spot.thing, rng, wobble=style.wobble), spot.thing
        placed = [line * spot.reach + (spot.x, spot.y) for line in lines]
        if style.shadow and spot.thing.fill != "outlined":
            _drop_shadow(image, spot, placed, style.backdrop)
        _paint_thing(image, canvas, spot, placed, style, rng)
    return image


def _drop_shadow(image: Image.Image, spot: Spot, lines: list[Contour], backdrop: RGB) -> None:
    side = _covering_px(spot)
    filling = Image.new("RGB", (side, side), mix(backdrop, (0, 0, 0), 0.35))
    _fill_through_mask(image, [line + 0.09 * spot.reach for line in lines], filling)


def _paint_thing(
    image: Image.Image, canvas: ImageDraw.ImageDraw, spot: Spot, lines: list[Contour], style: Style, rng: Random
) -> None:
    thing, tone = spot.thing, style.tones[spot.thing.colour]
    if thing.fill == "outlined":
        _draw_lines(canvas, lines, tone, min(style.line_px, max(2, round(0.3 * spot.reach))))
        return
    if thing.fill == "solid" and style.shade == "none" and len(lines) == 1:
        canvas.polygon(_flat(lines[0]), fill=tone)
    else:
        _fill_through_mask(image, lines, _filling(spot, tone, style, rng))
    if thing.fill != "solid":
        _draw_lines(canvas, lines, tone, max(2, style.line_px // 2))
    elif style.edge != "none":
        edge = {"dark": mix(tone, (0, 0, 0), 0.45), "black": (0, 0, 0), "white": (255, 255, 255)}[style.edge]
        # An edge as wide as a small thing would hide its colour.
        _draw_lines(canvas, lines, edge, min(style.edge_px, max(1, round(0.08 * spot.reach))))


def _fill_through_mask(image: Image.Image, lines: list[Contour], filling: Image.Image) -> None:
    left, top = (int(low) for low in lines[0].min(axis=0))
    mask = Image.new("L", filling.size)
    canvas = ImageDraw.Draw(mask)
    for k, line in enumerate(lines):
        canvas.polygon(_flat(line - (left, top)), fill=0 if k else 255)
    image.paste(filling, (left, top), mask)


def _filling(spot: Spot, tone: RGB, style: Style, rng: Random) -> Image.Image:
    """The inside of a thing, as a square that covers it."""
    side = _covering_px(spot)
    if spot.thing.fill == "striped":
        return stripes(side, side, tone, _gap(tone), 2.2 * style.line_px, rng.choice((0, 90, 45, 135)))
    if spot.thing.fill == "dotted":
        step = max(9.0, spot.reach * rng.uniform(0.32, 0.45))
        return dots(side, side, tone, _gap(tone), step, 0.3, staggered=rng.random() < 0.5)
    if style.shade == "none":
        return Image.new("RGB", (side, side), tone)
    dark, light = mix(tone, (0, 0, 0), 0.08), mix(tone, (255, 255, 255), 0.25)
    if style.shade == "radial":
        return ImageOps.colorize(Image.radial_gradient("L").resize((side, side)), light, dark)
    return gradient(side, side, light, dark, across=style.lit_from_left)


def _covering_px(spot: Spot) -> int:
    """Side of a square that covers the thing wherever its bounding box starts within a pixel."""
    return 2 * round(spot.reach) + 3


def _gap(tone: RGB) -> RGB:
    """Between stripes or dots: white, or nearly."""
    return mix(tone, (255, 255, 255), 0.93)


def _draw_lines(canvas: ImageDraw.ImageDraw, lines: list[Contour], colour: RGB, width_px: int) -> None:
    for line in lines:
        closed = np.concatenate((line, line[:2]))  # one segment more, so that the first corner is joined, too
        canvas.line(_flat(closed), fill=colour, width=width_px, joint="curve")


def _flat(line: Contour) -> list[float]:
    coordinates: list[float] = line.ravel().tolist()
    return coordinates


def _style(scene: Scene, side: int, rng: Random) -> Style:
    names = sorted({group.thing.colour for group in scene.groups})
    tones = tones_apart([*names, scene.background] if scene.background else names, rng)
    backdrop = tones[scene.background] if scene.background else backdrop_for([tones[name] for name in names], rng)
    edges = ["none"] * 6 + ["dark"] * 2 + ["black"] * 2 + (["white"] if lightness(backdrop) < 170 else [])
    return Style(
        backdrop=backdrop,
        tones=tones,
        edge=rng.choice(edges),
        edge_px=max(1, round(side * rng.uniform(0.006, 0.016))),
        line_px=max(4, round(side * rng.uniform(0.018, 0.035))),
        shade=rng.choice(("none",) * 8 + ("linear", "radial")),
        lit_from_left=rng.random() < 0.3,
        shadow=lightness(backdrop) > 120 and rng.random() < 0.1,
        wobble=rng.uniform(0.01, 0.035) if rng.random() < 0.15 else 0.0,
    )


def _ground(backdrop: RGB, width: int, height: int, rng: Random) -> Image.Image:
    kind = rng.random()
    if kind < 0.75:
        return Image.new("RGB", (width, height), backdrop)
    if kind < 0.88:
        darker = mix(backdrop, (0, 0, 0), rng.uniform(0.05, 0.15))
        return gradient(width, height, backdrop, darker, across=rng.random() < 0.5)
    noise = np.random.default_rng(rng.getrandbits(32)).integers(-12, 13, (height, width, 1), dtype=np.int16)
    return Image.fromarray(np.clip(np.array(backdrop, dtype=np.int16) + noise, 0, 255).astype(np.uint8))
