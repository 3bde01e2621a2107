"""Windows of computers: code, terminals, web pages, log-ins, settings, dialogs, dashboards, file managers."""

from __future__ import annotations

from random import Random

from PIL.Image import Image

from tools.vision_tower import colours, prose
from tools.vision_tower.colours import CHROMATIC, RGB
from tools.vision_tower.pages_canvas import Box, Canvas, mix, readable_on
from tools.vision_tower.pages_inserts import chart, picture
from tools.vision_tower.pages_ribbons import mono_path
from tools.vision_tower.pages_spec import Kind, PageSpec

_SCREEN = ("screenshot of {}", "a screenshot showing {}", "screen with {}")


def screen(spec: PageSpec, rng: Random, key: str = "colour") -> Canvas:
    """A wide screen; light ones are white or nearly so."""
    dark = spec.word("theme") == "dark"
    width = rng.randint(400, 540)
    paper = None if dark else rng.choice(((255, 255, 255), (250, 250, 250), (243, 244, 246)))
    height = round(width * rng.choice((0.5625, 0.625, 0.7, 0.75)))
    return Canvas(rng, (width, height), dark=dark, colour=spec.word(key), paper=paper, text_px=rng.randint(6, 8))


def window_bar(canvas: Canvas) -> int:
    """A title bar in the manner of some system; returns its height in pixels, 0 for none."""
    rng = canvas.rng
    style = rng.choice(("dots", "dots", "buttons", "none"))
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


def _code(spec: PageSpec, rng: Random) -> Image:
    """Indented lines whose words have the colours of their roles."""
    canvas = screen(spec, rng)
    if rng.random() < 0.3:
        canvas.width, canvas.height = rng.randint(280, 400), rng.randint(240, 460)
        canvas = Canvas(
            rng, (canvas.width, canvas.height), dark=canvas.dark, paper=None if canvas.dark else (255, 255, 255)
        )
        canvas.text_px = rng.randint(7, 9)
    canvas.body = mono_path()
    tones = _syntax_tones(canvas)
    y, gutter = window_bar(canvas) + 4, 8
    if rng.random() < 0.3:
        canvas.rect((0, y - 4, canvas.width * 0.18, canvas.height), canvas.pale)
        for i in range(rng.randint(5, 12)):
            canvas.run(8, y + 4 + i * canvas.leading_px, canvas.width * 0.1, "label", fill=canvas.soft)
        gutter = round(canvas.width * 0.18) + 6
    numbered, indent, number = spec.word("lines of code") != "", 0, rng.randint(1, 120)
    while y + canvas.leading_px < canvas.height:
        if numbered:
            canvas.text(gutter + 16, y, str(number), anchor="ra", fill=canvas.soft)
        number += 1
        if rng.random() < 0.88:
            _code_line(canvas, gutter + (26 if numbered else 0) + indent * 4 * canvas.text_px * 0.6, y, tones)
            indent = max(0, min(5, indent + rng.choice((-1, 0, 0, 1, 1) if indent else (0, 1))))
        else:
            indent = max(0, indent - 1)
        y += canvas.leading_px
    return canvas.image


def _syntax_tones(canvas: Canvas) -> dict[str, RGB]:
    rng, names = canvas.rng, ("keyword", "identifier", "literal", "comment")
    if canvas.dark:
        tones = [mix(colours.tone(rng.choice(CHROMATIC), rng), (255, 255, 255), 0.35) for _ in names]
    else:
        tones = [
            mix(colours.tone(rng.choice(("blue", "purple", "red", "teal", "green", "brown")), rng), (0, 0, 0), 0.15)
            for _ in names
        ]
    return dict(zip(names, tones, strict=True)) | {"identifier": canvas.ink}


def _code_line(canvas: Canvas, x: float, y: float, tones: dict[str, RGB]) -> None:
    rng = canvas.rng
    if rng.random() < 0.12:
        canvas.run(x, y, min(rng.uniform(60, 200), canvas.width - x), "comment", fill=tones["comment"])
        return
    for _ in range(rng.randint(1, 6)):
        script = rng.choice(("keyword", "identifier", "identifier", "identifier", "literal"))
        x += canvas.item(x, y, script, fill=tones[script]) + canvas.text_px * 0.6


def _terminal(spec: PageSpec, rng: Random) -> Image:
    """Prompts, commands and their output in a typewriter's face."""
    canvas = screen(spec, rng)
    canvas.body = mono_path()
    if canvas.dark and rng.random() < 0.6:
        canvas.rect((0, 0, canvas.width, canvas.height), (12, 12, 12))
    output = mix((80, 220, 100), canvas.ink, rng.choice((0, 1, 1)))
    y = window_bar(canvas) + 4
    prompt = rng.choice(("$", ">", "user@host:~$", "#", "C:\\>"))
    last = rng.uniform(0.4, 1) * canvas.height
    while y + canvas.leading_px < last:
        if rng.random() < 0.3:
            canvas.text(6, y, prompt, fill=mix(colours.tone("green", rng), canvas.ink, 0.2))
            canvas.run(12 + len(prompt) * canvas.text_px * 0.62, y, rng.uniform(30, 140), "identifier")
        else:
            canvas.run(
                6, y, canvas.width * rng.uniform(0.1, 0.85), rng.choice(("prose", "identifier", "number")), fill=output
            )
        y += canvas.leading_px
    canvas.rect((6, y, 6 + canvas.text_px * 0.6, y + canvas.text_px), canvas.ink)
    return canvas.image


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


