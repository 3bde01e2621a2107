"""Small things of stiff paper: cards, certificates, tickets, labels; bar codes and QR codes."""

from __future__ import annotations

from PIL.Image import Image

from tools.vision_tower.drawing import prose
from tools.vision_tower.drawing.colours import CHROMATIC, mix
from tools.vision_tower.drawing.pages.canvas import Canvas, readable_on
from tools.vision_tower.drawing.pages.paper.text import signature
from tools.vision_tower.drawing.pages.spec import Kind, Lots, PageSpec


def bars(page: Canvas, box: tuple[float, float, float, float]) -> None:
    """A bar code that fills the box."""
    x = box[0]
    while x < box[2]:
        width = page.rng.choice((1, 1, 2, 3, 4))
        page.rect((x, box[1], min(x + width - 1, box[2]), box[3]), page.ink)
        x += width + page.rng.choice((1, 1, 2, 3))


def _bar_code(spec: PageSpec, rng: Lots) -> Image:
    page = Canvas(rng, (rng.randint(240, 400), rng.randint(160, 220)), paper=(255, 255, 255))
    margin = rng.randint(8, 36)
    has_digits = spec.word("digits") != ""
    bars(page, (margin, margin * 0.6, page.width - margin, page.height - (32 if has_digits else margin * 0.6)))
    if not has_digits:
        return page.image
    digits = "".join(rng.choice("0123456789") for _ in range(13))
    page.text(
        page.width / 2, page.height - 27, " ".join(digits), size_px=16, anchor="ma", fit_px=page.width - 2 * margin
    )
    return page.image


def _qr_code(spec: PageSpec, rng: Lots) -> Image:
    """Modules by lot, with the three finder squares in the corners that make it known."""
    n, cell = rng.choice((21, 25, 29, 33)), rng.randint(7, 10)
    edge = cell * rng.randint(2, 4)
    page = Canvas(rng, (n * cell + 2 * edge,) * 2, paper=(255, 255, 255), colour=spec.word("modules"))
    bits = rng.getrandbits(n * n)
    for i in range(n * n):
        if bits >> i & 1:
            x, y = edge + i % n * cell, edge + i // n * cell
            page.rect((x, y, x + cell - 1, y + cell - 1), page.accent)
    for column, row in ((0, 0), (n - 7, 0), (0, n - 7)):
        x, y = edge + column * cell, edge + row * cell
        page.rect((x - cell, y - cell, x + 8 * cell - 1, y + 8 * cell - 1), page.paper)
        for inset, fill in ((0, page.accent), (1, page.paper), (2, page.accent)):
            side = (7 - inset) * cell - 1
            page.rect((x + inset * cell, y + inset * cell, x + side, y + side), fill)
    page.rect((0, 0, page.width - 1, page.height - 1), outline=page.paper, width=edge)
    return page.image


def _business_card(spec: PageSpec, rng: Lots) -> Image:
    dark = spec.word("theme") == "dark"
    page = Canvas(
        rng, (rng.randint(300, 360), rng.randint(170, 210)), dark=dark, colour=spec.word("colour"), text_px=10
    )
    width, height = page.width, page.height
    side = rng.choice(("left", "right", "bottom", "none"))
    if side == "bottom":
        page.rect((0, height - 14, width, height), page.accent)
    elif side != "none":
        x = 0 if side == "left" else width * 0.72
        page.rect((x, 0, x + width * 0.28, height), page.accent)
    x = width * (0.34 if side == "left" else 0.08)
    page.text(x, height * 0.2, prose.name(rng), size_px=20, path=page.head, fit_px=width * 0.58)
    page.item(x, height * 0.2 + 26, "label", fill=page.soft)
    for i in range(rng.randint(3, 4)):
        page.run(x, height * 0.55 + i * 15, width * 0.4, rng.choice(("name", "number")))
    logo = width * (0.14 if side == "left" else 0.86), height * 0.3
    page.dot(*logo, 17, page.paper if side in {"left", "right"} else page.accent)
    return page.image


