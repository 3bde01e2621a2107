"""A knowledge base that an earlier version wrote opens, answers and is brought up to date."""

import zipfile
from pathlib import Path

import pytest

from ingest.cli import app
from rag import KnowledgeBase, load_settings
from rag.cli.app import run
from rag.errors import FingerprintMismatch

WRITTEN = Path(__file__).parent / "data" / "knowledge-base-0.1.0.zip"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    data = tmp_path_factory.mktemp("earlier")
    with zipfile.ZipFile(WRITTEN) as archive:
        archive.extractall(data)
    return load_settings(data_dir=data, chat="extractive", image_model="tower")


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


def test_what_sees_now_refuses_it_with_the_command_that_embeds_it_anew_from_its_own_pictures(tmp_path, monkeypatch):
    with zipfile.ZipFile(WRITTEN) as archive:
        archive.extractall(tmp_path)
    settings = load_settings(data_dir=tmp_path, chat="extractive")
    refusal = pytest.raises(FingerprintMismatch, match=r"RAG_IMAGE_MODEL=tower .*'ingest reembed --kb before'")
    with KnowledgeBase.open("before", settings=settings) as opened, refusal:
        opened.search("red disc")
    monkeypatch.setenv("RAG_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["ingest", "reembed", "--kb", "before"])
    assert run(app) == 0
    with KnowledgeBase.open("before", settings=settings) as opened:
        assert opened.spec.image_model.startswith("sight@")
        best = opened.search("red disc", where="year = 2021")[0]
        assert best.record.source == "dump/disc.png"
        assert best.channels["image"].raw is not None
