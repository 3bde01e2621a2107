"""Slides, and the first sheets of reports and books."""

from __future__ import annotations

from PIL import Image

from tools.vision_tower.drawing import colours, prose
from tools.vision_tower.drawing.colours import CHROMATIC, mix
from tools.vision_tower.drawing.pages.canvas import Box, Canvas, readable_on
from tools.vision_tower.drawing.pages.inserts import insert, picture
from tools.vision_tower.drawing.pages.paper.text import draw_bullet, sheet
from tools.vision_tower.drawing.pages.ribbons import hand_paths
from tools.vision_tower.drawing.pages.spec import Kind, Lots, PageSpec

_THEMES = ("light", "light", "dark")


def _slide(spec: PageSpec, rng: Lots) -> Image.Image:
    """A title over bullets, with a picture, chart or table beside them; or a title alone."""
    dark = spec.word("theme") == "dark"
    width = rng.randint(360, 500)
    height = round(width * rng.choice((0.5625, 0.5625, 0.75)))
    slide = Canvas(rng, (width, height), dark=dark, colour=spec.word("accent"), text_px=rng.randint(11, 14))
    margin, place = width * rng.uniform(0.05, 0.09), spec.word("layout")
    _decorate(slide, margin)
    if place == "title":
        _title_alone(slide, margin)
        return slide.image
    slide.text(
        margin,
        height * 0.1,
        prose.title(rng),
        size_px=rng.randint(20, 28),
        path=slide.head,
        fill=slide.accent,
        fit_px=width - 2 * margin,
    )
    top, right = height * 0.3, width - margin
    if place != "bullets":
        half = width * rng.uniform(0.46, 0.55)
        box: Box = (half + 8, top, right, height * 0.87)
        if rng.random() < 0.3:
            box = (margin, top, half - 8, height * 0.87)
            margin = half + 8
        else:
            right = half - 8
        insert(slide, place, box)
    _bullets(slide, (margin, top, right, height * 0.9))
    return slide.image


def _title_alone(slide: Canvas, margin: float) -> None:
    """With a name and a date under it."""
    rng, (width, height) = slide.rng, slide.image.size
    x, anchor = rng.choice(((width / 2, "ma"), (margin * 1.5, "la")))
    slide.text(
        x,
        height * 0.34,
        prose.title(rng, 3),
        size_px=rng.randint(30, 40),
        path=slide.head,
        anchor=anchor,
        fill=slide.accent,
        fit_px=width * 0.85,
    )
    slide.text(x, height * 0.54, f"{prose.name(rng)}, {prose.date(rng)}", size_px=13, anchor=anchor)


def _bullets(slide: Canvas, box: Box) -> None:
    """Three to five, one or two lines each."""
    left, top, right, bottom = box
    n_bullets, shape = slide.rng.randint(3, 5), slide.rng.style.choice(("dot", "square", "dash", "ring"))
    step = (bottom - top) / n_bullets
    n_lines = 2 if step > 2.4 * slide.leading_px else 1
    for i in range(n_bullets):
        y = top + i * step
        draw_bullet(slide, shape, left + 4, y + slide.text_px * 0.65)
        slide.paragraph(left + 16, y, right - left - 16, n_lines, justified=False)


def _decorate(slide: Canvas, margin: float) -> None:
    rng, (width, height) = slide.rng, slide.image.size
    style = slide.style.choice(("none", "top", "foot", "left", "underline"))
    boxes: dict[str, Box] = {
        "top": (0, 0, width, height * 0.05),
        "foot": (0, height * 0.93, width, height),
        "left": (0, 0, margin * 0.4, height),
        "underline": (margin, height * 0.24, width - margin, height * 0.245),
    }
    if style in boxes:
        slide.rect(boxes[style], slide.accent)
    if rng.random() < 0.5:
        slide.text(width - 8, height - 12, str(rng.randint(2, 60)), size_px=8, anchor="ra")


def _title_page(spec: PageSpec, rng: Lots) -> Image.Image:
    """A report's or thesis' first sheet: a few centred lines and much room."""
    page = sheet(spec, rng)
    width, height = page.width, page.height
    x, anchor = rng.choice(((width / 2, "ma"), (width / 2, "ma"), (width * 0.12, "la")))
    align = 0.5 if anchor == "ma" else 0.0
    if rng.random() < 0.4:
        page.rect((0, 0, width, height * rng.uniform(0.02, 0.06)), page.accent)
    if rng.random() < 0.5:
        page.dot(x + (0 if align else 18), height * 0.14, 18, page.accent)
    y = height * rng.uniform(0.25, 0.38)
    for _ in range(rng.randint(1, 3)):
        page.text(
            x,
            y,
            prose.title(rng, 2),
            size_px=rng.randint(26, 32),
            path=page.head,
            anchor=anchor,
            fill=page.accent,
            fit_px=width * 0.8,
        )
        y += 34
    page.text(x, y + 10, prose.title(rng, 3), size_px=14, anchor=anchor)
    page.text(x, y + 60, prose.name(rng), size_px=12, anchor=anchor)
    page.text(x, height * 0.86, prose.date(rng), size_px=11, anchor=anchor)
    return page.image


def _cover(spec: PageSpec, rng: Lots) -> Image.Image:
    """A coloured front with a large title and an author, at times a picture or shapes."""
    width = rng.randint(240, 330)
    ground = colours.tone(spec.word("ground"), rng.style)
    page = Canvas(rng, (width, round(width * rng.uniform(1.35, 1.6))), paper=ground, colour=rng.choice(CHROMATIC))
    page.ink = readable_on(ground)
    height, title_y = page.height, rng.choice((0.08, 0.7))
    if spec.word("picture"):
        picture(
            page,
            rng.choice(
                ((0, height * 0.3, width, height * 0.68), (width * 0.15, height * 0.3, width * 0.85, height * 0.68))
            ),
        )
    else:
        for _ in range(rng.randint(0, 3)):
            page.dot(
                width * rng.random(),
                height * rng.uniform(0.35, 0.65),
                width * rng.uniform(0.04, 0.16),
                mix(page.ink, ground, rng.uniform(0.3, 0.8)),
            )
    face = rng.style.choice((page.head, page.head, hand_paths()[0]))
    for i in range(2):
        page.text(
            width / 2,
            height * (title_y + 0.09 * i),
            prose.title(rng, 1).upper(),
            size_px=rng.randint(36, 46),
            anchor="ma",
            path=face,
            fit_px=width * 0.86,
        )
    page.text(width / 2, height * (0.92 if title_y < 0.5 else 0.06), prose.name(rng), size_px=15, anchor="ma")
    if rng.random() < 0.5:
        page.rect((8, 8, width - 9, height - 9), outline=page.ink)
    return page.image


KINDS = (
    Kind(
        ("slide", "presentation slide", "slide of a talk", "PowerPoint slide"),
        _slide,
        {"theme": _THEMES, "layout": ("title", "bullets", "bullets", "picture", "chart", "table"), "accent": CHROMATIC},
    ),
    Kind(
        ("title page", "cover sheet of a report", "title page of a thesis", "front page of a report"),
        _title_page,
        {"colour": ("", "", *CHROMATIC)},
    ),
    Kind(
        ("book cover", "front cover of a book", "cover of a book"),
        _cover,
        {"ground": colours.NAMES, "picture": ("", "picture")},
    ),
)
