"""Boards, plates and papers of the railway: pictures whose only words are inside them."""

from __future__ import annotations

import random

from PIL.Image import Image

from skarrow import facts, parts
from skarrow.canvas import AMBER, CREAM, FOAM, INK, NAVY, RED, SLATE, Canvas, grain


def timetable() -> Image:
    canvas = Canvas(720, 620, NAVY)
    canvas.rect((14, 14, 706, 606), None, CREAM, 3, 12)
    canvas.text((360, 38), "SKARROW CLIFF RAILWAY", 34, CREAM, "bold", "ma")
    canvas.text((360, 84), "Timetable", 28, AMBER, "bold", "ma")
    canvas.text((420, 140), "Summer", 26, FOAM, "bold", "ma")
    canvas.text((590, 140), "Winter", 26, FOAM, "bold", "ma")
    rows = (
        ("First car up", "07:40", "08:20"),
        ("First car down", "07:46", "08:30"),
        ("Every", "12 minutes", "20 minutes"),
        ("Last car up", "21:08", "17:20"),
        ("Last car down", "21:20", "17:40"),
    )
    for i, (name, summer, winter) in enumerate(rows):
        y = 190 + i * 54
        canvas.line([(40, y - 8), (680, y - 8)], "#ffffff55", 1)
        canvas.text((50, y + 18), name, 26, CREAM, "sans", "lm")
        canvas.text((420, y + 18), summer, 26, "#ffffff", "bold", "mm")
        canvas.text((590, y + 18), winter, 26, "#ffffff", "bold", "mm")
    canvas.text((50, 478), "Summer: 1 May to 30 September", 22, FOAM)
    canvas.text((50, 512), "No cars on Tuesdays in January (rope inspection)", 22, FOAM)
    canvas.text((50, 546), "In fog we ring before we start", 22, FOAM)
    return canvas.done()


def fares() -> Image:
    canvas = Canvas(560, 640, "#f6f2e6")
    canvas.rect((10, 10, 550, 630), "#f6f2e6", RED, 8, 18)
    canvas.rect((10, 10, 550, 112), RED, round_px=18)
    canvas.rect((10, 80, 550, 112), RED)
    canvas.text((280, 62), "FARES in crowns", 44, "#ffffff", "bold", "mm")
    for i, (name, price) in enumerate(facts.FARES):
        y = 160 + i * 56
        canvas.text((60, y), name, 34, INK, "sans", "lm")
        canvas.dashes((230, y + 8), (400, y + 8), "#b9ae98", 2, 17)
        canvas.text((500, y), price, 34, INK, "bold", "rm")
    canvas.text((280, 520), "Children under 12: half price", 24, SLATE, "sans", "mm")
    canvas.text((280, 556), "Book of ten for islanders: 15.00", 24, SLATE, "sans", "mm")
    canvas.text((280, 592), "Goats travel on the lower platform", 24, SLATE, "italic", "mm")
    return canvas.done()


