"""A map drawn by hand and the drawings of the handbook."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise

from PIL.Image import Image

from skarrow import parts
from skarrow.canvas import AMBER, FOAM, GREEN, INK, NAVY, PAPER, RED, SEA, SLATE, Canvas, Face, Point, grain


def _wobble(points: Sequence[Point], seed: int, amount: float = 2.2) -> list[Point]:
    """The same line from an unsteady hand."""
    dice, drawn = random.Random(seed), list[Point]()
    for start, end in pairwise(points):
        n = max(2, int(math.dist(start, end) / 9))
        for i in range(n):
            x, y = parts.along(start, end, i / n)
            drawn.append((x + dice.uniform(-amount, amount), y + dice.uniform(-amount, amount)))
    return [*drawn, points[-1]]


def island_map() -> Image:
    """Pencil and watercolour, with the names that people use."""
    canvas = Canvas(860, 660, "#f3ead2")
    shore = (
        (120, 330), (170, 220), (280, 150), (420, 110), (560, 130), (690, 190), (750, 300), (720, 430), (610, 520),
        (450, 560), (300, 530), (190, 450), (120, 330),
    )  # fmt: skip
    coast = _wobble(shore, 3, 5)
    canvas.polygon(coast, "#dbe3bd")
    canvas.line(coast, "#4a6a72", 3)
    canvas.line(_wobble([(60, 500), (110, 560), (200, 600)], 4), "#9cc0c6", 2)
    canvas.line(_wobble([(700, 560), (780, 520)], 5), "#9cc0c6", 2)
    canvas.line(_wobble([(240, 430), (520, 250)], 6, 1.2), INK, 4)
    for i in range(1, 18):
        x, y = 240 + 280 * i / 18, 430 - 180 * i / 18
        canvas.line([(x - 5, y - 8), (x + 5, y + 8)], INK, 2)
    canvas.line(_wobble([(250, 450), (330, 460), (420, 400), (500, 330), (530, 268)], 8), RED, 2)
    for x, y in ((240, 430), (380, 340), (520, 250)):
        canvas.disc((x, y), 9, RED, INK, 2)
    canvas.ellipse((570, 300, 640, 340), "#8fc3cf", "#4a6a72", 2)
    canvas.line(_wobble([(600, 302), (560, 262)], 12), "#4a6a72", 2)
    canvas.disc((96, 180), 12, "#6b625a")
    canvas.line([(96, 178), (96, 140)], RED, 5)
    names: tuple[tuple[float, float, str, int], ...] = (
        (430, 22, "The Isle of Skarrow", 58), (96, 196, "Lamp Rock", 36), (226, 370, "Harbour", 36),
        (318, 282, "Halfway", 36), (470, 198, "Beacon", 38), (640, 342, "Fennel Spring", 36),
        (376, 474, "Widow's Steps, 418 steps", 34), (520, 396, "Crow's Bend", 34), (640, 226, "Kettle Cafe", 34),
        (590, 440, "Goat meadow", 34), (300, 590, "Kittering Bay", 40),
    )  # fmt: skip
    for x, y, name, size in names:
        canvas.text((x, y), name, size, NAVY, "hand", "ma")
    canvas.line([(472, 408), (346, 366)], NAVY, 1.5)
    canvas.disc((548, 236), 6, AMBER, INK, 2)
    canvas.line([(790, 130), (790, 60)], INK, 3)
    canvas.polygon([(790, 44), (780, 68), (800, 68)], INK)
    canvas.text((790, 132), "N", 36, INK, "hand", "ma")
    return grain(canvas.done(), 0.05, 12)


def _label(canvas: Canvas, at: Point, to: Point, text: str, anchor: str = "la", face: Face = "bold") -> None:
    canvas.line([at, to], SLATE, 1.5)
    canvas.disc(to, 4, RED)
    canvas.text((at[0] + (6 if anchor[0] == "l" else -6), at[1]), text, 19, INK, face, anchor[0] + "m")


def water_balance() -> Image:
    """How the full car pulls up the empty one."""
    canvas = Canvas(820, 560, PAPER)
    canvas.text((410, 18), "How the water balance works", 28, NAVY, "bold", "ma")
    low, high = (90.0, 500.0), (690.0, 98.0)
    canvas.polygon([(40, 540), low, high, (800, 98), (800, 540)], "#e4dac0")
    parts.track(canvas, low, high)
    canvas.disc((708, 84), 26, None, INK, 5)
    for colour, share, size in ((parts.PUFFIN, 0.2, 0.62), (parts.GANNET, 0.83, 0.62)):
        x, y = parts.along(low, high, share)
        canvas.stamp(parts.car(colour), (x, y - parts.RAIL_BELOW * size), size=size)
    canvas.rect((720, 180, 796, 250), "#8fc3cf", NAVY, 3, 6)
    canvas.line([(758, 180), (758, 130), (640, 130)], SEA, 5)
    canvas.line([(120, 516), (758, 516), (758, 250)], SEA, 4)
    canvas.disc((430, 516), 20, GREEN, NAVY, 3)
    _label(canvas, (520, 70), (594, 86), "Tank filled: 5,400 litres", "ra")
    _label(canvas, (742, 46), (720, 66), "Wheel", "la")
    _label(canvas, (190, 286), (206, 346), "Tank emptied here", "ra")
    _label(canvas, (660, 330), (722, 226), "Reservoir 90 cubic metres", "ra")
    _label(canvas, (470, 440), (436, 500), "Pump lifts the water back", "la")
    _label(canvas, (330, 250), (420, 279), "Rope 32 mm", "ra")
    return canvas.done()


def governor() -> Image:
    """The two balls that stop a runaway car."""
    canvas = Canvas(680, 520, PAPER)
    canvas.text((340, 18), "Overspeed governor", 28, NAVY, "bold", "ma")
    canvas.rect((330, 90, 350, 430), SLATE)
    canvas.rect((250, 430, 430, 456), INK, round_px=6)
    for side in (-1, 1):
        ball = (340 + side * 120, 250)
        canvas.line([(340, 110), ball], INK, 7)
        canvas.line([ball, (340 + side * 16, 340)], SLATE, 5)
        canvas.disc(ball, 34, AMBER, INK, 4)
    canvas.rect((306, 326, 374, 360), SEA, INK, 3, 5)
    canvas.line([(374, 343), (520, 343), (520, 410)], RED, 7)
    canvas.rect((470, 410, 570, 440), FOAM, INK, 3, 5)
    _label(canvas, (520, 190), (484, 232), "Fly balls", "la")
    _label(canvas, (200, 380), (306, 346), "Sleeve", "ra")
    _label(canvas, (560, 300), (520, 366), "Trip rod", "la")
    _label(canvas, (590, 476), (546, 440), "Brake latch", "ra")
    canvas.text((340, 478), "Trips at 1.4 m/s", 22, RED, "bold", "ma")
    return canvas.done()


SHEET = (
    "COPY FROM THE DAY BOOK, 9 FEBRUARY 1921",
    "",
    "Hard frost, eleven degrees under. At 10 minutes",
    "past 9 the dump valve of the car Puffin froze",
    "open at the loop and she would move neither",
    "up nor down.",
    "",
    "Eleven passengers, among them the doctor and",
    "a crate of hens. They were aboard seven hours.",
    "Mrs. Abney brought soup by ladder at noon and",
    "again at 3, and would take no payment.",
    "",
    "Thawed at last with two kettles and a bicycle",
    "pump by Silas Penhallow. All well. One hen",
    "has laid.",
    "",
    "Signed: H. Vosper",
)


def typed_sheet() -> Image:
    """A typed page as a scanner sees it: grey, a little askew, with a stain."""
    canvas = Canvas(840, 1200, "#efebe0")
    canvas.rect((30, 30, 810, 1170), "#f7f4ea")
    canvas.disc((640, 930), 84, "#efe6cf", "#e0d2b0", 9)
    for i, line in enumerate(SHEET):
        canvas.text((86, 130 + i * 54), line, 31, "#2a2724", "serif-bold" if i == 0 else "serif")
    askew = canvas.done().rotate(0.7, fillcolor="#efebe0")
    return grain(askew, 0.09, 1921).convert("L").convert("RGB")
