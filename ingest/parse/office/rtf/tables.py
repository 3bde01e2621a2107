"""Tables of Rich Text Format: rows with the right edges of their cells, from which the columns are told."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.parse.grid import TableGrid

_SAME_EDGE_TWIPS = 60
"""Edges that differ less are one: about a millimetre."""
_MAX_ROWS = 2_000
"""A longer table is given in parts."""


@dataclass(slots=True)
class _Row:
    texts: list[str]
    edges: list[int]
    follows: set[int]
    is_header: bool


@dataclass(slots=True)
class RtfTable:
    """The table that is being read."""

    _rows: list[_Row] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _edges: list[int] = field(default_factory=list)
    _above: set[int] = field(default_factory=set)
    _beside: set[int] = field(default_factory=set)
    _is_header: bool = False
    _grid: TableGrid = field(default_factory=TableGrid)

    def define(self, word: str, number: int) -> bool:
        """Takes what describes a row; False for other words."""
        if word == "trowd":
            self._edges, self._above, self._beside, self._is_header = [], set(), set(), False
        elif word == "cellx":
            if len(self._edges) < 256:
                self._edges.append(number)
        elif word == "clvmrg":
            self._above.add(len(self._edges))
        elif word == "clmrg":
            self._beside.add(len(self._edges))
        elif word == "trhdr":
            self._is_header = True
        else:
            return False
        return True

    def add_cell(self, text: str) -> None:
        self._texts.append(text)

    def end_row(self) -> None:
        texts, self._texts = self._texts, []
        edges = list(self._edges) if len(self._edges) == len(texts) else []
        if edges:
            kept = [at for at in range(len(texts)) if at not in self._beside]
            # A cell that the next one is merged with ends where that one does.
            ends = [edges[end - 1] for end in (*kept[1:], len(edges))] if kept else []
            above = {number for number, at in enumerate(kept) if at in self._above}
            self._rows.append(_Row([texts[at] for at in kept], ends, above, self._is_header))
        else:
            self._rows.append(_Row(texts, [], set(), self._is_header))
        if len(self._rows) >= _MAX_ROWS:
            self._fill()

    def take(self) -> Iterator[str]:
        """The whole table, which ends here."""
        yield from self.take_rows()
        self._grid = TableGrid()

    def take_rows(self) -> Iterator[str]:
        """The rows so far; more may follow."""
        self._fill()
        yield from self._grid.take()

    def _fill(self) -> None:
        rows, self._rows = self._rows, []
        edges = _columns([edge for row in rows for edge in row.edges])
        above: dict[int, str] = {}
        for row in rows:
            start = 0
            for number, text in enumerate(row.texts):
                end = _index(edges, row.edges[number]) + 1 if row.edges else start + 1
                text = text or (above.get(end, "") if number in row.follows else "")
                above[end] = text
                self._grid.add_cell(text, colspan=max(1, end - start))
                start = max(end, start + 1)
            self._grid.end_row(in_head=row.is_header)


def _columns(edges: list[int]) -> list[int]:
    """Right edges of the columns."""
    columns: list[int] = []
    for edge in sorted(set(edges)):
        if not columns or edge - columns[-1] > _SAME_EDGE_TWIPS:
            columns.append(edge)
    return columns


def _index(columns: list[int], edge: int) -> int:
    return max(0, bisect.bisect_right(columns, edge) - 1)
