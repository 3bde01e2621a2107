import asyncio
import io
import threading
from dataclasses import replace

import pytest
from fakes import ColourEmbedder, MemoryStore, TopicEmbedder, record
from PIL import Image

from rag.config import load_settings
from rag.errors import ConfigError, FingerprintMismatch, ImageError, KnowledgeBaseNotFound, StoreError
from rag.knowledge_base import KnowledgeBase
from rag.models.compatibility import require_same_models
from rag.models.registry import Models
from rag.ports import KbSpec
from rag.types import AnswerEvent, EmbeddedRecord, SourcesEvent, TokenEvent, Turn

TEXTS = TopicEmbedder()
SPEC = KbSpec(TEXTS.fingerprint, TEXTS.dim, analyzer="english")
PASSAGES = [
    "The pump is closed before the bell rings.",
    "A goat rides for one crown.",
    "The rope is changed every ten years.",
    *(f"Nothing of interest happened on day {day}." for day in range(20)),
]


class Noting(TopicEmbedder):
    """Keeps the questions that it embedded."""

    def __init__(self, asked):
        self.asked = asked

    def embed_query(self, text):
        self.asked.append(text)
        return TEXTS.embed_query(text)


class FakeModels(Models):
    """The settings' models, but for the embedders."""

    text_embedder = TEXTS
    image_embedder = None


def png():
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def kb(tmp_path):
    rows = [EmbeddedRecord(record(f"r{i}", text), TEXTS.embed_query(text), None) for i, text in enumerate(PASSAGES)]
    settings = load_settings(data_dir=tmp_path, chat="extractive", ocr=False)
    with KnowledgeBase("kb", MemoryStore(SPEC, rows), settings, FakeModels(settings)) as kb:
        yield kb


def test_search_gives_hits_that_can_be_used_as_a_sequence(kb):
    hits = kb.search("pump", top_k=2)
    assert len(hits) == 2
    assert hits[0].record.text == PASSAGES[0]
    assert next(iter(hits)).record.id == "r0"


def test_ask_answers_with_numbered_sources(kb):
    answer = kb.ask("which goat")
    assert "[1]" in answer.text
    assert answer.hits[0].record.text == PASSAGES[1]
    assert answer.citations[0].hit == 0
    assert answer.model is None
    assert any("no model wrote" in note.text for note in answer.notes)
    assert {"encode", "search", "fuse", "rerank"} <= set(answer.timings_s)


def test_the_stream_begins_with_sources_and_ends_with_the_answer(kb):
    events = list(kb.stream("rope"))
    assert isinstance(events[0], SourcesEvent)
    assert isinstance(events[-1], AnswerEvent)
    assert "".join(e.text for e in events if isinstance(e, TokenEvent)).strip() == events[-1].answer.text.strip()


def test_a_follow_up_is_searched_with_what_came_before(kb):
    answer = kb.ask("and how often?", history=[Turn("When is the rope changed?", "Every ten years [1].")])
    assert answer.hits[0].record.text == PASSAGES[2]
    assert any("it was searched as" in note.text for note in answer.notes)


def test_a_question_about_a_picture_is_not_mixed_with_what_was_said_before(kb):
    answer = kb.ask(
        "and what is this?", image=png(), history=[Turn("When is the rope changed?", "Every ten years [1].")]
    )
    assert not any("it was searched as" in note.text for note in answer.notes)


def test_the_async_twins_agree_with_the_sync_methods(kb):
    import anyio

    async def both():
        found = await kb.asearch("pump", top_k=1)
        answer = await kb.aask("pump")
        events = [event async for event in kb.astream("pump")]
        return found, answer, events

    found, answer, events = anyio.run(both)
    assert found.hits == kb.search("pump", top_k=1).hits
    assert answer.text == kb.ask("pump").text == events[-1].answer.text


def test_models_are_not_loaded_on_the_event_loop(kb, monkeypatch):
    import anyio

    loaded_in = []
    monkeypatch.setattr("rag.rerank.make_reranker", lambda *_, **__: loaded_in.append(threading.get_ident()))

    async def asked():
        await kb.aask("pump")
        return threading.get_ident()

    loop_thread = anyio.run(asked)
    assert loaded_in
    assert loop_thread not in loaded_in


def test_many_threads_may_ask_at_once(kb):
    answers, threads = [None] * 8, []
    for place in range(8):
        question = ("pump", "goat", "rope")[place % 3]
        threads.append(threading.Thread(target=lambda p=place, q=question: answers.__setitem__(p, kb.search(q)[0])))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [hit.record.text for hit in answers] == [PASSAGES[place % 3] for place in range(8)]


def test_nothing_asked_is_an_error(kb):
    with pytest.raises(ConfigError, match="give words, a picture, or both"):
        kb.search("  ")
    with pytest.raises(ConfigError, match="top_k is 0"):
        kb.search("pump", top_k=0)


def test_a_missing_picture_is_named(kb):
    with pytest.raises(ImageError, match=r"nowhere\.png"):
        kb.search(image="nowhere.png")


