"""Knowledge bases are made, listed, refused and dropped, also after a kill in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from rag.errors import ConfigError, FingerprintMismatch, KnowledgeBaseNotFound, StoreError
from rag.ports import KbSpec, Store
from rag.store import connect
from rag.store.schema import SPEC_PROPERTY
from tests.store.conftest import SPEC, Backend, record

TINY = KbSpec("words@1", 4)


@pytest.fixture
def name(store: Store) -> Iterator[str]:
    yield "Life_1"
    if "Life_1" in store.list_kbs():
        store.drop_kb("Life_1")


def test_spec_travels_with_the_knowledge_base(store: Store, backend: Backend, name: str) -> None:
    spec = replace(SPEC, text_model='mödel "x"\\日本@' + "a" * 64, analyzer="standard")
    store.create_kb(name, spec)
    assert store.spec(name) == spec
    assert list(store.spec(name).fields) == list(spec.fields)
    if store.capabilities.engine == "server":
        with connect(backend.uri, backend.token) as another:  # type: ignore[attr-defined]
            assert another.spec(name) == spec
            assert name in another.list_kbs()


def test_create_again_is_fine_and_another_spec_is_refused(store: Store, name: str) -> None:
    store.create_kb(name, TINY)
    store.create_kb(name, TINY)
    with pytest.raises(FingerprintMismatch, match=r"text_model 'words@1' \(now 'other@2'\).*rag kb drop Life_1"):
        store.create_kb(name, replace(TINY, text_model="other@2"))
    assert store.spec(name) == TINY


def test_dropped_knowledge_base_is_gone(store: Store, name: str) -> None:
    store.create_kb(name, TINY)
    store.drop_kb(name)
    assert name not in store.list_kbs()
    gone = store.kb(name)
    acts = (lambda: store.drop_kb(name), lambda: store.spec(name), gone.counts, gone.optimize)
    for act in acts:
        with pytest.raises(KnowledgeBaseNotFound, match="no knowledge base 'Life_1'"):
            act()


def test_kill_while_creating_leaves_nothing_in_the_way(
    store: Store, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = store._client  # type: ignore[attr-defined]
    call = client.call

    def dies_before_the_manifest(method: str, collection: str, **arguments: object) -> object:
        if method == "create_collection" and collection.endswith("_documents"):
            raise KeyboardInterrupt
        return call(method, collection, **arguments)

    monkeypatch.setattr(client, "call", dies_before_the_manifest)
    with pytest.raises(KeyboardInterrupt):
        store.create_kb(name, TINY)
    monkeypatch.undo()
    assert name not in store.list_kbs()
    store.create_kb(name, replace(TINY, text_dim=8))
    assert store.spec(name).text_dim == 8


def test_kill_while_dropping_hides_the_rest_until_it_is_swept(
    store: Store, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.create_kb(name, TINY)
    store.kb(name).upsert([record("x", text_vector=[1, 0, 0, 0])])
    client = store._client  # type: ignore[attr-defined]
    call = client.call

    def dies_at_the_first_drop(method: str, collection: str, **arguments: object) -> object:
        if method == "drop_collection":
            raise KeyboardInterrupt
        return call(method, collection, **arguments)

    monkeypatch.setattr(client, "call", dies_at_the_first_drop)
    with pytest.raises(KeyboardInterrupt):
        store.drop_kb(name)
    monkeypatch.undo()
    assert name not in store.list_kbs()
    store.drop_kb(name)
    with pytest.raises(KnowledgeBaseNotFound):
        store.drop_kb(name)
    store.create_kb(name, TINY)
    assert store.kb(name).counts().texts == 0


def test_missing_index_is_made_when_the_knowledge_base_is_opened(store: Store, name: str) -> None:
    store.create_kb(name, TINY)
    client = store._client  # type: ignore[attr-defined]
    client.call("release_collection", "Life_1_texts")
    client.call("drop_index", "Life_1_texts", index_name="vector")
    assert store.kb(name).index_info()["Life_1_texts"]["index_type"] == "IVF_FLAT"


def test_collections_of_others_are_left_alone(store: Store) -> None:
    client = store._client  # type: ignore[attr-defined]
    client.call("create_collection", "foreign_documents", dimension=4)
    try:
        assert "foreign" not in store.list_kbs()
        with pytest.raises(KnowledgeBaseNotFound):
            store.drop_kb("foreign")
        with pytest.raises(StoreError, match="belongs to another program"):
            store.create_kb("foreign", TINY)
        assert client.has("foreign_documents")
        assert SPEC_PROPERTY not in client.call("describe_collection", "foreign_documents").get("properties", {})
    finally:
        client.call("drop_collection", "foreign_documents")
        for part in ("texts", "images"):
            client.call("drop_collection", f"foreign_{part}")


@pytest.mark.parametrize("bad", ["", "1a", "a-b", "a b", "ä", "a" * 64, "../x", "a.b", "_x", "a\n"])
def test_name_that_cannot_be_is_refused_with_an_example(store: Store, bad: str) -> None:
    for act in (store.spec, store.drop_kb, lambda kb: store.create_kb(kb, TINY)):
        with pytest.raises(ConfigError, match="for example"):
            act(bad)


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        (replace(TINY, text_dim=1), "dimensions"),
        (replace(TINY, image_dim=1_000_000), "dimensions"),
        (replace(TINY, analyzer="klingon"), "RAG_ANALYZER"),
        (replace(TINY, analyzer="icu"), "lacks it.*RAG_ANALYZER to one of english, standard, chinese"),
        (replace(TINY, fields={f"c{i}": "int" for i in range(25)}), "at most 24"),
        (replace(TINY, fields={"x": "date"}), "declared as 'date'"),  # type: ignore[dict-item]
    ],
)
def test_spec_that_no_collection_can_hold_is_refused(store: Store, spec: KbSpec, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        store.create_kb("never", spec)
