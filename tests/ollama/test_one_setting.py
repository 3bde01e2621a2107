"""`RAG_TEXT_MODEL=ollama:NAME` alone is enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.config import Settings
from rag.errors import ConfigError
from rag.health.inventory import list_models
from rag.models.ollama import captioning_model, named_models
from rag.models.registry import Models
from tests.chat.server import FakeOllama, Model, running


@pytest.fixture
def fake() -> Iterator[FakeOllama]:
    with running() as server:
        server.models = {"tiny:latest": Model(capabilities=["embedding"])}
        yield server


def _settings(fake: FakeOllama, tmp_path: Path, **more: object) -> Settings:
    return Settings(data_dir=tmp_path, text_model="ollama:tiny", ollama_url=fake.url, **more)  # type: ignore[arg-type]


def test_the_tower_keeps_its_text_model_and_the_reranker_is_off(fake: FakeOllama, tmp_path: Path) -> None:
    models = Models(_settings(fake, tmp_path))
    assert models.text_embedder.fingerprint.startswith("ollama:tiny@")
    assert models.image_embedder is not None
    assert models.reranker is None
    rows = {row.role: row for row in list_models(_settings(fake, tmp_path))}
    assert "its words are read by MiniLM" in rows["image"].origin
    assert "has no token vectors" in rows["reranker"].origin
    assert not any(row.problem for row in rows.values())


def test_a_reranker_that_was_asked_for_is_not_left_out_in_silence(fake: FakeOllama, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="needs token vectors"):
        _ = Models(_settings(fake, tmp_path, reranker="maxsim")).reranker


def test_pull_knows_every_model_of_ollama_that_the_settings_name(fake: FakeOllama, tmp_path: Path) -> None:
    settings = _settings(fake, tmp_path, caption_model="eye", chat_model="writer")
    assert [model.wanted for model in named_models(settings)] == ["tiny", "writer"]
    assert [model.wanted for model in named_models(settings, for_ingest=True)] == ["tiny", "eye"]
    assert [model.wanted for model in named_models(Settings(data_dir=tmp_path, chat="extractive"))] == []


def test_captions_are_exact_and_blamed_on_their_own_setting(fake: FakeOllama, tmp_path: Path) -> None:
    import anyio

    model = captioning_model(_settings(fake, tmp_path, caption_model="eye", temperature=0.9))
    with pytest.raises(Exception, match="RAG_CAPTION_MODEL"):
        anyio.run(model.info)