def _certificate(spec: PageSpec, rng: Lots) -> Image:
    """A framed sheet on its side: a large title, a name, lines for signatures, a seal."""
    width = rng.randint(380, 480)
    page = Canvas(rng, (width, round(width * 0.71)), colour=spec.word("border"), text_px=10)
    middle, height = width / 2, page.height
    for inset, line in rng.choice((((6, 6),), ((6, 2), (12, 1)), ((0, 12), (18, 1)))):
        page.rect((inset, inset, width - inset - 1, height - inset - 1), outline=page.accent, width=line)
    title = rng.choice(("Certificate", "Diploma", "Certificate", "Award"))
    page.text(middle, height * 0.13, title, size_px=40, anchor="ma", path=page.head, fill=page.accent)
    page.item(middle, height * 0.35, "name", align=0.5)
    page.text(middle, height * 0.43, prose.name(rng), size_px=26, anchor="ma")
    page.rule(middle - width * 0.25, height * 0.56, middle + width * 0.25, height * 0.56)
    for i in range(2):
        page.run(width * 0.26, height * 0.61 + i * 14, width * 0.48)
    for x in (0.14, 0.64):
        page.rule(width * x, height * 0.85, width * (x + 0.22), height * 0.85)
        signature(page, width * x + 10, height * 0.8)
    if spec.word("seal"):
        seal = page.accent
        page.pen.polygon(
            [
                (middle - 14, height * 0.8),
                (middle - 18, height * 0.95),
                (middle, height * 0.9),
                (middle + 18, height * 0.95),
                (middle + 14, height * 0.8),
            ],
            seal,
        )
        page.pen.regular_polygon((middle, height * 0.79, 24), 16, 0, seal)
        page.dot(middle, height * 0.79, 16, mix(seal, (255, 255, 255), 0.4))
    return page.image


def _ticket(spec: PageSpec, rng: Lots) -> Image:
    page = Canvas(rng, (rng.randint(380, 480), rng.randint(165, 200)), colour=spec.word("bar"), text_px=9)
    cut = page.width * rng.uniform(0.68, 0.76)
    page.rect((0, 0, page.width, 30), page.accent)
    page.text(
        14,
        6,
        rng.choice(("BOARDING PASS", "TICKET", "ADMIT ONE", "Entry ticket")),
        size_px=16,
        path=page.head,
        fill=readable_on(page.accent),
    )
    for y in range(34, page.height, 8):
        page.rule(cut, y, cut, y + 4)
    page.text(14, 42, prose.title(rng, 2), size_px=22, path=page.head, fit_px=cut - 28)
    for row in range(2):
        for column in range(3):
            x, y = 14 + column * (cut - 20) / 3, 84 + row * 40
            page.item(x, y, "label", fill=page.soft, size_px=8)
            page.item(x, y + 12, rng.choice(("number", "name")), size_px=12, max_px=(cut - 40) / 3)
    bars(page, (cut + 14, 44, page.width - 14, page.height - 30))
    return page.image


def _label(spec: PageSpec, rng: Lots) -> Image:
    """A parcel's label: ruled compartments, addresses, a bar code."""
    page = Canvas(rng, (rng.randint(250, 330), rng.randint(330, 430)), paper=(255, 255, 255), text_px=10)
    width, height = page.width, page.height
    page.rect((4, 4, width - 5, height - 5), outline=page.ink, width=2)
    levels = (4, height * 0.16, height * 0.42, height * 0.62, height - 5)
    for y in levels[1:-1]:
        page.rule(4, y, width - 5, y, page.ink, 2)
    page.text(16, 14, rng.choice("PEXA"), size_px=round(height * 0.11), path=page.head)
    page.text(
        width - 16,
        18,
        rng.choice(("PRIORITY", "EXPRESS", "PARCEL", "FRAGILE")),
        size_px=20,
        anchor="ra",
        path=page.head,
    )
    for i in range(4):
        page.run(16, levels[1] + 8 + i * 16, width * rng.uniform(0.4, 0.7), "name", size_px=12)
    page.text(16, levels[2] + 12, str(rng.randint(10000, 99999)), size_px=34, path=page.head)
    bars(page, (22, levels[3] + 14, width - 22, height - 34))
    return page.image


KINDS = (
    Kind(("bar code", "barcode", "product code of black bars"), _bar_code, {"digits": ("", "digits", "digits")}),
    Kind(
        ("QR code", "square matrix code", "QR code to scan"),
        _qr_code,
        {"modules": ("black", "black", "black", "blue", "purple", "green", "red")},
    ),
    Kind(
        ("business card", "visiting card", "calling card"),
        _business_card,
        {"colour": CHROMATIC, "theme": ("light", "light", "dark")},
    ),
    Kind(("certificate", "diploma", "award certificate"), _certificate, {"border": CHROMATIC, "seal": ("", "seal")}),
    Kind(("ticket", "boarding pass", "admission ticket", "entry ticket"), _ticket, {"bar": CHROMATIC}),
    Kind(("label", "shipping label", "parcel label", "address label with a bar code"), _label),
)
