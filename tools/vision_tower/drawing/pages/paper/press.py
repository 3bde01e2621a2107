"""What is printed in columns: papers of science, newspapers, magazines."""

from __future__ import annotations

from PIL.Image import Image

from tools.vision_tower.drawing import prose
from tools.vision_tower.drawing.colours import CHROMATIC
from tools.vision_tower.drawing.pages.canvas import Canvas
from tools.vision_tower.drawing.pages.inserts import insert, picture
from tools.vision_tower.drawing.pages.paper.text import fill_column, running_head, sheet
from tools.vision_tower.drawing.pages.spec import Kind, Lots, PageSpec

_ACCENTS = ("", "", *CHROMATIC)


def _paper(spec: PageSpec, rng: Lots) -> Image:
    """A scientific paper's first page: centred title, authors, abstract, two columns."""
    page = sheet(spec, rng, (6, 7))
    margin, middle = page.width * rng.uniform(0.08, 0.12), page.width / 2
    running_head(page, margin)
    y = margin
    for _ in range(rng.randint(1, 2)):
        page.text(middle, y, prose.title(rng, 4), size_px=15, path=page.head, anchor="ma", fit_px=page.width * 0.8)
        y += 18
    authors = ", ".join(prose.name(rng) for _ in range(rng.randint(2, 4)))
    page.text(middle, y + 2, authors, size_px=8, anchor="ma", fit_px=page.width * 0.8)
    y += 20
    page.text(middle, y, "Abstract", size_px=8, path=page.head, anchor="ma")
    inset = margin + page.width * 0.07
    y = page.paragraph(inset, y + 12, page.width - 2 * inset, rng.randint(5, 9)) + 12
    gutter, n_columns = page.width * 0.04, spec.number("columns")
    width = (page.width - 2 * margin - gutter * (n_columns - 1)) / n_columns
    for column in range(n_columns):
        x, top = margin + column * (width + gutter), y
        if column == n_columns - 1 and spec.word("figure"):
            insert(page, rng.choice(("chart", "picture")), (x + 8, y, x + width - 8, y + width * 0.7))
            page.run(x, y + width * 0.7 + 8, width, size_px=6)
            top = y + width * 0.7 + 24
        fill_column(page, x, top, width, page.height - margin, headings=True, justified=True)
    return page.image


def _newspaper(spec: PageSpec, rng: Lots) -> Image:
    width = rng.randint(360, 460)
    paper = rng.style.choice(((255, 255, 255), (240, 236, 226), (228, 222, 208)))
    page = Canvas(rng, (width, round(width * rng.uniform(1.25, 1.55))), text_px=6, paper=paper)
    margin, n_columns = width * 0.04, spec.number("columns")
    step = (width - 2 * margin) / n_columns
    starts = [_masthead(page, margin)] * n_columns
    first = rng.randrange(n_columns - 1)
    for i in range(spec.number("pictures")):
        _photograph(page, starts, (first + 2 * i) % (n_columns - 1), margin, step, drop_px=i * page.height * 0.1)
    for column, start in enumerate(starts):
        x = margin + column * step
        fill_column(page, x + 3, start, step - 6, page.height - margin, headings=True, justified=True)
        if column and rng.random() < 0.5:
            page.rule(x, start, x, page.height - margin, page.soft)
    return page.image


def _masthead(page: Canvas, margin: float) -> float:
    """The paper's name, the date between rules, the day's headline; returns the y below."""
    rng, width, y = page.rng, page.width, margin
    name = f"{rng.choice(('The', 'Daily', 'Evening'))} {rng.choice(('Times', 'Herald', 'Post', 'Courier', 'News'))}"
    page.text(width / 2, y, name, size_px=round(width * 0.1), path=page.head, anchor="ma", fit_px=width * 0.9)
    y += width * 0.14
    for offset in (0, 12):
        page.rule(margin, y + offset, width - margin, y + offset, page.ink)
    page.text(width / 2, y + 2, prose.date(rng), size_px=7, anchor="ma")
    headline_px = rng.randint(20, 30)
    page.text(margin, y + 20, prose.title(rng, 4), size_px=headline_px, path=page.head, fit_px=width - 2 * margin)
    return y + 56


def _photograph(page: Canvas, starts: list[float], first: int, margin: float, step: float, drop_px: float) -> None:
    """A picture two columns wide, with text above it where it is dropped; moves the columns' `starts` below it."""
    x, top = margin + first * step, max(starts[first : first + 2]) + drop_px
    bottom = top + 2 * step * page.rng.uniform(0.55, 0.8)
    for column in (first, first + 1):
        left = margin + column * step + 3
        fill_column(page, left, starts[column], step - 6, top - 4, headings=False, justified=True)
        starts[column] = bottom + 6
    picture(page, (x + 3, top, x + 2 * step - 3, bottom), grey=page.rng.random() < 0.6)


def _magazine(spec: PageSpec, rng: Lots) -> Image:
    page = sheet(spec, rng, (6, 8))
    width, height, margin = page.width, page.height, page.width * 0.08
    share, place = rng.uniform(0.38, 0.55), spec.word("picture")
    box, left, top, right, bottom = {
        "top": ((0, 0, width, height * share), margin, height * share + 14, width - margin, height - margin),
        "bottom": ((0, height * (1 - share), width, height), margin, margin, width - margin, height * (1 - share) - 12),
        "left": ((0, 0, width * share, height), width * share + 14, margin, width - margin, height - margin),
        "right": ((width * (1 - share), 0, width, height), margin, margin, width * (1 - share) - 14, height - margin),
    }[place]
    picture(page, box)
    page.text(
        left,
        top,
        prose.title(rng, 2),
        size_px=rng.randint(24, 36),
        path=page.head,
        fill=page.accent,
        fit_px=right - left,
    )
    top = page.paragraph(left, top + 44, right - left, 2, justified=False, size_px=page.text_px + 3) + 10
    n_columns = 1 if place in {"left", "right"} else rng.choice((2, 3))
    step = (right - left + 10) / n_columns
    for column in range(n_columns):
        fill_column(page, left + column * step, top, step - 10, bottom, headings=False, justified=rng.random() < 0.6)
    return page.image


KINDS = (
    Kind(
        ("first page of a paper", "scientific paper", "research article", "academic paper with abstract"),
        _paper,
        {"columns": (1, 2, 2), "figure": ("", "figure")},
    ),
    Kind(
        ("newspaper page", "front page of a newspaper", "newspaper", "newspaper clipping page"),
        _newspaper,
        {"columns": (4, 5, 6), "pictures": (0, 1, 2)},
    ),
    Kind(
        ("magazine page with picture", "magazine page", "illustrated magazine article", "brochure page"),
        _magazine,
        {"picture": ("top", "bottom", "left", "right"), "colour": _ACCENTS},
    ),
)
