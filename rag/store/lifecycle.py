"""Knowledge bases come and go: create, drop, list, open.

A knowledge base exists when its manifest collection does: that is made last and goes first, so a kill in between
leaves only collections that the next create or drop sweeps away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rag.errors import FingerprintMismatch, KnowledgeBaseNotFound, StoreError
from rag.ports import Capabilities, KbSpec
from rag.store.client import Client
from rag.store.errors import CollectionMissing
from rag.store.schema import (
    MANIFEST,
    SPACES,
    SPEC_PROPERTY,
    check_spec,
    collection_name,
    index_params,
    indexes,
    manifest_schema,
    space_schema,
    spec_from_collection,
    spec_to_json,
    vector_dim,
)

_DROPPING = "dropping"


class Lifecycle:
    """Which knowledge bases there are, and what each was built with."""

    def __init__(self, client: Client, capabilities: Capabilities) -> None:
        self._client = client
        self._capabilities = capabilities
        self._open: dict[str, KbSpec] = {}

    def names(self) -> list[str]:
        found = [name for name in self._client.ask("list_collections") if name.endswith(f"_{MANIFEST}")]
        return sorted(name.removesuffix(f"_{MANIFEST}") for name in found if self._spec_of(name) is not None)

    def create(self, kb: str, spec: KbSpec) -> None:
        check_spec(spec)
        manifest = collection_name(kb, MANIFEST)
        with self._client.exclusive(manifest):
            present = self._spec_of(manifest)
            if present is not None:
                _check_same(kb, present, spec)
                return
            self._drop_parts(kb, [*SPACES, _DROPPING])
            for space in SPACES:
                if vector_dim(spec, space):
                    self._make(collection_name(kb, space), space_schema(spec, space, self._capabilities), spec)
            self._make(manifest, manifest_schema(spec), spec)

    def drop(self, kb: str) -> None:
        manifest = collection_name(kb, MANIFEST)
        with self._client.exclusive(manifest):
            self._open.pop(kb, None)
            exists = self._spec_of(manifest) is not None
            if exists:
                # Lite deletes a folder file by file; a rename is one step, after which the knowledge base is gone.
                self._drop_parts(kb, [_DROPPING])
                self._client.ask("rename_collection", old_name=manifest, new_name=collection_name(kb, _DROPPING))
            if not self._drop_parts(kb, [*SPACES, _DROPPING]) and not exists:
                raise self._not_found(kb)

    def spec(self, kb: str) -> KbSpec:
        """The spec alone: a server takes seconds to load collections, and this needs none."""
        spec = self._open.get(kb) or self._spec_of(collection_name(kb, MANIFEST))
        if spec is None:
            raise self._not_found(kb)
        return spec

    def open(self, kb: str) -> KbSpec:
        """The spec, with every collection loaded and ready to be searched."""
        spec = self._open.get(kb)
        if spec is None:
            with self._client.exclusive(collection_name(kb, MANIFEST)):
                spec = self._open.get(kb)
                if spec is None:
                    spec = self.spec(kb)
                    self._load(kb, spec)
                    self._open[kb] = spec
        return spec

    def forget(self, kb: str) -> KnowledgeBaseNotFound:
        """Somebody dropped it behind our back; the error to say so."""
        self._open.pop(kb, None)
        return self._not_found(kb)

    def _not_found(self, kb: str) -> KnowledgeBaseNotFound:
        names = self.names()
        others = f"There are: {', '.join(names[:20])}." if names else "There are none yet."
        return KnowledgeBaseNotFound(
            f"there is no knowledge base {kb!r} at {self._client.uri}. {others} Make one with 'ingest PATH --kb {kb}'."
        )

    def _spec_of(self, collection: str) -> KbSpec | None:
        """What a collection carries; None if it does not exist or is not ours."""
        try:
            described: Mapping[str, Any] = self._client.call("describe_collection", collection)
        except CollectionMissing:
            return None
        return spec_from_collection(described)

    def _drop_parts(self, kb: str, parts: list[str]) -> int:
        """Drops those that exist and are ours; how many were."""
        n_dropped = 0
        for part in parts:
            collection = collection_name(kb, part)
            if self._client.engine:
                self._client.engine.sweep(collection)
            if self._spec_of(collection) is not None:
                self._client.call("drop_collection", collection, slow=True, writes=True)
                n_dropped += 1
        return n_dropped

    def _make(self, collection: str, schema: Any, spec: KbSpec) -> None:
        if self._client.engine:
            self._client.engine.sweep(collection)
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
            properties={SPEC_PROPERTY: spec_to_json(spec)},
            writes=True,
        )
        self._index(collection, schema)

    def _index(self, collection: str, schema: Any) -> None:
        """Makes the indexes that are missing: all of a new collection's, or those that a kill prevented."""
        present = set(self._client.call("list_indexes", collection))
        for index in indexes(schema, self._capabilities):
            if index[0] not in present:
                # sync=False: pymilvus would wait half a second for each, even when there is nothing to build.
                self._client.call(
                    "create_index", collection, index_params=index_params(index), sync=False, slow=True, writes=True
                )

    def _load(self, kb: str, spec: KbSpec) -> None:
        schemas = {
            collection_name(kb, space): space_schema(spec, space, self._capabilities)
            for space in SPACES
            if vector_dim(spec, space)
        }
        schemas[collection_name(kb, MANIFEST)] = manifest_schema(spec)
        for collection, schema in schemas.items():
            self._index(collection, schema)
            self._client.start_loading(collection)
        for collection in schemas:
            self._client.finish_loading(collection)


def _check_same(kb: str, present: KbSpec, wanted: KbSpec) -> None:
    have, want = asdict(present), asdict(wanted)
    differing = [f"{name} {have[name]!r} (now {want[name]!r})" for name in have if have[name] != want[name]]
    if differing:
        raise FingerprintMismatch(
            f"knowledge base {kb!r} was built with {'; '.join(differing)}. Use the settings it was built with, "
            f"another name with --kb, or drop it with 'rag kb drop {kb}' and ingest again."
        )
