"""A tiny library, and servers over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from fastapi import FastAPI

from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from tests.chat.server import FakeOllama, running
from tests.serve.mcp_library import small_library
from tests.serve.serving import serving


@pytest.fixture
def library(tmp_path: Path) -> Iterator[OpenKnowledgeBases]:
    """`manuals` and `secrets` of `small_library`; answers are quoted, no model writes them."""
    with small_library(tmp_path) as library:
        yield library


@pytest.fixture
def serve() -> Callable[[FastAPI], AbstractContextManager[str]]:
    """`with serve(create_app(library)) as url:`, on a free port of 127.0.0.1."""
    return serving


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeOllama]:
    """A loopback Ollama."""
    with running() as fake:
        yield fake
