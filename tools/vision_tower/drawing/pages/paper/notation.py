"""What is written by hand or in signs of its own: notes, formulas, music."""

from __future__ import annotations

import math

from PIL.Image import Image

from tools.vision_tower.drawing import colours
from tools.vision_tower.drawing.colours import RGB, mix
from tools.vision_tower.drawing.pages.canvas import Canvas
from tools.vision_tower.drawing.pages.ribbons import body_paths, hand_paths, symbol_path
from tools.vision_tower.drawing.pages.spec import Kind, Lots, PageSpec

_INKS: dict[str, RGB] = {"black": (30, 30, 35), "blue": (25, 50, 150), "red": (180, 25, 35)}


def _ink(spec: PageSpec, rng: Lots) -> RGB:
    return mix(_INKS[spec.word("ink")], (90, 90, 100), rng.style.uniform(0, 0.3))


def _note(spec: PageSpec, rng: Lots) -> Image:
    """Handwriting, each line at its own slight offset, on blank, ruled or coloured paper."""
    width = rng.randint(260, 360)
    name = spec.word("paper")
    tone = (
        mix(colours.tone(name, rng.style), (255, 255, 255), rng.style.uniform(0.3, 0.6))
        if name != "white"
        else (252, 252, 250)
    )
    page = Canvas(rng, (width, round(width * rng.uniform(0.8, 1.4))), paper=tone, text_px=rng.randint(14, 22))
    ink, face = _ink(spec, rng), rng.style.choice(hand_paths())
    margin, step = width * rng.uniform(0.06, 0.12), round(page.text_px * 1.35)
    last = page.height * rng.uniform(0.5, 1)
    for i, y in enumerate(range(round(margin), page.height - step, step)):
        if spec.word("ruling") == "lines":
            page.rule(0, y + step - 2, width, y + step - 2, mix((110, 150, 210), tone, 0.4))
        if y > last or (i and rng.random() < 0.06):
            continue
        x = margin + rng.uniform(-3, 6)
        line_px = (width - 2 * margin) * rng.choice((1, 1, 0.9, 0.5))
        page.run(x, y + rng.randint(-2, 1), line_px, fill=ink, path=face)
        if rng.random() < 0.06:
            page.pen.line([(x + j * 12, y + page.text_px + rng.uniform(-2, 2)) for j in range(8)], ink, 2)
    return page.image


