"""Pages of running text: articles, papers, letters, lists, newspapers, magazines, and paper with nothing on it."""

from __future__ import annotations

from PIL.Image import Image

from tools.vision_tower.drawing import colours, prose
from tools.vision_tower.drawing.colours import CHROMATIC, mix
from tools.vision_tower.drawing.pages.canvas import Box, Canvas
from tools.vision_tower.drawing.pages.inserts import insert
from tools.vision_tower.drawing.pages.spec import Kind, Lots, PageSpec

INSERTS = ("", "", "picture at the top", "picture in the middle", "picture at the bottom", "table", "chart")


def sheet(spec: PageSpec, rng: Lots, text_px: tuple[int, int] = (6, 9)) -> Canvas:
    """A portrait page, of about the proportions of A4 or letter paper."""
    width = rng.randint(300, 400)
    size = width, round(width * rng.choice((1.414, 1.414, 1.294, 1.5, 1.25)))
    return Canvas(rng, size, colour=spec.word("colour"), text_px=rng.randint(*text_px))


def running_head(page: Canvas, margin: float) -> None:
    """What stands at the edges of pages: a chapter, a rule, the page's number."""
    rng, small = page.rng, max(page.text_px - 1, 5)
    if rng.random() < 0.35:
        page.run(margin, margin * 0.4, page.width * 0.3, "label", fill=page.soft, size_px=small)
        if rng.random() < 0.5:
            page.rule(margin, margin * 0.8, page.width - margin, margin * 0.8)
    if rng.random() < 0.6:
        x = rng.choice((page.width / 2, page.width - margin))
        page.text(x, page.height - margin * 0.6, str(rng.randint(1, 400)), size_px=small, anchor="ma")


def fill_column(
    page: Canvas, x: float, y: float, width: float, bottom: float, *, headings: bool, justified: bool
) -> None:
    """Paragraphs down to the bottom, each with a heading where there are headings."""
    rng, leading = page.rng, page.leading_px
    indent = rng.random() < 0.4
    while y + 2 * leading < bottom:
        if headings and y + 5 * leading < bottom and rng.random() < 0.6:
            y += leading * 0.4
            page.text(x, y, prose.title(rng), size_px=page.text_px + 2, path=page.head, fill=page.accent, fit_px=width)
            y += leading * 1.6
        n_lines = min(rng.randint(3, 11), int((bottom - y) / leading))
        y = page.paragraph(x, y, width, n_lines, justified=justified)
        y += 0 if indent else leading * 0.5


def _article(spec: PageSpec, rng: Lots) -> Image:
    page = sheet(spec, rng)
    margin = page.width * rng.uniform(0.06, 0.13)
    running_head(page, margin)
    top, bottom = margin, page.height - margin
    headings = spec.word("headings") != ""
    if headings:
        page.text(margin, top, prose.title(rng), size_px=page.text_px * 2, path=page.head, fill=page.accent)
        top += page.text_px * 3
    where = spec.word("insert")
    n_columns, gutter = spec.number("columns"), page.width * 0.04
    width = (page.width - 2 * margin - gutter * (n_columns - 1)) / n_columns
    justified = rng.style.random() < 0.65
    top, bottom, gap = _place(page, where, margin, top, bottom)
    for column in range(n_columns):
        x = margin + column * (width + gutter)
        is_last = column == n_columns - 1
        end = bottom if not is_last or rng.random() < 0.6 else bottom - (bottom - top) * rng.uniform(0, 0.25)
        for start, stop in ((top, gap[0]), (gap[1], end)) if gap else ((top, end),):
            fill_column(page, x, start, width, stop, headings=headings, justified=justified)
    return page.image


def _place(
    page: Canvas, where: str, margin: float, top: float, bottom: float
) -> tuple[float, float, tuple[float, float] | None]:
    """Draws the insert across the page; returns the text's top and bottom, and the gap in it if there is one."""
    if not where:
        return top, bottom, None
    rng = page.rng
    kind, _, place = where.partition(" ")
    place = place or rng.choice(("at the top", "in the middle", "at the bottom"))
    height = (bottom - top) * rng.uniform(0.26, 0.42)
    y = {"at the top": top, "at the bottom": bottom - height}.get(place, top + (bottom - top - height) / 2)
    inset = page.width * rng.choice((0, 0, 0.08, 0.15))
    insert(page, kind, (margin + inset, y + 4, page.width - margin - inset, y + height - 8))
    page.run(margin + inset, y + height - 6, page.width * 0.5, size_px=max(page.text_px - 1, 5), fill=page.soft)
    below = y + height + page.leading_px
    if place == "at the top":
        return below, bottom, None
    if place == "at the bottom":
        return top, y - 6, None
    return top, bottom, (y - 6, below)


