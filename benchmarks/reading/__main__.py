"""`python -m benchmarks.reading [FAMILY ...]`: a row for each kind of document, and how it stands to what is asked for.

Another family of formats is a module of this package with a function `documents(n)`; its name goes into FAMILIES.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections import defaultdict
from collections.abc import Mapping

from benchmarks.reading.measure import Score, mean, score
from benchmarks.reading.truth import Document

FAMILIES = ("pdf", "office", "markup")
_LEAST = Score(recall=0.98, precision=0.95, order=0.98, headings=0.90, cells=0.95)


def main() -> int:
    """Exit code 1 if a kind reads worse than asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("family", nargs="*", choices=[*FAMILIES, []], help="default: all")
    parser.add_argument("--n", type=int, default=12, help="documents of each kind (12)")
    options = parser.parse_args()
    print(f"{'family':8} {'kind':44} {'n':>3} {'ms':>6}  recall  precis.  order  head.  cells")
    is_good = True
    for family in options.family or FAMILIES:
        module = importlib.import_module(f"benchmarks.reading.{family}")
        by_kind: dict[str, list[Document]] = defaultdict(list)
        for document in module.documents(options.n):
            by_kind[document.kind].append(document)
        least: Mapping[str, Score] = getattr(module, "LEAST", {})
        for kind, documents in by_kind.items():
            began = time.perf_counter()
            found = mean(map(score, documents))
            ms = 1000 * (time.perf_counter() - began) / len(documents)
            is_good &= _show(family, kind, len(documents), ms, found, least.get(kind, _LEAST))
    return 0 if is_good else 1


def _show(family: str, kind: str, n: int, ms: float, found: Score, least: Score) -> bool:
    is_good = True
    columns = []
    for name in ("recall", "precision", "order", "headings", "cells"):
        value, wanted = getattr(found, name), getattr(least, name)
        misses = value is not None and wanted is not None and value < wanted
        is_good &= not misses
        columns.append("      -" if value is None else f"{value:6.3f}{'!' if misses else ' '}")
    print(f"{family:8} {kind:44} {n:3} {ms:6.0f} " + " ".join(columns))
    return is_good


if __name__ == "__main__":
    sys.exit(main())
