"""Things in rows and columns: tables, spreadsheets, calendars, timetables, and games on squares."""

from __future__ import annotations

from PIL.Image import Image

from tools.vision_tower.drawing import prose
from tools.vision_tower.drawing.colours import CHROMATIC, mix
from tools.vision_tower.drawing.pages.canvas import Canvas, readable_on
from tools.vision_tower.drawing.pages.spec import Kind, Lots, PageSpec

COLUMNS = (2, 3, 3, 4, 4, 5, 5, 6, 7, 9, 12)
ROWS = (3, 4, 5, 6, 7, 10, 15, 22)


def _table(spec: PageSpec, rng: Lots) -> Image:
    n_columns, n_rows, lines = spec.number("columns"), spec.number("rows"), spec.word("lines")
    text_px = rng.randint(8, 11) if n_rows <= 10 else 7
    cell_px = max(rng.randint(44, 90), 280 // n_columns) if n_columns <= 7 else rng.randint(36, 46)
    row_px = max(round(text_px * rng.uniform(1.6, 2.6 if n_rows < 8 else 2.0)), 162 // n_rows)
    edge, title_px = rng.randint(2, 24), rng.choice((0, 0, 22, 34))
    size = n_columns * cell_px + 2 * edge, n_rows * row_px + 2 * edge + title_px
    canvas = Canvas(rng, size, dark=spec.word("theme") == "dark", colour=spec.word("header"), text_px=text_px)
    if title_px:
        canvas.text(edge, edge, prose.title(rng), size_px=title_px // 2, path=canvas.head, fit_px=size[0] - 2 * edge)
    top, right = edge + title_px, size[0] - edge
    bottom = top + n_rows * row_px
    if lines == "striped":
        for row in range(2, n_rows, 2):
            canvas.rect((edge, top + row * row_px, right, top + (row + 1) * row_px), canvas.pale)
    head_ink = canvas.ink
    if spec.word("header"):
        canvas.rect((edge, top, right, top + row_px), canvas.accent)
        head_ink = readable_on(canvas.accent)
    _rules(canvas, lines, (edge, top, right, bottom), row_px, cell_px)
    align = rng.style.choice((0.0, 0.5, 1.0))
    for row in range(n_rows):
        y = top + row * row_px + (row_px - canvas.leading_px) / 2
        for column in range(n_columns):
            is_label = row == 0 or column == 0
            place = 0.0 if column == 0 else align
            x = edge + column * cell_px + 5 + place * (cell_px - 10)
            ink, path = (head_ink, canvas.head) if row == 0 else (canvas.ink, None)
            canvas.item(x, y, "label" if is_label else "number", align=place, max_px=cell_px - 8, fill=ink, path=path)
    return canvas.image


def _rules(canvas: Canvas, lines: str, box: tuple[int, int, int, int], row_px: int, cell_px: int) -> None:
    left, top, right, bottom = box
    ink = canvas.rng.choice((canvas.ink, canvas.soft))
    heavy = canvas.rng.choice((1, 1, 2))
    if lines == "all":
        for x in range(left, right + 1, cell_px):
            canvas.rule(x, top, x, bottom, ink)
    if lines in {"all", "between the rows"}:
        for y in range(top, bottom + 1, row_px):
            canvas.rule(left, y, right, y, ink)
    elif lines == "few":
        for y in (top, bottom):
            canvas.rule(left, y, right, y, ink, heavy)
        canvas.rule(left, top + row_px, right, top + row_px, ink)


def _spreadsheet(spec: PageSpec, rng: Lots) -> Image:
    n_columns, n_rows = rng.randint(5, 9), rng.randint(12, 24)
    dark = spec.word("theme") == "dark"
    cell_px, row_px = rng.randint(44, 62), rng.randint(13, 16)
    bar_px, gutter = rng.choice((0, 26, 40)), 22
    canvas = Canvas(
        rng,
        (gutter + n_columns * cell_px, bar_px + (n_rows + 1) * row_px),
        dark=dark,
        colour=spec.word("colour"),
        text_px=8,
        paper=None if dark else (255, 255, 255),
    )
    top = bar_px
    if bar_px:
        canvas.rect((0, 0, canvas.width, bar_px), canvas.accent if spec.word("colour") else canvas.pale)
        for x in range(8, canvas.width // 2, 20):
            canvas.rect((x, bar_px - 16, x + 10, bar_px - 6), canvas.soft)
    canvas.rect((0, top, canvas.width, top + row_px), canvas.pale)
    canvas.rect((0, top, gutter, canvas.height), canvas.pale)
    for column in range(n_columns):
        x = gutter + column * cell_px
        canvas.rule(x, top, x, canvas.height, mix(canvas.soft, canvas.paper, 0.5))
        canvas.text(x + cell_px / 2, top + 2, "ABCDEFGHIJ"[column], anchor="ma", fill=canvas.soft)
    for row in range(n_rows + 1):
        y = top + row * row_px
        canvas.rule(0, y, canvas.width, y, mix(canvas.soft, canvas.paper, 0.5))
        if row:
            canvas.text(gutter - 4, y + 2, str(row), anchor="ra", fill=canvas.soft, size_px=7)
    _cells(canvas, gutter, top + row_px, n_columns, n_rows, cell_px, row_px)
    x, y = gutter + cell_px * rng.randrange(n_columns), top + row_px * rng.randint(1, n_rows)
    canvas.rect((x, y, x + cell_px, y + row_px), outline=canvas.accent, width=2)
    return canvas.image


def _cells(canvas: Canvas, left: int, top: int, n_columns: int, n_rows: int, cell_px: int, row_px: int) -> None:
    rng = canvas.rng
    used_columns, used_rows = rng.randint(3, n_columns), rng.randint(6, n_rows)
    for row in range(used_rows):
        for column in range(used_columns):
            if rng.random() < 0.08:
                continue
            x, y = left + column * cell_px, top + row * row_px
            if column == 0 or row == 0:
                canvas.item(x + 3, y + 2, "label", max_px=cell_px - 5, path=canvas.head if row == 0 else None)
            else:
                canvas.item(x + cell_px - 3, y + 2, "number", align=1.0, max_px=cell_px - 5)


def _calendar(spec: PageSpec, rng: Lots) -> Image:
    """A month: seven columns of days under their names, one day marked."""
    cell_px, row_px = rng.randint(34, 56), rng.randint(28, 46)
    canvas = Canvas(
        rng,
        (7 * cell_px + 20, 6 * row_px + 64),
        dark=spec.word("theme") == "dark",
        colour=spec.word("colour"),
        text_px=9,
    )
    if rng.random() < 0.5:
        canvas.rect((0, 0, canvas.width, 36), canvas.accent)
        ink = readable_on(canvas.accent)
    else:
        ink = canvas.accent
    canvas.text(
        canvas.width / 2,
        8,
        f"{prose.month(rng)} {rng.randint(1990, 2030)}",
        size_px=18,
        anchor="ma",
        fill=ink,
        path=canvas.head,
    )
    names, grid = rng.choice(("MTWTFSS", "SMTWTFS")), rng.random() < 0.65
    first, n_days, marked = rng.randrange(7), rng.randint(28, 31), rng.randint(1, 28)
    for column, name in enumerate(names):
        canvas.text(10 + (column + 0.5) * cell_px, 44, name, anchor="ma", path=canvas.head, fill=canvas.soft)
    for slot in range(42):
        x, y, day = 10 + slot % 7 * cell_px, 60 + slot // 7 * row_px, slot - first + 1
        if slot // 7 * 7 > first + n_days - 1:
            break
        if grid:
            canvas.rect((x, y, x + cell_px, y + row_px), outline=canvas.soft)
        if 1 <= day <= n_days:
            ink = canvas.ink
            if day == marked:
                canvas.dot(x + cell_px / 2, y + row_px * 0.4, row_px * 0.33, canvas.accent)
                ink = readable_on(canvas.accent)
            canvas.text(x + cell_px / 2, y + row_px * 0.4, str(day), anchor="mm", fill=ink)
            if rng.random() < 0.12:
                canvas.rect(
                    (x + 3, y + row_px * 0.74, x + cell_px - 4, y + row_px * 0.9), mix(canvas.accent, canvas.paper, 0.4)
                )
    return canvas.image


def _timetable(spec: PageSpec, rng: Lots) -> Image:
    """Hours down, days across, coloured blocks of lessons."""
    n_days, n_hours = spec.number("days"), rng.randint(7, 11)
    cell_px, row_px, gutter = rng.randint(48, 70), rng.randint(22, 34), 34
    canvas = Canvas(
        rng,
        (gutter + n_days * cell_px + 8, 26 + n_hours * row_px),
        dark=spec.word("theme") == "dark",
        colour=spec.word("colour"),
        text_px=8,
    )
    canvas.rect((0, 0, canvas.width, 20), canvas.accent if spec.word("colour") else canvas.pale)
    ink = readable_on(canvas.accent) if spec.word("colour") else canvas.ink
    for day, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[:n_days]):
        canvas.text(gutter + (day + 0.5) * cell_px, 4, name, size_px=10, anchor="ma", fill=ink, path=canvas.head)
    for hour in range(n_hours):
        y = 22 + hour * row_px
        canvas.rule(0, y, canvas.width, y, mix(canvas.soft, canvas.paper, 0.5))
        canvas.text(4, y + 2, f"{hour + 8}:00", fill=canvas.soft)
    tones = [
        mix(canvas.accent, (rng.randrange(256), rng.randrange(256), rng.randrange(256)), rng.uniform(0.2, 0.7))
        for _ in range(4)
    ]
    for day in range(n_days):
        x, hour = gutter + day * cell_px, rng.randint(0, 2)
        while hour < n_hours - 1:
            length = rng.choice((1, 1, 2))
            y, fill = 22 + hour * row_px, mix(rng.choice(tones), canvas.paper, 0.3)
            canvas.rect(
                (x + 1, y + 1, x + cell_px - 2, y + min(length, n_hours - hour) * row_px - 2),
                fill,
                radius=rng.choice((0, 3)),
            )
            canvas.item(x + 5, y + 4, "label", max_px=cell_px - 10, fill=readable_on(fill))
            hour += length + rng.choice((0, 0, 1, 2))
    return canvas.image


_HEADERS = ("", "", *CHROMATIC)
_THEMES = ("light", "light", "light", "dark")


KINDS = (
    Kind(
        ("table", "data table", "table of figures", "table with rows and columns"),
        _table,
        {
            "columns": COLUMNS,
            "rows": ROWS,
            "lines": ("all", "striped", "few", "between the rows"),
            "header": _HEADERS,
            "theme": _THEMES,
        },
    ),
    Kind(
        ("spreadsheet", "spreadsheet with a grid of cells", "worksheet", "Excel sheet"),
        _spreadsheet,
        {"theme": _THEMES, "colour": ("", "", "green", "green", "blue", "purple", "teal")},
    ),
    Kind(
        ("calendar", "month calendar", "calendar page", "monthly calendar"),
        _calendar,
        {"theme": _THEMES, "colour": CHROMATIC},
    ),
    Kind(
        ("timetable", "weekly schedule", "class schedule", "week planner"),
        _timetable,
        {"days": (5, 5, 6, 7), "theme": _THEMES, "colour": _HEADERS},
    ),
)
