"""What keeps searches fast and right as a knowledge base grows: the index, and how wide to search it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

from rag.ports import Capabilities
from rag.store.client import Client
from rag.store.expressions import one_of
from rag.store.index.sampling import sample_vectors
from rag.store.index.tuning import fit_nlist, measure_nprobe, read_index
from rag.store.manifest import FACTS_ID, facts_row
from rag.store.names import Collections
from rag.store.schema import MIN_NLIST
from rag.store.search import Probe
from rag.types import Space

N_SAMPLES = 32
_PROBE_TTL_S = 2.0
"""Another process may rebuild the index or measure anew."""
_FEW_ROWS = 1000
"""Up to this many, every cell is probed: that takes less than a millisecond, and measuring hundreds."""
_SAME_ROWS = 0.1
"""nprobe is measured again when the row count has changed by more than this share."""


class Upkeep:
    """Tunes indexes, and knows how they were measured."""

    def __init__(self, client: Client, capabilities: Capabilities) -> None:
        self._client = client
        self._capabilities = capabilities
        self._probes: dict[str, tuple[float, Probe]] = {}

    def optimize(self, collections: Collections) -> None:
        facts = self._facts(collections)
        for space in collections.spaces:
            facts[space] = self._tune(collections.name(space), collections.dim(space), facts.get(space, {}))
        self._keep(collections, facts)
        self._settle(collections.manifest)
        self.forget()

    def revise(self, collections: Collections) -> None:
        """Says to everybody that records are about to change."""
        self._keep(collections, self._facts(collections))

    def revision(self, collections: Collections) -> str:
        """Of the last `revise` or `optimize`; empty before the first."""
        return str(self._facts(collections).get("revision", ""))

    def _keep(self, collections: Collections, facts: Mapping[str, Any]) -> None:
        row = facts_row({**facts, "revision": uuid.uuid4().hex}, collections.spec.text_dim)
        self._client.call("upsert", collections.manifest, data=[row], writes=True)

    def _tune(self, collection: str, dim: int, before: Mapping[str, Any]) -> dict[str, Any]:
        self._settle(collection)
        n_rows = self._client.count(collection)
        same_index = before.get("nlist") == read_index(self._client, collection).get("nlist")
        if not n_rows or (same_index and abs(n_rows - before.get("rows", 0)) <= _SAME_ROWS * n_rows):
            return dict(before)
        self._client.call("flush", collection, slow=True, writes=True)
        nlist = fit_nlist(self._client, collection, n_rows)
        if n_rows <= _FEW_ROWS:
            return {"nlist": nlist, "nprobe": nlist, "recall": 1.0, "rows": n_rows}
        sample = sample_vectors(self._client, collection, dim, N_SAMPLES)
        nprobe, recall = measure_nprobe(self._client, collection, sample, nlist)
        return {"nlist": nlist, "nprobe": nprobe, "recall": round(recall, 4), "rows": n_rows}

    def _settle(self, collection: str) -> None:
        """Lite searches what is not in a segment yet row by row; a server takes care of that itself."""
        if self._capabilities.engine == "lite":
            self._client.call("flush", collection, slow=True, writes=True)

    def index_info(self, collections: Collections) -> dict[str, dict[str, Any]]:
        facts = self._facts(collections)
        return {
            collections.name(space): {
                **read_index(self._client, collections.name(space)),
                "nprobe": facts.get(space, {}).get("nprobe"),
                "recall": facts.get(space, {}).get("recall"),
                "rows": self._client.count(collections.name(space)),
            }
            for space in collections.spaces
        }

    def probe(self, collections: Collections, space: Space) -> Probe:
        """How wide to search; without a measurement of the index as it is now, every cell: exact."""
        collection = collections.name(space)
        read_at, probe = self._probes.get(collection, (0.0, None))
        if probe is None or time.monotonic() - read_at > _PROBE_TTL_S:
            nlist = int(read_index(self._client, collection).get("nlist", MIN_NLIST))
            facts = self._facts(collections).get(space, {})
            measured = facts if facts.get("nlist") == nlist else {}
            probe = Probe(int(measured.get("nprobe", nlist)), nlist, int(measured.get("rows", 0)))
            self._probes[collection] = (time.monotonic(), probe)
        return probe

    def forget(self) -> None:
        """Something changed: look again."""
        self._probes.clear()

    def _facts(self, collections: Collections) -> dict[str, Any]:
        rows = self._client.query(collections.manifest, one_of("id", [FACTS_ID]), ["metadata"])
        return dict(rows[0]["metadata"]) if rows else {}
