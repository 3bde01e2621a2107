"""A canvas with a style: boxes, arrows and labels that the painters of diagrams put together."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from math import atan2, cos, hypot, pi, sin
from random import Random
from typing import TypeAlias

from PIL import Image, ImageDraw

from tools.vision_tower.drawing import fonts
from tools.vision_tower.drawing.colours import RGB, mix
from tools.vision_tower.drawing.drafting.style import Style

Point: TypeAlias = tuple[float, float]
ARROW_ANGLE = 0.42  # radians from the shaft to a side of the head


def ring(x: float, y: float, rx: float, ry: float, n_points: int, turn: float = 0.0) -> list[Point]:
    """Points on an ellipse around (x, y), clockwise on the screen from `turn` radians."""
    steps = (turn + 2 * pi * i / n_points for i in range(n_points))
    return [(x + rx * cos(angle), y + ry * sin(angle)) for angle in steps]


def bent(start: Point, end: Point, bow: float, n_points: int = 9) -> list[Point]:
    """A curve between two points that strays `bow` times their distance to one side."""
    (x0, y0), (x1, y1) = start, end
    mx, my = (x0 + x1) / 2 - (y1 - y0) * bow * 2, (y0 + y1) / 2 + (x1 - x0) * bow * 2
    steps = (i / (n_points - 1) for i in range(n_points))
    return [
        ((1 - t) ** 2 * x0 + 2 * t * (1 - t) * mx + t * t * x1, (1 - t) ** 2 * y0 + 2 * t * (1 - t) * my + t * t * y1)
        for t in steps
    ]


def shape_points(shape: str, x: float, y: float, w: float, h: float) -> list[Point] | None:
    """The corners of a node around (x, y), `w` by `h` pixels; none for what has no corners."""
    left, top, right, bottom = x - w / 2, y - h / 2, x + w / 2, y + h / 2
    slant = min(w, h) * 0.3
    corners: dict[str, list[Point]] = {
        "box": [(left, top), (right, top), (right, bottom), (left, bottom)],
        "diamond": [(x, top), (right, y), (x, bottom), (left, y)],
        "slanted": [(left + slant, top), (right, top), (right - slant, bottom), (left, bottom)],
    }
    return corners.get(shape)


class Pen:
    """One picture under way. All lengths are pixels; `left, top, right, bottom` frame what is left for the diagram."""

    def __init__(self, size: tuple[int, int], style: Style, rng: Random) -> None:
        self.image = Image.new("RGB", size, style.paper)
        self.canvas = ImageDraw.Draw(self.image)
        self.style, self.rng = style, rng
        self.thick = max(1, round(style.line * min(size)))
        self.letter = max(8, round(style.text * max(size)))
        self.left, self.top, self.right, self.bottom = 0.0, 0.0, float(size[0]), float(size[1])

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def unit(self) -> float:
        """The frame's shorter side."""
        return min(self.width, self.height)

    @property
    def centre(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def at(self, u: float, v: float, *, across: bool = False) -> Point:
        """The pixel at (u, v) of the frame, both in [0, 1]; `across` turns what runs down into left to right."""
        if across:
            u, v = v, u
        return self.left + u * self.width, self.top + v * self.height

    def shrink(self, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0) -> None:
        """Takes pixels off the frame's sides."""
        self.left, self.top, self.right, self.bottom = (
            self.left + left,
            self.top + top,
            self.right - right,
            self.bottom - bottom,
        )

    def line(
        self, points: Sequence[Point], colour: RGB | None = None, width: float = 0, *, dashed: bool = False
    ) -> None:
        """Through the points; wobbling where the style is drawn by hand."""
        colour = colour or self.style.ink
        thick = max(1, round(width)) if width else self.thick
        if dashed:
            self._dashes(points, colour, thick)
        elif self.style.wobble:
            self.canvas.line(self._strayed(points), colour, thick, joint="curve")
        else:
            self.canvas.line(points, colour, thick, joint="curve" if thick > 2 else None)

    def _strayed(self, points: Sequence[Point]) -> list[Point]:
        """The same path as an unsteady hand draws it."""
        stray, gauss = self.style.wobble * max(1, self.thick), self.rng.gauss
        path = [points[0]]
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            parts = max(1, min(6, int(hypot(x1 - x0, y1 - y0) / 25)))
            path += [
                (x0 + (x1 - x0) * i / parts + gauss(0, stray) * 0.6, y0 + (y1 - y0) * i / parts + gauss(0, stray) * 0.6)
                for i in range(1, parts + 1)
            ]
        return path

    def _dashes(self, points: Sequence[Point], colour: RGB, thick: int) -> None:
        dash = 3.0 * thick + 3
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            far = hypot(x1 - x0, y1 - y0)
            n_dashes = max(1, int(far / (1.8 * dash)))
            for i in range(n_dashes):
                a, b = i / n_dashes, (i + 0.55) / n_dashes
                ends = [(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a), (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)]
                self.canvas.line(ends, colour, thick)

    def arrow(
        self, points: Sequence[Point], colour: RGB | None = None, width: float = 0, *, dashed: bool = False
    ) -> None:
        """A line with a head at its last point."""
        colour = colour or self.style.ink
        thick = max(1, round(width)) if width else self.thick
        self.line(points, colour, thick, dashed=dashed)
        (x0, y0), (x1, y1) = points[-2], points[-1]
        angle, size = atan2(y1 - y0, x1 - x0), 4 + 3.2 * thick
        sides = [(x1 - size * cos(angle + turn), y1 - size * sin(angle + turn)) for turn in (-ARROW_ANGLE, ARROW_ANGLE)]
        if self.style.head == "filled":
            self.canvas.polygon([sides[0], (x1, y1), sides[1]], colour)
        elif self.style.head == "open":
            self.canvas.polygon([sides[0], (x1, y1), sides[1]], self.style.paper, colour)
        else:
            self.canvas.line([sides[0], (x1, y1), sides[1]], colour, thick)

    def polygon(self, points: Sequence[Point], fill: RGB | None, edge: RGB | None = None, width: float = 0) -> None:
        """Filled, outlined or both; the outline wobbles where the style is drawn by hand."""
        self.canvas.polygon(points, fill)
        if edge:
            self.line([*points, points[0], points[1]], edge, width)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: RGB | None, edge: RGB | None = None) -> None:
        """About (x, y), with radii rx and ry in pixels."""
        if edge and self.style.wobble:
            self.polygon(ring(x, y, rx, ry, 20), fill, edge)
        else:
            self.canvas.ellipse((x - rx, y - ry, x + rx, y + ry), fill, edge, self.thick)

    def node(self, x: float, y: float, w: float, h: float, index: int = 0, shape: str = "box", label: str = "") -> None:
        """A filled shape around (x, y) in the colour of `index`, with a label."""
        style = self.style
        fill = style.fill(index)
        edge = style.edge(index) if style.outlined else None
        if style.shadow:
            off = max(2, self.thick)
            self._body(shape, x + off, y + off, w, h, mix(style.paper, (90, 90, 90), 0.5), None)
        self._body(shape, x, y, w, h, fill, edge)
        if label:
            self.text(x, y, label, style.ink_on(fill), room=w * (0.62 if shape == "diamond" else 0.9), tall=h)

    def _body(self, shape: str, x: float, y: float, w: float, h: float, fill: RGB, edge: RGB | None) -> None:
        if shape in {"ellipse", "circle"}:
            self.ellipse(x, y, w / 2, h / 2, fill, edge)
        elif points := shape_points("box" if shape == "box" and self.style.wobble else shape, x, y, w, h):
            if shape == "box" and not self.style.wobble:
                self.card(x, y, w, h, min(w, h) * (0.2 if self.style.rounded else 0), fill, edge)
            else:
                self.polygon(points, fill, edge)
        else:
            self.card(x, y, w, h, min(w, h) / 2, fill, edge)

    def card(self, x: float, y: float, w: float, h: float, radius: float, fill: RGB, edge: RGB | None = None) -> None:
        """A rectangle with round corners; in whole pixels, as Pillow fails on some fractions."""
        left, top, width, height = round(x - w / 2), round(y - h / 2), max(2, round(w)), max(2, round(h))
        self.canvas.rounded_rectangle((left, top, left + width, top + height), round(radius), fill, edge, self.thick)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        colour: RGB | None = None,
        *,
        size: float = 0,
        anchor: str = "mm",
        room: float = 0,
        tall: float = 0,
        heading: bool = False,
    ) -> None:
        """Words at (x, y); with `room` they are broken into two lines or set smaller to fit in so many pixels."""
        letter = round(size) or self.letter
        lines = [words]
        if room:
            if len(words) * letter * 0.52 > room and " " in words and (not tall or tall > 2 * letter):
                middle = min((i for i, c in enumerate(words) if c == " "), key=lambda i: abs(i - len(words) / 2))
                lines = [words[:middle], words[middle + 1 :]]
            longest = max(len(each) for each in lines)
            letter = min(letter, round(room / (longest * 0.55)))
        if tall:
            letter = min(letter, round(tall * 0.75 / len(lines)))
        letter -= letter % 2 if letter > 12 else 0  # fewer sizes, or the cache of fonts is of no use
        if letter < 5:
            return
        face = fonts.font(self.style.heading if heading else self.style.font, letter)
        for i, each in enumerate(lines):
            row = y + (i - (len(lines) - 1) / 2) * letter * 1.1
            self.canvas.text((x, row), each, colour or self.style.ink, font=face, anchor=anchor)
