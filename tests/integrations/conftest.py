"""One small knowledge base, `manuals`, ingested with the real models of the default profile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from ingest import ingest_paths
from rag import KnowledgeBase

PASSAGES = {
    "pump.md": "# Pump\n\nValve A is closed first, then the pump is switched off.\n",
    "bell.md": "# Bell\n\nThe tower bell rings at noon and at midnight.\n",
    "rope.md": "# Rope\n\nThe climbing rope is replaced every ten years.\n",
    "goat.md": "# Ferry\n\nA goat rides the ferry for one crown.\n",
}


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the knowledge base in it, and the dump it was made from beside it."""
    folder = tmp_path_factory.mktemp("manuals")
    dump = folder / "dump"
    dump.mkdir()
    for name, text in PASSAGES.items():
        (dump / name).write_text(text, encoding="utf-8")
    Image.new("RGB", (64, 64), "red").save(dump / "red.png")
    with KnowledgeBase.open("manuals", create=True, data_dir=folder, ocr=False) as kb:
        ingest_paths(kb, [dump])
    return folder


@pytest.fixture(scope="module")
def kb(data_dir: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open("manuals", data_dir=data_dir, ocr=False, chat="extractive") as kb:
        yield kb


@pytest.fixture
def picture(data_dir: Path) -> Path:
    return data_dir / "dump" / "red.png"
