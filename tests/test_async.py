"""The async twins truly run at the same time: each fake here lets nobody through until all have arrived."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import numpy as np
import pytest
from fakes import MemoryStore, record

from rag.config import load_settings
from rag.knowledge_base import KnowledgeBase
from rag.models.registry import Models
from rag.ports import ChatChunk, ChatModelInfo, KbSpec, RerankerAbilities, TextAbilities
from rag.types import AnswerEvent, EmbeddedRecord, QuoteEvent, SourcesEvent, TokenEvent

N = 16
WAIT_S = 20.0
"""A barrier that is not full by then fails its test; nothing waits that long when all is well."""


class NumberEmbedder:
    """One axis a number, one for everything else: a text points to the number it names."""

    fingerprint = "numbers@1"
    dim = N + 1
    max_tokens = 256
    min_cosine = 0.3
    abilities = TextAbilities()

    def __init__(self, meet=lambda: None):
        self.meet = meet

    def embed(self, texts):
        return np.array([self._vector(text) for text in texts], np.float32).reshape(len(texts), self.dim)

    def embed_query(self, text):
        self.meet()
        return self._vector(text)

    def count_tokens(self, text):
        return len(text.split())

    def _vector(self, text):
        named = [int(word) for word in text.replace(".", "").split() if word.isdigit()]
        return np.eye(self.dim, dtype=np.float32)[named[0] if named else N]


class NumberReranker:
    """Prefers the passage that ends like the question."""

    name = "numbers"
    share = 1.0
    abilities = RerankerAbilities()

    def __init__(self, meet=lambda: None):
        self.meet = meet

    def score(self, query, passages, *, deadline_s=None, trace=None):
        self.meet()
        return [float(passage.split()[-1] == query.split()[-1]) for passage in passages]


class MeetingStore(MemoryStore):
    """Its searches of the text channel meet."""

    meet = staticmethod(lambda: None)

    def search(self, channel, query, *, limit, where=None, ids=None):
        if channel == "text" and ids is None:
            self.meet()
        return super().search(channel, query, limit=limit, where=where, ids=ids)


class WaitingChat:
    """Repeats the last word of the question, once `open` is set; notes who was let in and who was stopped."""

    name = "waiting"

    def __init__(self, n_awaited):
        self.n_awaited = n_awaited
        self.all_in, self.open = asyncio.Event(), asyncio.Event()
        self.writing, self.stopped = [], []

    async def info(self, *, sees=False):
        return ChatModelInfo(self.name, 8192, False)

    async def stream(self, messages, *, context_tokens, max_output_tokens, sampling=None, arrived_s=None):
        word = messages[-1].content.split()[-1]
        self.writing.append(word)
        if len(self.writing) == self.n_awaited:
            self.all_in.set()
        try:
            yield ChatChunk("It is ")
            await self.open.wait()
            yield ChatChunk(f"{word} [1]", done=True)
        except BaseException:
            self.stopped.append(word)
            raise


def questions(n=N):
    return [f"where is {number}" for number in range(n)]


def meeting(n=N):
    """A call that returns once n threads are in it."""
    barrier = threading.Barrier(n)
    return lambda: barrier.wait(WAIT_S)


@pytest.fixture
def make_kb(tmp_path):
    def make(*, chat=None, embedder=None, reranker=None, engine="lite"):
        texts = NumberEmbedder()
        rows = [
            EmbeddedRecord(record(f"r{number:02}", f"Here is {number}"), texts.embed_query(str(number)), None)
            for number in range(N)
        ]
        store = MeetingStore(KbSpec(texts.fingerprint, texts.dim, analyzer="english"), rows)
        store.capabilities = replace(store.capabilities, engine=engine)
        settings = load_settings(data_dir=tmp_path, chat="ollama" if chat else "extractive", ocr=False)
        models = Models(settings)
        vars(models).update(
            text_embedder=embedder or texts, image_embedder=None, reranker=reranker or NumberReranker(), chat=chat
        )
        kb = KnowledgeBase("kb", store, settings, models)
        kb.search("where is 0")  # what is made at the first use is made; the barriers are put in after
        return kb

    return make


async def each(kb, asked):
    """The source that each question finds first, all asked at once."""
    found = await asyncio.gather(*(kb.asearch(question, top_k=1) for question in asked))
    return [result[0].record.text for result in found]


EXPECTED = [f"Here is {number}" for number in range(N)]


def test_the_model_is_asked_by_all_at_once_and_no_result_is_crossed(make_kb):
    embedder = NumberEmbedder()
    with make_kb(embedder=embedder) as kb:
        embedder.meet = meeting()
        assert asyncio.run(each(kb, questions())) == EXPECTED


@pytest.mark.parametrize("engine", ["lite", "server"])
def test_the_store_is_asked_by_all_at_once(make_kb, engine):
    with make_kb(engine=engine) as kb:
        kb.store.meet = meeting()
        assert asyncio.run(each(kb, questions())) == EXPECTED


def test_the_reranker_is_asked_by_all_at_once(make_kb):
    reranker = NumberReranker()
    with make_kb(reranker=reranker) as kb:
        reranker.meet = meeting()
        assert asyncio.run(each(kb, questions())) == EXPECTED


def test_the_event_loop_goes_on_while_models_work(make_kb):
    """The models wait for a task of the loop: had they been called on it, they would wait in vain."""
    ticked = threading.Event()
    embedder = NumberEmbedder()

    async def tick():
        for _ in range(100):
            await asyncio.sleep(0)
        ticked.set()

    async def main(kb):
        found, _ = await asyncio.gather(each(kb, questions()), tick())
        return found

    def wait():
        assert ticked.wait(WAIT_S)

    with make_kb(embedder=embedder) as kb:
        embedder.meet = wait
        assert asyncio.run(main(kb)) == EXPECTED


def test_more_questions_than_threads_all_come_back(make_kb):
    with make_kb() as kb:
        assert asyncio.run(each(kb, questions() * 10)) == EXPECTED * 10


def test_answers_are_written_at_the_same_time_and_are_not_crossed(make_kb):
    async def main():
        chat = WaitingChat(N)
        with make_kb(chat=chat) as kb:
            asked = [asyncio.create_task(kb.aask(question)) for question in questions()]
            await chat.all_in.wait()
            chat.open.set()
            return await asyncio.gather(*asked)

    answers = asyncio.run(asyncio.wait_for(main(), WAIT_S))
    assert [answer.text for answer in answers] == [f"It is {number} [1]" for number in range(N)]
    assert [answer.hits[0].record.text for answer in answers] == EXPECTED


def test_a_cancelled_question_stops_its_own_model_and_no_other(make_kb):
    async def main():
        chat = WaitingChat(4)
        with make_kb(chat=chat) as kb:
            asked = [asyncio.create_task(kb.aask(question)) for question in questions(4)]
            await chat.all_in.wait()
            asked[2].cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked[2]
            assert chat.stopped == ["2"]
            chat.open.set()
            return [(await task).text for place, task in enumerate(asked) if place != 2]

    assert asyncio.run(asyncio.wait_for(main(), WAIT_S)) == ["It is 0 [1]", "It is 1 [1]", "It is 3 [1]"]


def test_leaving_a_stream_stops_its_model(make_kb):
    async def main():
        chat = WaitingChat(1)
        with make_kb(chat=chat) as kb:
            events = kb.astream("where is 7")
            seen = [await anext(events) for _ in range(3)]
            await events.aclose()
        return seen, chat.stopped

    seen, stopped = asyncio.run(asyncio.wait_for(main(), WAIT_S))
    assert [type(event) for event in seen] == [SourcesEvent, QuoteEvent, TokenEvent]
    assert stopped == ["7"]


def test_streams_side_by_side_take_turns(make_kb):
    """Each stream has its first words before any of them has its last."""

    async def main():
        chat = WaitingChat(2)
        with make_kb(chat=chat) as kb:
            streams = [kb.astream(question) for question in questions(2)]
            for stream in streams:
                assert isinstance(await anext(stream), SourcesEvent)
                assert isinstance(await anext(stream), QuoteEvent)
                assert (await anext(stream)).text.strip() == "It is"
            chat.open.set()
            return [[event async for event in stream][-1] for stream in streams]

    events = asyncio.run(asyncio.wait_for(main(), WAIT_S))
    assert [event.answer.text for event in events if isinstance(event, AnswerEvent)] == ["It is 0 [1]", "It is 1 [1]"]


def test_a_cancelled_search_leaves_its_thread_to_the_next(make_kb):
    """A thread cannot be stopped: the cancelled search runs to its end, and then nothing of it is left."""
    embedder, go = NumberEmbedder(), threading.Event()
    entered = threading.Semaphore(0)

    def wait():
        entered.release()
        assert go.wait(WAIT_S)

    async def main(kb):
        asked = asyncio.create_task(kb.asearch("where is 3"))
        await asyncio.to_thread(entered.acquire)
        asked.cancel()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await asked
        return await each(kb, questions())

    with make_kb(embedder=embedder) as kb:
        embedder.meet = wait
        assert asyncio.run(main(kb)) == EXPECTED
