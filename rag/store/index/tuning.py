"""The IVF index: `nlist` follows the row count, `nprobe` is measured.

An IVF index sorts the vectors into `nlist` cells and searches the `nprobe` cells nearest to the query. Probing all of
them is exact search, on both engines, which is what the others are measured against: the whole collection never has
to be brought here.
"""

from __future__ import annotations

import math
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import StoreError
from rag.store.client import Client
from rag.store.schema import MIN_NLIST, index_params, vector_index

if TYPE_CHECKING:
    from rag.types import Vector, Vectors

MAX_NLIST = 65_536
WANTED_RECALL = 0.99
RECALL_AT = 10
N_SAMPLES = 32
_POLL_S = 0.2


def nlist_for(n_rows: int) -> int:
    """4 * sqrt(n), as Milvus and FAISS advise, but at least 39 rows a cell, fewer than which FAISS cannot train on."""
    return max(MIN_NLIST, min(round(4 * math.sqrt(n_rows)), n_rows // 39, MAX_NLIST))


def read_index(client: Client, collection: str) -> dict[str, Any]:
    """`index_type`, `metric` and `nlist` as the engine has them; empty where there is no index."""
    if "vector" not in client.call("list_indexes", collection):
        return {}
    described = client.call("describe_index", collection, index_name="vector")
    nlist = described.get("nlist") or described.get("params", {}).get("nlist") or 0
    return {"index_type": described["index_type"], "metric": described["metric_type"], "nlist": int(nlist)}


def fit_nlist(client: Client, collection: str, n_rows: int) -> int:
    """Rebuilds the index if `nlist` is more than twice off; gives `nlist` as read back.

    The collection is loaded anew only when its index is built: a server that has loaded rows without one searches
    them by a makeshift of its own, which heeds no `nprobe`, so that a measurement would mean nothing.
    """
    present = int(read_index(client, collection).get("nlist", 0))
    wanted = nlist_for(n_rows)
    with client.exclusive(collection):
        if present and 0.5 <= wanted / present <= 2:
            if not client.is_lite:
                _wait_until_built(client, collection)
                client.call("release_collection", collection, slow=True, writes=True)
        else:
            client.call("release_collection", collection, slow=True, writes=True)
            _replace_index(client, collection, present, wanted)
            _wait_until_built(client, collection)
        client.call("load_collection", collection, slow=True, writes=True)
    return int(read_index(client, collection)["nlist"])


def _replace_index(client: Client, collection: str, present: int, wanted: int) -> None:
    if present:
        client.call("drop_index", collection, index_name="vector", slow=True, writes=True)
    params = index_params(vector_index(wanted))
    client.call("create_index", collection, index_params=params, sync=False, slow=True, writes=True)


def _wait_until_built(client: Client, collection: str) -> None:
    deadline = time.monotonic() + client.slow_timeout_s
    while client.call("describe_index", collection, index_name="vector").get("pending_index_rows", 0):
        if time.monotonic() > deadline:
            raise StoreError(f"the index of {collection} was not built in {client.slow_timeout_s:.0f} s; try again")
        time.sleep(_POLL_S)


def measure_nprobe(client: Client, collection: str, sample: Vectors, nlist: int) -> tuple[int, float]:
    """The smallest nprobe on a ladder with recall@10 of at least 0.99, and its recall.

    Args:
        client: the store.
        collection: with its index built.
        sample: (n, dim) rows of the collection. Half of the queries are these rows, half lie between two of them,
            as questions do that are not a copy of any record.
        nlist: cells of the index.
    """
    if not len(sample):
        return nlist, 1.0
    queries = _queries(sample)

    def scores(nprobe: int) -> list[list[float]]:
        found = dense_search(client, collection, queries, limit=RECALL_AT, nprobe=nprobe)
        return [[float(hit["distance"]) for hit in hits] for hits in found]

    exact = scores(nlist)
    return smallest_nprobe(lambda nprobe: recall(scores(nprobe), exact), nlist)


def smallest_nprobe(recall_of: Callable[[int], float], nlist: int) -> tuple[int, float]:
    """Bisects a ladder (1, 2, 3, 4, 6, 8, 12, ... nlist): recall never falls when more cells are probed."""
    steps = sorted({1, 2, 3, nlist, *(2**i for i in range(17)), *(3 * 2**i for i in range(16))})
    ladder = [step for step in steps if step <= nlist]
    known: dict[int, float] = {nlist: 1.0}

    def enough(nprobe: int) -> bool:
        if nprobe not in known:
            known[nprobe] = recall_of(nprobe)
        return known[nprobe] >= WANTED_RECALL

    best = ladder[bisect_left(ladder, True, key=enough)]
    return best, known[best]


def recall(found: Sequence[Sequence[float]], exact: Sequence[Sequence[float]]) -> float:
    """Share of the true best that was found, by score, so that equal vectors may stand in for each other.

    Args:
        found: scores for each query, best first.
        exact: the same of exact search.
    """
    shares = [
        sum(score >= truth[-1] - 1e-5 for score in scores[: len(truth)]) / len(truth)
        for scores, truth in zip(found, exact, strict=True)
        if truth
    ]
    return float(np.mean(shares)) if shares else 1.0


def _queries(sample: Vectors) -> Vectors:
    between = sample + np.roll(sample, 1, axis=0)
    lengths = np.linalg.norm(between, axis=1)
    return np.concatenate([sample, between[lengths > 1e-3]]).astype(np.float32)


def dense_search(
    client: Client,
    collection: str,
    queries: Vectors | Sequence[Vector],
    *,
    limit: int,
    nprobe: int,
    expression: str = "",
    fields: Sequence[str] = (),
) -> list[list[dict[str, Any]]]:
    """Cosine search; hits for each query, best first, `distance` being the cosine."""
    found = client.read(
        "search",
        collection,
        data=list(queries),
        anns_field="vector",
        limit=limit,
        filter=expression,
        output_fields=list(fields),
        search_params={"metric_type": "COSINE", "params": {"nprobe": nprobe}},
    )
    return [list(hits) for hits in found]