def _letter(spec: PageSpec, rng: Lots) -> Image:
    page = sheet(spec, rng, (7, 9))
    margin, y = page.width * rng.uniform(0.1, 0.15), page.width * rng.uniform(0.06, 0.12)
    if spec.word("colour"):
        if rng.random() < 0.5:
            page.rect((0, 0, page.width, y * 0.9), page.accent)
        page.dot(margin + 8, y + 10, 9, page.accent)
        page.text(margin + 22, y + 2, prose.title(rng, 2), size_px=14, path=page.head, fill=page.accent)
    y += 40
    for _ in range(rng.randint(3, 4)):
        page.run(margin, y, page.width * rng.uniform(0.2, 0.32), "name")
        y += page.leading_px
    page.text(page.width - margin, y + 6, prose.date(rng), anchor="ra")
    y += 3 * page.leading_px
    if rng.random() < 0.6:
        page.text(margin, y, prose.title(rng, 4), path=page.head)
        y += 2 * page.leading_px
    page.text(margin, y, f"Dear {prose.name(rng)},")
    y += 2 * page.leading_px
    justified = rng.style.random() < 0.3
    for _ in range(rng.randint(2, 4)):
        y = page.paragraph(margin, y, page.width - 2 * margin, rng.randint(2, 6), justified=justified) + page.leading_px
    page.text(margin, y, rng.choice(("Yours sincerely,", "Kind regards,", "With best wishes,")))
    signature(page, margin, y + 2.2 * page.leading_px)
    page.text(margin, y + 4.5 * page.leading_px, prose.name(rng))
    return page.image


def signature(page: Canvas, x: float, y: float) -> None:
    """A scribble about 60 pixels long, its middle at y."""
    points = [(x + i * 4.5 + page.rng.uniform(-3, 5), y + page.rng.uniform(-8, 8)) for i in range(14)]
    page.pen.line(points, mix((20, 30, 120), page.ink, page.rng.random()), 1, "curve")


def _list(spec: PageSpec, rng: Lots) -> Image:
    """Items with bullets, numbers or ticks at their left; few ones large, many ones small."""
    n_items, is_numbered = spec.number("items"), spec.kind == "numbered list"
    page = (
        sheet(spec, rng)
        if n_items > 9
        else Canvas(rng, (rng.randint(280, 420), rng.randint(240, 420)), colour=spec.word("colour"))
    )
    margin = page.width * rng.uniform(0.06, 0.13)
    y = margin
    page.text(
        margin,
        y,
        prose.title(rng),
        size_px=rng.randint(14, 20),
        path=page.head,
        fill=page.accent,
        fit_px=page.width - 2 * margin,
    )
    y += 30
    step = (page.height - margin - y) / n_items
    page.text_px = max(6, min(round(step * 0.5), rng.randint(10, 16)))
    bullet = rng.style.choice(("dot", "dot", "square", "ring", "dash"))
    indent = page.text_px * (1.8 if is_numbered else 1.4)
    n_lines = rng.randint(1, max(1, min(3, int(step / page.leading_px) - 1)))
    form = rng.style.choice(("{}.", "{})", "{}"))
    for i in range(n_items):
        if is_numbered:
            page.text(margin, y, form.format(i + 1), fill=page.accent, path=page.head)
        else:
            draw_bullet(page, bullet, margin + page.text_px * 0.5, y + page.text_px * 0.65)
        page.paragraph(margin + indent, y, page.width - 2 * margin - indent, n_lines, justified=False)
        y += step
    return page.image


def draw_bullet(page: Canvas, shape: str, x: float, y: float) -> None:
    """A "dot", "square", "ring" or "dash" as large as the text asks for, its middle at (x, y)."""
    radius = max(page.text_px * 0.22, 1.5)
    if shape == "square":
        page.rect((x - radius, y - radius, x + radius, y + radius), page.accent)
    elif shape == "dash":
        page.rule(x - radius * 1.6, y, x + radius * 1.6, y, page.accent, 2)
    else:
        page.dot(x, y, radius, None if shape == "ring" else page.accent, page.accent)


