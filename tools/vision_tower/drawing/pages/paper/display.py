"""Made to be seen from afar: slides, title pages, covers, posters, signs, menus, comics."""

from __future__ import annotations

from PIL import Image, ImageDraw

from tools.vision_tower.drawing import colours, prose
from tools.vision_tower.drawing.colours import CHROMATIC, mix
from tools.vision_tower.drawing.pages.canvas import Box, Canvas, readable_on
from tools.vision_tower.drawing.pages.inserts import picture
from tools.vision_tower.drawing.pages.paper.text import sheet
from tools.vision_tower.drawing.pages.ribbons import hand_paths
from tools.vision_tower.drawing.pages.spec import Kind, Lots, PageSpec


def _poster(spec: PageSpec, rng: Lots) -> Image.Image:
    """Few huge words, a date, shapes or a picture, on a strong ground."""
    width = rng.randint(280, 380)
    ground = colours.tone(spec.word("ground"), rng.style)
    page = Canvas(rng, (width, round(width * rng.uniform(1.3, 1.5))), paper=ground, text_px=12)
    page.ink, height = readable_on(ground), page.height
    face = rng.style.choice((page.head, *hand_paths(), page.head))
    y = height * 0.05
    for _ in range(rng.randint(2, 3)):
        page.text(
            width / 2,
            y,
            prose.title(rng, 1).upper(),
            size_px=rng.randint(48, 64),
            anchor="ma",
            path=face,
            fit_px=width * 0.9,
        )
        y += 66
    if spec.word("picture"):
        picture(page, (width * 0.08, y + 6, width * 0.92, height * 0.78))
    else:
        shape = colours.tone(rng.choice([name for name in CHROMATIC if name != spec.word("ground")]), rng)
        page.dot(width * rng.uniform(0.3, 0.7), (y + height * 0.78) / 2, (height * 0.78 - y) / 2, shape)
    page.text(width / 2, height * 0.82, prose.date(rng), size_px=26, anchor="ma", path=page.head, fit_px=width * 0.8)
    for i in range(2):
        page.run(width * 0.2, height * 0.9 + i * 16, width * 0.6, "name")
    return page.image


_WORDS = (
    "STOP EXIT DANGER WARNING CAUTION OPEN CLOSED SALE PRIVATE PARKING TAXI HOTEL CAFE BUS SLOW YIELD PUSH PULL".split()
)


def _sign(spec: PageSpec, rng: Lots) -> Image.Image:
    """A plate of a colour and shape with a large word, on a wall, a sky or plain ground."""
    side, shape = rng.randint(220, 340), spec.word("shape")
    size = (side, max(round(side * rng.uniform(0.5, 0.75)), 160)) if shape in {"bar", "arrow"} else (side, side)
    name = spec.word("plate")
    page = Canvas(rng, size, paper=mix((235, 235, 235), (170, 200, 235), rng.style.random()))
    if rng.style.random() < 0.4:
        page.paper = (255, 255, 255) if name != "white" else (150, 160, 170)
        page.rect((0, 0, *size), page.paper)
    if shape not in {"bar", "arrow"} and rng.random() < 0.3:
        page.rect((side * 0.47, side * 0.5, side * 0.53, side), (110, 110, 115))
    plate = colours.tone(name, rng.style)
    ink = rng.choice((readable_on(plate), readable_on(plate), mix(readable_on(plate), plate, 0.1)))
    _plate(page.pen, shape, size, plate, ink)
    room = {"triangle": 0.44, "diamond": 0.55, "arrow": 0.6}.get(shape, 0.68) * size[0]
    x = size[0] * (0.43 if shape == "arrow" else 0.5)
    y = size[1] * (0.62 if shape == "triangle" else 0.5)
    page.text(
        x, y, spec.word("said"), size_px=round(size[1] * 0.34), path=page.head, anchor="mm", fill=ink, fit_px=room
    )
    return page.image


def _plate(pen: ImageDraw.ImageDraw, shape: str, size: tuple[int, int], plate: colours.RGB, ink: colours.RGB) -> None:
    """The plate filling the picture, with an inner line of the ink's colour."""
    for inset, fill in ((0.05, plate), (0.08, ink), (0.105, plate)):
        low, high = inset, 1 - inset
        cut, notch = 0.29 - inset * 0.2, 0.72
        corners = {
            "triangle": [(0.5, low), (high + inset * 0.3, high), (low - inset * 0.3, high)],
            "diamond": [(0.5, low), (high, 0.5), (0.5, high), (low, 0.5)],
            "octagon": [
                (cut, low),
                (1 - cut, low),
                (high, cut),
                (high, 1 - cut),
                (1 - cut, high),
                (cut, high),
                (low, 1 - cut),
                (low, cut),
            ],
            "arrow": [(low, low), (notch, low), (high, 0.5), (notch, high), (low, high)],
            "square": [(low, low), (high, low), (high, high), (low, high)],
        }
        corners["bar"] = corners["square"]
        if shape == "circle":
            pen.ellipse((low * size[0], low * size[1], high * size[0], high * size[1]), fill)
        else:
            pen.polygon([(x * size[0], y * size[1]) for x, y in corners[shape]], fill)


