"""Run as a program: ingests a dump into Milvus Lite, embeds it anew, and kills itself on the way.

    python -m tests.ingest.rekiller FOLDER DUMP WHEN

WHEN is the number of the request that changes the store before which it kills itself, counted from the beginning of
the re-embedding; 0 runs to the end. It prints the names of these requests and how many texts it embedded.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import ingest.pipeline
import ingest.records.embedder
from ingest.reembed.run import reembed
from rag.store import connect
from tests.ingest.doubles import CornerEmbedder, HashEmbedder, InlinePool
from tests.ingest.killer import Bomb
from tests.ingest.rebase import KB, Base, SharpEmbedder, WideEmbedder

_CHANGES = frozenset(
    ["create_collection", "upsert", "delete", "create_alias", "alter_alias", "drop_collection", "drop_index"]
)


def watch(client: Any, bomb: Bomb, names: list[str]) -> None:
    """Ticks before each request that changes something."""
    call, ask = client.call, client.ask

    def tick(method: str) -> None:
        if method in _CHANGES:
            names.append(method)
            bomb.tick()

    def watched_call(method: str, collection: str, **arguments: Any) -> Any:
        tick(method)
        return call(method, collection, **arguments)

    def watched_ask(method: str, **arguments: Any) -> Any:
        tick(method)
        return ask(method, **arguments)

    client.call, client.ask = watched_call, watched_ask


def main(folder: str, dump: str, when: str) -> None:
    ingest.pipeline.WorkerPool = InlinePool  # type: ignore[assignment, misc]
    ingest.records.embedder.BATCH_RECORDS = 3
    place = Path(folder)
    place.mkdir(exist_ok=True)
    store: Any = connect(str(place / "milvus.db"))
    if KB not in store.list_kbs():
        Base(place, store, HashEmbedder(), CornerEmbedder()).ingest(Path(dump))
    names: list[str] = []
    watch(store._client, Bomb(int(when)), names)
    base = Base(place, store, WideEmbedder(), SharpEmbedder())
    reembed(base)  # type: ignore[arg-type]
    store.close()
    print(len(base.text_embedder.asked), *names)


if __name__ == "__main__":
    main(*sys.argv[1:])
