"""What Milvus Lite and FAISS do that this project cannot live with, mended from outside.

Each patch has a test in `tests/store/lite/test_patches.py` that fails when the library no longer needs it.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss
from milvus_lite.db import MilvusLite

_IndexIVFFlat = faiss.IndexIVFFlat


def quiet_clustering() -> None:
    """FAISS writes "WARNING clustering 30 points ..." to stderr for every small segment.

    Milvus Lite, which makes the index, has no setting for it.
    """
    setattr(faiss, "IndexIVFFlat", _quiet_index)  # noqa: B010


def _quiet_index(*args: Any) -> Any:
    index = _IndexIVFFlat(*args)
    index.cp.min_points_per_centroid = 1
    return index


def _alone(method: Callable[..., Any]) -> Callable[..., Any]:
    def alone(self: Database, *args: Any, **kwargs: Any) -> Any:
        with self.catalog:
            return method(self, *args, **kwargs)

    return alone


class Database(MilvusLite):  # type: ignore[misc]
    """MilvusLite, where threads may open the same collection at the same time.

    Two that find it not open yet would open it twice, with two logs in one file.
    """

    def __init__(self, folder: Path) -> None:
        self.catalog = threading.RLock()
        super().__init__(str(folder))
        for collection in (folder / "collections").glob("*/"):
            _sweep(collection)

    def _created(self, name: str, *args: Any, **kwargs: Any) -> Any:
        self._validate_name(name)
        _sweep(Path(self.data_dir, "collections", name))
        return MilvusLite.create_collection(self, name, *args, **kwargs)

    def _opened(self, name: str, **database: str) -> Any:
        known = len(self._collections)
        collection = MilvusLite.get_collection(self, name, **database)
        if len(self._collections) > known:
            # What a killed process left in the log is searched row by row (2 s for 20,000) until it is in a segment.
            collection.flush()
        return collection

    get_collection = _alone(_opened)
    create_collection = _alone(_created)
    drop_collection = _alone(MilvusLite.drop_collection)
    rename_collection = _alone(MilvusLite.rename_collection)
    create_alias = _alone(MilvusLite.create_alias)
    alter_alias = _alone(MilvusLite.alter_alias)
    drop_alias = _alone(MilvusLite.drop_alias)


def _sweep(collection: Path) -> None:
    """Removes what a kill or a full disk leaves of a creation or a drop: a folder without a schema blocks the name."""
    if collection.is_dir() and not (collection / "schema.json").exists():
        shutil.rmtree(collection, ignore_errors=True)
