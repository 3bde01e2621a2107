"""Programs for people and their messages: apps on phones, chats, mail, video."""

from __future__ import annotations

from PIL.Image import Image

from tools.vision_tower.drawing import colours, prose
from tools.vision_tower.drawing.colours import CHROMATIC, RGB, mix
from tools.vision_tower.drawing.pages.canvas import Canvas, readable_on
from tools.vision_tower.drawing.pages.inserts import chart, picture
from tools.vision_tower.drawing.pages.screens.widgets import button, screen, toggle, window_bar
from tools.vision_tower.drawing.pages.spec import Kind, Lots, PageSpec

_SCREEN = ("screenshot of {}", "a screenshot showing {}", "screen with {}")
_THEMES = ("light", "light", "dark")


def phone(spec: PageSpec, rng: Lots) -> Canvas:
    """A phone's upright screen with its status line."""
    dark = spec.word("theme") == "dark"
    width = rng.randint(190, 250)
    paper = None if dark else rng.style.choice(((255, 255, 255), (246, 246, 248)))
    size = width, round(width * rng.uniform(1.75, 2.15))
    canvas = Canvas(
        rng, size, dark=dark, colour=spec.word("bar") or spec.word("colour"), paper=paper, text_px=rng.randint(8, 10)
    )
    canvas.text(10, 3, f"{rng.randint(1, 12)}:{rng.randint(10, 59)}", size_px=8)
    for i in range(3):
        canvas.rect((width - 12 - 11 * i, 5, width - 5 - 11 * i, 10), canvas.soft)
    return canvas


def _mobile_app(spec: PageSpec, rng: Lots) -> Image:
    """A coloured bar, content of one of four sorts, mostly a row of icons at the foot."""
    canvas = phone(spec, rng)
    width, top = canvas.width, 46
    if spec.word("bar"):
        canvas.rect((0, 0, width, top - 4), canvas.accent)
    ink = readable_on(canvas.accent) if spec.word("bar") else canvas.ink
    canvas.text(14, 18, prose.title(rng, 1), size_px=16, path=canvas.head, fill=ink)
    foot = canvas.height - (34 if rng.random() < 0.7 else 0)
    content = {"list": _rows, "grid": _grid, "feed": _feed, "figures": _figures}[spec.word("content")]
    content(canvas, top + 4, foot)
    if foot < canvas.height:
        canvas.rect((0, foot, width, canvas.height), canvas.pale)
        n_icons, chosen = rng.randint(3, 5), rng.randrange(3)
        for i in range(n_icons):
            x, fill = width * (i + 0.5) / n_icons, canvas.accent if i == chosen else canvas.soft
            _icon(canvas, x, foot + 16, 8, fill)
    return canvas.image


def _icon(canvas: Canvas, x: float, y: float, radius: float, fill: RGB) -> None:
    shape = canvas.rng.choice(("dot", "square", "ring", "triangle"))
    if shape == "dot":
        canvas.dot(x, y, radius, fill)
    elif shape == "ring":
        canvas.dot(x, y, radius, None, fill)
    elif shape == "square":
        canvas.rect((x - radius, y - radius, x + radius, y + radius), fill, radius=3)
    else:
        canvas.pen.polygon([(x, y - radius), (x + radius, y + radius), (x - radius, y + radius)], fill)


def _rows(canvas: Canvas, y: float, bottom: float) -> None:
    rng, step = canvas.rng, canvas.rng.randint(34, 48)
    trailing = rng.choice(("toggle", "number", "none"))
    while y + step <= bottom:
        _icon(
            canvas,
            24,
            y + step / 2,
            step * 0.25,
            mix(colours.tone(rng.choice(CHROMATIC), rng), canvas.accent, rng.choice((0, 1, 1))),
        )
        canvas.item(44, y + step * 0.18, "name", path=canvas.head, max_px=canvas.width - 100)
        canvas.run(44, y + step * 0.18 + canvas.leading_px, canvas.width * 0.4, fill=canvas.soft, size_px=7)
        if trailing == "toggle":
            toggle(canvas, canvas.width - 36, y + step * 0.3, on=rng.random() < 0.5)
        elif trailing == "number":
            canvas.item(canvas.width - 12, y + step * 0.3, "number", align=1.0)
        canvas.rule(14, y + step - 1, canvas.width, y + step - 1, canvas.pale)
        y += step


