"""Pictures without words: only a caption, a sidecar or the text beside them says what they show."""

from __future__ import annotations

import random

from PIL.Image import Image

from skarrow import parts
from skarrow.canvas import AMBER, CREAM, GREEN, INK, NAVY, PAPER, RED, Canvas, sepia

WIDTH, HEIGHT = 760, 540
LOW, HIGH = (60.0, 500.0), (700.0, 72.0)
"""The line as most pictures see it, at its true slope of 33.8 degrees."""


def _cliff(canvas: Canvas, grass: str = "#7fa05e", rock: str = "#a58d6b", gap: tuple[float, float] = (0, 0)) -> None:
    """The cliff with the line on it; `gap` is the share of the line that is missing."""
    edge = [(0, 540), (30, 526), (150, 452), (300, 352), (452, 252), (600, 152), (690, 92), (760, 80), (760, 540)]
    canvas.polygon(edge, rock)
    canvas.polygon(
        [*edge[:-1], (760, 112), (690, 122), (600, 184), (452, 286), (300, 386), (150, 486), (70, 540)], grass
    )
    dice = random.Random(7)
    for _ in range(46):
        x = dice.uniform(180, 750)
        y = dice.uniform(540 - (x - 60) * 0.58, 540)
        canvas.line([(x, y), (x + dice.uniform(8, 26), y + dice.uniform(12, 34))], "#8a7454", 2)
    for start, end in ((0.0, gap[0]), (gap[1], 1.0)):
        if end - start > 0:
            parts.track(canvas, parts.along(LOW, HIGH, start), parts.along(LOW, HIGH, end))


def _car(canvas: Canvas, colour: str, x: float, size: float = 1) -> None:
    """A car whose middle is over the point of the line at `x`."""
    y = LOW[1] - (x - LOW[0]) * (LOW[1] - HIGH[1]) / (HIGH[0] - LOW[0])
    canvas.stamp(parts.car(colour), (x, y - parts.RAIL_BELOW * size), size=size)


def _sky(canvas: Canvas, top: str = "#6fb1d6", bottom: str = "#f5e9d2") -> None:
    canvas.fade((0, 0, canvas.width, 400), top, bottom)


def gannet() -> Image:
    """Car 1 below the loop on a fine day. Also the picture with a near-identical copy."""
    canvas = Canvas(WIDTH, HEIGHT)
    _sky(canvas)
    parts.ridge(canvas, 330, 70, "#93b7b5", 3)
    parts.sea(canvas, 330)
    parts.lighthouse(canvas, (150, 338), 62)
    _cliff(canvas)
    _car(canvas, parts.GANNET, 390, 1.2)
    for at, size in (((120, 120), 26), ((210, 84), 18), ((64, 170), 14)):
        parts.gull(canvas, at, size)
    return canvas.done()


def puffin_in_snow() -> Image:
    """9 February 1921, the car stuck at the loop and somebody on a ladder."""
    canvas = Canvas(WIDTH, HEIGHT)
    _sky(canvas, "#aebac4", "#eef1f2")
    parts.sea(canvas, 340, "#8a9aa3")
    _cliff(canvas, "#f2f5f6", "#c9cdd0")
    _car(canvas, parts.PUFFIN, 430, 1.2)
    canvas.line([(300, 410), (352, 250)], "#6b4a2b", 4)
    canvas.line([(322, 414), (372, 254)], "#6b4a2b", 4)
    for i in range(9):
        x, y = parts.along((300, 410), (352, 250), i / 9)
        canvas.line([(x + 1, y), (x + 21, y + 4)], "#6b4a2b", 3)
    parts.person(canvas, (338, 345), 92, "#7a4a55")
    canvas.rect((354, 284, 376, 302), "#b8bec2", round_px=4)
    dice = random.Random(11)
    for _ in range(230):
        canvas.disc((dice.uniform(0, 760), dice.uniform(0, 540)), dice.uniform(1, 3.4), "#ffffff")
    return sepia(canvas.done(), 21)


