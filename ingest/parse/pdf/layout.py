"""What stands on a PDF page, in reading order: paragraphs and tables with their boxes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TypeAlias

from ingest.parse.blocks import CAPTION
from ingest.parse.pdf.geometry import Box, union
from ingest.parse.pdf.order import in_columns, is_disordered, visual_rows
from ingest.parse.pdf.tables.aligned import aligned_tables, column_ends
from ingest.parse.pdf.tables.ruled import Table, ruled_table
from ingest.parse.pdf.tables.rules import Rules, grids
from ingest.parse.pdf.words.glyphs import RIGHT_TO_LEFT
from ingest.parse.pdf.words.joining import NOTHING_KNOWN, Vocabulary, joined
from ingest.parse.pdf.words.lines import Line

_BULLET = re.compile(r"[•◦‣▪●■□–*\-]\s|\(?\d{1,3}[.)]\s|\(?[a-z][.)]\s")
_WIDE_GAP = 1.7
"""Lines of one paragraph stand at most this far apart, in heights of a line: double spacing."""
_PROSE_EMS = 16
"""Shorter lines are not full, whatever stands beside them."""
_LEAST_ROWS = 2
"""A page with fewer rows of several lines has neither tables nor columns: a running title with a page number is one."""
_GROUP_MEMORY = 8
_MAX_LINES = 4_000
"""A page with more lines is taken as it was written."""

Item: TypeAlias = Line | Table


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together, or a table.

    Attributes:
        size, is_bold, is_italic: of all its lines; the size in points, 0 where it is not known.
        is_aside: it runs in another direction than the page, or was written on it later.
    """

    text: str
    box: Box
    size: float = 0.0
    is_bold: bool = False
    is_italic: bool = False
    n_lines: int = 1
    is_aside: bool = False
    table: Table | None = None


def arranged(lines: Sequence[Line], rules: Rules, *, is_patched: bool = False) -> list[Item]:
    """Lines and tables in reading order.

    The order in the file is kept where it makes sense: a program that wrote column by column knew them better than can
    be found out here.

    Args:
        lines: of a page, in the order of the file, seen upright.
        rules: lines drawn on it, seen upright.
        is_patched: some of the lines were added later and stand at the end (values of a form).
    """
    if len(lines) > _MAX_LINES:
        return list(lines)
    tables: list[Table] = []
    for grid in grids(rules):
        table = ruled_table(grid, _without(lines, tables), column_ends)
        tables += [table] if table else []
    rest = [line for line in _without(lines, tables) if not line.is_aside]
    asides = [line for line in lines if line.is_aside]
    groups = [rest]
    n_side_by_side = _n_side_by_side(rest)
    if n_side_by_side >= _LEAST_ROWS:
        groups = in_columns(rest) if n_side_by_side > _LEAST_ROWS else groups
        for group in groups:
            tables += aligned_tables(group, rules)
    rest = _without(rest, tables)
    if is_patched or is_disordered(rest) or _is_written_across(groups):
        groups = in_columns(rest)
        rest = [line for group in groups for line in _rows_joined(group, all_rows=is_patched)]
        return [*_with_tables(rest, tables), *asides]
    return [*_parts_joined(_in_file_order(lines, tables)), *asides]


def paragraphs(items: Iterable[Item], vocabulary: Vocabulary = NOTHING_KNOWN) -> list[Paragraph]:
    """Lines that belong together, joined: hyphens at line ends taken out, short lines (code, verse) kept apart."""
    items = list(items)
    lines = [item for item in items if isinstance(item, Line)]
    spacing = _Spacing(lines)
    groups: list[list[Item]] = []
    for item in items:
        last = groups[-1] if groups else []
        group = [line for line in last[-_GROUP_MEMORY:] if isinstance(line, Line)]
        if isinstance(item, Line) and group and _continues(group, item, spacing):
            last.append(item)
        else:
            groups.append([item])
    return [paragraph for group in groups for paragraph in _made(group, vocabulary)]


def _made(group: Sequence[Item], vocabulary: Vocabulary) -> list[Paragraph]:
    table = group[0]
    if isinstance(table, Table):
        title = [Paragraph(table.title, table.box._replace(bottom=table.box.top))] if table.title else []
        return [*title, Paragraph("\n".join(table.parts()), table.box, n_lines=len(table.rows), table=table)]
    lines = [line for line in group if isinstance(line, Line)]
    return [
        Paragraph(
            joined(lines, vocabulary, keep_lines=True),
            union(line.box for line in lines),
            max(line.size for line in lines),
            all(line.is_bold for line in lines),
            all(line.is_italic for line in lines),
            len(lines),
            lines[0].is_aside,
        )
    ]


def _without(lines: Sequence[Line], tables: Sequence[Table]) -> list[Line]:
    taken = {id(line) for table in tables for line in table.lines}
    return [line for line in lines if id(line) not in taken]


