"""A knowledge base that an earlier version wrote opens, answers and is brought up to date."""

import zipfile
from pathlib import Path

import pytest

from rag import KnowledgeBase, load_settings

WRITTEN = Path(__file__).parent / "data" / "knowledge-base-0.1.0.zip"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    data = tmp_path_factory.mktemp("earlier")
    with zipfile.ZipFile(WRITTEN) as archive:
        archive.extractall(data)
    return load_settings(data_dir=data, chat="extractive")


@pytest.fixture(scope="module")
def kb(settings):
    with KnowledgeBase.open("before", settings=settings) as opened:
        yield opened


def test_words_find_its_passages(kb):
    best = kb.search("How often is the oil changed?")[0]
    assert best.record.source == "dump/pump.md"
    assert "every 500 hours" in best.record.text


def test_a_picture_is_found_by_its_caption_and_shown(kb):
    best = kb.search("red disc", where="year = 2021")[0]
    assert best.record.source == "dump/disc.png"
    assert best.record.metadata["texts"][0] == {"origin": "caption", "text": "A red disc on white"}
    asset = kb._assets.get(best.record.metadata["asset"])
    assert asset.startswith(b"RIFF")
    assert kb.search(image=asset)[0].record.source == "dump/disc.png"


def test_an_answer_cites_it(kb):
    answer = kb.ask("Which valve is closed first?")
    assert "inlet valve" in answer.text
    assert answer.hits[answer.citations[0].hit].record.source == "dump/pump.md"


def test_its_manifest_is_read(kb):
    documents = {document.source: document for document in kb.store.kb("before").documents()}
    assert {source: document.state for source, document in documents.items()} == {
        "dump/disc.png": "done",
        "dump/pump.md": "done",
    }
    assert dict(kb.spec.fields) == {"year": "int"}