def _contents(spec: PageSpec, rng: Lots) -> Image:
    page = sheet(spec, rng, (7, 9))
    margin, right = page.width * 0.12, page.width * 0.88
    page.text(
        margin,
        margin,
        rng.choice(("Contents", "Table of Contents", "Index")),
        size_px=20,
        path=page.head,
        fill=page.accent,
    )
    y, number, leaders = margin + 44, 1, rng.random() < 0.75
    step = page.leading_px * rng.uniform(1.1, 1.6)
    while y < page.height - margin:
        indent = rng.choice((0, 0, 12, 24))
        width = page.width * rng.uniform(0.15, 0.4)
        page.run(margin + indent, y, width, "label", path=None if indent else page.head)
        if leaders:
            for x in range(int(margin + indent + width + 6), int(right - 18), 4):
                page.image.putpixel((x, int(y + page.text_px)), page.ink)
        page.text(right, y, str(number), anchor="ra")
        number += rng.randint(1, 9)
        y += step
    return page.image


def _empty(spec: PageSpec, rng: Lots) -> Image:
    """Nothing, one line, or the rules of writing paper; with the traces that paper has of its use."""
    page, ruling = sheet(spec, rng), spec.word("blank")
    if spec.word("sheet") != "white":
        tint = colours.tone(spec.word("sheet"), rng.style)
        page.paper = mix(tint, (255, 255, 255), rng.style.uniform(0.35, 0.6))
        page.rect((0, 0, page.width, page.height), page.paper)
    _traces(page)
    step = page.width * rng.uniform(0.035, 0.06)
    pale = mix(rng.style.choice(((120, 150, 200), (120, 120, 120))), page.paper, rng.style.uniform(0.3, 0.6))
    for i in range(1, int(page.height / step)):
        if ruling in {"lines", "squares"}:
            page.rule(0, i * step, page.width, i * step, pale)
        if ruling == "squares":
            page.rule(i * step, 0, i * step, page.height, pale)
    if ruling == "nothing but a line":
        page.run(page.width * rng.uniform(0.1, 0.5), page.height * rng.uniform(0.05, 0.9), page.width * 0.4)
    if ruling == "lines" and rng.random() < 0.5:
        page.rule(page.width * 0.14, 0, page.width * 0.14, page.height, (220, 90, 90))
    return page.image


def _traces(page: Canvas) -> None:
    """Punched holes, folds, a grey edge as scanners leave it, a dog's ear: each at times."""
    rng, width, height = page.rng, page.width, page.height
    shade = mix(page.paper, (60, 60, 60), page.style.uniform(0.1, 0.3))
    holes = rng.choice(((), (), (0.3, 0.7), (0.12, 0.38, 0.62, 0.88)))
    for place in holes:
        page.dot(width * 0.05, height * place, width * 0.018, shade)
    for place in rng.choice(((), (0.5,), (0.33, 0.67))):
        page.rule(0, height * place, width, height * place, mix(shade, page.paper, 0.5), rng.randint(1, 3))
    thickness, edge = rng.randint(2, 8), rng.choice(("none", "left", "right", "top", "bottom"))
    boxes: dict[str, Box] = {
        "left": (0, 0, thickness, height),
        "right": (width - thickness, 0, width, height),
        "top": (0, 0, width, thickness),
        "bottom": (0, height - thickness, width, height),
    }
    if edge in boxes:
        page.rect(boxes[edge], shade)
    if rng.random() < 0.2:
        ear = width * rng.uniform(0.06, 0.15)
        page.pen.polygon([(width - ear, 0), (width, ear), (width - ear, ear)], shade)
        page.pen.polygon([(width - ear, 0), (width, 0), (width, ear)], mix(shade, (0, 0, 0), 0.4))


_ACCENTS = ("", "", *CHROMATIC)


KINDS = (
    Kind(
        ("page of text", "text page", "page of running text", "document page"),
        _article,
        {"columns": (1, 1, 2, 2, 3), "headings": ("", "headings"), "insert": INSERTS},
    ),
    Kind(("letter", "business letter", "formal letter"), _letter, {"colour": ("", "", "", *CHROMATIC)}),
    Kind(
        ("bulleted list", "list with bullets", "bullet list", "list of bullet points"),
        _list,
        {"items": (*range(3, 8), 3, 4, 5, 12, 18), "colour": _ACCENTS},
    ),
    Kind(
        ("numbered list", "ordered list", "list with numbers"),
        _list,
        {"items": (*range(3, 8), 10, 16), "colour": _ACCENTS},
    ),
    Kind(("table of contents", "contents page", "list of chapters with page numbers"), _contents, {"colour": _ACCENTS}),
    Kind(
        ("blank page", "empty page", "blank sheet of paper", "empty sheet"),
        _empty,
        {
            "blank": ("", "nothing but a line", "lines", "squares"),
            "sheet": ("white", "white", "white", "yellow", "blue", "pink", "green"),
        },
    ),
)
