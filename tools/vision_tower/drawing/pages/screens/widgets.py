"""What windows and screens are made of: bars, buttons, switches."""

from __future__ import annotations

from tools.vision_tower.drawing import prose
from tools.vision_tower.drawing.colours import RGB, mix
from tools.vision_tower.drawing.pages.canvas import Box, Canvas, readable_on
from tools.vision_tower.drawing.pages.spec import Lots, PageSpec


def screen(spec: PageSpec, rng: Lots, key: str = "colour") -> Canvas:
    """A wide screen; light ones are white or nearly so."""
    dark = spec.word("theme") == "dark"
    width = rng.randint(400, 540)
    paper = None if dark else rng.style.choice(((255, 255, 255), (250, 250, 250), (243, 244, 246)))
    height = round(width * rng.choice((0.5625, 0.625, 0.7, 0.75)))
    return Canvas(rng, (width, height), dark=dark, colour=spec.word(key), paper=paper, text_px=rng.randint(6, 8))


def window_bar(canvas: Canvas) -> int:
    """A title bar in the manner of some system; returns its height in pixels, 0 for none."""
    rng = canvas.rng
    style = canvas.style.choice(("dots", "dots", "buttons", "none"))
    if style == "none":
        return 0
    canvas.rect((0, 0, canvas.width, 16), mix(canvas.paper, canvas.ink, rng.uniform(0.08, 0.2)))
    if style == "dots":
        for i, fill in enumerate(((255, 95, 86), (255, 189, 46), (39, 201, 63))):
            canvas.dot(10 + 12 * i, 8, 4, fill)
    else:
        for i in range(3):
            x = canvas.width - 14 - 16 * i
            canvas.rect((x, 5, x + 6, 11), outline=canvas.soft)
    canvas.item(canvas.width / 2, 3, "label", align=0.5, fill=canvas.soft)
    return 16


def button(canvas: Canvas, box: Box, fill: RGB, *, radius: float = 3) -> None:
    """With a word on it."""
    canvas.rect(box, fill, radius=radius)
    y = (box[1] + box[3] - canvas.leading_px) / 2
    canvas.item((box[0] + box[2]) / 2, y, "label", align=0.5, max_px=box[2] - box[0] - 6, fill=readable_on(fill))


def browser_bar(canvas: Canvas) -> int:
    """Window bar and address line, or neither; returns the height in pixels."""
    if canvas.rng.random() < 0.4:
        return 0
    top = window_bar(canvas)
    canvas.rect((0, top, canvas.width, top + 18), canvas.pale)
    canvas.rect((50, top + 3, canvas.width - 40, top + 15), canvas.paper, radius=6)
    canvas.item(58, top + 4, "identifier", fill=canvas.soft)
    return top + 18


def nav_bar(canvas: Canvas, y: float, fill: RGB) -> float:
    """A logo and links; returns the y below."""
    height, ink = canvas.rng.randint(22, 32), readable_on(fill)
    canvas.rect((0, y, canvas.width, y + height), fill)
    middle = y + (height - canvas.leading_px) / 2
    canvas.text(14, middle, prose.title(canvas.rng, 1), size_px=canvas.text_px + 3, path=canvas.head, fill=ink)
    for i in range(canvas.rng.randint(2, 5)):
        canvas.item(canvas.width - 14 - 48 * i, middle, "label", align=1.0, max_px=40, fill=ink)
    return y + height


def toggle(canvas: Canvas, x: float, y: float, *, on: bool) -> None:
    """A switch of 24 by 12 pixels."""
    canvas.rect((x, y, x + 24, y + 12), canvas.accent if on else canvas.soft, radius=6)
    canvas.dot(x + (18 if on else 6), y + 6, 4, (255, 255, 255))