def _web_page(spec: PageSpec, rng: Random) -> Image:
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


def _login(spec: PageSpec, rng: Random) -> Image:
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
        canvas.rect((0, 0, width, height), mix(canvas.accent, canvas.paper, rng.uniform(0.5, 0.9)))
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


def _settings(spec: PageSpec, rng: Random) -> Image:
    """Rows of options with switches at their right."""
    canvas = screen(spec, rng)
    top, left, right = window_bar(canvas), 16.0, canvas.width - 20
    if spec.word("sidebar"):
        left = canvas.width * 0.27
        canvas.rect((0, top, left, canvas.height), canvas.pale)
        chosen = rng.randrange(6)
        for i in range(8):
            y = top + 14 + i * 20
            if i == chosen:
                canvas.rect((6, y - 4, left - 6, y + 12), mix(canvas.accent, canvas.paper, 0.5), radius=4)
            canvas.rect((12, y, 20, y + 8), canvas.soft, radius=2)
            canvas.item(26, y, "label", max_px=left - 40)
        left += 20
    canvas.text(
        left, top + 10, rng.choice(("Settings", "Preferences", "Options", "General")), size_px=16, path=canvas.head
    )
    y, step = top + 42.0, rng.randint(24, 34)
    while y + step < canvas.height:
        canvas.item(left, y, "label")
        canvas.run(left, y + canvas.leading_px, canvas.width * 0.3, fill=canvas.soft, size_px=6)
        toggle(canvas, right - 26, y + 2, on=rng.random() < 0.5)
        y += step
        canvas.rule(left, y - 6, right, y - 6, canvas.pale)
    return canvas.image


def toggle(canvas: Canvas, x: float, y: float, *, on: bool) -> None:
    """A switch of 24 by 12 pixels."""
    canvas.rect((x, y, x + 24, y + 12), canvas.accent if on else canvas.soft, radius=6)
    canvas.dot(x + (18 if on else 6), y + 6, 4, (255, 255, 255))


def _dialog(spec: PageSpec, rng: Random) -> Image:
    """A small window with an icon, a message and buttons."""
    dark = spec.word("theme") == "dark"
    canvas = Canvas(
        rng,
        (rng.randint(280, 380), rng.randint(160, 210)),
        dark=dark,
        colour=spec.word("colour"),
        paper=None if dark else (245, 245, 245),
        text_px=10,
    )
    width, height = canvas.width, canvas.height
    canvas.rect((0, 0, width, 24), canvas.accent if rng.random() < 0.6 else canvas.pale)
    canvas.item(10, 6, "label", fill=readable_on(canvas.image.getpixel((2, 2))))
    canvas.text(width - 10, 4, "×", size_px=14, anchor="ra", fill=readable_on(canvas.image.getpixel((2, 2))))
    canvas.dot(40, 70, 20, canvas.accent)
    canvas.text(40, 70, rng.choice("!?i×"), size_px=26, anchor="mm", path=canvas.head, fill=readable_on(canvas.accent))
    canvas.item(76, 44, "name", path=canvas.head, size_px=13)
    canvas.paragraph(76, 66, width - 92, rng.randint(2, 3), justified=False)
    for i in range(rng.choice((1, 2, 2, 3))):
        right = width - 14 - i * 78
        button(
            canvas,
            (right - 70, height - 34, right, height - 12),
            canvas.accent if i == 0 else mix(canvas.soft, canvas.paper, 0.5),
        )
    canvas.rect((0, 0, width - 1, height - 1), outline=canvas.soft)
    return canvas.image


