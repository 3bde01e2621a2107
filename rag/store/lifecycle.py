"""Knowledge bases come and go: create, drop, list, open, and replace by a next generation.

A generation is whole when its manifest collection is there: that is made last and goes first, so a kill in between
leaves only collections that the next create or drop sweeps away. Which generation answers is one word, the alias's
target (see `rag.store.names`), so there is no moment at which two of them answer together.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from rag.errors import FingerprintMismatch, KnowledgeBaseNotFound, RagError, StoreError
from rag.ports import Capabilities, KbSpec, checked_name
from rag.store.client import Client
from rag.store.errors import CollectionMissing
from rag.store.names import (
    DROPPING,
    MANIFEST,
    NEXT,
    Collections,
    collection_name,
    live_alias,
    parse_collection,
    require_folder_of_its_own,
)
from rag.store.schema import SPEC_PROPERTY, check_limits, index_params, indexes, read_collections, schemas, spec_to_json

_KNOWN_S = 1.0
"""How long an open knowledge base is taken for what it was: another process may drop it and make it anew."""


class Lifecycle:
    """Which knowledge bases there are, and what each was built with."""

    def __init__(self, client: Client, capabilities: Capabilities) -> None:
        self._client = client
        self.capabilities = capabilities
        self._open: dict[str, Collections] = {}
        self._seen_at: dict[str, float] = {}

    def names(self) -> list[str]:
        collections = map(parse_collection, self._client.ask("list_collections"))
        kbs = {parsed[0] for parsed in collections if parsed is not None and parsed[1] == MANIFEST}
        return sorted(kb for kb in kbs if self._find(kb) is not None)

    def create(self, kb: str, spec: KbSpec) -> None:
        check_limits(spec, self.capabilities)
        with self._alone(checked_name(kb)):
            live = self._find(kb)
            if live is None:
                require_folder_of_its_own(kb, self.names)
                self._sweep(kb, lambda generation: True)
                self._make(Collections(kb, 1, spec))
            else:
                _check_same(kb, live.spec, spec)
                self._sweep_below(live)

    def create_next(self, kb: str, spec: KbSpec) -> str:
        check_limits(spec, self.capabilities)
        with self._alone(checked_name(kb)):
            live = self._existing(kb)
            self._sweep_below(live)
            following = self._find(kb + NEXT)
            if following is None or following.spec != spec:
                self._sweep_above(live)
                self._make(Collections(kb, live.generation + 1, spec))
        return kb + NEXT

    def drop_next(self, kb: str) -> bool:
        with self._alone(checked_name(kb)):
            live = self._existing(kb)
            self._sweep_below(live)
            return self._sweep_above(live) > 0

    def switch(self, kb: str) -> None:
        with self._alone(checked_name(kb)):
            live, following = self._existing(kb), self._find(kb + NEXT)
            if following is None:
                raise StoreError(f"knowledge base {kb!r} has nothing to switch to: 'ingest reembed --kb {kb}' makes it")
            method = "create_alias" if live.generation == 1 else "alter_alias"
            self._client.ask(method, collection_name=following.manifest, alias=live_alias(kb))
            self._forget(kb)
            self._sweep_below(following)

    def drop(self, kb: str) -> None:
        with self._alone(checked_name(kb)):
            self._forget(kb)
            live = self._find(kb)
            if live is not None:
                self._hide(live)
            if not self._sweep(kb, lambda generation: True) and live is None:
                raise self._not_found(kb)

    def spec(self, kb: str) -> KbSpec:
        """As it is now, and as it is searched from now on. A server takes seconds to load collections; not for this."""
        live = self._existing(kb)
        if self._open.get(kb, live) != live:
            self._forget(kb)
        self._seen_at[kb] = time.monotonic()
        return live.spec

    def open(self, kb: str) -> Collections:
        """Its collections, every one loaded and ready to be searched."""
        live = self._open.get(kb)
        if live is None:
            with self._alone(kb.removesuffix(NEXT)):
                live = self._open.get(kb)
                if live is None:
                    live = self._existing(kb)
                    self._load(live)
                    self._open[kb] = live
                    self._seen_at[kb] = time.monotonic()
        elif time.monotonic() - self._seen_at[kb] > _KNOWN_S:
            if self._read(live.kb, live.manifest) != live:
                raise self.gone(kb)
            self._seen_at[kb] = time.monotonic()
        return live

    def gone(self, kb: str) -> RagError:
        """A collection of an open knowledge base is not there any more; the error to say so."""
        was, now = self._open.get(kb), self._find(kb)
        if was is not None and now is not None and was != now:
            # It stays open as it was until somebody asks for its spec: whoever searches again without that has
            # vectors of the old models, and gets the same error.
            return FingerprintMismatch(
                f"knowledge base {kb!r} was embedded anew while it was open here. Start again, with the settings that "
                f"it needs now: 'rag kb show {kb}' names its models"
            )
        self._open.pop(kb, None)
        return self._not_found(kb)

    def _forget(self, kb: str) -> None:
        self._open.pop(kb, None)
        self._open.pop(kb + NEXT, None)

    def _existing(self, kb: str) -> Collections:
        found = self._find(kb)
        if found is None:
            raise self._not_found(kb)
        return found

    def _not_found(self, kb: str) -> KnowledgeBaseNotFound:
        names = self.names()
        others = f"There are: {', '.join(names[:20])}." if names else "There are none yet."
        return KnowledgeBaseNotFound(
            f"there is no knowledge base {kb!r} at {self._client.uri}. {others} Make one with 'ingest PATH --kb {kb}'."
        )

    @contextmanager
    def _alone(self, kb: str) -> Iterator[None]:
        """No other thread changes what the knowledge base consists of."""
        with self._client.exclusive(collection_name(kb, MANIFEST)):
            yield

    def _find(self, name: str) -> Collections | None:
        """The generation that answers to a knowledge base's name; with `NEXT` behind it, the one in the making."""
        kb = name.removesuffix(NEXT)
        live = self._read(kb, live_alias(kb)) or self._read(kb, collection_name(kb, MANIFEST))
        if live is None or name == kb:
            return live
        return self._read(kb, collection_name(kb, MANIFEST, live.generation + 1))

    def _read(self, kb: str, collection: str) -> Collections | None:
        """What a collection says of itself; None if it does not exist or is not ours."""
        try:
            described: Mapping[str, Any] = self._client.call("describe_collection", collection)
        except CollectionMissing:
            return None
        return read_collections(kb, described)

    def _hide(self, live: Collections) -> None:
        """One step after which the knowledge base is gone: dropping is many, and Lite deletes file by file."""
        kb = live.kb
        if live.generation > 1:
            self._sweep_below(live)  # without the alias they would answer again
            self._client.ask("drop_alias", alias=live_alias(kb))
        else:
            dropping = collection_name(kb, DROPPING)
            self._drop(kb, dropping)
            self._client.ask("rename_collection", old_name=live.manifest, new_name=dropping)

    def _sweep_below(self, live: Collections) -> None:
        """What a kill left of earlier generations."""
        if live.generation > 1:
            self._sweep(live.kb, lambda generation: generation < live.generation)

    def _sweep_above(self, live: Collections) -> int:
        return self._sweep(live.kb, lambda generation: generation > live.generation)

    def _sweep(self, kb: str, unwanted: Callable[[int], bool]) -> int:
        """Drops whole generations, manifests first; how many collections there were."""
        ours: list[tuple[bool, str]] = []
        for name in self._client.ask("list_collections"):
            of, part, generation = parse_collection(name) or ("", "", 0)
            if of == kb and unwanted(generation):
                ours.append((part != MANIFEST, name))
        return sum(self._drop(kb, name) for _, name in sorted(ours))

    def _drop(self, kb: str, collection: str) -> bool:
        """Drops a collection if it exists and is ours."""
        if self._read(kb, collection) is None:
            return False
        self._client.call("drop_collection", collection, slow=True, writes=True)
        return True

    def _make(self, collections: Collections) -> None:
        for collection, schema in schemas(collections, self.capabilities).items():
            if self._client.has(collection):
                raise StoreError(
                    f"the collection {collection!r} at {self._client.uri} belongs to another program. "
                    "Choose another name with --kb."
                )
            self._client.call(
                "create_collection",
                collection,
                schema=schema,
                consistency_level="Strong",
                properties={SPEC_PROPERTY: spec_to_json(collections)},
                writes=True,
            )
            self._index(collection, schema)

    def _index(self, collection: str, schema: Any) -> None:
        """Makes the indexes that are missing: all of a new collection's, or those that a kill prevented."""
        present = set(self._client.call("list_indexes", collection))
        for index in indexes(schema, self.capabilities):
            if index[0] not in present:
                # sync=False: pymilvus would wait half a second for each, even when there is nothing to build.
                self._client.call(
                    "create_index", collection, index_params=index_params(index), sync=False, slow=True, writes=True
                )

    def _load(self, collections: Collections) -> None:
        by_name = schemas(collections, self.capabilities)
        for collection, schema in by_name.items():
            self._client.forget(collection)
            self._index(collection, schema)
            self._client.start_loading(collection)
        for collection in by_name:
            self._client.finish_loading(collection)


def _check_same(kb: str, present: KbSpec, wanted: KbSpec) -> None:
    have, want = asdict(present), asdict(wanted)
    differing = [f"{name} {have[name]!r} (now {want[name]!r})" for name in have if have[name] != want[name]]
    if differing:
        raise FingerprintMismatch(
            f"knowledge base {kb!r} was built with {'; '.join(differing)}. Use the settings it was built with, "
            f"re-embed it with 'ingest reembed --kb {kb}', use another name with --kb, or drop it with "
            f"'rag kb drop {kb}' and ingest again."
        )
