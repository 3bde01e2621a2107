"""What keeps searches fast and right as a knowledge base grows: the index, and how wide to search it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from rag.ports import Capabilities, KbSpec
from rag.store.client import Client
from rag.store.expressions import one_of
from rag.store.manifest import FACTS_ID, facts_row
from rag.store.sampling import sample_vectors
from rag.store.schema import MANIFEST, MIN_NLIST, SPACES, collection_name, vector_dim
from rag.store.search import Probe
from rag.store.tuning import fit_nlist, measure_nprobe, read_index
from rag.types import Space

N_SAMPLES = 32
_PROBE_TTL_S = 10.0
"""Another process may rebuild the index or measure anew."""
_SAME_ROWS = 0.1
"""nprobe is measured again when the row count has changed by more than this share."""


class Upkeep:
    """Tunes indexes, and knows how they were measured."""

    def __init__(self, client: Client, capabilities: Capabilities) -> None:
        self._client = client
        self._capabilities = capabilities
        self._probes: dict[str, tuple[float, Probe]] = {}

    def optimize(self, kb: str, spec: KbSpec) -> None:
        manifest = collection_name(kb, MANIFEST)
        facts = self._facts(kb)
        for space in SPACES:
            if vector_dim(spec, space):
                facts[space] = self._tune(kb, spec, space, facts.get(space, {}))
        self._client.call("upsert", manifest, data=[facts_row(facts, spec.text_dim)], writes=True)
        self._settle(manifest)
        self.forget(kb)

    def _tune(self, kb: str, spec: KbSpec, space: Space, before: Mapping[str, Any]) -> dict[str, Any]:
        collection = collection_name(kb, space)
        self._settle(collection)
        n_rows = self._client.count(collection)
        same_index = before.get("nlist") == read_index(self._client, collection).get("nlist")
        if not n_rows or (same_index and abs(n_rows - before.get("rows", 0)) <= _SAME_ROWS * n_rows):
            return dict(before)
        self._client.call("flush", collection, slow=True, writes=True)
        nlist = fit_nlist(self._client, collection, n_rows)
        sample = sample_vectors(self._client, collection, vector_dim(spec, space), N_SAMPLES)
        nprobe, recall = measure_nprobe(self._client, collection, sample, nlist)
        return {"nlist": nlist, "nprobe": nprobe, "recall": round(recall, 4), "rows": n_rows}

    def _settle(self, collection: str) -> None:
        """Lite searches what is not in a segment yet row by row; a server takes care of that itself."""
        if self._capabilities.engine == "lite":
            self._client.call("flush", collection, slow=True, writes=True)

    def index_info(self, kb: str, spec: KbSpec) -> dict[str, dict[str, Any]]:
        facts = self._facts(kb)
        return {
            collection_name(kb, space): {
                **read_index(self._client, collection_name(kb, space)),
                "nprobe": facts.get(space, {}).get("nprobe"),
                "recall": facts.get(space, {}).get("recall"),
                "rows": self._client.count(collection_name(kb, space)),
            }
            for space in SPACES
            if vector_dim(spec, space)
        }

    def probe(self, kb: str, space: Space) -> Probe:
        """How wide to search; without a measurement of the index as it is now, every cell: exact."""
        collection = collection_name(kb, space)
        read_at, probe = self._probes.get(collection, (0.0, None))
        if probe is None or time.monotonic() - read_at > _PROBE_TTL_S:
            nlist = int(read_index(self._client, collection).get("nlist", MIN_NLIST))
            facts = self._facts(kb).get(space, {})
            measured = facts if facts.get("nlist") == nlist else {}
            probe = Probe(int(measured.get("nprobe", nlist)), nlist, int(measured.get("rows", 0)))
            self._probes[collection] = (time.monotonic(), probe)
        return probe

    def forget(self, kb: str) -> None:
        """Something changed: look again."""
        for space in SPACES:
            self._probes.pop(collection_name(kb, space), None)

    def _facts(self, kb: str) -> dict[str, Any]:
        rows = self._client.query(collection_name(kb, MANIFEST), one_of("id", [FACTS_ID]), ["metadata"])
        return dict(rows[0]["metadata"]) if rows else {}
