"""The server of `RAG_OLLAMA_URL`, with the model of `RAG_TEST_OLLAMA_MODEL`; without one these tests are skipped."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator

import pytest

from tests.chat.server import FakeOllama, Model, running
from tests.no_ollama import REAL_URL

MODEL = os.environ.get("RAG_TEST_OLLAMA_MODEL", "smollm2")
"""Read when this file is: tests run without any setting in their environment."""


@pytest.fixture(scope="session")
def real_url() -> str:
    if not REAL_URL:
        pytest.skip("RAG_OLLAMA_URL names no server; tools/ollama/README.md tells how to get one")
    try:
        with urllib.request.urlopen(f"{REAL_URL}/api/tags", timeout=5) as answer:
            held = [model["name"].removesuffix(":latest") for model in json.load(answer)["models"]]
    except OSError as error:
        pytest.skip(f"no Ollama server answers at {REAL_URL}: {error}")
    if MODEL not in held:
        pytest.skip(
            f"the server at {REAL_URL} has no model '{MODEL}' (it has {', '.join(held)}); set RAG_TEST_OLLAMA_MODEL"
        )
    return REAL_URL


@pytest.fixture
def model() -> str:
    return MODEL


@pytest.fixture
def stand_in() -> Iterator[FakeOllama]:
    with running() as fake:
        fake.models = {MODEL: Model(), "embedder": Model(capabilities=["embedding"])}
        yield fake
