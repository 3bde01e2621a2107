"""One embedded store, several processes: the one that has it open lets the others in."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.errors import FingerprintMismatch, KnowledgeBaseNotFound, StoreLocked, StoreUnreachable
from rag.ports import KbSpec
from rag.store import connect
from rag.store.lifecycle import _KNOWN_S
from rag.store.link import Embedded, Link
from rag.store.lite.guest import Guest
from rag.store.lite.host import open_embedded
from rag.store.lite.locks import CollectionLocks
from tests.store.conftest import record, unit
from tests.store.other_process import Other, other_process

SPEC = KbSpec("words@1", 16)
CREATE = "store.create_kb('k', KbSpec('words@1', 16))"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared") / "milvus.db"


@pytest.fixture(scope="module")
def host(path: Path) -> Iterator[Any]:
    with connect(str(path), timeout_s=5) as store:  # type: ignore[attr-defined]
        yield store


@pytest.fixture(scope="module")
def guest(path: Path, host: Any) -> Iterator[Other]:
    with other_process(path) as other:
        yield other


@pytest.fixture
def kb(host: Any) -> Iterator[str]:
    host.create_kb("k", SPEC)
    yield "k"
    if "k" in host.list_kbs():
        host.drop_kb("k")


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """So much later that what is known of an open knowledge base is looked up again."""
    assert _KNOWN_S > 0
    monkeypatch.setattr("rag.store.lifecycle._KNOWN_S", -1.0)


def ids(store: Any, query: str, kb: str = "k", **options: Any) -> list[str]:
    return [hit.record.id for hit in store.kb(kb).search("text", unit(query), limit=3, **options)]


def test_a_guest_writes_what_the_host_finds_and_finds_what_the_host_writes(host: Any, guest: Other, kb: str) -> None:
    host.kb(kb).upsert([record("mine")])
    assert guest.does("store.uri") == repr(host.uri)
    assert guest.does("store.capabilities") == repr(host.capabilities)
    assert guest.does("store.kb('k').upsert([record('yours', text='pumps and valves')])") == "None"
    assert ids(host, "yours")[0] == "yours"
    assert guest.does("store.kb('k').search('text', unit('mine'), limit=1)[0].record.id") == "'mine'"
    lexical = "[(hit.record.id, hit.score > 0) for hit in store.kb('k').search('lexical', 'pumps', limit=3)]"
    assert guest.does(lexical) == "[('yours', True)]"
    assert guest.does("store.kb('k').optimize()['k_texts']['rows']") == "2"
    assert guest.does("store.kb('k').delete_documents(['doc'])") == "None"
    assert ids(host, "mine") == []


def test_only_this_user_can_reach_it(host: Any, path: Path) -> None:
    file = path / "ADDRESS"
    socket = Path(file.read_text().strip())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert stat.S_ISSOCK(socket.stat().st_mode)


def test_no_port_is_opened(tmp_path: Path) -> None:
    before = listening_ports()
    with connect(str(tmp_path / "milvus.db")) as store:
        store.create_kb("k", SPEC)
        assert listening_ports() == before


def listening_ports() -> set[str]:
    """Of this process."""
    rows = [row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/net/{name}").read_text().splitlines()]
    ours = {str(fd.readlink()) for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()}
    return {row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in ours}


def test_a_knowledge_base_that_a_guest_makes_is_there_at_once(host: Any, guest: Other) -> None:
    assert guest.does("store.create_kb('made', KbSpec('words@1', 16))") == "None"
    assert guest.does("store.kb('made').upsert([record('x')])") == "None"
    assert host.list_kbs() == ["made"]
    assert ids(host, "x", "made") == ["x"]
    assert guest.does("store.drop_kb('made')") == "None"
    assert host.list_kbs() == []
    with pytest.raises(KnowledgeBaseNotFound):
        ids(host, "x", "made")


def test_a_knowledge_base_made_anew_with_other_models_is_not_searched_with_the_old_vectors(
    host: Any, guest: Other, kb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.kb(kb).upsert([record("old")])
    assert ids(host, "old") == ["old"]
    for dim in (16, 8):
        assert guest.does(f"[store.drop_kb('k'), store.create_kb('k', KbSpec('words@{dim}', {dim}))]") == "[None, None]"
        assert guest.does(f"store.kb('k').upsert([record('new', text_vector=unit('new', {dim}))])") == "None"
        later(monkeypatch)
        for _ in range(2):
            with pytest.raises(FingerprintMismatch, match="embedded anew"):
                ids(host, "old")
        monkeypatch.undo()
        assert host.spec(kb) == replace(
            SPEC, text_model=f"words@{dim}", text_dim=dim
        )  # and from here on it is that one
        host.kb(kb).upsert([record("more", text_vector=unit("more", dim))])
        assert [hit.record.id for hit in host.kb(kb).search("text", unit("new", dim), limit=1)] == ["new"]


def test_a_reembedding_by_a_guest_is_told_and_then_searched(host: Any, guest: Other, kb: str) -> None:
    host.kb(kb).upsert([record("old")])
    assert ids(host, "old") == ["old"]
    assert guest.does("store.create_next('k', KbSpec('words@2', 16))") == "'k.next'"
    assert guest.does("store.kb('k.next').upsert([record('new')])") == "None"
    assert ids(host, "old") == ["old"]
    assert guest.does("store.switch('k')") == "None"
    with pytest.raises(FingerprintMismatch, match="embedded anew"):
        ids(host, "old")
    assert host.spec(kb).text_model == "words@2"
    assert ids(host, "new") == ["new"]


def test_other_spellings_of_the_path_are_the_same_store(host: Any, path: Path, kb: str, tmp_path: Path) -> None:
    host.kb(kb).upsert([record("x")])
    (tmp_path / "link.db").symlink_to(path)
    with other_process("./link.db", cwd=tmp_path) as guest:
        assert guest.does("store.kb('k').counts().texts") == "1"
        assert guest.does("__import__('sys').modules.get('milvus_lite')") == "None"


def test_a_guest_that_is_killed_frees_what_it_held(host: Any, path: Path, kb: str) -> None:
    host.kb(kb).upsert([record("x")])
    with connect(str(path), timeout_s=0.3) as impatient, other_process(path) as guest:  # type: ignore[attr-defined]
        assert ids(impatient, "x") == ["x"]
        guest.starts("hold('k_texts')")
        assert guest.answer() == "holds"
        with pytest.raises(StoreLocked, match="busy"):
            ids(impatient, "x")
        assert host.list_kbs() == ["k"]  # nothing else waits
        guest.kill()
        assert ids(impatient, "x") == ["x"]


def test_when_the_host_is_killed_a_guest_takes_over_and_lets_others_in(tmp_path: Path) -> None:
    path = tmp_path / "milvus.db"
    with other_process(path) as host:
        assert host.does(f"{CREATE}, store.kb('k').upsert([record('x')])") == "(None, None)"
        with connect(str(path)) as guest:  # type: ignore[attr-defined]
            assert ids(guest, "x") == ["x"]
            before = (path / "ADDRESS").read_text()
            host.kill()
            assert ids(guest, "x") == ["x"]
            assert (path / "ADDRESS").read_text() != before
            guest.kb("k").upsert([record("y")])
            with other_process(path) as next_guest:
                assert next_guest.does("store.kb('k').search('text', unit('y'), limit=1)[0].record.id") == "'y'"


def test_when_the_host_ends_a_guest_goes_on_writing(tmp_path: Path) -> None:
    path = tmp_path / "milvus.db"
    with other_process(path) as host, connect(str(path)) as guest:  # type: ignore[attr-defined]
        host.does(CREATE)
        errors: list[Exception] = []
        written: list[str] = []
        ended = threading.Event()

        def write() -> None:
            try:
                while not ended.is_set() or len(written) < 200:
                    rows = [f"{len(written)}_{i}" for i in range(10)]
                    guest.kb("k").upsert([record(row) for row in rows])
                    written.extend(rows)
            except Exception as error:  # noqa: BLE001 (a thread's failure must reach the test)
                errors.append(error)

        thread = threading.Thread(target=write)
        thread.start()
        while len(written) < 50:
            thread.join(0.001)
        assert host.end() == 0
        ended.set()
        thread.join()
        assert errors == []
        assert set(guest.kb("k").records(written)) == set(written)
    assert not (path / "ADDRESS").exists()


def test_a_host_that_ends_while_one_connects_is_passed_over(host: Any, tmp_path: Path) -> None:
    found = [Guest(tmp_path, tmp_path / "nobody"), open_embedded(Path(host.uri))]
    where = Embedded(lambda: found.pop(0), CollectionLocks())
    link = Link("x", where, "", connect_timeout_s=0.2)
    with link.request("list") as milvus:
        assert milvus.list_collections() == []
    link.close()


def test_a_page_after_the_host_is_gone_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "milvus.db"
    with other_process(path) as host, connect(str(path)) as guest:  # type: ignore[attr-defined]
        host.does(CREATE)
        host.does("store.kb('k').put_documents([Document(f'd{i}', 's', '/s', 'h', 'done', 0) for i in range(1500)])")
        documents = guest.kb("k").documents()
        next(documents)
        host.kill()
        with pytest.raises(StoreUnreachable, match=r"milvus\.db.* has ended.*again"):
            list(documents)


def test_processes_write_and_read_side_by_side(host: Any, guest: Other, kb: str) -> None:
    """Every row is there in the end, and each process finds its own right after it wrote them."""
    guest.starts("work('k', 'guest', 60)")
    for i in range(60):
        host.kb(kb).upsert([record(f"host_{i}_{j}") for j in range(5)])
        assert ids(host, f"host_{i}_2")[0] == f"host_{i}_2"
    assert guest.answer() == "True"
    wanted = {f"{who}_{i}_{j}" for who in ("host", "guest") for i in range(60) for j in range(5)}
    assert set(host.kb(kb).records(sorted(wanted))) == wanted
    assert host.kb(kb).counts().texts == len(wanted)


def test_an_address_that_nobody_answers_at_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "milvus.db"
    connect(str(path)).close()
    for stale in (f"{tmp_path}/nothing", "", "\0", str(tmp_path)):
        (path / "ADDRESS").write_text(stale)
        connect(str(path)).close()
        assert not (path / "ADDRESS").exists()