def _scribble(spec: PageSpec, rng: Lots) -> Image:
    """Joined handwriting that nobody can read: loops along a line, word by word."""
    width = rng.randint(280, 380)
    page = Canvas(rng, (width, round(width * rng.uniform(0.7, 1.4))))
    ink, margin, step = _ink(spec, rng), width * 0.08, rng.randint(18, 28)
    slant, loop = rng.style.uniform(0.1, 0.6), rng.style.uniform(0.5, 1.1)
    pen_px = rng.style.choice((1, 1, 2))
    for y in range(round(margin) + step, page.height - step, step):
        x, end = margin + rng.uniform(0, 8), width - margin - rng.choice((0, 0, 0, width * 0.4))
        if spec.word("ruling") == "lines":
            page.rule(0, y + 5, width, y + 5, mix((110, 150, 210), page.paper, 0.4))
        while x < end:
            n_letters, points = rng.randint(2, 8), []
            tall = [rng.choice((0.28, 0.28, 0.28, 0.7, -0.5)) for _ in range(n_letters)]
            for i in range(n_letters * 5):
                angle, height = i * 2 * math.pi / 5, tall[i // 5] * step
                lift = (1 - math.cos(angle)) / 2 * height
                points.append((x + i * step * 0.075 + math.sin(angle) * step * 0.12 * loop + slant * lift, y - lift))
            page.pen.line(points, ink, pen_px, "curve")
            x += n_letters * step * 0.375 + step * 0.45
    return page.image


_LETTERS = "abcdefghkmnpqrstuvwxyzαβγδεθλμπσφψω"
_OPERATORS = "+−=×·≤≥≈→∈"


def _formulas(spec: PageSpec, rng: Lots) -> Image:
    """Rows of sums, integrals, roots, fractions and indices, at times numbered."""
    n_rows = spec.number("formulas")
    row_px = rng.randint(40, 62)
    page = Canvas(rng, (rng.randint(260, 400), max(n_rows * row_px + 30, 160)), text_px=rng.randint(14, 20))
    italics = [path for path in body_paths() if "Italic" in path.name]
    page.body = rng.style.choice((*italics, symbol_path()))
    page.head = symbol_path()
    numbered, left = rng.random() < 0.4, page.width * rng.uniform(0.06, 0.2)
    for row in range(n_rows):
        y, x, end = 15 + (row + 0.5) * (page.height - 30) / n_rows, left, page.width * rng.uniform(0.6, 0.84)
        while x < end:
            x = rng.choice((_letter, _letter, _letter, _fraction, _big_sign, _root, _brackets))(page, x, y)
            x = _sign_at(page, x + 3, y, rng.choice(_OPERATORS)) + 3
        _letter(page, x, y)
        if numbered:
            page.text(page.width - 10, y, f"({row + 1})", anchor="rm", size_px=12)
    return page.image


def _sign_at(page: Canvas, x: float, y: float, sign: str, size_px: int | None = None) -> float:
    """Draws one sign with its middle at y; returns the x behind it. Greek letters need the face that has them."""
    face = page.body if sign.isascii() else page.head
    page.text(x, y, sign, anchor="lm", path=face, size_px=size_px)
    return x + (size_px or page.text_px) * 0.62


def _letter(page: Canvas, x: float, y: float) -> float:
    rng, small = page.rng, round(page.text_px * 0.65)
    x = _sign_at(page, x, y, rng.choice(_LETTERS))
    if rng.random() < 0.5:
        place = rng.choice((-0.4, 0.4))
        return _sign_at(page, x, y + page.text_px * place, rng.choice("0123nijk"), small)
    return x


def _fraction(page: Canvas, x: float, y: float) -> float:
    width, half = page.text_px * page.rng.uniform(1, 2.4), page.text_px * 0.7
    page.rule(x, y, x + width, y, page.ink)
    for level in (y - half, y + half):
        at = x + 2
        while at < x + width - page.text_px * 0.5:
            at = _sign_at(page, at, level, page.rng.choice(_LETTERS + _OPERATORS), round(page.text_px * 0.85))
    return x + width


def _big_sign(page: Canvas, x: float, y: float) -> float:
    rng, small = page.rng, round(page.text_px * 0.55)
    sign = rng.choice("∑∫∏∮")
    page.text(x, y, sign, anchor="lm", path=page.head, size_px=round(page.text_px * 1.7))
    for level, text in ((-1.15, rng.choice("n∞N1")), (1.2, rng.choice(("i=0", "0", "k=1", "j")))):
        page.text(x + page.text_px * 0.5, y + level * page.text_px, text, anchor="mm", path=page.head, size_px=small)
    return _letter(page, x + page.text_px * 1.3, y)


def _root(page: Canvas, x: float, y: float) -> float:
    tip, top, bottom = x + page.text_px * 0.5, y - page.text_px * 0.75, y + page.text_px * 0.6
    end = _letter(page, _sign_at(page, _letter(page, tip + 2, y), y, "+"), y)
    page.pen.line([(x, y), (x + page.text_px * 0.25, bottom), (tip, top), (end, top)], page.ink, 1)
    return end


def _brackets(page: Canvas, x: float, y: float) -> float:
    opening, closing = page.rng.choice(("()", "[]", "||", "{}"))
    x = _sign_at(page, x, y, opening)
    return _sign_at(page, _letter(page, _sign_at(page, _letter(page, x, y), y, page.rng.choice("+−,")), y), y, closing)


def _music(spec: PageSpec, rng: Lots) -> Image:
    """Staves of five lines with clefs, bars and notes, some of them beamed."""
    n_staves, gap = spec.number("staves"), rng.randint(5, 7)
    page = Canvas(rng, (rng.randint(320, 440), max(n_staves * gap * rng.randint(9, 12) + 50, 160)))
    page.ink, margin = (20, 20, 20), page.width * 0.05
    step = (page.height - 50) / n_staves
    page.text(
        page.width / 2,
        8,
        rng.choice(("Sonata", "Waltz", "Song", "Étude", "Minuet")),
        size_px=18,
        anchor="ma",
        path=page.head,
    )
    for staff in range(n_staves):
        top = 46 + staff * step + (step - 4 * gap) * 0.4
        for i in range(5):
            page.rule(margin, top + i * gap, page.width - margin, top + i * gap, page.ink)
        _clef(page, margin + 5, top, gap)
        x, n_bars = margin + gap * 5, rng.randint(3, 5)
        bar_px = (page.width - margin - x) / n_bars
        for bar in range(n_bars):
            end = x + bar_px * (bar + 1)
            page.rule(end, top, end, top + 4 * gap, page.ink)
            _bar_of_notes(page, x + bar_px * bar + gap, end - gap, top, gap)
    return page.image


def _clef(page: Canvas, x: float, top: float, gap: int) -> None:
    """The loops of a treble clef."""
    spots = (
        (1.2, 3),
        (0.6, 2.2),
        (1.6, 1.8),
        (2.2, 3),
        (1.2, 4),
        (0.2, 3),
        (1.6, 0.2),
        (1.6, -1.2),
        (1, -0.4),
        (1.6, 5),
        (0.8, 5.4),
    )
    page.pen.line([(x + gap * across, top + gap * down) for across, down in spots], page.ink, 2, "curve")


def _bar_of_notes(page: Canvas, left: float, right: float, top: float, gap: int) -> None:
    rng, n_notes = page.rng, page.rng.choice((1, 2, 3, 4, 4, 6))
    n_notes = max(min(n_notes, int((right - left) / (gap * 1.8))), 1)
    heads = [(left + (right - left) * (i + 0.3) / n_notes, top + gap * rng.randint(-1, 9) / 2) for i in range(n_notes)]
    hollow, beamed = n_notes <= 2, n_notes >= 4 and rng.random() < 0.8
    beam_y = min(y for _, y in heads) - 3 * gap
    for i, (x, y) in enumerate(heads):
        box = (x - gap * 0.62, y - gap * 0.45, x + gap * 0.62, y + gap * 0.45)
        page.pen.ellipse(box, None if hollow else page.ink, page.ink)
        stem_end = beam_y if beamed else y - 3.2 * gap
        page.rule(x + gap * 0.55, y, x + gap * 0.55, stem_end, page.ink)
        if beamed and i % 2:
            page.rule(heads[i - 1][0] + gap * 0.55, beam_y, x + gap * 0.55, beam_y, page.ink, 3)


_WRITING = {"ruling": ("", "lines"), "ink": tuple(_INKS)}
KINDS = (
    Kind(
        ("handwritten note", "note written by hand", "sheet with handwriting", "memo in handwriting"),
        _note,
        {**_WRITING, "paper": ("white", "white", "yellow", "pink", "green", "blue")},
    ),
    Kind(("page of cursive handwriting", "handwritten letter", "handwritten page", "manuscript"), _scribble, _WRITING),
    Kind(
        ("page of formulas", "mathematical formulas", "equations", "math equations"),
        _formulas,
        {"formulas": (1, 2, 3, 4, 5, 6, 7)},
        uncounted=("mathematical formulas", "equations", "math equations"),
    ),
    Kind(
        ("sheet music", "music score", "page of musical notes", "musical notation"),
        _music,
        {"staves": (1, 2, 3, 4, 5, 6)},
        uncounted=("sheet music", "musical notation"),
    ),
)
