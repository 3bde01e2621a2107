"""What the pictures are put together from: sky, sea, cliff, track, the two cars, people, gulls, a cat."""

from __future__ import annotations

import math
import random

from skarrow.canvas import AMBER, CREAM, INK, NAVY, RED, SEA, Canvas, Point, mix

GANNET, PUFFIN = "#2f6f9f", "#d9592f"
"""Liveries of car 1 and car 2."""
SLOPE_DEGREES = 33.8
"""118 m of rise on 212 m of track."""
RAIL_BELOW = 57


def hexed(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def sea(canvas: Canvas, top: float, colour: str = SEA, seed: int = 1) -> None:
    """Water from `top` to the lower edge, with rows of ripples that grow towards the viewer."""
    dice = random.Random(seed)
    canvas.fade((0, top, canvas.width, canvas.height), colour, hexed(mix(colour, "#0b2b3f", 0.45)))
    y, step = top + 8, 9.0
    while y < canvas.height:
        for _ in range(9):
            x, length = dice.uniform(-20, canvas.width), dice.uniform(14, 30) * step / 10
            canvas.arc((x, y - 4, x + length, y + 4), 200, 340, hexed(mix(colour, "#ffffff", 0.35)), 1.5)
        y, step = y + step, step * 1.16


def ridge(canvas: Canvas, level: float, height: float, colour: str, seed: int) -> None:
    """A line of far hills that fills down to the lower edge."""
    dice = random.Random(seed)
    a, b, c = (dice.uniform(0, 6.3) for _ in range(3))
    xs = range(0, canvas.width + 8, 8)
    wave = [
        (
            x,
            level
            - height * (0.5 + 0.28 * math.sin(x / 97 + a) + 0.16 * math.sin(x / 41 + b) + 0.06 * math.sin(x / 17 + c)),
        )
        for x in xs
    ]
    canvas.polygon([(0, canvas.height), *wave, (canvas.width, canvas.height)], colour)


def along(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def track(canvas: Canvas, start: Point, end: Point, gauge: float = 9, colour: str = "#4a4036") -> None:
    """Sleepers, two rails and the rope between them, seen from the side and a little above."""
    n = int(math.dist(start, end) / 13)
    for i in range(n + 1):
        x, y = along(start, end, i / n)
        canvas.line([(x - gauge * 0.8, y - gauge * 0.55), (x + gauge * 0.8, y + gauge * 0.75)], colour, 3.5)
    for offset in (-gauge * 0.42, gauge * 0.42):
        canvas.line([(start[0], start[1] + offset), (end[0], end[1] + offset)], "#8a8f94", 2.4)
    canvas.line([start, end], "#2d2a28", 1.2)


def car(colour: str) -> Canvas:
    """A car of 180 x 240 px on a line that rises to the right: a level cabin on a wedge of ironwork.

    The rail passes `RAIL_BELOW` px under the middle of the picture.
    """
    canvas = Canvas(180, 240, "#00000000")
    low, high = (14.0, 226.0), (166.0, 226.0 - 152 * math.tan(math.radians(SLOPE_DEGREES)))
    frame = [low, high, (166, 118), (14, 118), low, (52, 118), (52, 200), (90, 118), (90, 174), (128, 118), (128, 148)]
    canvas.line(frame, "#33383d", 5)
    for share in (0.08, 0.36, 0.64, 0.92):
        x, y = along(low, high, share)
        canvas.disc((x, y - 2), 9, "#1f2327")
        canvas.disc((x, y - 2), 3.5, "#9aa0a6")
    dark = hexed(mix(colour, "#000000", 0.42))
    canvas.rect((8, 20, 172, 124), colour, round_px=12)
    canvas.rect((8, 84, 172, 97), CREAM)
    canvas.rect((2, 10, 178, 28), dark, round_px=9)
    for left in (20, 120):
        canvas.rect((left, 38, left + 40, 78), "#d7ecef", round_px=5)
        canvas.line([(left + 8, 70), (left + 28, 44)], "#ffffff", 2.5)
    canvas.rect((70, 36, 110, 122), dark, round_px=4)
    for left in (75, 92):
        canvas.rect((left, 42, left + 13, 78), "#d7ecef", round_px=3)
    canvas.disc((163, 108), 5, "#ffe9a8")
    return canvas


def gull(canvas: Canvas, at: Point, size: float, colour: str = "#ffffff") -> None:
    x, y = at
    canvas.arc((x - size, y - size / 3, x, y + size / 2), 190, 330, colour, max(1.5, size / 9))
    canvas.arc((x, y - size / 3, x + size, y + size / 2), 210, 350, colour, max(1.5, size / 9))


def person(canvas: Canvas, at: Point, size: float, coat: str, hat: str = INK) -> None:
    """Somebody standing at `at` (the feet), `size` px tall."""
    x, y = at
    canvas.line([(x - size * 0.07, y), (x - size * 0.05, y - size * 0.4)], "#2b2b33", size * 0.09)
    canvas.line([(x + size * 0.07, y), (x + size * 0.05, y - size * 0.4)], "#2b2b33", size * 0.09)
    canvas.rect((x - size * 0.15, y - size * 0.78, x + size * 0.15, y - size * 0.3), coat, round_px=size * 0.1)
    canvas.disc((x, y - size * 0.86), size * 0.1, "#e8c39e")
    canvas.rect((x - size * 0.13, y - size * 0.97, x + size * 0.13, y - size * 0.9), hat, round_px=size * 0.03)


def lighthouse(canvas: Canvas, foot: Point, height: float, lit: bool = False) -> None:
    """Red and white bands on a rock."""
    x, y = foot
    canvas.polygon(
        [
            (x - height * 0.6, y + 14),
            (x - height * 0.32, y - 14),
            (x, y - 8),
            (x + height * 0.3, y - 18),
            (x + height * 0.65, y + 14),
        ],
        "#4d4a48",
    )
    for i in range(5):
        a, b = i / 5, (i + 1) / 5
        w0, w1 = height * (0.13 - 0.05 * a), height * (0.13 - 0.05 * b)
        colour = RED if i % 2 == 0 else "#f7f3ea"
        canvas.polygon(
            [(x - w0, y - a * height), (x + w0, y - a * height), (x + w1, y - b * height), (x - w1, y - b * height)],
            colour,
        )
    canvas.rect((x - height * 0.06, y - height * 1.13, x + height * 0.06, y - height), "#ffe08a" if lit else "#cfe3e6")
    canvas.polygon(
        [(x - height * 0.09, y - height * 1.13), (x + height * 0.09, y - height * 1.13), (x, y - height * 1.24)], NAVY
    )
    if lit:
        canvas.polygon(
            [(x, y - height * 1.07), (x - height * 3, y - height * 1.5), (x - height * 3, y - height * 0.9)], "#4b5a70"
        )


def house(canvas: Canvas, at: Point, width: float, height: float, wall: str, roof: str, lit: bool = False) -> None:
    """A gabled house; `at` is its lower left corner."""
    x, y = at
    canvas.rect((x, y - height, x + width, y), wall)
    canvas.polygon(
        [(x - width * 0.08, y - height), (x + width * 1.08, y - height), (x + width / 2, y - height * 1.6)], roof
    )
    pane = "#ffd978" if lit else "#8fb3bf"
    canvas.rect((x + width * 0.14, y - height * 0.75, x + width * 0.36, y - height * 0.4), pane)
    canvas.rect((x + width * 0.64, y - height * 0.75, x + width * 0.86, y - height * 0.4), pane)
    canvas.rect((x + width * 0.42, y - height * 0.5, x + width * 0.58, y), hexed(mix(roof, "#000000", 0.3)))


def cat(canvas: Canvas, at: Point, size: float, coat: str = "#8d8f96") -> None:
    """A tabby that sits facing the viewer; `at` is the middle of its paws."""
    x, y, dark = at[0], at[1], hexed(mix(coat, "#000000", 0.35))
    tail = [
        (x + size * (0.2 + 0.42 * math.sin(t / 10)), y - size * (0.06 + 0.05 * t * math.cos(t / 14) / 2))
        for t in range(17)
    ]
    canvas.line(tail, coat, size * 0.09)
    canvas.ellipse((x - size * 0.32, y - size * 0.72, x + size * 0.32, y), coat)
    canvas.ellipse((x - size * 0.12, y - size * 0.5, x + size * 0.12, y - size * 0.04), "#e9e6df")
    for side in (-1, 1):
        canvas.polygon(
            [
                (x + side * size * 0.27, y - size * 0.9),
                (x + side * size * 0.24, y - size * 1.22),
                (x + side * size * 0.05, y - size * 1.05),
            ],
            coat,
        )
        canvas.ellipse(
            (x + side * size * 0.14 - size * 0.1, y - size * 0.1, x + side * size * 0.14 + size * 0.1, y + size * 0.03),
            "#e9e6df",
        )
    canvas.disc((x, y - size * 0.86), size * 0.28, coat)
    for i in (-1, 0, 1):
        canvas.line([(x + i * size * 0.08, y - size * 1.13), (x + i * size * 0.06, y - size * 1.0)], dark, size * 0.035)
        canvas.line(
            [(x - size * 0.3, y - size * (0.4 + i * 0.1)), (x - size * 0.17, y - size * (0.37 + i * 0.1))],
            dark,
            size * 0.03,
        )
        canvas.line(
            [(x + size * 0.3, y - size * (0.4 + i * 0.1)), (x + size * 0.17, y - size * (0.37 + i * 0.1))],
            dark,
            size * 0.03,
        )
    for side in (-1, 1):
        canvas.ellipse(
            (
                x + side * size * 0.11 - size * 0.06,
                y - size * 0.95,
                x + side * size * 0.11 + size * 0.06,
                y - size * 0.83,
            ),
            "#d9c653",
        )
        canvas.ellipse(
            (
                x + side * size * 0.11 - size * 0.022,
                y - size * 0.95,
                x + side * size * 0.11 + size * 0.022,
                y - size * 0.83,
            ),
            "#1b1b1b",
        )
        for lift in (-0.02, 0.02):
            canvas.line(
                [(x + side * size * 0.08, y - size * 0.76), (x + side * size * 0.36, y - size * (0.77 + lift * 2))],
                "#f5f2ea",
                1.2,
            )
    canvas.polygon(
        [(x - size * 0.035, y - size * 0.81), (x + size * 0.035, y - size * 0.81), (x, y - size * 0.775)], "#c98a86"
    )


def bunting(canvas: Canvas, start: Point, end: Point, n: int = 14) -> None:
    """A sagging string of flags."""
    sag = [
        (along(start, end, i / n)[0], along(start, end, i / n)[1] + 26 * math.sin(math.pi * i / n))
        for i in range(n + 1)
    ]
    canvas.line(sag, INK, 1.5)
    for i in range(n):
        (x0, y0), (x1, y1) = sag[i], sag[i + 1]
        canvas.polygon(
            [(x0 + 3, y0), (x1 - 3, y1), ((x0 + x1) / 2, (y0 + y1) / 2 + 20)], (RED, AMBER, SEA, CREAM)[i % 4]
        )
