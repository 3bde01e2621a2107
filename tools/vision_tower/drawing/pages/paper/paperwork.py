"""Papers of offices, shops and events: forms, invoices, receipts, cards, certificates, tickets, labels, codes."""

from __future__ import annotations

from PIL.Image import Image

from tools.vision_tower.drawing import colours, prose
from tools.vision_tower.drawing.colours import CHROMATIC, mix
from tools.vision_tower.drawing.pages.canvas import Canvas, readable_on
from tools.vision_tower.drawing.pages.inserts import picture
from tools.vision_tower.drawing.pages.paper.cards import bars
from tools.vision_tower.drawing.pages.paper.text import sheet, signature
from tools.vision_tower.drawing.pages.spec import Kind, Lots, PageSpec


def check_box(page: Canvas, x: float, y: float, side_px: float, *, ticked: bool, mark: str) -> None:
    """An empty square, or one with a "tick", a "cross" or a "fill" in it; (x, y) is its left top corner."""
    page.rect((x, y, x + side_px, y + side_px), outline=page.ink)
    if not ticked:
        return
    low, mid, high = side_px * 0.15, side_px * 0.45, side_px * 0.85
    if mark == "fill":
        page.rect((x, y, x + side_px, y + side_px), page.accent)
    elif mark == "cross":
        page.rule(x + low, y + low, x + high, y + high, page.ink, 2)
        page.rule(x + low, y + high, x + high, y + low, page.ink, 2)
    else:
        page.pen.line([(x + low, y + mid), (x + mid, y + high), (x + side_px * 1.1, y - low)], page.accent, 2)


def _form(spec: PageSpec, rng: Lots) -> Image:
    """Labelled boxes or lines in one or two columns, over a bar with a title."""
    page = sheet(spec, rng, (7, 9))
    margin, filled, boxed = page.width * 0.08, spec.word("filled") != "", rng.random() < 0.6
    right, y = page.width - margin, _title_bar(page, spec, margin)
    hand = mix((20, 40, 150), page.ink, rng.random())
    n_columns, field_px = rng.choice((1, 2)), rng.randint(26, 36)
    label_above, step = rng.random() < 0.6, (right - margin + 10) / n_columns
    while y + field_px < page.height - margin * 1.5:
        for column in range(n_columns):
            x, end = margin + column * step, margin + (column + 1) * step - 10
            page.item(x, y, "label", fill=page.soft, max_px=step * 0.3)
            left, top = (x, y + page.leading_px) if label_above else (x + step * 0.33, y - 2)
            bottom = top + page.leading_px + 2
            if boxed:
                page.rect((left, top, end, bottom), outline=page.soft)
            else:
                page.rule(left, bottom, end, bottom)
            if filled:
                page.item(left + 4, top + 1, rng.choice(("name", "label", "number")), fill=hand, max_px=end - left - 6)
        y += field_px
        if rng.random() < 0.15:
            page.rect((margin, y - 3, right, y + page.leading_px), page.pale)
            page.item(margin + 4, y - 1, "label", path=page.head)
            y += page.leading_px + 8
    page.rule(margin, page.height - margin, margin + page.width * 0.3, page.height - margin)
    if filled:
        signature(page, margin + 8, page.height - margin - 8)
    return page.image


def _title_bar(page: Canvas, spec: PageSpec, margin: float) -> float:
    """A coloured bar if the spec has one, else a title; returns the y below."""
    title = f"{prose.title(page.rng, 1)} {page.rng.choice(('Form', 'Application', 'Registration', 'Request'))}"
    ink = page.ink
    if spec.word("bar"):
        page.accent = colours.tone(spec.word("bar"), page.style)
        page.rect((0, 0, page.width, margin * 1.8), page.accent)
        ink = readable_on(page.accent)
    page.text(margin, margin * 0.5, title, size_px=17, path=page.head, fill=ink, fit_px=page.width - 2 * margin)
    return margin * 2.4


def _checklist(spec: PageSpec, rng: Lots) -> Image:
    page = Canvas(rng, (rng.randint(240, 360), rng.randint(260, 400)), colour=rng.choice(CHROMATIC))
    margin, n_boxes = page.width * 0.1, spec.number("boxes")
    page.text(margin, margin, prose.title(rng, 2), size_px=20, path=page.head, fit_px=page.width * 0.8)
    step = (page.height - margin * 2 - 30) / n_boxes
    page.text_px = min(round(step * 0.5), 15)
    ticked = set(rng.sample(range(n_boxes), spec.number("ticks")))
    mark, side = rng.style.choice(("tick", "tick", "cross", "fill")), page.text_px * 1.2
    for i in range(n_boxes):
        y = margin + 36 + i * step
        check_box(page, margin, y, side, ticked=i in ticked, mark=mark)
        page.run(margin + side * 1.7, y, page.width * rng.uniform(0.4, 0.65))
    return page.image


