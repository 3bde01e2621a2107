"""Answers and conversations through a real server: what only a real one shows."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Sequence
from contextlib import aclosing

import anyio
import pytest

from rag.answers.answerer import Answerer
from rag.chat.ollama import OllamaChat, OllamaOptions
from rag.errors import ChatError, ChatModelMissing
from rag.ollama.session import START_TOKENS
from rag.ollama.speed import SpeedBook
from rag.ports import ChatChunk, ChatMessage, Sampling
from rag.prompt import load_prompt
from rag.question import Question
from rag.trace import Trace
from rag.types import (
    Answer,
    AnswerEvent,
    Event,
    Hit,
    QuoteEvent,
    Record,
    SearchResult,
    StatusEvent,
    TokenEvent,
    Turn,
)

TEXTS = (
    "The track is 212 metres long and rises 118 metres. A trip takes 4 minutes and 20 seconds.",
    "Ballast is a grey tabby cat and has been stationmaster at Harbour since the spring of 2017.",
    "The shoes are of elm and are changed after 900 trips.",
    "Umbrellas are lent to walkers after one month. Teeth are posted to their owner without comment.",
)
HITS = [Hit(Record(f"r{n}", "d", f"{n}.md", "text", text, {}), 1.0, {}, 1.0) for n, text in enumerate(TEXTS)]
pytestmark = pytest.mark.timeout(900)  # a model reads and writes; how fast is the machine's affair
EXACT = Sampling(temperature=0.0)


@pytest.fixture
def chat(real_url: str, model: str) -> OllamaChat:
    return OllamaChat(model, real_url, OllamaOptions(sampling=EXACT, speeds=SpeedBook()))


def _answerer(chat: OllamaChat, max_output_tokens: int = 24) -> Answerer:
    return Answerer(load_prompt("answer"), chat, max_output_tokens=max_output_tokens, secret=b"secret")


def _events(answerer: Answerer, question: str, hits: Sequence[Hit], history: Sequence[Turn] = ()) -> list[Event]:
    async def collect() -> list[Event]:
        asked = Question(question, history=tuple(history))
        return [event async for event in answerer.stream(asked, SearchResult(tuple(hits)), Trace())]

    return anyio.run(collect)


def _answer(events: Sequence[Event]) -> Answer:
    (last,) = [event.answer for event in events if isinstance(event, AnswerEvent)]
    return last


def _unload(url: str, model: str) -> None:
    body = json.dumps({"model": model, "prompt": "", "keep_alive": 0, "stream": False}).encode()
    urllib.request.urlopen(f"{url}/api/generate", body, timeout=60).read()
    time.sleep(1)


def _loaded_tokens(url: str, model: str) -> int:
    with urllib.request.urlopen(f"{url}/api/ps", timeout=10) as answer:
        rows = json.load(answer)["models"]
    return next((row["context_length"] for row in rows if row["model"].removesuffix(":latest") == model), 0)


def test_the_quote_and_what_is_waited_for_come_before_the_first_word(real_url: str, chat: OllamaChat) -> None:
    _unload(real_url, chat.name)
    events = _events(_answerer(chat), "How long is the track?", HITS[:1])
    kinds = [type(event) for event in events]
    assert max(kinds.index(QuoteEvent), kinds.index(StatusEvent)) < kinds.index(TokenEvent)
    assert [event.code for event in events if isinstance(event, StatusEvent)] == ["loading", "reading"]
    assert _answer(events).model == chat.name


def test_ten_turns_load_the_model_once_and_read_only_what_is_new(real_url: str, chat: OllamaChat) -> None:
    _unload(real_url, chat.name)  # the beginning may have been read for another test
    answerer, history, read = _answerer(chat), list[Turn](), list[int]()
    contexts = set()
    for n in range(10):
        question = f"Question {n}: how long is the track?"
        events = _events(answerer, question, HITS[: 1 + n % len(HITS)], history)
        read += [event.n_tokens or 0 for event in events if isinstance(event, StatusEvent) and event.code == "reading"]
        history.append(Turn(question, _answer(events).text))
        contexts.add(_loaded_tokens(real_url, chat.name))
    assert contexts == {START_TOKENS}
    assert max(read[1:]) < read[0]
    assert chat.speed.read is not None
    assert chat.speed.written is not None


def test_the_same_question_has_the_same_answer(chat: OllamaChat) -> None:
    answers = [_answer(_events(_answerer(chat), "What are the shoes made of?", HITS)).text for _ in range(2)]
    assert answers[0] == answers[1]


def test_leaving_ends_the_work_upstream(chat: OllamaChat) -> None:
    async def leave() -> None:
        asked = Question("Tell me all of it, at length.")
        stream = _answerer(chat, 2000).stream(asked, SearchResult(tuple(HITS)), Trace())
        async with aclosing(stream):
            async for event in stream:
                if isinstance(event, TokenEvent):
                    break

    anyio.run(leave)
    start = time.monotonic()
    _events(_answerer(chat, 1), "How long is the track?", HITS[:1])
    assert time.monotonic() - start < 60


def test_people_who_ask_at_the_same_time_are_all_answered_in_order(chat: OllamaChat) -> None:
    ends: list[int] = []
    told: list[int] = []

    async def ask(n: int) -> None:
        await anyio.sleep(0.05 * n)
        stream = chat.stream([ChatMessage("user", f"Say {n}.")], context_tokens=512, max_output_tokens=4)
        chunks: list[ChatChunk] = [chunk async for chunk in stream]
        told.extend(c.status.ahead for c in chunks if c.status is not None and c.status.ahead)
        assert chunks[-1].done
        ends.append(n)

    async def crowd() -> None:
        async with anyio.create_task_group() as group:
            for n in range(12):
                group.start_soon(ask, n)

    anyio.run(crowd)
    # While it is learnt how many the server does at once, one more than that is sent.
    assert all(abs(place - n) <= 1 for place, n in enumerate(ends)), ends
    assert max(told) >= 8


def test_a_missing_model_names_those_that_are_there(real_url: str, model: str) -> None:
    with pytest.raises(ChatModelMissing, match=model):
        anyio.run(OllamaChat("no-such-model", real_url).info)


def test_another_model_stands_in_where_it_may(real_url: str) -> None:
    chat = OllamaChat("no-such-model", real_url, OllamaOptions(may_stand_in=True))
    info = anyio.run(chat.info)
    assert "completion" in info.capabilities
    assert "no-such-model" in info.note


def test_an_embedding_model_is_named_as_one(real_url: str) -> None:
    chat = OllamaChat("minilm", real_url)

    async def ask() -> None:
        async for _ in chat.stream([ChatMessage("user", "Hello")], context_tokens=256, max_output_tokens=4):
            pass

    if "minilm" not in {name.removesuffix(":latest") for name in anyio.run(chat.models)}:
        pytest.skip("the server has no embedding model 'minilm'")
    with pytest.raises(ChatError, match="not a model that writes"):
        anyio.run(ask)
