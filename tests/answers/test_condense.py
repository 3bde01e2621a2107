"""Follow-up questions that a search can understand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import anyio
import pytest

from rag.answers.condense import Standalone, condense, joined
from rag.answers.rewording import cannot_reword
from rag.errors import ChatError, ChatUnreachable
from rag.ports import ChatChunk, ChatMessage, ChatModelInfo
from rag.prompt import load_prompt
from rag.trace import Note
from rag.types import Turn

PROMPT = load_prompt("condense")
HISTORY = [Turn("How much rain fell at Kestrel Point in 2019?", "812 mm. [1]")]


class Rewriter:
    name = "rewriter"

    def __init__(self, reply: str | ChatError) -> None:
        self._reply = reply
        self.asked: list[Sequence[ChatMessage]] = []

    async def info(self) -> ChatModelInfo:
        return ChatModelInfo("rewriter", 8192, False)

    async def stream(
        self, messages: Sequence[ChatMessage], *, context_tokens: int, max_output_tokens: int
    ) -> AsyncIterator[ChatChunk]:
        self.asked.append(messages)
        if isinstance(self._reply, ChatError):
            raise self._reply
        yield ChatChunk(self._reply)
        yield ChatChunk("", done=True)


def _condensed(chat: Rewriter | None, question: str, history: Sequence[Turn] = HISTORY) -> Standalone:
    return anyio.run(condense, history, question, chat, PROMPT)


def test_the_model_rewrites_a_follow_up_and_the_reading_is_said() -> None:
    chat = Rewriter('Question: "How much rain fell at Kestrel Point in 2020?"\n(as asked)')
    result = _condensed(chat, "And in 2020?")
    assert result.question == "How much rain fell at Kestrel Point in 2020?"
    read = "the follow-up was read as: How much rain fell at Kestrel Point in 2020?"
    assert result.notes == (Note("follow_up_rewritten", read),)


def test_the_model_reads_the_conversation_and_the_question() -> None:
    chat = Rewriter("x?")
    _condensed(chat, "And in 2020?")
    content = chat.asked[0][-1].content
    assert "Question: How much rain fell at Kestrel Point in 2019?\nAnswer: 812 mm. [1]" in content
    assert content.endswith("The last question: And in 2020?")


def test_only_the_last_turns_are_read_and_long_answers_are_cut() -> None:
    chat = Rewriter("x?")
    _condensed(chat, "And?", [Turn(f"question {n}?", "word " * 2000) for n in range(20)])
    content = chat.asked[0][-1].content
    assert "question 16?" in content
    assert "question 15?" not in content
    assert len(content) < 4000


def test_a_question_left_as_it_is_gets_no_note() -> None:
    assert _condensed(Rewriter("What is a valve?"), "What is a valve?") == Standalone("What is a valve?")


def test_without_history_nobody_is_asked() -> None:
    chat = Rewriter("x")
    assert _condensed(chat, "And in 2020?", []) == Standalone("And in 2020?")
    assert chat.asked == []


@pytest.mark.parametrize("reply", ["", " \n ", "It was 640 mm. " * 60])
def test_a_reply_that_is_no_question_is_not_used(reply: str) -> None:
    assert _condensed(Rewriter(reply), "And in 2020?") == joined(HISTORY, "And in 2020?")


def test_a_failing_model_falls_back_and_says_so() -> None:
    result = _condensed(Rewriter(ChatError("out of memory")), "And in 2020?")
    assert result.question == joined(HISTORY, "And in 2020?").question
    assert "out of memory" in result.notes[0].text
    assert "no model rewrote" in result.notes[1].text


def test_a_server_that_is_down_is_left_to_the_answer_to_report() -> None:
    assert _condensed(Rewriter(ChatUnreachable("no server")), "And in 2020?") == joined(HISTORY, "And in 2020?")


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("And in 2020?", "And in 2020? (rain fell kestrel point 2019)"),
        ("Why was it so wet there?", "Why was it so wet there? (rain fell kestrel point 2019)"),
        ("Which valve closes first when pressure drops?", "Which valve closes first when pressure drops?"),
    ],
)
def test_without_a_model_a_question_that_points_back_gets_the_words_before_it(question: str, read: str) -> None:
    result = _condensed(None, question)
    assert result.question == read
    assert bool(result.notes) is (read != question)


def test_a_chain_of_follow_ups_reaches_back_to_the_subject() -> None:
    history = [*HISTORY, Turn("And in 2020?", "640 mm.")]
    assert joined(history, "And in 2021?").question == "And in 2021? (2020 rain fell kestrel point 2019)"


def test_what_only_a_model_can_do_is_told_where_there_is_none() -> None:
    assert joined(HISTORY, "in German, please").needs_model
    assert _condensed(Rewriter(ChatUnreachable("no server")), "shorter").needs_model
    assert not _condensed(Rewriter(""), "shorter").needs_model
    assert not joined([], "shorter").needs_model
    (_, said, last) = cannot_reword("shorter")
    assert "“shorter” is about the answer before" in said.text
    assert [note.code for note in last.answer.notes] == ["needs_model"]


def test_a_question_with_words_of_its_own_is_searched_with_them_too() -> None:
    assert joined(HISTORY, "And in 2020?").own == "And in 2020?"
    assert joined(HISTORY, "How long did it take?").own == ""