def _grid(canvas: Canvas, y: float, bottom: float) -> None:
    rng, n_across = canvas.rng, canvas.rng.choice((2, 3, 4))
    cell = (canvas.width - 12) / n_across
    as_icons = n_across == 4 or rng.random() < 0.5
    while y + cell <= bottom:
        for i in range(n_across):
            x = 6 + i * cell
            box = (x + cell * 0.12, y + cell * 0.08, x + cell * 0.88, y + cell * 0.76)
            if as_icons:
                canvas.rect(box, colours.tone(rng.choice(CHROMATIC), rng), radius=cell * 0.18)
            else:
                picture(canvas, box)
            canvas.item(x + cell / 2, y + cell * 0.79, "label", align=0.5, max_px=cell - 6, size_px=7)
        y += cell


def _feed(canvas: Canvas, y: float, bottom: float) -> None:
    while y + 60 < bottom:
        canvas.dot(22, y + 14, 9, canvas.soft)
        canvas.item(38, y + 8, "name", path=canvas.head)
        height = min(canvas.rng.uniform(70, 150), bottom - y - 30)
        picture(canvas, (0, y + 28, canvas.width, y + 28 + height))
        y = canvas.paragraph(14, y + 34 + height, canvas.width - 28, canvas.rng.randint(1, 2), justified=False) + 6


def _figures(canvas: Canvas, y: float, bottom: float) -> None:
    rng, margin = canvas.rng, 12
    canvas.rect((margin, y, canvas.width - margin, y + 70), mix(canvas.accent, canvas.paper, 0.2), radius=8)
    canvas.text(
        canvas.width / 2,
        y + 20,
        prose.amount(rng),
        size_px=26,
        anchor="ma",
        path=canvas.head,
        fill=readable_on(canvas.accent),
    )
    y += 80
    chart(canvas, (margin + 6, y + 8, canvas.width - margin - 6, y + 110))
    y += 124
    _rows(canvas, y, bottom - 30)
    button(canvas, (margin, bottom - 28, canvas.width - margin, bottom - 6), canvas.accent, radius=8)


def _chat(spec: PageSpec, rng: Lots) -> Image:
    """Bubbles at the left and, in the accent's colour, at the right."""
    canvas = phone(spec, rng) if rng.random() < 0.65 else screen(spec, rng)
    width, bottom = canvas.width, canvas.height - 28
    head = rng.random() < 0.5
    canvas.rect((0, 0, width, 36), canvas.accent if head else canvas.pale)
    canvas.dot(22, 20, 10, canvas.soft)
    canvas.item(40, 15, "name", path=canvas.head, fill=readable_on(canvas.accent) if head else canvas.ink)
    y = 44.0
    theirs, tail = mix(canvas.pale, canvas.paper, 0.2), rng.randint(4, 10)
    while True:
        mine, n_lines = rng.random() < 0.5, rng.randint(1, 4)
        bubble_px = width * (rng.uniform(0.2, 0.5) if n_lines == 1 else rng.uniform(0.45, 0.66))
        height = n_lines * canvas.leading_px + 8
        if y + height > bottom:
            break
        left = width - 10 - bubble_px if mine else 10
        fill = canvas.accent if mine else theirs
        canvas.rect((left, y, left + bubble_px, y + height), fill, radius=tail)
        canvas.paragraph(left + 7, y + 3, bubble_px - 14, n_lines, justified=False, fill=readable_on(fill))
        y += height + rng.randint(4, 12)
    canvas.rect((8, bottom + 4, width - 32, canvas.height - 5), outline=canvas.soft, radius=9)
    canvas.dot(width - 17, bottom + 14, 9, canvas.accent)
    return canvas.image