def _dashboard(spec: PageSpec, rng: Random) -> Image:
    """Tiles, each with a figure or a small chart."""
    canvas = screen(spec, rng)
    top, left, n_tiles = 24.0, 8.0, spec.number("tiles")
    canvas.text(12, 5, prose.title(rng, 2), size_px=13, path=canvas.head)
    if spec.word("sidebar"):
        left = canvas.width * 0.16
        canvas.rect((0, 0, left - 6, canvas.height), mix(canvas.accent, (20, 20, 30), 0.6))
        for i in range(7):
            canvas.item(10, 30 + i * 20, "label", max_px=left - 24, fill=(220, 220, 230))
    n_across = {2: 2, 3: 3, 4: 2, 6: 3}[n_tiles]
    n_down = n_tiles // n_across
    width, height = (canvas.width - left - 4) / n_across, (canvas.height - top - 4) / n_down
    tile = mix(canvas.paper, (255, 255, 255), 0.08 if canvas.dark else 1)
    for i in range(n_tiles):
        x, y = left + i % n_across * width, top + i // n_across * height
        canvas.rect((x, y, x + width - 8, y + height - 8), tile, canvas.pale, radius=4)
        canvas.item(x + 8, y + 6, "label", max_px=width - 24, fill=canvas.soft)
        if i and rng.random() < 0.3:
            canvas.text(
                x + 8,
                y + height * 0.35,
                prose.amount(rng),
                size_px=20,
                path=canvas.head,
                fill=canvas.accent,
                fit_px=width - 26,
            )
        else:
            chart(canvas, (x + 12, y + 22, x + width - 18, y + height - 16))
    return canvas.image


def _file_manager(spec: PageSpec, rng: Random) -> Image:
    canvas = screen(spec, rng)
    top, left = window_bar(canvas), canvas.width * rng.uniform(0.2, 0.26)
    canvas.rect((0, top, left, canvas.height), canvas.pale)
    for i in range(9):
        canvas.rect((8, top + 12 + i * 16, 16, top + 19 + i * 16), canvas.accent, radius=2)
        canvas.item(22, top + 10 + i * 16, "label", max_px=left - 26)
    canvas.rect((left, top, canvas.width, top + 16), canvas.pale)
    if spec.word("view") == "list":
        step = canvas.leading_px + 5
        for i, y in enumerate(range(round(top + 22), canvas.height - step, step)):
            if i % 2:
                canvas.rect((left, y - 2, canvas.width, y + step - 2), mix(canvas.pale, canvas.paper, 0.5))
            _folder(canvas, left + 8, y, 9, 8)
            canvas.item(left + 24, y, "name")
            canvas.item(left + (canvas.width - left) * 0.6, y, "label", fill=canvas.soft)
            canvas.item(canvas.width - 10, y, "number", align=1.0, fill=canvas.soft)
        return canvas.image
    cell = rng.randint(56, 72)
    shown = rng.randint(6, 30)
    for y in range(round(top + 26), canvas.height - cell, cell):
        for x in range(round(left + 14), canvas.width - cell // 2, cell):
            shown -= 1
            if shown >= 0:
                _folder(canvas, x, y, cell * 0.5, cell * 0.4)
                canvas.item(x + cell * 0.25, y + cell * 0.5, "label", align=0.5, max_px=cell - 6)
    return canvas.image


def _folder(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    """A folder, or a sheet with a turned corner."""
    if canvas.rng.random() < 0.65:
        canvas.rect((x, y, x + width * 0.45, y + height * 0.4), canvas.accent, radius=2)
        canvas.rect((x, y + height * 0.18, x + width, y + height), canvas.accent, radius=2)
    else:
        right = x + width * 0.7
        corners = [(x, y), (right - 4, y), (right, y + 4), (right, y + height), (x, y + height)]
        canvas.pen.polygon(corners, (250, 250, 250), canvas.soft)


_THEMES = ("light", "light", "dark")
_COLOURS = {"theme": _THEMES, "colour": CHROMATIC}
KINDS = (
    Kind(
        ("source code", "program code", "code editor window", "source code listing"),
        _code,
        {"theme": ("light", "dark", "dark"), "lines of code": ("", "numbers")},
        _SCREEN,
    ),
    Kind(
        ("terminal window", "command line window", "terminal", "console with commands"),
        _terminal,
        {"theme": ("dark", "dark", "dark", "light")},
        _SCREEN,
    ),
    Kind(
        ("web page", "website", "web page screenshot", "home page of a website"),
        _web_page,
        {"theme": _THEMES, "bar": ("", *CHROMATIC), "picture": ("", "picture")},
        _SCREEN,
    ),
    Kind(
        ("login screen", "sign-in page", "login form", "log-in page with two fields and a button"),
        _login,
        _COLOURS,
        _SCREEN,
    ),
    Kind(
        ("settings page", "preferences window", "settings screen with switches", "options page"),
        _settings,
        {**_COLOURS, "sidebar": ("", "sidebar")},
        _SCREEN,
    ),
    Kind(("dialog box", "pop-up window", "message box", "dialog window with buttons"), _dialog, _COLOURS, _SCREEN),
    Kind(
        ("dashboard", "analytics dashboard", "dashboard with charts", "monitoring dashboard"),
        _dashboard,
        {**_COLOURS, "tiles": (2, 3, 4, 6), "sidebar": ("", "sidebar")},
        _SCREEN,
    ),
    Kind(
        ("file manager", "file browser", "folder window", "window with files and folders"),
        _file_manager,
        {"theme": _THEMES, "colour": ("yellow", "blue", "orange", "teal"), "view": ("icons", "list")},
        _SCREEN,
    ),
)
