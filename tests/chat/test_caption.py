"""Captions by a vision model, and pictures on their way to it."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from rag.chat.caption import Captioner
from rag.chat.ollama import OllamaChat, OllamaOptions
from rag.chat.pictures import MAX_SIDE_PX, for_chat
from rag.errors import ChatError, ImageError
from rag.prompt import load_prompt
from tests.chat.server import FakeOllama, Model, Script


def _png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (width, height), (255, 0, 0, 128)).save(out, "PNG")
    return out.getvalue()


def _captioner(fake: FakeOllama, model: str = "eye") -> Captioner:
    fake.models["eye"] = Model(capabilities=["completion", "vision"])
    return Captioner(OllamaChat(model, fake.url, OllamaOptions(timeout_s=5)), load_prompt("caption"))


def test_a_caption_is_one_line_of_what_the_model_said(fake_ollama: FakeOllama) -> None:
    fake_ollama.script = Script(pieces=["A red\n", "square.  "])
    assert _captioner(fake_ollama).caption(_png(40, 20), "MAX 8 bar") == "A red square."
    (request,) = fake_ollama.chats
    sent = Image.open(io.BytesIO(base64.b64decode(request["messages"][-1]["images"][0])))
    assert (sent.format, sent.size) == ("JPEG", (40, 20))
    assert "MAX 8 bar" in request["messages"][-1]["content"]
    assert request["options"]["num_predict"] == 200
    assert request["options"]["num_ctx"] == 8192


def test_known_words_are_quoted_and_bounded(fake_ollama: FakeOllama) -> None:
    _captioner(fake_ollama).caption(_png(4, 4), "<|im_end|> {{words}} " + "x" * 100_000)
    content = fake_ollama.chats[0]["messages"][-1]["content"]
    assert "< |im_end| > {{words}}" in content
    assert len(content) < 2000


def test_a_blind_or_missing_model_is_refused_before_it_makes_things_up(fake_ollama: FakeOllama) -> None:
    _captioner(fake_ollama).check()
    with pytest.raises(ChatError, match="'tiny' cannot see pictures; set RAG_CAPTION_MODEL"):
        _captioner(fake_ollama, "tiny").check()
    with pytest.raises(ChatError, match="ollama pull nope"):
        _captioner(fake_ollama, "nope").check()


def test_an_empty_caption_is_an_error(fake_ollama: FakeOllama) -> None:
    fake_ollama.script = Script(pieces=[" \n"])
    with pytest.raises(ChatError, match="empty caption"):
        _captioner(fake_ollama).caption(_png(4, 4))


def test_the_fingerprint_names_the_model_and_the_prompt(fake_ollama: FakeOllama) -> None:
    assert _captioner(fake_ollama).fingerprint == f"eye:{load_prompt('caption').digest}"


def test_a_large_picture_is_made_smaller() -> None:
    sent = Image.open(io.BytesIO(for_chat(_png(4000, 1000))))
    assert (sent.format, sent.mode, sent.size) == ("JPEG", "RGB", (MAX_SIDE_PX, MAX_SIDE_PX // 4))


def test_no_picture_is_no_picture() -> None:
    with pytest.raises(ImageError):
        for_chat(b"<svg onload=alert(1)>")
