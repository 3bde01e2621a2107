"""The PDFs: an illustrated handbook with one scanned page, an inspection report, and one that is locked."""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

from PIL import Image as Pictures
from reportlab import rl_config  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A5  # type: ignore[import-untyped]
from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.lib.units import mm  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    Flowable,
    Image,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from skarrow import facts
from skarrow.canvas import INK, NAVY, SLATE, Face, font_file

# No date of today, no random document id: the same input gives the same bytes.
rl_config.invariant = 1
rl_config.useA85 = 0
FACES: dict[str, Face] = {"Serif": "serif", "Sans-Bold": "bold", "Italic": "italic"}
for _name, _face in FACES.items():
    pdfmetrics.registerFont(TTFont(_name, str(font_file(_face))))
MARGIN = 16 * mm
BODY = ParagraphStyle("body", fontName="Serif", fontSize=9.5, leading=13, spaceAfter=6, textColor=INK)
HEAD = ParagraphStyle("head", fontName="Sans-Bold", fontSize=15, leading=19, spaceAfter=8, textColor=NAVY)
TITLE = ParagraphStyle("title", parent=HEAD, fontSize=26, leading=31, spaceBefore=60, spaceAfter=14)
CAPTION = ParagraphStyle("caption", fontName="Italic", fontSize=8.5, leading=11, spaceAfter=10, textColor=SLATE)


def _figure(data: bytes, caption: str, width_mm: float = 108) -> list[Flowable]:
    with Pictures.open(io.BytesIO(data)) as picture:
        height_mm = width_mm * picture.height / picture.width
    return [Image(io.BytesIO(data), width_mm * mm, height_mm * mm), Paragraph(escape(caption), CAPTION)]


def _section(title: str, *paragraphs: str) -> list[Flowable]:
    return [Paragraph(escape(title), HEAD), *(Paragraph(escape(text), BODY) for text in paragraphs)]


def _build(story: list[Flowable], title: str, author: str, password: str = "") -> bytes:
    out = io.BytesIO()
    lock = StandardEncryption(password, strength=128) if password else None
    margins = {"leftMargin": MARGIN, "rightMargin": MARGIN, "topMargin": MARGIN, "bottomMargin": MARGIN}
    SimpleDocTemplate(out, pagesize=A5, title=title, author=author, encrypt=lock, **margins).build(story)
    return out.getvalue()