def _menu(spec: PageSpec, rng: Lots) -> Image.Image:
    """Dishes with prices under headings, centred or in one or two columns."""
    page = sheet(spec, rng, (8, 10))
    page.head = rng.style.choice((page.head, hand_paths()[0]))
    width, margin, n_columns = page.width, page.width * 0.1, spec.number("columns")
    page.text(
        width / 2,
        margin * 0.6,
        rng.choice(("Menu", "MENU", "Carte", "Specials")),
        size_px=36,
        anchor="ma",
        path=page.head,
        fill=page.accent,
    )
    step = (width - 2 * margin + 16) / n_columns
    for column in range(n_columns):
        x, y = margin + column * step, margin + 50.0
        while y < page.height - margin * 1.6:
            page.text(
                x + (step - 16) / 2, y, prose.title(rng, 1), size_px=15, anchor="ma", path=page.head, fill=page.accent
            )
            y += 24
            for _ in range(rng.randint(2, 5)):
                if y > page.height - margin:
                    break
                page.run(x, y, (step - 16) * 0.6, "label")
                page.item(x + step - 16, y, "amount", align=1.0, max_px=40)
                page.run(x, y + page.leading_px, (step - 16) * 0.75, fill=page.soft, size_px=7)
                y += 2.3 * page.leading_px
            y += 12
    if rng.random() < 0.5:
        page.rect((10, 10, width - 11, page.height - 11), outline=page.accent, width=2)
    return page.image


def _comic(spec: PageSpec, rng: Lots) -> Image.Image:
    """Framed panels with figures and speech bubbles, in rows."""
    n_panels = spec.number("panels")
    rows = {2: (2,), 3: (3,), 4: (2, 2), 5: (2, 3), 6: (2, 2, 2)}[n_panels]
    if n_panels in {2, 3} and rng.random() < 0.4:
        rows = (1,) * n_panels
    width = rng.randint(300, 420)
    height = max(160, round(width * (0.45 if len(rows) == 1 else 0.5 * len(rows))))
    page = Canvas(rng, (width, height), paper=(255, 255, 255), text_px=7)
    page.body = hand_paths()[-1]
    row_px = (height - 6) / len(rows)
    for row, n_across in enumerate(rows):
        x, y, cell = 6.0, 6 + row * row_px, (width - 6) / n_across
        for _ in range(n_across):
            _panel(page, (x, y, x + cell - 6, y + row_px - 6), grey=spec.word("tint") == "grey")
            x += cell
    return page.image


def _panel(page: Canvas, box: Box, *, grey: bool) -> None:
    rng, (x0, y0, x1, y1) = page.rng, box
    width, height = x1 - x0, y1 - y0

    def shade() -> colours.RGB:
        if grey:
            return (rng.choice((255, 230, 200, 170)),) * 3
        return mix(colours.tone(rng.choice(CHROMATIC), rng), (255, 255, 255), rng.uniform(0.1, 0.6))

    page.rect(box, shade())
    page.rect((x0, y0 + height * 0.75, x1, y1), shade())
    for place in (0.3, 0.7)[: rng.randint(1, 2)]:
        x, radius = x0 + width * place, min(width, height) * 0.1
        page.rect(
            (x - radius, y0 + height * 0.66, x + radius, y0 + height * 0.92), shade(), page.ink, radius=radius / 2
        )
        page.dot(x, y0 + height * 0.56, radius, (250, 220, 190) if not grey else (255, 255, 255), page.ink)
        if rng.random() < 0.7:
            bubble = (
                max(x - width * 0.26, x0 + 3),
                y0 + height * 0.06,
                min(x + width * 0.26, x1 - 3),
                y0 + height * 0.34,
            )
            page.pen.polygon(
                [(x - 5, bubble[3] - 4), (x + 5, bubble[3] - 4), (x, bubble[3] + height * 0.08)],
                (255, 255, 255),
                page.ink,
            )
            page.pen.ellipse(bubble, (255, 255, 255), page.ink)
            page.paragraph(bubble[0] + 12, bubble[1] + height * 0.07, bubble[2] - bubble[0] - 24, 2, justified=False)
    page.rect(box, outline=page.ink, width=2)


_THEMES = ("light", "light", "dark")


KINDS = (
    Kind(
        ("poster", "event poster", "placard", "flyer with large letters"),
        _poster,
        {"ground": colours.NAMES, "picture": ("", "picture")},
    ),
    Kind(
        ("sign", "sign with a word", "plate with a large word", "sign board"),
        _sign,
        {
            "plate": ("red", "yellow", "blue", "green", "white", "black", "orange"),
            "shape": ("triangle", "circle", "octagon", "diamond", "square", "bar", "bar", "arrow"),
            "said": tuple(_WORDS),
        },
    ),
    Kind(
        ("menu", "restaurant menu", "menu card with prices", "list of dishes and prices"),
        _menu,
        {"columns": (1, 1, 2), "colour": ("", "", *CHROMATIC)},
    ),
    Kind(
        ("comic strip", "comic page", "comic with speech bubbles", "cartoon in panels"),
        _comic,
        {"panels": (2, 3, 4, 5, 6), "tint": ("", "", "grey")},
    ),
)
