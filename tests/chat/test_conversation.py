"""A whole answer over the wire: our prompt, the real client, a server that speaks Ollama."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from itertools import pairwise

import anyio
import pytest

from rag.answers.answerer import Answerer
from rag.chat.ollama import OllamaChat, OllamaOptions
from rag.errors import ChatModelMissing
from rag.prompt import load_prompt
from rag.question import Question
from rag.trace import Trace
from rag.types import Answer, AnswerEvent, Hit, Record, SearchResult, TokenCount, TokenEvent, Turn
from tests.chat.server import FakeOllama, Model, Script

HITS = [
    Hit(Record(name, name, name, "text", text, {"page": 3}), 1.0, {}, 1.0)
    for name, text in (("a.md", "Valve A closes first."), ("b.md", "Valve B closes last."))
]
FOUND = SearchResult(tuple(HITS))


def _answerer(fake: FakeOllama, model: str = "tiny", *, fallback: bool = True, timeout_s: float = 5.0) -> Answerer:
    chat = OllamaChat(model, fake.url, OllamaOptions(timeout_s=timeout_s))
    return Answerer(load_prompt("answer"), chat, max_output_tokens=256, fallback=fallback)


def _answer(answerer: Answerer, question: str = "Which valve closes first?", history: Sequence[Turn] = ()) -> Answer:
    async def last() -> Answer:
        asked = Question(question, history=tuple(history))
        events = [event async for event in answerer.stream(asked, FOUND, Trace())]
        assert isinstance(events[-1], AnswerEvent)
        return events[-1].answer

    return anyio.run(last)


def test_each_source_reaches_the_model_under_its_number(fake_ollama: FakeOllama) -> None:
    answer = _answer(_answerer(fake_ollama))
    assert answer.text == "Valve A closes first. [1] Valve B closes last. [2]"
    assert [citation.hit for citation in answer.citations] == [0, 1]
    assert (answer.model, answer.notes) == ("tiny", ())
    options = fake_ollama.chats[0]["options"]
    assert (options["num_ctx"], options["num_predict"]) == (8192, 256)
    assert "<<<" in options["stop"]


def test_the_models_own_context_bounds_what_is_asked_for(fake_ollama: FakeOllama) -> None:
    fake_ollama.models["tiny"] = Model(context_tokens=900)
    _answer(_answerer(fake_ollama))
    assert fake_ollama.chats[0]["options"]["num_ctx"] == 900


def test_a_prompt_that_the_server_cut_is_noticed(fake_ollama: FakeOllama) -> None:
    fake_ollama.script = Script(prompt_eval_count=12)
    assert any("the server cut the prompt" in note.text for note in _answer(_answerer(fake_ollama)).notes)


def test_a_server_that_gives_no_counts_is_not_accused(fake_ollama: FakeOllama) -> None:
    fake_ollama.script = Script(counts=False)
    assert _answer(_answerer(fake_ollama)).notes == ()


def test_a_missing_model_is_a_note_with_what_to_type_or_an_error(fake_ollama: FakeOllama) -> None:
    answer = _answer(_answerer(fake_ollama, "nope"))
    assert answer.model is None
    assert "“Valve A closes first.” [1]" in answer.text
    assert "ollama pull nope" in answer.notes[0].text
    with pytest.raises(ChatModelMissing):
        _answer(_answerer(fake_ollama, "nope", fallback=False))


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (Script(pieces=["Valve A ", "[1] "], error_after=2), "unexpectedly stopped"),
        (Script(pieces=["Valve A ", "[1] "], cut_after=2), "broke off"),
        (Script(pieces=["Valve A ", "[1] "], silent_after=2), "was silent for 0.2 s"),
    ],
    ids=["error line", "cut", "silence"],
)
def test_what_came_before_a_failure_is_the_answer_with_a_note(
    fake_ollama: FakeOllama, script: Script, said: str
) -> None:
    fake_ollama.script = script
    answer = _answer(_answerer(fake_ollama, timeout_s=0.2))
    assert (answer.text, answer.model) == ("Valve A [1]", "tiny")
    assert any(note.code == "answer_incomplete" and said in note.text for note in answer.notes)


def test_thoughts_that_use_up_the_answer_leave_quotes_and_say_why(fake_ollama: FakeOllama) -> None:
    fake_ollama.models["tiny"] = Model(capabilities=["completion", "thinking"])
    fake_ollama.script = Script(thinking=["Hm."] * 3, pieces=[], done_reason="length")
    answer = _answer(_answerer(fake_ollama))
    assert answer.model is None
    assert any("instruct" in note.text for note in answer.notes)
    assert "Hm." not in answer.text


def test_leaving_an_answer_stops_the_generation_upstream(fake_ollama: FakeOllama) -> None:
    fake_ollama.script = Script(pieces=["word "], endless=True)

    async def leave() -> None:
        async with aclosing(_answerer(fake_ollama).stream(Question("Which?"), FOUND, Trace())) as events:
            async for event in events:
                if isinstance(event, TokenEvent):
                    break

    anyio.run(leave)
    assert fake_ollama.disconnected.wait(5)


def test_a_follow_up_is_reworded_as_the_conversations_next_turn(fake_ollama: FakeOllama) -> None:
    answerer = replace(_answerer(fake_ollama), wish=load_prompt("condense"))
    first = _answer(answerer)
    history = [Turn("Which valve closes first?", first.text)]
    fake_ollama.script = Script(pieces=["Which valve ", "closes last?"], prompt_eval_count=900)
    wording = anyio.run(answerer.rewritten, Question("And last?", history=tuple(history)), None)
    assert wording.text == "Which valve closes last?"
    assert wording.tokens == TokenCount(900, 7)
    asked, again = (body["messages"] for body in fake_ollama.chats)
    assert again[: len(asked)] == asked
    assert again[len(asked)] == {"role": "assistant", "content": first.text}
    assert again[-1]["content"].endswith("And last?")
    assert fake_ollama.chats[-1]["options"]["temperature"] == 0


def test_a_conversation_of_ten_turns_loads_the_model_once_and_sends_only_what_is_new(fake_ollama: FakeOllama) -> None:
    answerer, history = _answerer(fake_ollama), list[Turn]()
    for n in range(10):
        question = f"Which valve closes first on day {n}?"
        history.append(Turn(question, _answer(answerer, question, history).text))
    assert len(fake_ollama.loads) == 1
    sent = [body["messages"] for body in fake_ollama.chats]
    assert all(later[: len(earlier)] == earlier for earlier, later in pairwise(sent))
    assert sum(message["content"].count("Valve A closes first.\n") for message in sent[-1]) == 1
