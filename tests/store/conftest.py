"""Two real stores for the contract suite: the embedded one, and a Milvus 2.3.5 server started for the session."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.ports import KbSpec, Store
from rag.store import connect
from rag.types import EmbeddedRecord, Record
from tests.store.milvus_server import TOKEN, running_server

DIM = 16
SPEC = KbSpec(
    text_model="words@1",
    text_dim=DIM,
    image_model="pixels@1",
    image_dim=8,
    fields={"year": "int", "price": "float", "odd name": "str", "final": "bool"},
)


@dataclass(frozen=True)
class Backend:
    """Where a store is, and the token that opens it."""

    uri: str
    token: str | None


@pytest.fixture(scope="session")
def server() -> Iterator[Backend]:
    pytest.importorskip("milvus", reason="the Milvus server of the PyPI package milvus is not installed")
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder)) as uri:
        yield Backend(uri, TOKEN)


@pytest.fixture(scope="session", params=["lite", pytest.param("server", marks=pytest.mark.server)])
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Backend:
    if request.param == "server":
        found: Backend = request.getfixturevalue("server")
        return found
    return Backend(str(tmp_path_factory.mktemp("lite") / "milvus.db"), None)


@pytest.fixture(scope="session")
def store(backend: Backend) -> Iterator[Store]:
    store = connect(backend.uri, backend.token)
    yield store
    store.close()


@pytest.fixture(scope="module")
def kb(store: Store, request: pytest.FixtureRequest) -> Iterator[str]:
    """A knowledge base of the test module's own: opening one costs a server three seconds."""
    name = "kb_" + request.module.__name__.rsplit(".", 1)[-1]
    store.create_kb(name, SPEC)
    yield name
    store.drop_kb(name)


def unit(seed: str | int, dim: int = DIM) -> Any:
    """A direction that hangs on the seed alone."""
    digest = hashlib.sha256(str(seed).encode()).digest()
    vector = np.random.default_rng(int.from_bytes(digest[:8], "big")).normal(size=dim).astype(np.float32)
    return vector / np.linalg.norm(vector)


def record(
    id_: str,
    *,
    doc: str = "doc",
    text: str = "",
    kind: str = "text",
    text_vector: Any = None,
    image_vector: Any = None,
    **metadata: Any,
) -> EmbeddedRecord:
    """A record with a text vector of its own, unless another or only an image vector is given."""
    if text_vector is None and image_vector is None:
        text_vector = unit(id_)
    made = Record(id_, doc, f"dump/{doc}.pdf", kind, text or f"text of {id_}", metadata)  # type: ignore[arg-type]
    return EmbeddedRecord(made, text_vector, image_vector)
