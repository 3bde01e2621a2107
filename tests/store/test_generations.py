"""A knowledge base is replaced by its next generation in one step, also after a kill in the middle."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest

import rag.store.schema
from rag.errors import ConfigError, FingerprintMismatch, KnowledgeBaseNotFound, StoreError
from rag.ports import KbSpec, Store
from rag.store import connect
from rag.store.names import Collections, parse_collection
from rag.types import Document
from tests.store.conftest import Backend, record

OLD, NEW = KbSpec("words@1", 4, "pixels@1", 4), KbSpec("words@2", 3)
DOCUMENT = Document("d", "d.pdf", "/d.pdf", "h", "done", 1)


@pytest.fixture
def name(store: Store) -> Iterator[str]:
    store.create_kb("Gen", OLD)
    store.kb("Gen").upsert([record("old", text_vector=[1, 0, 0, 0], image_vector=[0, 1, 0, 0])])
    yield "Gen"
    if "Gen" in store.list_kbs():
        store.drop_kb("Gen")


def collections(store: Any) -> list[str]:
    return sorted(name for name in store._client.ask("list_collections") if name.startswith("Gen_"))


def build(store: Store, name: str, spec: KbSpec = NEW) -> str:
    made = store.create_next(name, spec)
    store.kb(made).upsert([record("new", text_vector=[1.0] + [0.0] * (spec.text_dim - 1))])
    store.kb(made).put_documents([DOCUMENT])
    return made


def test_what_is_built_beside_is_neither_listed_nor_found(store: Store, name: str) -> None:
    made = build(store, name)
    assert "Gen" in store.list_kbs()
    assert not any("next" in kb or "g2" in kb for kb in store.list_kbs())
    assert store.spec(name) == OLD
    assert (store.spec(made), store.kb(made).counts().texts, store.kb(made).counts().documents["done"]) == (NEW, 1, 1)
    assert [hit.record.id for hit in store.kb(name).search("text", [1, 0, 0, 0], limit=9)] == ["old"]  # type: ignore[arg-type]
    assert list(store.kb(name).documents()) == []


def test_the_switch_replaces_and_drops(store: Store, backend: Backend, name: str) -> None:
    build(store, name)
    store.switch(name)
    assert store.spec(name) == NEW
    assert [hit.record.id for hit in store.kb(name).search("text", [1, 0, 0], limit=9)] == ["new"]  # type: ignore[arg-type]
    assert list(store.kb(name).documents()) == [DOCUMENT]
    assert collections(store) == ["Gen_documents_g2", "Gen_texts_g2"]
    with connect(backend.uri, backend.token) as another:  # type: ignore[attr-defined]
        assert another.spec(name) == NEW
        assert another.kb(name).counts().texts == 1
    store.create_kb(name, NEW)  # as every ingest does
    with pytest.raises(FingerprintMismatch):
        store.create_kb(name, OLD)
    store.kb(name).optimize()
    assert list(store.kb(name).index_info()) == ["Gen_texts_g2"]

    build(store, name, KbSpec("words@3", 3))
    store.switch(name)
    assert store.spec(name).text_model == "words@3"
    assert collections(store) == ["Gen_documents_g3", "Gen_texts_g3"]
    store.drop_kb(name)
    assert collections(store) == []
    assert name not in store.list_kbs()
    store.create_kb(name, OLD)
    assert store.kb(name).counts().texts == 0


def test_building_goes_on_for_the_same_spec_and_begins_anew_for_another(store: Store, name: str) -> None:
    made = build(store, name)
    assert store.create_next(name, NEW) == made
    assert store.kb(made).counts().texts == 1
    store.create_next(name, replace(NEW, text_dim=5))
    assert store.kb(made).counts().texts == 0
    assert store.drop_next(name)
    assert not store.drop_next(name)
    assert collections(store) == ["Gen_documents", "Gen_images", "Gen_texts"]
    with pytest.raises(StoreError, match="nothing to switch to: 'ingest reembed --kb Gen'"):
        store.switch(name)
    for act in (lambda kb: store.create_next(kb, NEW), store.drop_next, store.switch):
        with pytest.raises(KnowledgeBaseNotFound):
            act("nobody")


def test_another_store_is_told_and_never_searches_the_new_vectors(store: Store, backend: Backend, name: str) -> None:
    with connect(backend.uri, backend.token) as another:  # type: ignore[attr-defined]
        assert another.kb(name).counts().texts == 1
        build(store, name, KbSpec("words@2", 4))
        store.switch(name)
        for _ in range(2):
            with pytest.raises(FingerprintMismatch, match="embedded anew while it was open here"):
                another.kb(name).search("text", [1, 0, 0, 0], limit=1)


def _dies(monkeypatch: pytest.MonkeyPatch, store: Any, doomed: Callable[[str, str], bool]) -> None:
    """The process ends before that request."""
    client = store._client
    call, ask = client.call, client.ask

    def dying_call(method: str, collection: str, **arguments: Any) -> Any:
        if doomed(method, collection):
            raise KeyboardInterrupt
        return call(method, collection, **arguments)

    def dying_ask(method: str, **arguments: Any) -> Any:
        if doomed(method, ""):
            raise KeyboardInterrupt
        return ask(method, **arguments)

    monkeypatch.setattr(client, "call", dying_call)
    monkeypatch.setattr(client, "ask", dying_ask)


@pytest.mark.parametrize("generation", [1, 2])
def test_killed_before_the_switch_the_old_answers(
    store: Store, name: str, monkeypatch: pytest.MonkeyPatch, generation: int
) -> None:
    spec = OLD
    if generation == 2:
        build(store, name)
        store.switch(name)
        spec = NEW
    build(store, name, KbSpec("words@9", 3))
    with monkeypatch.context() as patch:
        _dies(patch, store, lambda method, _: method in ("create_alias", "alter_alias"))
        with pytest.raises(KeyboardInterrupt):
            store.switch(name)
    assert store.spec(name) == spec
    assert store.kb(name).counts().texts == 1
    store.switch(name)
    assert store.spec(name).text_model == "words@9"


def test_killed_after_the_switch_the_new_answers_and_the_next_ingest_sweeps(
    store: Store, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(store, name)
    with monkeypatch.context() as patch:
        _dies(patch, store, lambda method, _: method == "drop_collection")
        with pytest.raises(KeyboardInterrupt):
            store.switch(name)
    assert store.spec(name) == NEW
    assert store.kb(name).counts().texts == 1
    assert "Gen_texts" in collections(store)
    store.create_kb(name, NEW)
    assert collections(store) == ["Gen_documents_g2", "Gen_texts_g2"]


def test_killed_while_a_later_generation_is_dropped_it_stays_gone(
    store: Store, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(store, name)
    with monkeypatch.context() as patch:
        _dies(patch, store, lambda method, _: method == "drop_collection")
        with pytest.raises(KeyboardInterrupt):
            store.switch(name)
    with monkeypatch.context() as patch:
        _dies(patch, store, lambda method, collection: method == "drop_collection" and "g2" in collection)
        with pytest.raises(KeyboardInterrupt):
            store.drop_kb(name)
    assert name not in store.list_kbs()
    assert collections(store) == ["Gen_documents_g2", "Gen_texts_g2"]
    store.drop_kb(name)
    assert collections(store) == []


def test_a_specification_written_before_there_were_sparse_models_is_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {key: value for key, value in asdict(OLD).items() if key != "sparse_model"}
    monkeypatch.setattr("rag.store.lifecycle.spec_to_json", lambda _: json.dumps(kept))
    monkeypatch.setattr(rag.store.schema, "spec_to_json", lambda _: json.dumps(kept))
    store.create_kb("Aged", OLD)
    monkeypatch.undo()
    try:
        assert store.spec("Aged") == OLD
        store.create_kb("Aged", OLD)
    finally:
        store.drop_kb("Aged")


def test_names_of_collections_are_told_apart() -> None:
    spec = KbSpec("words@1", 4)
    for kb in ("a", "a_documents", "a_texts_g2"):
        for generation in (1, 2, 13):
            for part in ("texts", "documents"):
                name = Collections(kb, generation, spec).name(part)
                assert parse_collection(name) == (kb, part, generation)
    for foreign in ("documents", "a_live", "a-b_documents", "a_documents_g", "x_documents_g2_more"):
        assert parse_collection(foreign) is None


@pytest.mark.parametrize("bad", ["a.next", "a.next.next"])
def test_the_name_of_what_is_being_built_is_no_name_for_a_knowledge_base(store: Store, bad: str) -> None:
    for act in (lambda kb: store.create_kb(kb, OLD), store.drop_kb, store.switch):
        with pytest.raises(ConfigError, match="for example"):
            act(bad)