def _inbox(spec: PageSpec, rng: Lots) -> Image:
    """Rows of senders, subjects and dates; folders at the left, at times the open message at the right."""
    canvas = screen(spec, rng)
    top = window_bar(canvas)
    if rng.random() < 0.6:
        canvas.rect((0, top, canvas.width, top + 22), canvas.accent)
        canvas.rect(
            (canvas.width * 0.3, top + 5, canvas.width * 0.7, top + 17),
            mix(canvas.accent, (255, 255, 255), 0.7),
            radius=4,
        )
        top += 22
    left = canvas.width * 0.18
    canvas.rect((0, top, left, canvas.height), canvas.pale)
    button(canvas, (8, top + 8, left - 10, top + 26), canvas.accent, radius=6)
    for i in range(7):
        canvas.item(12, top + 36 + i * 18, "label", max_px=left - 20)
    reads = rng.random() < 0.4
    right, step = canvas.width * (0.5 if reads else 1), rng.randint(16, 30)
    y = top + 2.0
    while y + step < canvas.height:
        bold = canvas.head if rng.random() < 0.4 else None
        canvas.item(left + 10, y + 3, "name", path=bold, max_px=76)
        x, below = (left + 10, y + 3 + canvas.leading_px) if reads or step > 25 else (left + 92, y + 3)
        canvas.run(x, below, right - x - 40, fill=canvas.soft, path=bold)
        canvas.item(right - 8, y + 3, "number", align=1.0, max_px=30, fill=canvas.soft)
        y += step
        canvas.rule(left, y, right, y, canvas.pale)
    if reads:
        canvas.rule(right, top, right, canvas.height)
        canvas.text(right + 12, top + 12, prose.title(rng, 2), size_px=13, path=canvas.head)
        canvas.paragraph(right + 12, top + 40, canvas.width - right - 24, rng.randint(6, 14), justified=False)
    return canvas.image


def _video(spec: PageSpec, rng: Lots) -> Image:
    """A picture with a play button in its middle and a progress line below."""
    canvas = screen(spec, rng)
    width, height = canvas.width, canvas.height
    picture(canvas, (0, 0, width, height))
    x, y, radius = width / 2, height / 2, height * rng.uniform(0.1, 0.16)
    canvas.dot(x, y, radius, canvas.accent)
    nose = [(x - radius * 0.35, y - radius * 0.5), (x - radius * 0.35, y + radius * 0.5), (x + radius * 0.6, y)]
    canvas.pen.polygon(nose, readable_on(canvas.accent))
    canvas.rect((0, height - 24, width, height), (20, 20, 20))
    played = rng.uniform(0.1, 0.9) * (width - 80)
    canvas.rect((40, height - 14, width - 40, height - 11), (130, 130, 130))
    canvas.rect((40, height - 14, 40 + played, height - 11), canvas.accent)
    canvas.dot(40 + played, height - 12.5, 5, canvas.accent)
    return canvas.image


KINDS = (
    Kind(
        ("mobile app", "app screenshot", "phone screen", "smartphone app"),
        _mobile_app,
        {"theme": _THEMES, "bar": ("", *CHROMATIC), "content": ("list", "grid", "feed", "figures")},
        _SCREEN,
    ),
    Kind(
        ("chat window", "chat with message bubbles", "messaging app", "conversation in a messenger"),
        _chat,
        {"theme": _THEMES, "colour": CHROMATIC},
        _SCREEN,
    ),
    Kind(
        ("email inbox", "list of emails", "mail program", "inbox with messages"),
        _inbox,
        {"theme": _THEMES, "colour": CHROMATIC},
        _SCREEN,
    ),
    Kind(
        ("video player", "video with a play button", "paused video"),
        _video,
        {"colour": ("red", "white", "black", "blue", "orange")},
        _SCREEN,
    ),
)