def test_a_picture_beyond_all_measure_is_refused(kb, tmp_path, monkeypatch):
    monkeypatch.setattr("rag.question.MAX_IMAGE_BYTES", 1024**2)
    (tmp_path / "huge.png").write_bytes(bytes(1024**2 + 1))
    with pytest.raises(ImageError, match="more than 1 MiB"):
        kb.search(image=tmp_path / "huge.png")


def test_another_model_is_refused_with_both_names_and_the_remedy():
    with pytest.raises(FingerprintMismatch) as error:
        require_same_models("kb", SPEC, KbSpec("other@2", 7, "clip@1", 4, analyzer="english"))
    message = str(error.value)
    assert "it has topics@1, the settings name other@2" in message
    assert "it has none, the settings name clip@1" in message
    assert "rag kb drop kb" in message


def test_a_knowledge_base_without_pixels_says_how_to_search_it_as_it_is():
    with pytest.raises(FingerprintMismatch) as error:
        require_same_models("kb", SPEC, replace(SPEC, image_model="vision-tower@1", image_dim=5))
    message = str(error.value)
    assert "it has none, the settings name vision-tower@1" in message
    assert "'RAG_IMAGE_MODEL='" in message
    assert "'ingest PATH --kb kb'" in message


def test_a_knowledge_base_built_with_the_shipped_tower_says_how_to_switch_it_on(monkeypatch):
    monkeypatch.setattr("rag.embed.tower.DIGEST", "0123456789abcdef")
    with pytest.raises(FingerprintMismatch, match="Set RAG_IMAGE_MODEL=tower to use it as before, or build it anew"):
        require_same_models("kb", replace(SPEC, image_model="vision-tower@0123456789ab", image_dim=5), SPEC)


def test_a_knowledge_base_built_with_a_tower_of_another_version_is_not_sent_to_this_one():
    with pytest.raises(
        FingerprintMismatch, match="the folder of the model it was built with, if you have it, or build"
    ):
        require_same_models("kb", replace(SPEC, image_model="vision-tower@ba9876543210", image_dim=5), SPEC)


def test_a_search_checks_the_models_too(tmp_path):
    settings = load_settings(data_dir=tmp_path, chat="extractive")
    built_with_pictures = KbSpec(TEXTS.fingerprint, TEXTS.dim, ColourEmbedder.fingerprint, 4, analyzer="english")
    kb = KnowledgeBase("kb", MemoryStore(built_with_pictures), settings, FakeModels(settings))
    with pytest.raises(FingerprintMismatch, match="RAG_IMAGE_MODEL"):
        kb.search("pump")


def test_opening_what_is_not_there_says_how_to_make_it(tmp_path):
    with pytest.raises(KnowledgeBaseNotFound, match="ingest PATH --kb manuals"):
        KnowledgeBase.open("manuals", data_dir=tmp_path)


def test_settings_and_overrides_together_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="not both"):
        KnowledgeBase.open("manuals", settings=load_settings(data_dir=tmp_path), threads=1)


@pytest.mark.parametrize("use", ["search", "ask"])
def test_after_close_the_message_says_that_it_is_closed(kb, use):
    kb.search("pump")
    kb.close()
    with pytest.raises(StoreError, match="is closed; open it again"):
        getattr(kb, use)("pump")


@pytest.mark.parametrize("name", ["~nobody-of-that-name/x.png", "a\0b.png"])
def test_a_picture_name_that_no_file_can_have_is_an_image_error(kb, name):
    with pytest.raises(ImageError, match="cannot be read"):
        kb.search(image=name)


def test_words_that_are_no_utf8_are_searched_without_what_cannot_be_read(kb):
    words = b"\xff pump".decode(errors="surrogateescape")
    asked = []
    kb.models.text_embedder = Noting(asked)
    assert kb.search(words, top_k=1).hits[0].record.text == PASSAGES[0]
    assert asked[0] == "\ufffd pump"


def test_questions_of_async_code_are_searched_at_the_same_time(kb, monkeypatch):
    kb.search("pump")
    meeting, encoder = threading.Barrier(4, timeout=5), kb._retriever._retriever._encoder
    monkeypatch.setattr(encoder, "encode", _after(meeting.wait, encoder.encode))

    async def ask_all():
        return await asyncio.gather(*(kb.asearch("pump"), kb.asearch("goat"), kb.aask("rope"), kb.aask("pump")))

    found = asyncio.run(ask_all())
    assert [result.hits[0].record.id for result in found] == ["r0", "r1", "r2", "r0"]


@pytest.mark.parametrize("how", ["aask", "asearch"])
def test_a_question_that_is_cancelled_during_its_search_leaves_nothing_behind(kb, monkeypatch, how):
    kb.search("pump")
    begun, go = threading.Event(), threading.Event()
    monkeypatch.setattr(kb.stored, "search", _after(lambda: (begun.set(), go.wait(timeout=5)), kb.stored.search))

    async def give_up():
        asked = asyncio.create_task(getattr(kb, how)("pump"))
        await asyncio.to_thread(begun.wait, 5)
        asked.cancel()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await asked
        return (await kb.aask("goat")).hits[0].record.id

    assert asyncio.run(give_up()) == "r1"


def _after(first, call):
    def both(*args, **kwargs):
        first()
        return call(*args, **kwargs)

    return both
