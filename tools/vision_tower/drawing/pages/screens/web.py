"""What a browser shows: web pages and log-ins."""

from __future__ import annotations

from PIL.Image import Image

from tools.vision_tower.drawing import prose
from tools.vision_tower.drawing.colours import CHROMATIC, mix
from tools.vision_tower.drawing.pages.canvas import Canvas
from tools.vision_tower.drawing.pages.inserts import picture
from tools.vision_tower.drawing.pages.screens.widgets import browser_bar, button, nav_bar, screen
from tools.vision_tower.drawing.pages.spec import Kind, Lots, PageSpec

_SCREEN = ("screenshot of {}", "a screenshot showing {}", "screen with {}")
_THEMES = ("light", "light", "dark")


def _web_page(spec: PageSpec, rng: Lots) -> Image:
    """Navigation, a hero with or without a picture, then cards, text or both."""
    canvas = screen(spec, rng, "bar")
    if rng.random() < 0.5:
        canvas = Canvas(
            rng,
            (canvas.width, round(canvas.width * rng.uniform(0.9, 1.5))),
            dark=canvas.dark,
            colour=spec.word("bar"),
            paper=canvas.paper,
            text_px=canvas.text_px,
        )
    y = nav_bar(canvas, browser_bar(canvas), canvas.accent if spec.word("bar") else canvas.paper)
    width, margin = canvas.width, canvas.width * rng.uniform(0.04, 0.1)
    hero = canvas.height * rng.uniform(0.25, 0.38)
    left = margin
    if spec.word("picture"):
        box = rng.choice(((0, y, width, y + hero), (width * 0.52, y + 8, width - margin, y + hero)))
        picture(canvas, box)
        if box[0] == 0:
            y += hero
            hero = 46
    canvas.text(left, y + 14, prose.title(rng, 3), size_px=rng.randint(16, 22), path=canvas.head, fit_px=width * 0.42)
    canvas.paragraph(
        left, y + 40, width * 0.42, max(int((hero - 66) / canvas.leading_px), 0), justified=False, fill=canvas.soft
    )
    if hero > 80:
        button(canvas, (left, y + hero - 18, left + 60, y + hero - 2), canvas.accent)
    y += hero + 14
    n_cards = rng.randint(2, 4)
    while y < canvas.height - 30:
        if rng.random() < 0.7:
            y = _cards(canvas, margin, y, n_cards, with_pictures=spec.word("picture") != "")
        else:
            canvas.text(margin, y, prose.title(rng, 2), size_px=12, path=canvas.head)
            y = canvas.paragraph(margin, y + 18, width - 2 * margin, rng.randint(3, 6), justified=False) + 12
    return canvas.image


def _cards(canvas: Canvas, margin: float, y: float, n_cards: int, *, with_pictures: bool) -> float:
    step, height = (canvas.width - 2 * margin + 10) / n_cards, canvas.rng.randint(70, 110)
    for i in range(n_cards):
        x = margin + i * step
        canvas.rect((x, y, x + step - 10, y + height), canvas.pale, radius=4)
        top = y + 8
        if with_pictures:
            picture(canvas, (x, y, x + step - 10, y + height * 0.5))
            top = y + height * 0.5 + 5
        canvas.item(x + 8, top, "label", path=canvas.head, max_px=step - 26)
        n_lines = int((y + height - top) / canvas.leading_px) - 2
        canvas.paragraph(
            x + 8, top + canvas.leading_px + 2, step - 26, max(n_lines, 1), justified=False, fill=canvas.soft
        )
    return y + height + 12


def _login(spec: PageSpec, rng: Lots) -> Image:
    """A panel in the middle with two fields and a button."""
    canvas = screen(spec, rng)
    if rng.random() < 0.4:
        canvas = Canvas(
            rng,
            (rng.randint(200, 240), rng.randint(360, 440)),
            dark=canvas.dark,
            colour=spec.word("colour"),
            paper=canvas.paper,
        )
    width, height = canvas.width, canvas.height
    if rng.random() < 0.4:
        canvas.rect((0, 0, width, height), mix(canvas.accent, canvas.paper, rng.uniform(0.7, 0.9)))
    panel_px = min(width * 0.8, rng.randint(180, 220))
    left, top = (width - panel_px) / 2, height / 2 - 100
    canvas.rect((left, top, left + panel_px, top + 200), canvas.paper, canvas.soft, radius=rng.choice((0, 4, 10)))
    canvas.dot(width / 2, top + 30, 16, canvas.accent)
    title = rng.choice(("Log in", "Sign in", "Welcome", "Login"))
    canvas.text(width / 2, top + 50, title, size_px=15, anchor="ma", path=canvas.head)
    for i in range(2):
        y = top + 82 + i * 36
        canvas.item(left + 18, y - 10, "label", size_px=7, fill=canvas.soft)
        canvas.rect((left + 18, y, left + panel_px - 18, y + 20), canvas.paper, canvas.soft, radius=3)
        if rng.random() < 0.5:
            canvas.text(left + 24, y + 4, "• • • • • • •" if i else prose.name(rng), size_px=9, fill=canvas.soft)
    button(canvas, (left + 18, top + 154, left + panel_px - 18, top + 175), canvas.accent)
    canvas.item(width / 2, top + 182, "name", align=0.5, size_px=7, fill=canvas.soft)
    return canvas.image


KINDS = (
    Kind(
        ("web page", "website", "web page screenshot", "home page of a website"),
        _web_page,
        {"theme": _THEMES, "bar": ("", *CHROMATIC), "picture": ("", "picture")},
        _SCREEN,
    ),
    Kind(
        ("login screen", "sign-in page", "login form", "log-in page with two fields and a button"),
        _login,
        {"theme": _THEMES, "colour": CHROMATIC},
        _SCREEN,
    ),
)