def _invoice(spec: PageSpec, rng: Lots) -> Image:
    """Sender and receiver above, positions with prices in the middle, the total at the lower right."""
    page = sheet(spec, rng, (6, 8))
    margin = page.width * 0.08
    right, y = page.width - margin, margin
    if rng.random() < 0.4:
        page.rect((0, 0, page.width, margin * 0.6), page.accent)
    page.dot(margin + 10, y + 12, 10, page.accent)
    page.run(margin + 26, y + 6, 80, "name", path=page.head, size_px=9)
    title = rng.choice(("INVOICE", "Invoice", "Bill", "Invoice", "Quotation"))
    page.text(right, y, title, size_px=22, anchor="ra", path=page.head, fill=page.accent)
    y += 46
    for i in range(4):
        page.run(margin, y + i * page.leading_px, 90, "name")
        page.item(right, y + i * page.leading_px, "number", align=1.0)
        page.item(right - 60, y + i * page.leading_px, "label", align=1.0, fill=page.soft)
    y += 4 * page.leading_px + 24
    row_px, n_rows = page.leading_px + rng.randint(3, 8), rng.randint(3, 11)
    page.rect((margin, y, right, y + row_px), page.accent)
    stops = (margin + 4, margin + (right - margin) * 0.62, margin + (right - margin) * 0.8, right - 4)
    for row in range(n_rows + 1):
        fill = readable_on(page.accent) if row == 0 else None
        page.run(stops[0], y + 2, 40 if row == 0 else rng.randint(60, 130), fill=fill)
        for x in stops[1:]:
            page.item(x, y + 2, "label" if row == 0 else "amount", align=1.0, fill=fill, max_px=50)
        y += row_px
        page.rule(margin, y, right, y, page.pale)
    for i in range(3):
        y += row_px
        page.item(stops[2], y, "label", align=1.0, path=page.head if i == 2 else None)
        page.item(right - 4, y, "amount", align=1.0, path=page.head if i == 2 else None)
    page.rule(stops[2] - 40, y - 2, right, y - 2, page.ink)
    page.paragraph(margin, page.height - margin * 1.4, page.width * 0.7, 2, justified=False, fill=page.soft)
    return page.image


def _receipt(spec: PageSpec, rng: Lots) -> Image:
    """A narrow strip: the shop, articles with prices, the sum, a bar code at times."""
    width, n_rows = rng.randint(170, 220), rng.randint(5, 16)
    paper = rng.style.choice(((255, 255, 255), (250, 250, 246), (244, 242, 236)))
    page = Canvas(rng, (width, min(170 + n_rows * 15 + 60, 600)), paper=paper, text_px=9)
    page.text(width / 2, 12, prose.title(rng, 1).upper(), size_px=18, anchor="ma", path=page.head)
    for i in range(2):
        page.item(width / 2, 38 + i * 12, "name", align=0.5)
    page.text(width / 2, 64, "- " * 40, anchor="ma", fit_px=width - 20)
    y = 80
    for _ in range(n_rows):
        page.item(12, y, max_px=width * 0.6)
        page.item(width - 12, y, "amount", align=1.0)
        y += 15
    page.text(width / 2, y, "- " * 40, anchor="ma", fit_px=width - 20)
    page.text(12, y + 14, rng.choice(("TOTAL", "Total", "SUM")), size_px=15, path=page.head)
    page.text(width - 12, y + 14, prose.amount(rng), size_px=15, path=page.head, anchor="ra")
    page.text(width / 2, y + 40, rng.choice(("Thank you!", "Have a nice day", "Please come again")), anchor="ma")
    if spec.word("code"):
        bars(page, (20, y + 56, width - 20, y + 90))
    return page.image


def _cv(spec: PageSpec, rng: Lots) -> Image:
    """A life on one page: a name, a photo, a coloured side column, dated entries."""
    page = sheet(spec, rng, (6, 8))
    width, height, left = page.width, page.height, 0.0
    if spec.word("sidebar"):
        left = width * 0.32
        page.rect((0, 0, left, height), page.accent)
        ink = readable_on(page.accent)
        for top in (0.3, 0.5, 0.7):
            page.item(12, height * top, "label", path=page.head, fill=ink)
            for i in range(rng.randint(3, 7)):
                page.run(
                    12, height * top + (i + 1.4) * page.leading_px, left * rng.uniform(0.4, 0.75), "label", fill=ink
                )
    x, right = left + width * 0.07, width * 0.93
    if spec.word("picture"):
        box = (left * 0.2, 24, left * 0.8, 24 + left * 0.75) if left else (right - 60, 20, right, 94)
        picture(page, box)
    page.text(
        x, 28, prose.name(rng), size_px=22, path=page.head, fill=page.accent, fit_px=right - x - (0 if left else 70)
    )
    page.item(x, 56, "label", size_px=10, fill=page.soft)
    y = 100.0
    while y < height - 70:
        page.text(x, y, prose.title(rng, 1), size_px=12, path=page.head, fill=page.accent)
        page.rule(x, y + 16, right, y + 16)
        y += 24
        for _ in range(rng.randint(1, 3)):
            page.run(x, y, 40, "number", fill=page.soft)
            y = page.paragraph(x + 50, y, right - x - 50, rng.randint(2, 4), justified=False) + 5
        y += 6
    return page.image


_ACCENTS = ("", "", *CHROMATIC)


KINDS = (
    Kind(
        ("form", "form with fields", "application form", "questionnaire", "registration form"),
        _form,
        {"filled": ("", "filled"), "bar": _ACCENTS},
    ),
    Kind(
        ("checklist", "to-do list", "list of check boxes", "list with tick boxes"),
        _checklist,
        {"boxes": (4, 5, 6, 7), "ticks": (0, 1, 2, 3, 4)},
    ),
    Kind(("invoice", "bill", "invoice with a list of items and prices"), _invoice, {"colour": CHROMATIC}),
    Kind(("receipt", "till receipt", "sales slip", "cash register receipt"), _receipt, {"code": ("", "bar code")}),
    Kind(
        ("CV", "résumé", "curriculum vitae", "resume page"),
        _cv,
        {"sidebar": ("", "sidebar"), "picture": ("", "picture"), "colour": CHROMATIC},
    ),
)
