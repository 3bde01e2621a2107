"""The embedded engine: shared within a process, kept through a kill, quiet."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rag.ports import KbSpec
from rag.store import connect
from rag.types import Document
from tests.store.conftest import record, unit

SPEC = KbSpec("words@1", 16, "pixels@1", 8)

WRITER = """
import sys
from rag.ports import KbSpec
from rag.store import connect
from rag.types import Document
from tests.store.conftest import record, unit
store = connect(sys.argv[1])
store.create_kb("k", KbSpec("words@1", 16, "pixels@1", 8))
for i in range(int(sys.argv[2]), 100_000):
    rows = [record(f"{i}_{j}", doc=f"d{i}", text_vector=unit(j), image_vector=unit(j, 8)) for j in range(3)]
    store.kb("k").put_documents([Document(f"d{i}", "s", "/s", "h", "writing", 3)])
    store.kb("k").upsert(rows)
    store.kb("k").put_documents([Document(f"d{i}", "s", "/s", "h", "done", 3)])
    print(i, flush=True)
"""


@pytest.mark.parametrize("n_lines", [1, 7, 40])
def test_everything_acknowledged_survives_a_kill_in_order(tmp_path: Path, n_lines: int) -> None:
    path = tmp_path / "milvus.db"
    first = 0
    for _ in range(2):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(first)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
        )
        assert writer.stdout is not None
        for _ in range(n_lines):
            last = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        late, _ = writer.communicate()  # on a busy machine it goes on a good while before the signal comes
        last = max([last, *(int(line) for line in late.splitlines(keepends=True) if line.endswith("\n"))])
        with connect(str(path)) as store:  # type: ignore[attr-defined]
            done = {document.doc_id for document in store.kb("k").documents(states=["done"])}
            known = {document.doc_id for document in store.kb("k").documents()}
            ids = [f"{i}_{j}" for i in range(last + 2) for j in range(3)]
            for doc_id in done:  # a document that says done has all its records, in both spaces
                wanted = [id_ for id_ in ids if id_.split("_")[0] == doc_id[1:]]
                for space in ("texts", "images"):
                    assert len(store.kb("k").vectors(space, wanted)) == 3
            assert {f"d{i}" for i in range(last + 1)} <= done
            written = {row.doc_id for row in store.kb("k").records(ids).values()}
            assert written <= known  # and no record is without a row in the manifest
        first = last + 1


def test_stores_of_one_path_share_the_engine(tmp_path: Path) -> None:
    path = str(tmp_path / "milvus.db")
    one, two = connect(path), connect(path)
    one.create_kb("k", SPEC)
    two.kb("k").upsert([record("x")])
    one.close()
    assert two.kb("k").counts().texts == 1
    two.close()
    with connect(path) as again:  # type: ignore[attr-defined]
        assert again.kb("k").search("text", unit("x"), limit=1)[0].record.id == "x"


def test_store_that_is_never_closed_is_written_out_at_exit(tmp_path: Path) -> None:
    path = tmp_path / "milvus.db"
    script = WRITER.replace("100_000", "3")
    ended = subprocess.run(
        [sys.executable, "-c", script, str(path), "0"], capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stderr == ""
    assert not list(path.glob("collections/*/wal/*"))
    with connect(str(path)) as store:  # type: ignore[attr-defined]
        assert store.kb("k").counts().texts == 9


def test_half_made_collection_does_not_block_its_name(tmp_path: Path) -> None:
    path = tmp_path / "milvus.db"
    connect(str(path)).close()
    for part in ("texts", "images", "documents"):
        (path / "collections" / f"k_{part}" / "wal").mkdir(parents=True)
    with connect(str(path)) as store:  # type: ignore[attr-defined]
        assert store.list_kbs() == []
        store.create_kb("k", SPEC)
        store.kb("k").upsert([record("x")])
        assert store.kb("k").counts().texts == 1


def test_small_collections_are_indexed_in_silence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with connect(str(tmp_path / "milvus.db")) as store:  # type: ignore[attr-defined]
        store.create_kb("k", SPEC)
        store.kb("k").upsert([record(f"{i}") for i in range(20)])
        store.kb("k").optimize()
    assert capfd.readouterr() == ("", "")


def test_threads_write_and_read_side_by_side(tmp_path: Path) -> None:
    errors: list[Exception] = []
    with connect(str(tmp_path / "milvus.db")) as store:  # type: ignore[attr-defined]
        store.create_kb("k", SPEC)

        def work(worker: int) -> None:
            try:
                for step in range(15):
                    id_ = f"{worker}_{step}"
                    store.kb("k").upsert([record(id_)])
                    store.kb("k").put_documents([Document(id_, "s", "/s", "h", "done", 1)])
                    assert store.kb("k").search("text", unit(id_), limit=1)[0].record.id == id_
                    store.kb("k").search("lexical", f"text of {id_}", limit=3)
                    if step == 7:
                        store.kb("k").optimize()
            except Exception as error:  # noqa: BLE001 (a thread's failure must reach the test)
                errors.append(error)

        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        counts = store.kb("k").counts()
        assert (counts.texts, counts.documents["done"]) == (60, 60)


CHINESE = """
import sys
from rag.ports import KbSpec
from rag.store import connect
from tests.store.conftest import record, unit
store = connect(sys.argv[1])
store.create_kb("k", KbSpec("words@1", 16, analyzer="chinese"))
store.kb("k").upsert([record("a", text="水泵的维护手册", text_vector=unit(0))])
print(len(store.kb("k").search("lexical", "水泵", limit=3)), flush=True)
store.close()
"""


def test_chinese_words_are_found_without_a_word_on_stderr(tmp_path: Path) -> None:
    pytest.importorskip("jieba", reason="the extra 'chinese' is not installed")
    command = [sys.executable, "-c", CHINESE, str(tmp_path / "milvus.db")]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    assert (ended.stdout, ended.stderr) == ("1\n", "")
