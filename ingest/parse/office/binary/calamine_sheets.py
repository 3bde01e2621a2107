"""Workbooks by way of calamine, in a process of its own: it aborts where a file claims more than there is memory.

`python -m ingest.parse.office.binary.calamine_sheets FILE` is that process: it prints a line of JSON for each sheet.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.parse.clean import one_line
from ingest.parse.office.number_format import shown
from rag.errors import DocumentError
from rag.system import module_command

_TIMEOUT_S = 240.0
_MAX_CELLS = 5_000_000
_MAX_COLUMNS = 1024
_SAVE_AGAIN = "open and save it as .xlsx"


@dataclass(slots=True)
class CalamineSheet:
    """A sheet's cells as texts; `left_out` says what kind of sheet it is where it has none."""

    name: str
    is_hidden: bool = False
    left_out: str = ""
    n_far_cells: int = 0
    rows: list[list[str]] = field(default_factory=list)


def calamine_sheets(data: bytes) -> Iterator[CalamineSheet]:
    """All sheets of a workbook.

    Raises:
        DocumentError: broken, or protected with a password.
    """
    with tempfile.TemporaryDirectory(prefix="ingest-") as folder:
        path, out = Path(folder) / "book", Path(folder) / "sheets"
        path.write_bytes(data)
        command = module_command(__name__, str(path))
        try:
            with out.open("wb") as file:
                done = subprocess.run(command, stdout=file, stderr=subprocess.DEVNULL, timeout=_TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired:
            raise DocumentError(f"the workbook took over {_TIMEOUT_S:.0f} s to be read: {_SAVE_AGAIN}") from None
        if done.returncode:
            raise DocumentError(f"the workbook is broken (its reader gave up): {_SAVE_AGAIN}")
        with out.open(encoding="utf-8") as lines:
            for line in lines:
                told = json.loads(line)
                if "error" in told:
                    raise DocumentError(told["error"])
                yield CalamineSheet(**told)


def _main(path: str) -> Iterator[dict[str, Any]]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(path)
        metadata = book.sheets_metadata
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        told = one_line(str(error)) or type(error).__name__
        if "password" in told.lower() or "encrypt" in told.lower():
            yield {"error": "the workbook is protected with a password: save it without one"}
        else:
            yield {"error": f"the workbook is broken ({told[:200]}): {_SAVE_AGAIN}"}
        return
    for about in metadata:
        is_hidden = about.visible != calamine.SheetVisibleEnum.Visible
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            yield {"name": about.name, "left_out": "sheets that hold a chart, a dialogue or macros"}
            continue
        try:
            sheet = book.get_sheet_by_name(about.name)
            if sheet.total_height * sheet.total_width > _MAX_CELLS:
                yield {"name": about.name, "left_out": "sheets that claim more cells than can be read"}
                continue
            values = sheet.to_python(skip_empty_area=False)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            yield {"name": about.name, "left_out": "sheets that cannot be read"}
            continue
        rows, n_far = [], 0
        for row in values:
            while row and row[-1] == "":
                row.pop()
            n_far += max(0, len(row) - _MAX_COLUMNS)
            rows.append([one_line(shown(value, "")) for value in row[:_MAX_COLUMNS]])
        yield {"name": about.name, "is_hidden": is_hidden, "n_far_cells": n_far, "rows": rows}


if __name__ == "__main__":
    for told_ in _main(sys.argv[1]):
        sys.stdout.write(json.dumps(told_) + "\n")
