"""Requests of a front end's own, and what they are answered with."""

import json

import pytest

from rag.serve.openai.front_ends.tasks import task_of
from rag.serve.openai.schemas import Message

CHAT = """USER: At what wind speed do they stop running?
ASSISTANT: At gusts of 70 km/h the cars stay. [1]

Sources:
- [1] `dump/wind.png`
- [2] `dump/papers/handbook.pdf, page 2`"""


def asking(wanted, chat=CHAT, tag="chat_history"):
    return [
        Message(role="user", content=f"### Do:\nSomething.\n### Form:\n{wanted}\n### Chat:\n<{tag}>\n{chat}\n</{tag}>")
    ]


def replied(messages):
    task = task_of(messages)
    assert task is not None
    return task.reply()


def test_a_title_is_made_of_the_first_question():
    assert json.loads(replied(asking('JSON: { "title": "the title" }'))) == {
        "title": "At what wind speed do they stop running"
    }
    long = json.loads(replied(asking('{"title": ""}', f"USER: {'word ' * 40}")))["title"]
    assert len(long) < 65


def test_tags_are_runs_of_words_that_say_something():
    assert json.loads(replied(asking('{ "tags": ["one", "two"] }'))) == {"tags": ["Wind speed", "Stop running"]}


def test_a_subject_does_not_end_with_what_is_asked_of_it():
    chat = "USER: What is the harbour cat called?\nUSER: When does the last car go down in summer?"
    assert json.loads(replied(asking('{"tags": []}', chat))) == {"tags": ["Harbour cat", "Last car", "Summer"]}


def test_a_picture_to_be_made_is_described_by_the_last_question():
    assert json.loads(replied(asking('{"prompt": "a description"}'))) == {
        "prompt": "At what wind speed do they stop running?"
    }


def test_follow_ups_speak_of_the_sources_and_of_what_was_asked():
    asked = json.loads(replied(asking('{ "follow_ups": ["1?", "2?"] }')))["follow_ups"]
    assert asked == [
        "What else does wind.png say?",
        "What else does handbook.pdf, page 2 say?",
        "What else is known about wind speed?",
    ]
    assert json.loads(replied(asking('{"follow_ups": []}', "USER: Wann fährt die Bahn?"))) == {"follow_ups": []}


def test_queries_are_the_last_question_without_what_was_put_around_it():
    chat = f"{CHAT}\nUSER: <context>\nCats.\n</context>\n\nAnd in winter?"
    assert json.loads(replied(asking('{ "queries": ["q1", "q2"] } or { "queries": [] }', chat))) == {
        "queries": ["And in winter?"]
    }


def test_what_is_being_typed_is_not_gone_on_with():
    assert json.loads(replied(asking('Reply { "text": "<completion>" }'))) == {"text": ""}


@pytest.mark.parametrize("tag", ["chat_history", "conversation", "history"])
def test_the_conversation_may_have_other_names_and_the_json_a_fence(tag):
    assert "Wind speed" in replied(asking('```json\n{\n  "tags": ["a"]\n}\n```', tag=tag))


def test_a_title_may_be_asked_for_as_plain_text():
    text = (
        "Give a short title for the conversation. Only the title.\n\nConversation:\nUser: Which goat rides?\nAI: One."
    )
    assert replied([Message(role="user", content=text)]) == "Which goat rides"


@pytest.mark.parametrize(
    "messages",
    [
        [Message(role="user", content="Which goat rides?")],
        [Message(role="user", content='What is { "title": "x" } in JSON?')],
        [Message(role="user", content="<chat_history>\nUSER: x\n</chat_history>\nSummarise this.")],
        [*asking('{"title": ""}'), Message(role="assistant", content="x"), Message(role="user", content="y")],
        asking('{ "unknown": [] }'),
        [Message(role="user", content="What title has the book?\n\nI forgot.")],
    ],
    ids=["question", "JSON", "chat alone", "conversation", "unknown", "title"],
)
def test_what_a_user_asks_is_no_task(messages):
    assert task_of(messages) is None
