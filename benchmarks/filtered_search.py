"""What does a filter cost? A declared column against the same column inside the JSON metadata, and against no filter.

    python -m benchmarks.filtered_search [--rows 20000] [--json FILE]

Milvus Lite, random unit vectors. The peer is what pymilvus does by itself with the same rows: one search with
`filter='metadata["columns"]["price"] < 50'`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from pymilvus import MilvusClient

from benchmarks.side_by_side import arguments, compare, report
from rag.filters.parse import parse_where
from rag.ports import KbSpec
from rag.store import connect
from rag.types import EmbeddedRecord, Record, record_id

DIM = 384
PRICES = 1000
CHEAP = 50
KB = "prices"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    given = parser.parse_args()
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "milvus.db"
        store = connect(str(path))
        try:
            _fill(store, given.rows, rng)
            query = _unit(rng, 1)[0]
            declared, undeclared = parse_where(f"price < {CHEAP}"), parse_where(f"cost < {CHEAP}")
            milvus = MilvusClient(f"unix:{(path / 'ADDRESS').read_text().strip()}")

            def search(where):  # type: ignore[no-untyped-def]
                return [hit.record.id for hit in store.kb(KB).search("text", query, limit=50, where=where)]

            def by_pymilvus() -> list[str]:
                rows = milvus.search(
                    f"{KB}_texts",
                    [query.tolist()],
                    filter=f'metadata["columns"]["cost"] < {CHEAP}',
                    limit=50,
                    anns_field="vector",
                    search_params={"params": {"nprobe": 1024}},  # all cells, as ours looks for what a filter leaves
                    output_fields=["id", "text", "metadata"],
                )
                return [row["id"] for row in rows[0]]

            report(
                [
                    compare(
                        f"filter, {given.rows} rows",
                        lambda: search(declared),
                        "pymilvus, in the JSON",
                        by_pymilvus,
                        agree=_same,
                        wanted=50,
                        rounds=given.rounds,
                    ),
                    compare(
                        "filter, undeclared column",
                        lambda: search(undeclared),
                        "pymilvus, in the JSON",
                        by_pymilvus,
                        agree=_same,
                        rounds=given.rounds,
                    ),
                    compare(
                        "no filter",
                        lambda: search(None),
                        "with the declared filter",
                        lambda: search(declared),
                        agree=lambda a, b: f"{len(a)} and {len(b)} hits",
                        rounds=4 * given.rounds,
                    ),
                ],
                given.json,
            )
        finally:
            store.close()


def _fill(store, n_rows: int, rng: np.random.Generator) -> None:  # type: ignore[no-untyped-def]
    store.create_kb(KB, KbSpec("random", DIM, fields={"price": "int"}))
    vectors, prices = _unit(rng, n_rows), rng.integers(0, PRICES, n_rows).tolist()
    for first in range(0, n_rows, 1000):
        store.kb(KB).upsert(
            [
                EmbeddedRecord(
                    Record(
                        record_id("all", place),
                        "all",
                        "all.csv",
                        "text",
                        f"row {place}",
                        {"columns": {"price": prices[place], "cost": prices[place]}},
                    ),
                    vectors[place],
                    None,
                )
                for place in range(first, min(first + 1000, n_rows))
            ],
        )
    store.kb(KB).optimize()


def _unit(rng: np.random.Generator, n_rows: int) -> np.ndarray:
    rows = rng.normal(size=(n_rows, DIM)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _same(ours: list[str], theirs: list[str]) -> str:
    shared = len(set(ours) & set(theirs)) / max(len(theirs), 1)
    assert shared > 0.95, f"only {shared:.0%} of the hits are the same"
    return f"{shared:.0%} of hits the same"


if __name__ == "__main__":
    main()