def _n_side_by_side(lines: Sequence[Line]) -> int:
    """Rows in which several lines stand."""
    return sum(1 for row in visual_rows(lines, lambda line: line.box) if len(row) > 1)


def _is_written_across(groups: Sequence[Sequence[Line]]) -> bool:
    """Parts of one written line are in several columns."""
    seen: dict[int, int] = {}
    return any(line.row >= 0 and seen.setdefault(line.row, n) != n for n, group in enumerate(groups) for line in group)


def _rows_joined(lines: Sequence[Line], *, all_rows: bool) -> list[Line]:
    """Parts of one written line as one again; with `all_rows` all that stands side by side."""
    made: list[Line] = []
    for row in visual_rows(lines, lambda line: line.box):
        lettered = [line for line in row if any(map(str.isalpha, line.text))]
        n_rtl = sum(1 for line in lettered if RIGHT_TO_LEFT.search(line.text))
        first, *others = row[::-1] if n_rtl * 2 > len(lettered) else row
        made.append(first)
        for line in others:
            if all_rows or made[-1].row == line.row:
                made[-1] = _merged(made[-1], line)
            else:
                made.append(line)
    return made


def _in_file_order(lines: Sequence[Line], tables: Sequence[Table]) -> list[Item]:
    """Each table in place of the first of its lines."""
    table_of = {id(line): table for table in tables for line in table.lines}
    items: list[Item] = []
    placed: set[int] = set()
    for line in lines:
        table = table_of.get(id(line))
        if table is None:
            items += [] if line.is_aside else [line]
        elif id(table) not in placed:
            placed.add(id(table))
            items.append(table)
    return items


def _parts_joined(items: Iterable[Item]) -> list[Item]:
    """Parts of one written line that stand next to each other as one again."""
    made: list[Item] = []
    for item in items:
        last = made[-1] if made else None
        if isinstance(last, Line) and isinstance(item, Line) and last.row == item.row >= 0:
            made[-1] = _merged(last, item)
        else:
            made.append(item)
    return made


def _merged(first: Line, second: Line) -> Line:
    return first._replace(
        text=f"{first.text} {second.text}",
        box=first.box.union(second.box),
        is_hyphenated=second.is_hyphenated or first.is_hyphenated,
        size=max(first.size, second.size),
        is_bold=first.is_bold and second.is_bold,
        is_italic=first.is_italic and second.is_italic,
        words=(*first.words, *second.words),
        ends_blank=second.ends_blank,
    )


def _with_tables(lines: Sequence[Line], tables: Sequence[Table]) -> list[Item]:
    """Each table before the first line that stands below its top in the same column."""
    items: list[Item] = list(lines)
    for table in sorted(tables, key=lambda table: -table.box.top):
        below = (
            n for n, item in enumerate(items) if item.box.overlap_x(table.box) > 0 and item.box.middle_y < table.box.top
        )
        items.insert(next(below, len(items)), table)
    return items


class _Spacing:
    """How far apart the lines of a page usually are, and how wide its full lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        gaps = [
            below.box.gap_above(above.box) / _height(above, below)
            for above, below in pairwise(lines)
            if below.box.top < above.box.middle_y and below.box.overlap_x(above.box) > 0
        ]
        self._usual = median(gaps) if len(gaps) > 2 else 0.0
        self._width = max((line.box.width for line in lines), default=0.0)

    def is_one_text(self, above: Line, below: Line) -> bool:
        """No wider gap than between the lines of a paragraph; double spacing counts where the line above is full."""
        gap = below.box.gap_above(above.box) / _height(above, below)
        if -1.5 <= gap <= 0.75:
            return True
        is_full = above.box.width >= max(0.85 * self._width, _PROSE_EMS * above.size)
        return 0 < gap <= min(1.15 * self._usual, _WIDE_GAP) and is_full


def _height(above: Line, below: Line) -> float:
    return max(min(above.box.height, below.box.height), 1.0)


def _continues(group: Sequence[Line], line: Line, spacing: _Spacing) -> bool:
    if line.is_aside != group[-1].is_aside:
        return False
    last = group[-1]
    if last.is_hyphenated:
        return True
    if not spacing.is_one_text(last, line):
        return False
    if line.box.overlap_x(last.box) <= 0 or _changes_style(group, line):
        return False
    if _BULLET.match(line.text) or CAPTION.match(line.text):
        return False
    if len(group) < 2 or not last.text.endswith((".", "!", "?", ":")):
        return True
    column = union(part.box for part in group)
    return last.box.right >= column.right - 0.25 * column.width


def _changes_style(group: Sequence[Line], line: Line) -> bool:
    """Another size, or bold type that ends or begins: a heading and its text."""
    last = group[-1]
    small, large = sorted((last.size, line.size)) if last.size and line.size else (1.0, 1.0)
    if large > 1.12 * small:
        return True
    if last.is_bold != line.is_bold:
        return all(part.is_bold for part in group) or not last.is_bold
    return False
