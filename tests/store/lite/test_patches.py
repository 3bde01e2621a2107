"""Each patch of another library works, and the library still needs it: when one of these fails, drop the patch."""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from milvus_lite.db import MilvusLite
from milvus_lite.schema.types import CollectionSchema, DataType, FieldSchema

from rag.store.lite.patches import Database

SCHEMA = CollectionSchema(
    [FieldSchema("id", DataType.VARCHAR, is_primary=True, max_length=9), FieldSchema("v", DataType.FLOAT_VECTOR, dim=2)]
)
FEW_POINTS = """
import faiss, numpy
{patch}
quantizer = faiss.IndexFlatIP(4)
faiss.IndexIVFFlat(quantizer, 4, 8, faiss.METRIC_INNER_PRODUCT).train(numpy.random.rand(30, 4).astype("float32"))
"""


def stderr_of(code: str, **env: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, **env}
    )
    return done.stderr


def test_faiss_warns_of_few_points_and_the_patch_makes_it_quiet():
    assert "WARNING clustering 30 points" in stderr_of(FEW_POINTS.format(patch=""))
    patch = "from rag.store.lite.patches import quiet_clustering; quiet_clustering()"
    assert stderr_of(FEW_POINTS.format(patch=patch)) == ""


@pytest.mark.parametrize(("database", "n_opened"), [(MilvusLite, 2), (Database, 1)])
def test_two_threads_open_a_collection_once_with_the_patch_only(database, n_opened, tmp_path, monkeypatch):
    made = MilvusLite(str(tmp_path / "x.db"))
    made.create_collection("c", SCHEMA)
    made.close()
    opened, meet = [], threading.Barrier(2)
    real = sys.modules["milvus_lite.db"].Collection

    def slow(*args, **kwargs):
        opened.append(args[0])
        with suppress(threading.BrokenBarrierError):
            meet.wait(timeout=1)  # the other thread is here too, unless it may not be
        return real(*args, **kwargs)

    both = database(tmp_path / "x.db")
    monkeypatch.setattr("milvus_lite.db.Collection", slow)
    threads = [threading.Thread(target=both.get_collection, args=("c",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    both.close()
    assert len(opened) == n_opened


def test_a_folder_without_a_schema_blocks_its_name_without_the_patch_only(tmp_path):
    for database, works in ((MilvusLite, False), (Database, True)):
        folder = tmp_path / f"{database.__name__}.db"
        open_database = database(folder)
        left = Path(open_database.data_dir, "collections", "c")
        left.mkdir(parents=True)
        if works:
            open_database.create_collection("c", SCHEMA)
        else:
            with pytest.raises(FileExistsError):
                open_database.create_collection("c", SCHEMA)
        open_database.close()


def test_pymilvus_takes_a_foreign_env_file_and_connect_keeps_it_out(tmp_path):
    (tmp_path / ".env").write_text("FROM_ABOVE=1\n", encoding="utf-8")
    found = (
        "from unittest import mock; import dotenv.main, os, sys; dotenv.main.find_dotenv = lambda *a, **k: {path!r}\n"
    )
    shows = "\nprint(os.environ.get('FROM_ABOVE'), file=sys.stderr)"
    path = str(tmp_path / ".env")
    assert stderr_of(f"{found.format(path=path)}import pymilvus{shows}").strip() == "1"
    ours = f"from rag.store import connect\nconnect({str(tmp_path / 'x.db')!r}).close()"
    assert stderr_of(f"{found.format(path=path)}{ours}{shows}").strip() == "None"
