"""Games on squares: crosswords, sudokus, chess boards."""

from __future__ import annotations

from PIL.Image import Image

from tools.vision_tower.drawing import fonts
from tools.vision_tower.drawing.colours import mix
from tools.vision_tower.drawing.pages.canvas import Canvas
from tools.vision_tower.drawing.pages.ribbons import symbol_path
from tools.vision_tower.drawing.pages.spec import Kind, Lots, PageSpec


def _crossword(spec: PageSpec, rng: Lots) -> Image:
    """Black cells that look the same upside down, as custom has it."""
    n, cell_px = rng.choice((9, 11, 13, 15)), rng.randint(18, 26)
    edge = rng.randint(4, 20)
    canvas = Canvas(rng, (n * cell_px + 2 * edge, n * cell_px + 2 * edge), text_px=round(cell_px * 0.5))
    shift, blots = rng.randint(0, 1), [rng.random() < 0.12 for _ in range(n * n // 2 + 1)]
    for i in range(n * n):
        column, row = i % n, i // n
        x, y = edge + column * cell_px, edge + row * cell_px
        mirrored = min(i, n * n - 1 - i)
        lattice = (mirrored % n) % 2 == shift and (mirrored // n) % 2 == shift
        black = lattice or blots[mirrored]
        canvas.rect((x, y, x + cell_px, y + cell_px), canvas.ink if black else None, canvas.ink)
        if not black and spec.word("letters"):
            canvas.text(x + cell_px / 2, y + cell_px / 2, rng.choice("ABCDEFGHILMNOPRSTUVW"), anchor="mm")
        elif not black and rng.random() < 0.25:
            canvas.text(x + 2, y + 1, str(rng.randint(1, 60)), size_px=6)
    return canvas.image


def _sudoku(spec: PageSpec, rng: Lots) -> Image:
    cell_px, edge = rng.randint(26, 36), rng.randint(6, 20)
    size = 9 * cell_px + 2 * edge
    canvas = Canvas(rng, (size, size), text_px=round(cell_px * 0.6), colour=spec.word("colour"))
    shown = rng.uniform(0.3, 0.5)
    for i in range(10):
        width, at = (3 if i % 3 == 0 else 1), edge + i * cell_px
        canvas.rule(edge, at, size - edge, at, canvas.ink, width)
        canvas.rule(at, edge, at, size - edge, canvas.ink, width)
    for i in range(81):
        if rng.random() < shown:
            x, y = edge + (i % 9 + 0.5) * cell_px, edge + (i // 9 + 0.5) * cell_px
            canvas.text(x, y, str(rng.randint(1, 9)), anchor="mm", fill=canvas.accent)
    return canvas.image


def _chess(spec: PageSpec, rng: Lots) -> Image:
    cell_px, edge = rng.randint(30, 44), rng.choice((0, 8, 18))
    canvas = Canvas(rng, (8 * cell_px + 2 * edge,) * 2, colour=spec.word("squares"))
    light = mix(canvas.accent, (255, 255, 255), rng.uniform(0.75, 0.92))
    pieces = {"start": 1.0, "game": 0.35, "": 0.0}[spec.word("pieces")]
    for i in range(64):
        column, row = i % 8, i // 8
        x, y = edge + column * cell_px, edge + row * cell_px
        canvas.rect((x, y, x + cell_px - 1, y + cell_px - 1), canvas.accent if (column + row) % 2 else light)
        in_ranks = row in {0, 1, 6, 7}
        if (in_ranks and pieces == 1.0) or (pieces < 1.0 and rng.random() < pieces):
            _piece(canvas, x + cell_px / 2, y + cell_px / 2, cell_px, row, column, pieces == 1.0)
    if edge:
        canvas.rect((edge - 1, edge - 1, canvas.width - edge, canvas.height - edge), outline=canvas.ink)
    return canvas.image


def _piece(canvas: Canvas, x: float, y: float, cell_px: int, row: int, column: int, start: bool) -> None:
    from_file = "♜♞♝♛♚♝♞♜"[column] if start and row in {0, 7} else "♟" if start else canvas.rng.choice("♜♞♝♛♚♟♟♟")
    is_black = row < 4 if start else canvas.rng.random() < 0.5
    font = fonts.font(symbol_path(), round(cell_px * 0.8))
    fill, edge = ((15, 15, 15), (90, 90, 90)) if is_black else ((250, 250, 250), (30, 30, 30))
    canvas.pen.text((x, y), from_file, fill, font, "mm", stroke_width=1, stroke_fill=edge)


KINDS = (
    Kind(("crossword", "crossword puzzle", "crossword grid"), _crossword, {"letters": ("", "letters")}),
    Kind(
        ("sudoku", "sudoku puzzle", "number puzzle in a nine by nine grid"),
        _sudoku,
        {"colour": ("", "blue", "red", "green")},
    ),
    Kind(
        ("chess board", "chessboard", "checkered board"),
        _chess,
        {"pieces": ("", "start", "game"), "squares": ("brown", "brown", "green", "blue", "black", "grey", "orange")},
    ),
)
