"""Windows of computers: code, terminals, web pages, log-ins, settings, dialogs, dashboards, file managers."""

from __future__ import annotations

from PIL.Image import Image

from tools.vision_tower.drawing import prose
from tools.vision_tower.drawing.colours import CHROMATIC, mix
from tools.vision_tower.drawing.pages.canvas import Canvas, readable_on
from tools.vision_tower.drawing.pages.inserts import chart
from tools.vision_tower.drawing.pages.screens.widgets import button, screen, toggle, window_bar
from tools.vision_tower.drawing.pages.spec import Kind, Lots, PageSpec

_SCREEN = ("screenshot of {}", "a screenshot showing {}", "screen with {}")


def _settings(spec: PageSpec, rng: Lots) -> Image:
    """Rows of options with switches at their right."""
    canvas = screen(spec, rng)
    top, left, right = float(window_bar(canvas)), 16.0, canvas.width - 20
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


def _dialog(spec: PageSpec, rng: Lots) -> Image:
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
    bar = canvas.accent if rng.random() < 0.6 else canvas.pale
    canvas.rect((0, 0, width, 24), bar)
    canvas.item(10, 6, "label", fill=readable_on(bar))
    canvas.text(width - 10, 4, "×", size_px=14, anchor="ra", fill=readable_on(bar))
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


def _dashboard(spec: PageSpec, rng: Lots) -> Image:
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


def _file_manager(spec: PageSpec, rng: Lots) -> Image:
    """Places at the left; folders and files as icons or as rows."""
    canvas = screen(spec, rng, "folders")
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
        {"theme": _THEMES, "folders": ("yellow", "yellow", "blue", "orange", "teal"), "view": ("icons", "list")},
        _SCREEN,
    ),
)