def handbook(cover: bytes, water: bytes, profile: bytes, governor: bytes, landslip: bytes, scan: bytes) -> bytes:
    """Seven A5 pages; page 6 is only a picture of a typed sheet.

    Args:
        cover, water, profile, governor, landslip: encoded pictures. A JPEG goes in as it is, byte for byte.
        scan: the typed sheet, encoded.
    """
    width, height = A5
    story: list[Flowable] = [
        Paragraph("Handbook of the Skarrow Cliff Railway", TITLE),
        *_section(
            "Ninth edition, 2024", "Edited by Ingrid Tarn, Chief Engineer, for brakesmen, brakeswomen and the curious."
        ),
        Image(io.BytesIO(cover), 108 * mm, 76.7 * mm),
        PageBreak(),
        *_section(
            "1. The water balance",
            "Two cars hang on one rope that runs over a wheel at the top. The tank under the upper car is filled "
            "with spring water until it outweighs the lower one; the brake is let off, and gravity does the rest. "
            "At the bottom the water is let out and pumped back to the reservoir.",
        ),
        *_figure(water, "Figure 1: The water balance. The heavy car goes down, the light one comes up."),
        *_section(
            "Which valve first",
            "Before a car leaves the upper station the green filling cock is closed first, then the hose is "
            "lifted off, and only then is the brake released. At the lower station the handbrake is set before "
            "the dump valve is opened.",
        ),
        PageBreak(),
        *_section(
            "2. The line",
            "The track is 212 metres long and rises 118 metres. The gauge is 1,067 millimetres. A trip takes 4 "
            "minutes and 20 seconds. The cars pass each other at the loop, where the wheels of Gannet are flanged "
            "on the seaward side and those of Puffin on the landward side, so that neither can take the wrong "
            "track.",
        ),
        *_figure(profile, "Figure 2: Profile of the line from Harbour to Beacon."),
        PageBreak(),
        *_section(
            "3. Brakes",
            "Each car has a handbrake, a track brake that grips the rail head, and a governor. The governor drops "
            "the track brake when the car runs faster than 1.4 metres a second; the working limit is 1.1. The "
            "shoes are of elm and are changed after 900 trips or when they are thinner than 22 millimetres.",
        ),
        *_figure(governor, "Figure 3: The overspeed governor under the floor of each car.", 96),
        *_section(
            "Morning round",
            "Walk the line before the first car. Wipe the rail head where the gorse drips. Listen at every lamp "
            "post: there are nine, and each has a hammer on a chain. Oil the sheave with two spoons of whale-free "
            "oil. Ring Beacon twice and wait for the answer before you touch the brake.",
        ),
        PageBreak(),
        *_section(
            "4. Pumps",
            "Three machines have lifted the water in turn: Old Bess, a steam beam pump, from 1894; the Marlow "
            "P-40, driven by an electric motor, from 1938; and since 2016 Sunfish, a small pump that runs from "
            "the roof whenever the sun shines. The Marlow is kept as a standby and is turned over by hand on the "
            "first Monday of each month. Its packing takes graphite grease, never tallow.",
        ),
        *_section("5. When things went wrong", "The longest closure began with the gale of 1953 and lasted 143 days."),
        *_figure(landslip, "Figure 4: Crow's Bend on the morning of 1 November 1953.", 84),
        PageBreak(),
        Image(io.BytesIO(scan), width - 2 * MARGIN - 12, height - 2 * MARGIN - 12),
        PageBreak(),
        *_section(
            "6. Words of the trade",
            "Ballast: water in the tank, and the stationmaster. Sheave: the wheel at the top. Splice: where the "
            "two ends of the rope are woven into one, 11 metres long. Widow: an empty car that waits at the loop.",
        ),
        *_section(
            "7. Lost and found",
            "What is left in the cars is kept for a year and a day in the green chest at Harbour. Umbrellas are "
            "lent to walkers after one month. Teeth are posted to their owner without comment.",
        ),
        Spacer(1, 6),
    ]
    return _build(story, "Handbook of the Skarrow Cliff Railway", "Ingrid Tarn")


def inspection(chart: bytes) -> bytes:
    """Two pages by the inspector, with a table and a chart."""
    rows = [
        ["Year", "Broken wires in the worst metre"],
        *([str(year), str(wires)] for year, wires in facts.ROPE_WEAR[-4:]),
    ]
    style = TableStyle(
        [
            ("FONT", (0, 0), (-1, -1), "Serif", 9),
            ("FONT", (0, 0), (-1, 0), "Sans-Bold", 9),
            ("GRID", (0, 0), (-1, -1), 0.4, SLATE),
        ]
    )
    story: list[Flowable] = [
        *_section(
            "Inspection of the Skarrow Cliff Railway, 21 May 2024",
            "Inspector: Dr Maud Ellery, Board of Ropeways and Lifts.",
            "Rope. The rope of 2011 shows nine broken wires in its worst metre; it must be discarded at twelve. "
            "At the present rate that will be reached in 2027. I require that it be renewed before Easter 2026.",
        ),
        Table(rows, style=style, hAlign="LEFT"),
        Spacer(1, 8),
        *_section(
            "Findings",
            "The paint of the lower platform edge is worn and must be renewed within a month. The fire bucket at "
            "Halfway was full of geraniums. The cat was cooperative.",
        ),
        PageBreak(),
        *_section(
            "Brakes",
            "Car 2 was stopped from working speed with seven loads of sandbags. All stops were within the limit.",
        ),
        *_figure(chart, "Figure 1: Stopping distances of Puffin, measured on a dry rail."),
        *_section("Result", "The railway may carry the public until 31 May 2025."),
    ]
    return _build(story, "Inspection of the Skarrow Cliff Railway 2024", "Maud Ellery")


def tender() -> bytes:
    """Locked with a user password, so that an ingest must report it."""
    story = _section("Sealed tender for the new rope", "Not to be opened before the board has met.")
    return _build(story, "Sealed tender", "Dunmere Wireworks", password="not-for-the-demo")