def landslip() -> Image:
    """The gap of 18 m at Crow's Bend after the gale of 1953."""
    canvas = Canvas(WIDTH, HEIGHT)
    _sky(canvas, "#4d5963", "#b9b6ac")
    parts.sea(canvas, 350, "#566a72", 5)
    _cliff(canvas, "#6c7a55", "#857458", gap=(0.4, 0.62))
    hole = [
        (300, 352),
        (330, 346),
        (372, 340),
        (420, 290),
        (452, 252),
        (476, 356),
        (520, 470),
        (560, 540),
        (240, 540),
        (262, 452),
    ]
    canvas.polygon(hole, "#5c4c39")
    canvas.polygon([(340, 372), (380, 350), (424, 316), (436, 360), (450, 460), (470, 540), (300, 540)], "#3f3428")
    dice = random.Random(19)
    for _ in range(70):
        x, y, r = dice.uniform(250, 545), dice.uniform(420, 536), dice.uniform(4, 15)
        canvas.polygon(
            [(x - r, y), (x - r * 0.3, y - r), (x + r, y - r * 0.4), (x + r * 0.6, y + r * 0.6)],
            dice.choice(("#75644d", "#8d7a5e", "#5d4f3d")),
        )
    for x0, y0, x1, y1 in ((316, 330, 372, 330), (316, 330, 366, 366), (458, 236, 424, 284), (458, 236, 446, 300)):
        canvas.line([(x0, y0), (x1, y1)], "#9aa0a4", 3)
    for x in (590, 622, 660):
        parts.person(canvas, (x, 240 - (x - 590) * 0.6), 62, "#3a4652")
    for _ in range(160):
        x, y = dice.uniform(0, 760), dice.uniform(0, 540)
        canvas.line([(x, y), (x - 8, y + 20)], "#ffffff40", 1)
    return sepia(canvas.done(), 53)


def opening_day() -> Image:
    """14 June 1894: bunting, hats, both cars at the Harbour station."""
    canvas = Canvas(WIDTH, HEIGHT)
    _sky(canvas, "#9cc3d8", "#f6ecd6")
    parts.ridge(canvas, 360, 190, "#8aa06c", 9)
    canvas.rect((0, 392, 760, 540), "#b9a988")
    parts.house(canvas, (40, 404), 230, 150, "#e6dcc4", "#7b3f35")
    canvas.polygon([(420, 420), (760, 193), (760, 420)], "#75885a")
    parts.track(canvas, (400, 424), (760, 183))
    canvas.stamp(parts.car(parts.GANNET), (530, 337 - parts.RAIL_BELOW * 1.4), size=1.4)
    parts.bunting(canvas, (10, 60), (400, 96))
    parts.bunting(canvas, (400, 96), (752, 40))
    dice = random.Random(94)
    for y in sorted(dice.uniform(446, 532) for _ in range(30)):
        x = dice.uniform(20, 740)
        parts.person(
            canvas,
            (x, y),
            78 + (y - 440) * 0.4,
            dice.choice((NAVY, "#6d4c41", "#7a3b46", "#4d5b45", "#3c3c46")),
            dice.choice((INK, "#d8cba6", "#4a3728")),
        )
    return sepia(canvas.done(), 94)


def old_bess() -> Image:
    """The steam pump of 1894: flywheel, beam, boiler."""
    canvas = Canvas(WIDTH, HEIGHT, "#cbb894")
    canvas.fade((0, 0, 760, 430), "#8f8069", "#c9b796")
    canvas.rect((0, 430, 760, 540), "#6f6252")
    canvas.rect((54, 210, 330, 430), "#4b4a4c", round_px=60)
    for x in (92, 150, 208, 266):
        canvas.line([(x, 216), (x, 424)], "#6d6c6e", 3)
    canvas.disc((120, 352), 42, "#2a2829")
    canvas.disc((120, 352), 30, "#c8702e")
    canvas.rect((262, 30, 306, 220), "#3c3b3d")
    canvas.rect((360, 300, 430, 430), "#55585c", round_px=8)
    canvas.line([(395, 300), (395, 180), (600, 150)], "#2f3236", 12)
    canvas.rect((478, 168, 506, 430), "#5e5448")
    canvas.disc((600, 300), 128, None, "#26292c", 18)
    for dx, dy in ((0, 120), (104, 60), (104, -60)):
        canvas.line([(600 - dx, 300 - dy), (600 + dx, 300 + dy)], "#26292c", 9)
    canvas.disc((600, 300), 22, "#26292c")
    canvas.line([(600, 150), (630, 260)], "#7a7d80", 9)
    parts.person(canvas, (420, 506), 190, "#3b3a44", "#2b2522")
    for x, y, r in ((290, 20, 30), (320, 4, 36), (262, 2, 26)):
        canvas.disc((x, y), r, "#ded6c4")
    return sepia(canvas.done(), 38)


