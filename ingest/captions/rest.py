"""Rows of a caption table that went to no picture: they stay a document, written as the table was."""

from __future__ import annotations

import csv
import io
import json

from ingest.captions.tables import Layout, Row

MOST_BYTES = 4 << 20
"""More is not copied: the whole table stays a document then, the rows that joined included."""


class Rest:
    """Collects rows. `n_rows` counts all of them."""

    def __init__(self) -> None:
        self.n_rows = 0
        self._rows: list[Row] = []
        self._n_bytes = 0

    def add(self, row: Row) -> None:
        self.n_rows += 1
        if self._n_bytes <= MOST_BYTES:
            self._n_bytes += sum(len(str(name)) + len(str(value)) for name, value in row.items())
            self._rows.append(row)

    def data(self, layout: Layout) -> bytes | None:
        """The rows as a file of the table's format, in UTF-8; None where they are too many to be held."""
        if self._n_bytes > MOST_BYTES:
            return None
        if layout.shape == "csv":
            out = io.StringIO(newline="")
            names = [name for name in layout.csv.header if any(row.get(name) for row in self._rows)]
            writer = csv.writer(out, delimiter=layout.csv.delimiter, lineterminator="\n")
            writer.writerow(names)
            writer.writerows([row.get(name, "") for name in names] for row in self._rows)
            text = out.getvalue()
        elif layout.shape == "jsonl":
            text = "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in self._rows)
        else:
            text = json.dumps(self._rows, ensure_ascii=False, indent=1, default=str)
        return text.encode("utf-8", "replace")
