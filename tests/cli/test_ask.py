"""Models of Ollama that the settings name are pulled where they are missing, whatever they are for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from rag.cli import ask
from rag.config import Settings
from rag.knowledge_base import KnowledgeBase
from tests.chat.server import FakeOllama, Model, running

NAMED: dict[str, Any] = {"text_model": "ollama:vectors", "chat_model": "writer", "caption_model": "eye"}


@pytest.fixture
def fake() -> Iterator[FakeOllama]:
    with running() as server:
        server.registry = {name: Model() for name in ("vectors", "writer", "eye")}
        yield server


def _settings(fake: FakeOllama, tmp_path: Path, **more: Any) -> Settings:
    return Settings(data_dir=tmp_path, **{"ollama_url": fake.url, **NAMED, **more})


@pytest.mark.parametrize(("for_ingest", "pulled"), [(False, {"vectors", "writer"}), (True, {"vectors", "eye"})])
def test_text_chat_and_caption_models_are_pulled_where_they_are_needed(
    fake: FakeOllama, tmp_path: Path, for_ingest: bool, pulled: set[str]
) -> None:
    before = set(fake.models)
    ask.pull_models(_settings(fake, tmp_path), for_ingest=for_ingest)
    assert set(fake.models) - before == pulled


def test_what_is_there_needs_no_registry(fake: FakeOllama, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fake.models |= fake.registry
    fake.registry.clear()
    ask.pull_models(_settings(fake, tmp_path))
    assert capsys.readouterr().err == ""


def test_what_cannot_be_pulled_is_said_and_the_others_are(
    fake: FakeOllama, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del fake.registry["vectors"]
    ask.pull_models(_settings(fake, tmp_path))
    assert "'vectors' was not pulled" in capsys.readouterr().err
    assert "writer" in fake.models
    ask.pull_models(_settings(fake, tmp_path, ollama_url="http://127.0.0.1:9", text_model="minilm"))
    assert "note: 'writer' was not pulled: no Ollama server answers" in capsys.readouterr().err


def test_a_conversation_may_have_its_models_pulled_first(
    fake: FakeOllama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[bool] = []

    def run_chat(*_: object, **__: object) -> int:
        there.append("writer" in fake.models)
        return 0

    monkeypatch.setattr("rag.cli.repl.run_chat", run_chat)
    kb = cast("KnowledgeBase", type("Kb", (), {"settings": _settings(fake, tmp_path)})())
    assert ask.chat(kb) == ask.chat(kb, pull=True) == 0
    assert there == [False, True]
