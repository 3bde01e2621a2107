"""Figures of a PDF page: where they are, and what is said about them."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence

from ingest.parse.blocks import CAPTION
from ingest.parse.pdf.geometry import Box, union
from ingest.parse.pdf.layout import Paragraph
from ingest.parse.pdf.objects import Figure
from ingest.parse.pictures import Picture

BACKGROUND_SHARE = 0.85
"""Pictures over more of the page than this are a scan or a background."""

_MIN_SIDE_PT = 24.0
_MIN_SIDE_PX = 24
_MAX_ASPECT = 15.0
_TOUCHING_PT = 1.5
_CAPTION_GAP_PT = 40.0
_LINE_GAP_PT = 18.0
_SHORT_LINE_CHARS = 200
_SMALLER = 0.95
_DRAWING_DPI = 150
_DRAWING_GAP_PT = 60.0
_MIN_DRAWING_PT = (60.0, 40.0)
_CELL_PT = 6.0
_MAX_CELLS = 1_000_000


def merge_slices(pictures: Iterable[Figure]) -> list[Figure]:
    """Pictures that touch are one figure: many programs cut pictures into strips or lay them over each other."""
    merged: list[Figure] = []
    for figure in sorted(pictures, key=lambda figure: -figure.box.top):
        parts = [other for other in merged if other.box.grown(_TOUCHING_PT).meets(figure.box)]
        merged = [other for other in merged if other not in parts]
        together = [*parts, figure]
        digest = (
            hashlib.sha256("".join(sorted(p.digest for p in together)).encode()).hexdigest() if parts else figure.digest
        )
        merged.append(Figure(union(p.box for p in together), max(p.scale for p in together), digest))
    return merged


def is_decoration(figure: Figure) -> bool:
    """Bullets, rules, icons."""
    short, long = sorted((figure.box.width, figure.box.height))
    return short < _MIN_SIDE_PT or short * figure.scale < _MIN_SIDE_PX or long > _MAX_ASPECT * short


def describe(figure: Figure, paragraphs: Sequence[Paragraph]) -> tuple[Picture, Paragraph | None]:
    """The words about a figure, and the paragraph that stands with it.

    A caption is the nearest paragraph right below or above that begins like one (`Figure 3: ...`), or else a short line
    just below that is set apart from the text by smaller or slanted type. The context is the paragraph that mentions
    the figure's number, or else a short line nearby with the nearest long paragraph.
    """
    near = sorted((_distance(figure.box, p.box), n) for n, p in enumerate(paragraphs) if not p.table)
    close = [paragraphs[n] for distance, n in near if distance <= _CAPTION_GAP_PT]
    caption = next((p for p in close if CAPTION.match(p.text)), None)
    short = [paragraphs[n] for distance, n in near if distance <= _LINE_GAP_PT and _is_short(paragraphs[n])]
    if caption is None:
        body = _body_size(paragraphs)
        caption = next((p for p in short if _is_set_apart(p, figure.box, body)), None)
    context = _mention(caption, paragraphs) if caption else ""
    if not context:
        long = (paragraphs[n] for distance, n in near if distance < float("inf") and len(paragraphs[n].text) > 60)
        nearest = next((p for p in long if p is not caption), None)
        beside = [p for p in short if p is not caption and p is not nearest and not caption]
        context = "\n".join(p.text for p in (*beside[:1], *([nearest] if nearest else [])))
    stands_with = caption or (short[0] if short else None)
    return Picture("", caption=caption.text if caption else "", context=context), stands_with


def _is_short(paragraph: Paragraph) -> bool:
    return len(paragraph.text) <= _SHORT_LINE_CHARS and sum(map(str.isalpha, paragraph.text)) > 3


def _body_size(paragraphs: Sequence[Paragraph]) -> float:
    weights: Counter[float] = Counter()
    for paragraph in paragraphs:
        weights[round(paragraph.size, 1)] += len(paragraph.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def _is_set_apart(paragraph: Paragraph, figure: Box, body: float) -> bool:
    """Right below the figure, no wider than it, in smaller or slanted type."""
    is_below = paragraph.box.middle_y < figure.bottom
    is_within = paragraph.box.left > figure.left - 24 and paragraph.box.right < figure.right + 24
    return is_below and is_within and (paragraph.is_italic or 0 < paragraph.size < _SMALLER * body)


def drawings(paths: Sequence[Box], captions: Sequence[Paragraph], lines: Sequence[Box], visible: Box) -> list[Figure]:
    """Drawings made of paths, one for each caption that has one right above or below it.

    Args:
        paths: boxes of the page's paths.
        captions: those that no picture has claimed.
        lines: boxes of the page's text lines; labels at a drawing's edge are taken in.
        visible: the page.
    """
    if not captions or not paths:
        return []
    groups = [
        box for box in _clusters(paths, visible) if box.width > _MIN_DRAWING_PT[0] and box.height > _MIN_DRAWING_PT[1]
    ]
    found = []
    for caption in captions:
        near = [box for box in groups if _distance(box, caption.box) <= _DRAWING_GAP_PT]
        if not near:
            continue
        nearest = min(near, key=lambda box: _distance(box, caption.box))
        beside = [box for box in groups if min(box.top, nearest.top) - max(box.bottom, nearest.bottom) > 0]
        core = union([nearest, *beside])
        labels = [
            box for box in lines if box.meets(core.grown(14)) and box.width < core.width and not box.meets(caption.box)
        ]
        found.append(Figure(union([core, *labels]).grown(2).intersection(visible), _DRAWING_DPI / 72))
    return found


def _distance(box: Box, other: Box) -> float:
    """Points between two boxes that stand one above the other; infinite where they stand side by side or overlap."""
    if box.overlap_x(other) <= 0:
        return float("inf")
    below, above = box.bottom - other.top, other.bottom - box.top
    gap = below if below > above else above + 6  # at equal distance the line below is the caption
    return max(gap, 0.0) if gap > -8 else float("inf")


def _mention(caption: Paragraph, paragraphs: Sequence[Paragraph]) -> str:
    named = CAPTION.match(caption.text)
    if not named:
        return ""
    label = caption.text[: named.end("number")].rstrip(" .:")
    return next((p.text for p in paragraphs if p is not caption and label in p.text), "")


def _clusters(boxes: Sequence[Box], visible: Box) -> list[Box]:
    """Boxes that are within a cell or so of each other, joined; backgrounds are left out.

    The page is a grid of cells (6 points, at most 200 a side), so that 20,000 paths cost no more than their cells.
    """
    side = max(_CELL_PT, max(visible.width, visible.height) / 200)
    cells: dict[tuple[int, int], list[Box]] = {}
    budget = _MAX_CELLS
    for box in boxes:
        if box.area > BACKGROUND_SHARE * visible.area:
            continue
        columns = range(int((box.left - visible.left) // side), int((box.right - visible.left) // side) + 1)
        rows = range(int((box.bottom - visible.bottom) // side), int((box.top - visible.bottom) // side) + 1)
        budget -= len(columns) * len(rows)
        if budget < 0:
            break
        for cell in itertools.product(columns, rows):
            cells.setdefault(cell, []).append(box)
    found = []
    while cells:
        waiting = [next(iter(cells))]
        members = cells.pop(waiting[0])
        while waiting:
            column, row = waiting.pop()
            for near in itertools.product((column - 1, column, column + 1), (row - 1, row, row + 1)):
                if near in cells:
                    members.extend(cells.pop(near))
                    waiting.append(near)
        found.append(union(members))
    return found
