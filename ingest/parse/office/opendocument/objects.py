"""Charts and equations inside OpenDocument files, as words."""

from __future__ import annotations

from typing import Any

from ingest.parse.clean import one_line
from ingest.parse.grid import table_texts
from ingest.parse.office.opendocument.names import CHART, TABLE, TEXT, local

_MAX_ROWS = 2000
_SPACED = frozenset({"mo", "mi", "mn", "mtext", "ms"})


def chart_words(chart: Any) -> str:
    """Titles of a chart, and the table of its numbers that it keeps."""
    titles = [one_line("".join(p.itertext())) for p in chart.iter(TEXT + "p") if _is_title(p)]
    rows: list[list[str]] = []
    for row in chart.iter(TABLE + "table-row"):
        cells = [
            one_line(" ".join("".join(p.itertext()) for p in cell.iter(TEXT + "p")))
            for cell in row.iterchildren(TABLE + "table-cell")
        ]
        if any(cells) and len(rows) < _MAX_ROWS:
            rows.append(cells)
    return "\n".join(filter(None, [*titles, *(table_texts(rows) if rows else ())]))


def math_words(root: Any) -> str:
    """The characters of a MathML formula."""
    return one_line(" ".join(node.text.strip() for node in root.iter() if local(node) in _SPACED and node.text))


def _is_title(paragraph: Any) -> bool:
    return local(paragraph.getparent()) in {"title", "subtitle", "footer"} and paragraph.getparent().tag.startswith(
        CHART
    )