def beacon_night() -> Image:
    """The top station with its windows lit, the moon and the light of Lamp Rock."""
    canvas = Canvas(WIDTH, HEIGHT)
    canvas.fade((0, 0, 760, 400), "#101d3a", "#3d4f77")
    dice = random.Random(66)
    for _ in range(120):
        canvas.disc((dice.uniform(0, 760), dice.uniform(0, 300)), dice.uniform(0.6, 1.8), "#f3efdc")
    canvas.disc((610, 96), 44, "#f6efcf")
    canvas.disc((592, 84), 40, "#1b2a4b")
    parts.sea(canvas, 360, "#2b4468", 8)
    parts.lighthouse(canvas, (640, 372), 84, lit=True)
    canvas.polygon([(0, 330), (180, 310), (330, 322), (440, 380), (560, 540), (0, 540)], "#24402f")
    parts.house(canvas, (110, 322), 210, 120, "#c9b68c", "#6b2f2c", lit=True)
    parts.person(canvas, (372, 336), 62, "#7a3b46")
    parts.person(canvas, (398, 350), 58, "#3d5a73")
    parts.cat(canvas, (72, 336), 34, "#5d5f66")
    return canvas.done()


def solar_roof() -> Image:
    """The pump house at Fennel Spring with its panels, 2016."""
    canvas = Canvas(WIDTH, HEIGHT)
    _sky(canvas, "#58a6dd", "#e8f3ee")
    parts.ridge(canvas, 360, 120, "#86ab6b", 16)
    canvas.rect((0, 352, 760, 540), "#79a05a")
    canvas.disc((666, 84), 42, "#ffdf7a")
    canvas.rect((150, 260, 560, 440), "#dcc9a3")
    canvas.polygon([(120, 262), (590, 262), (520, 140), (190, 140)], "#544c4a")
    for row in range(3):
        for column in range(8):
            x, y = 202 + column * 39 - row * 14 + row * column * 3.6, 150 + row * 36
            canvas.polygon([(x, y), (x + 34, y), (x + 37 - row * 2, y + 30), (x - 6, y + 30)], "#24477a")
            canvas.line([(x + 14, y), (x + 13, y + 30)], "#7fa6d6", 1.5)
    canvas.rect((310, 318, 390, 440), "#4f6b58", round_px=4)
    for left in (196, 450):
        canvas.rect((left, 312, left + 70, 372), "#9cc4cf", round_px=4)
    canvas.ellipse((420, 446, 740, 536), "#7fc0cf")
    canvas.ellipse((440, 456, 720, 528), "#a5d8df")
    parts.person(canvas, (104, 486), 120, AMBER, RED)
    return canvas.done()


def harbour() -> Image:
    """Boats and houses below the cliff."""
    canvas = Canvas(WIDTH, HEIGHT)
    _sky(canvas, "#86bcd9", "#fbeed7")
    parts.ridge(canvas, 330, 230, "#8fa77a", 31)
    walls = (CREAM, "#e8b9a0", "#b7cdd6", "#f0d38b", "#cfdcb6", "#e9cfd2")
    for i, wall in enumerate(walls):
        parts.house(canvas, (18 + i * 122, 350), 104, 84 + (i * 37 % 40), wall, ("#7b3f35", "#4f5d6b")[i % 2])
    canvas.rect((0, 350, 760, 376), "#8c8577")
    parts.sea(canvas, 376, "#4c8ba6", 31)
    for x, y, hull, size in ((120, 446, RED, 1.0), (350, 480, NAVY, 1.3), (600, 440, GREEN, 0.9)):
        canvas.polygon(
            [(x, y), (x + 130 * size, y), (x + 104 * size, y + 34 * size), (x + 22 * size, y + 34 * size)], hull
        )
        canvas.line([(x + 62 * size, y), (x + 62 * size, y - 92 * size)], "#5c4630", 4)
        canvas.polygon([(x + 68 * size, y - 8), (x + 68 * size, y - 88 * size), (x + 120 * size, y - 10)], PAPER)
    return canvas.done()


