"""Sea, land and what stands on a map: colours of its own, pins, compass, scale, legends."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from tools.vision_tower.drawing.colours import RGB, mix, tone
from tools.vision_tower.drawing.drafting import words
from tools.vision_tower.drawing.drafting.kinds import Diagram
from tools.vision_tower.drawing.drafting.pen import Pen, Point, ring
from tools.vision_tower.drawing.drafting.style import LINES


@dataclass(frozen=True, slots=True)
class Ground:
    """Colours of a map."""

    sea: RGB
    land: RGB
    border: RGB
    coast: RGB | None


def ground(pen: Pen, spec: Diagram) -> Ground:
    """Colours by lot: blue sea and green or sandy land, grey on white, or night."""
    paper, ink, rng = pen.style.paper, pen.style.ink, pen.rng
    if spec.colour == LINES:
        return Ground(paper, paper, ink, ink)
    coast = mix(paper, ink, rng.uniform(0.3, 1.0)) if rng.random() < 0.5 else None
    if spec.dark:
        sea = mix(tone("blue", rng), paper, rng.uniform(0.6, 0.95))
        return Ground(sea, mix(sea, (255, 255, 255), rng.uniform(0.15, 0.35)), mix(sea, paper, 0.5), coast)
    if rng.random() < 0.35:
        return Ground(paper, mix(paper, (60, 60, 60), rng.uniform(0.12, 0.35)), paper, coast)
    sea = mix(tone("blue", rng), (255, 255, 255), rng.uniform(0.3, 0.8))
    land = mix(tone(rng.choice(("green", "yellow", "brown", "grey")), rng), (255, 255, 255), rng.uniform(0.4, 0.85))
    return Ground(sea, land, mix(land, rng.choice(((0, 0, 0), (255, 255, 255))), 0.6), coast)


def frame(pen: Pen, colour: RGB) -> tuple[int, int, int, int]:
    """Fills the pen's frame; returns it in whole pixels."""
    box = (round(pen.left), round(pen.top), round(pen.right), round(pen.bottom))
    pen.canvas.rectangle(box, colour)
    return box


def clip(pen: Pen, layer: Image.Image, outlines: list[list[Point]]) -> None:
    """Shows `layer`, which is as large as the picture, inside `outlines` and inside the pen's frame only."""
    mask = Image.new("L", layer.size, 0)
    canvas = ImageDraw.Draw(mask)
    for outline in outlines:
        canvas.polygon(outline, 255)
    box = (round(pen.left), round(pen.top), round(pen.right), round(pen.bottom))
    pen.image.paste(layer.crop(box), box[:2], mask.crop(box))


def pin(pen: Pen, at: Point, size: float, colour: RGB) -> None:
    """A drop on its tip, with a hole."""
    x, y = at
    pen.canvas.polygon([(x - size * 0.42, y - size * 0.8), (x + size * 0.42, y - size * 0.8), (x, y)], colour)
    pen.canvas.ellipse((x - size * 0.48, y - size * 1.5, x + size * 0.48, y - size * 0.55), colour)
    pen.canvas.ellipse((x - size * 0.18, y - size * 1.2, x + size * 0.18, y - size * 0.84), (255, 255, 255))


def pins(pen: Pen, plan: Random, n_pins: int, size: float, colour: RGB) -> None:
    """Pins, one beside the other so that they can be counted."""
    for k in range(n_pins):
        u, v = 0.12 + 0.76 * (k + plan.uniform(0.25, 0.75)) / n_pins, plan.uniform(0.25, 0.88)
        pin(pen, pen.at(u, v), size, colour)


def town(pen: Pen, at: Point) -> None:
    """A dot and an invented name beside it."""
    x, y = at
    size = max(2, pen.unit * 0.008)
    pen.canvas.ellipse((x - size, y - size, x + size, y + size), pen.style.ink)
    pen.text(x + size * 2, y, words.place(pen.rng), size=pen.letter * 0.85, anchor="lm")


def ornaments(pen: Pen) -> None:
    """A compass and a scale, sometimes."""
    if pen.rng.random() < 0.25:
        (x, y), size = pen.at(pen.rng.choice((0.08, 0.92)), 0.13), pen.unit * 0.06
        pen.canvas.polygon(
            [(x, y - size), (x + size * 0.4, y + size), (x, y + size * 0.5), (x - size * 0.4, y + size)], pen.style.ink
        )
        pen.text(x, y - size * 1.6, "N")
    if pen.rng.random() < 0.25:
        x, y = pen.at(0.05, 0.94)
        long = pen.width * 0.08
        for k in range(2):
            pen.canvas.rectangle(
                (x + long * k, y, x + long * (k + 1), y + pen.unit * 0.012),
                (pen.style.ink, pen.style.paper)[k],
                pen.style.ink,
            )
        pen.text(
            x, y - pen.letter * 0.7, f"{pen.rng.choice((1, 5, 20, 100, 500))} km", size=pen.letter * 0.8, anchor="lm"
        )


def legend(pen: Pen, fills: list[RGB]) -> None:
    """Boxes of colour with ranges, in a corner or below; takes its room from the frame."""
    size = max(6.0, pen.letter * 0.9)
    if pen.rng.random() < 0.5:
        top = pen.bottom - len(fills) * size * 1.4
        x = pen.right - size * 5.5
        for k, fill in enumerate(fills):
            y = top + k * size * 1.4
            pen.canvas.rectangle((x, y, x + size * 1.3, y + size), fill, pen.style.ink)
            pen.text(x + size * 1.7, y + size / 2, f"{k * 10}–{k * 10 + 9}", size=size, anchor="lm")
        pen.shrink(right=size * 6)
        return
    wide = min(pen.width * 0.7, len(fills) * size * 4) / len(fills)
    y, left = pen.bottom - size * 1.1, pen.centre[0] - wide * len(fills) / 2
    for k, fill in enumerate(fills):
        pen.canvas.rectangle((left + wide * k, y - size * 0.6, left + wide * (k + 1) - 1, y), fill)
        pen.text(left + wide * (k + 0.5), y + size * 0.7, str(k * 10), size=size * 0.8)
    pen.shrink(bottom=size * 2.6)


def shades(pen: Pen, colour: str, n_shades: int) -> list[RGB]:
    """From pale to strong tones of one colour."""
    strong = mix(tone(colour, pen.rng), (0, 0, 0), pen.rng.choice((0.0, 0.25)))
    pale = mix(strong, (255, 255, 255), pen.rng.uniform(0.75, 0.9))
    return [mix(pale, strong, k / (n_shades - 1)) for k in range(n_shades)]


def hexagon(x: float, y: float, radius: float) -> list[Point]:
    """Corners of a regular one that stands on a corner."""
    return ring(x, y, radius, radius, 6, 0.5235987755982988)


def lot_at(plan: Random, n_cells: int, n_shades: int) -> list[int]:
    """A shade for each cell, neighbours in reading order alike."""
    value, lots = plan.random(), []
    for _ in range(n_cells):
        value = min(0.999, max(0.0, value + plan.gauss(0, 0.3)))
        if plan.random() < 0.2:
            value = plan.random()
        lots.append(int(value * n_shades))
    return lots
