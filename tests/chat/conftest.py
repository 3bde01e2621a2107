"""Fixtures for everything that talks to a chat model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chat.server import FakeOllama, running


@pytest.fixture
def fake_ollama() -> Iterator[FakeOllama]:
    with running() as fake:
        yield fake