def pump_plate() -> Image:
    """A brass plate; also the source of the query picture."""
    canvas = Canvas(680, 420, "#4c4a45")
    canvas.rect((20, 20, 660, 400), "#c9a650", "#8f7430", 5, 16)
    canvas.fade((40, 40, 640, 380), "#d9bb6c", "#b8923d")
    canvas.rect((40, 40, 640, 380), None, "#5b4717", 3, 8)
    for x, y in ((32, 32), (648, 32), (32, 388), (648, 388)):
        canvas.disc((x, y), 7, "#6d5a2a")
    dark = "#33270a"
    canvas.text((340, 84), "MARLOW & DAUGHTERS", 38, dark, "serif-bold", "mm")
    canvas.text((340, 122), "Hydraulic Engineers, Dunmere", 22, dark, "italic", "mm")
    rows = (
        ("TYPE", "P-40"),
        ("SERIAL No.", "7731"),
        ("YEAR", "1938"),
        ("POWER", "11 kW"),
        ("SPEED", "1450 rpm"),
        ("LIFT", "130 m"),
    )
    for i, (name, value) in enumerate(rows):
        x, y = 70 + (i % 2) * 290, 190 + (i // 2) * 64
        canvas.text((x, y), name, 22, dark, "sans", "lm")
        canvas.rect((x + 120, y - 22, x + 260, y + 22), "#e4cb88", "#5b4717", 2, 4)
        canvas.text((x + 190, y), value, 27, dark, "bold", "mm")
    return grain(canvas.done(), 0.05, 40)


def ticket() -> Image:
    canvas = Canvas(700, 340, "#6e6558")
    canvas.rect((30, 30, 670, 310), "#eadfbf", round_px=10)
    canvas.rect((44, 44, 656, 296), None, "#7a3b2a", 3, 6)
    for y in range(60, 300, 26):
        canvas.disc((30, y), 7, "#6e6558")
        canvas.disc((670, y), 7, "#6e6558")
    brown = "#5c2a1c"
    canvas.text((350, 82), "SKARROW CLIFF RAILWAY", 34, brown, "serif-bold", "mm")
    canvas.text((350, 126), "FIRST DAY OF WORKING", 24, brown, "serif", "mm")
    canvas.text((350, 174), "14 June 1894", 40, brown, "serif-bold", "mm")
    canvas.text((350, 222), "HARBOUR to BEACON, one person, twopence", 22, brown, "serif", "mm")
    canvas.text((80, 272), "No. 0001", 24, RED, "bold", "lm")
    canvas.text((620, 272), "Not transferable", 20, brown, "italic", "rm")
    return grain(canvas.done(), 0.07, 1894)


def blackboard() -> Image:
    canvas = Canvas(600, 680, "#7b5736")
    canvas.rect((24, 24, 576, 656), "#26332e")
    canvas.text((300, 40), "Kettle Cafe", 76, "#f4e9c9", "hand", "ma")
    canvas.line([(120, 134), (480, 134)], AMBER, 3)
    rows = (
        ("Leek soup, as in 1921", "3.20"),
        ("Crab roll", "5.50"),
        ("Gooseberry fool", "2.90"),
        ("Lamp Rock tea", "1.80"),
        ("Kelp crackers", "1.20"),
    )
    for i, (name, price) in enumerate(rows):
        y = 170 + i * 74
        canvas.text((60, y), name, 48, "#f7f4ea", "hand")
        canvas.text((540, y), price, 48, "#f6cf7a", "hand", "ra")
    canvas.text((300, 560), "Hold on to your ice cream", 44, "#f2a7a0", "hand", "ma")
    parts.gull(canvas, (300, 630), 26, "#f7f4ea")
    return grain(canvas.done(), 0.06, 5)


def bell_codes() -> Image:
    canvas = Canvas(620, 520, "#2d5144")
    canvas.rect((12, 12, 608, 508), None, "#e8dfc2", 4, 14)
    canvas.text((310, 34), "BELL CODES", 42, "#f3ead0", "bold", "ma")
    canvas.text((310, 88), "for brakesmen and stations", 22, "#cfe0d2", "italic", "ma")
    for i, (strokes, meaning) in enumerate(facts.BELL_CODES):
        y = 158 + i * 66
        canvas.rect((40, y - 26, 140, y + 26), "#e8dfc2", round_px=8)
        canvas.text((90, y), strokes, 32, "#2d5144", "bold", "mm")
        canvas.text((166, y), meaning, 30, "#ffffff", "sans", "lm")
    return canvas.done()


def wind_notice() -> Image:
    canvas = Canvas(720, 480, "#f2c230")
    for x in range(-40, 760, 60):
        canvas.polygon([(x, 0), (x + 30, 0), (x, 30), (x - 30, 30)], INK)
        canvas.polygon([(x, 450), (x + 30, 450), (x, 480), (x - 30, 480)], INK)
    canvas.text((360, 50), "WIND", 76, INK, "bold", "ma")
    canvas.text((360, 180), "Gusts of 55 km/h: half speed", 34, INK, "bold", "mm")
    canvas.text((360, 236), "Gusts of 70 km/h: cars stay at the stations", 34, INK, "bold", "mm")
    canvas.text((360, 300), "Read the anemometer at Beacon before every trip", 26, INK, "sans", "mm")
    canvas.text((360, 346), "Maximum 24 passengers a car", 26, INK, "sans", "mm")
    canvas.text((360, 400), "Chief Engineer I. Tarn", 22, INK, "italic", "mm")
    return canvas.done()


def lost_notice() -> Image:
    canvas = Canvas(520, 620, "#a9825a")
    canvas.polygon([(40, 40), (486, 28), (494, 588), (34, 596)], "#fdf9e8")
    canvas.disc((262, 54), 13, RED)
    canvas.text((262, 84), "LOST", 78, RED, "bold", "ma")
    lines = (
        "one brass telescope,",
        "engraved E. M. Abney",
        "left in car Puffin",
        "on Sunday, by the window",
        "Reward: a jar of",
        "gooseberry jam",
        "Ask for Nell at Halfway",
    )
    for i, line in enumerate(lines):
        canvas.text((262, 206 + i * 52), line, 46, NAVY, "hand", "ma")
    return canvas.done()


def halfway_board() -> Image:
    canvas = Canvas(760, 420, "#9ec6d8")
    canvas.fade((0, 0, 760, 300), "#7db5d4", "#e6eee6")
    canvas.rect((0, 320, 760, 420), "#7f9c5c")
    for x in (120, 620):
        canvas.rect((x, 90, x + 20, 380), "#6b4f33")
    canvas.rect((60, 96, 700, 262), "#fbf7ea", NAVY, 8, 10)
    canvas.text((380, 148), "HALFWAY", 72, NAVY, "bold", "mm")
    canvas.text((380, 222), "63 m above the sea - cars pass here", 28, RED, "sans", "mm")
    dice = random.Random(63)
    for _ in range(60):
        left, foot = dice.uniform(0, 760), dice.uniform(330, 416)
        canvas.line([(left, foot), (left + 4, foot - 14)], "#5c7a40", 2)
    return canvas.done()


def no_bicycles() -> Image:
    """An enamel sign without a word, on the boards of the station wall."""
    canvas = Canvas(520, 520, "#8a6f52")
    for y in range(0, 520, 65):
        canvas.line([(0, y), (520, y)], "#6f5840", 3)
    canvas.disc((260, 260), 205, RED)
    canvas.disc((260, 260), 162, "#ffffff")
    left, right, crank, saddle, bars = (190, 300), (330, 300), (252, 300), (226, 226), (310, 222)
    for x, y in (left, right):
        canvas.disc((x, y), 50, INK)
        canvas.disc((x, y), 40, "#ffffff")
    for path in ((left, saddle, crank, left), (saddle, bars, crank), (right, (304, 200), (280, 194))):
        canvas.line(path, INK, 10)
    canvas.line([(206, 214), (246, 214)], INK, 12)
    canvas.line([(141, 141), (379, 379)], RED, 36)
    return grain(canvas.done(), 0.04, 46)