def station_cat() -> Image:
    """Ballast on the counter of the ticket office."""
    canvas = Canvas(640, 560, "#e3d5b4")
    canvas.fade((0, 0, 640, 400), "#7d9a8c", "#b9cbb5")
    canvas.rect((60, 40, 250, 250), "#cfe6ee", "#6d5a42", 10)
    canvas.line([(155, 40), (155, 250)], "#6d5a42", 6)
    canvas.line([(60, 145), (250, 145)], "#6d5a42", 6)
    canvas.rect((0, 440, 640, 560), "#8a5f3c")
    canvas.rect((0, 428, 640, 452), "#a8774d")
    parts.cat(canvas, (352, 444), 262)
    canvas.rect((276, 144, 428, 168), NAVY, round_px=6)
    canvas.rect((294, 92, 410, 150), NAVY, round_px=12)
    canvas.rect((294, 136, 410, 146), AMBER)
    canvas.disc((570, 408), 28, "#c9a13e")
    canvas.rect((536, 410, 604, 434), "#7b5f25", round_px=5)
    return canvas.done()


def rope_splice() -> Image:
    """Six strands on the splicing bench."""
    canvas = Canvas(WIDTH, 420, "#8d7558")
    canvas.fade((0, 0, 760, 420), "#a58a68", "#735c43")
    for strand in range(6):
        y = 150 + strand * 22
        points = [(x, y + (strand - 2.5) * (x / 760) ** 2 * 46) for x in range(-10, 780, 12)]
        canvas.line(points, ("#b9bec2", "#8f959a", "#d3d6d8")[strand % 3], 15)
        canvas.line([(x, v - 4) for x, v in points], "#eef0f1", 2)
    for x in (90, 130, 170, 210):
        canvas.line([(x, 138), (x + 20, 280)], "#5f6468", 4)
    canvas.polygon([(430, 372), (620, 352), (628, 366), (440, 392)], "#c3c7ca")
    canvas.rect((620, 346, 700, 374), "#7a3b2a", round_px=10)
    return canvas.done()


def terrace() -> Image:
    """Cafe tables at Beacon, and a gull with an ice cream."""
    canvas = Canvas(WIDTH, HEIGHT)
    _sky(canvas, "#62aede", "#f2f0df")
    parts.sea(canvas, 290, "#4a93ad", 12)
    parts.lighthouse(canvas, (310, 300), 62)
    canvas.rect((0, 384, 760, 540), "#cbb48c")
    for x in range(0, 760, 54):
        canvas.rect((x, 338, x + 6, 390), "#f4f0e4")
    canvas.rect((0, 334, 760, 344), "#f4f0e4")
    for x, shade in ((190, RED), (430, AMBER), (650, GREEN)):
        canvas.line([(x, 250), (x, 470)], "#6d5a42", 6)
        canvas.pie((x - 100, 190, x + 100, 330), 180, 360, shade)
        canvas.ellipse((x - 74, 436, x + 74, 470), "#f6f1e3")
        canvas.line([(x, 470), (x, 520)], "#6d5a42", 6)
    canvas.ellipse((520, 96, 600, 136), "#ffffff")
    canvas.disc((604, 104), 18, "#ffffff")
    canvas.polygon([(620, 102), (644, 110), (620, 112)], AMBER)
    canvas.disc((608, 100), 3, INK)
    canvas.polygon([(556, 112), (470, 60), (530, 124)], "#dfe5e8")
    canvas.polygon([(570, 110), (556, 44), (596, 108)], "#cfd7db")
    canvas.polygon([(636, 112), (656, 112), (646, 146)], "#d6a15c")
    canvas.disc((646, 106), 13, "#f7c5cf")
    return canvas.done()
