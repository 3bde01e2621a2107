"""What a request of an OpenAI client is understood as."""

import base64
import time

import pytest
from pydantic import ValidationError

from rag.answers.follow_ups.leaning import rewords
from rag.errors import ImageError
from rag.question import GivenText
from rag.serve.openai.input import GO_ON, Unsupported, understood
from rag.serve.openai.schemas import ChatRequest
from rag.types import Turn
from tests.serve.mcp_library import png

RED = f"data:image/png;base64,{base64.b64encode(png('red')).decode()}"


def said(role, content):
    return {"role": role, "content": content}


def image(url):
    return {"type": "image_url", "image_url": {"url": url}}


def text(words):
    return {"type": "text", "text": words}


def asked(*messages, **settings):
    return understood(ChatRequest.model_validate({"model": "manuals", "messages": list(messages), **settings}))


def test_the_last_message_is_the_question_and_earlier_ones_are_turns():
    found = asked(
        said("user", "When is the rope changed?"),
        said("assistant", "Every ten years [1]."),
        said("user", "And the bell?"),
    )
    assert found.question.text == "And the bell?"
    assert found.question.history == (Turn("When is the rope changed?", "Every ten years [1]."),)
    assert tuple(map(str, found.notes)) == ()


@pytest.mark.parametrize(
    ("earlier", "turns"),
    [
        ([("assistant", "Hello!")], ()),
        ([("user", "one"), ("user", "two")], (Turn("one", ""), Turn("two", ""))),
        ([("user", "one"), ("assistant", "a"), ("assistant", "b")], (Turn("one", "a\nb"),)),
        ([("assistant", "Hello!"), ("user", "one"), ("assistant", None)], (Turn("one", ""),)),
    ],
    ids=["greeting", "unanswered", "answered twice", "answered with nothing"],
)
def test_odd_orders_make_turns_too(earlier, turns):
    assert asked(*(said(*each) for each in earlier), said("user", "three")).question.history == turns


def test_an_answer_in_very_many_pieces_takes_no_longer_than_in_one():
    """The event loop would stand still for all: joined one by one, ten megabytes in pieces take a minute."""
    pieces = [said("assistant", "a" * 1000)] * 9_998
    request = ChatRequest(model="manuals", messages=[said("user", "Why?"), *pieces, said("user", "And?")])
    began = time.process_time()
    (turn,) = understood(request).question.history
    assert time.process_time() - began < 1
    assert len(turn.answer) == 200_000
    with pytest.raises(ValidationError):
        ChatRequest(model="manuals", messages=[said("user", "")] * 10_001)


def test_the_list_of_sources_that_we_added_is_no_part_of_an_earlier_answer():
    answer = "Every ten years [1].\n\nSources:\n- [1] `rope.pdf, page 3`\n\nNotes:\n- no model wrote this answer"
    assert asked(said("user", "Rope?"), said("assistant", answer), said("user", "Bell?")).question.history == (
        Turn("Rope?", "Every ten years [1]."),
    )


def test_parts_are_read_and_a_picture_is_decoded():
    found = asked(said("user", [text("what is"), image(RED), text("this?")]))
    assert found.question.text == "what is\nthis?"
    assert found.question.image == png("red")


def test_a_picture_alone_is_a_question_and_base64_without_a_url_will_do():
    found = asked(said("user", [image(base64.b64encode(png("blue")).decode())]))
    assert found.question.text == ""
    assert found.question.image == png("blue")


def test_of_a_system_message_only_wishes_are_followed_and_that_is_said_once():
    told = said("system", "Answer in French. Never cite."), said("developer", "Be brief.")
    found = asked(*told, said("user", "pump"))
    assert (found.question.text, found.question.history) == ("pump", ())
    assert found.question.wishes == "Answer in French. Be brief."
    assert [note.code for note in found.notes] == ["messages_left_out"]
    assert found.said == found.notes
    later = asked(*told, said("user", "pump"), said("assistant", "Closed. [1]"), said("user", "bell"))
    assert (later.question.wishes, later.notes) == (found.question.wishes, ())


def test_an_attached_text_is_given_and_the_template_is_no_part_of_the_question_now_or_later():
    wrapped = '### Task:\nDo.\n\n<context>\n<source id="1" name="n.txt">Cats.</source>\n</context>\n\nWhich cat?'
    text = GivenText("n.txt", "Cats.", 1)
    found = asked(said("user", wrapped))
    assert (found.question.text, found.question.given) == ("Which cat?", (text,))
    found = asked(said("user", wrapped), said("assistant", "Tuppence. [2]"), said("user", "And the dog?"))
    assert found.question.history == (Turn("Which cat?", "Tuppence. [2]"),)
    assert found.question.given == (text,)
    found = asked(said("system", "[CONTEXT 0]:\nCats.\n[END CONTEXT 0]\n"), said("user", "Which cat?"))
    assert [each.text for each in found.question.given] == ["Cats."]


def test_a_whole_document_is_no_long_question():
    long = f"<context>\n{'Cats. ' * 10_000}\n</context>\n\nWhich cat?"
    assert asked(said("user", long)).question.text == "Which cat?"


def test_an_answer_at_the_end_is_to_be_gone_on_with():
    found = asked(said("user", "pump"), said("assistant", "The pump is"))
    assert (found.question.text, found.question.history) == (GO_ON, (Turn("pump", "The pump is"),))
    assert rewords(GO_ON)


def test_the_latest_picture_of_earlier_messages_is_kept_with_its_question():
    first = (said("user", [image(RED)]), said("assistant", "Red."))
    found = asked(*first, said("user", "And its weight?"))
    assert (found.question.image, found.notes) == (None, ())
    assert found.question.history[0].image is not None
    found = asked(*first, said("user", [image(RED)]), said("assistant", "Too."), said("user", "And its weight?"))
    assert [turn.image is not None for turn in found.question.history] == [False, True]
    assert [note.code for note in found.notes] == ["earlier_pictures_left_out"]


def test_an_earlier_picture_that_cannot_be_had_does_not_refuse_the_question():
    found = asked(
        said("user", [image("https://example.org/a.png")]), said("assistant", "No."), said("user", "And this?")
    )
    assert found.question.history[0].image is None


def test_settings_without_effect_are_named_and_unset_ones_are_not():
    found = asked(
        said("user", "pump"), temperature=0, max_tokens=50, user="u", top_k=40, stop=[], tools=None, store=False, n=1,
        response_format={"type": "text"}, tool_choice="auto",
    )  # fmt: skip
    assert tuple(map(str, found.notes)) == ("settings without effect here: user, top_k",)


def test_hostile_names_of_settings_are_short_and_printable():
    (note,) = asked(said("user", "pump"), **{f"\x1b[31m{'x' * 100}{n}": 1 for n in range(50)}).notes
    assert "\x1b" not in note.text
    assert len(note.text) < 1000


@pytest.mark.parametrize(
    "settings",
    [
        {"n": 2},
        {"n": "many"},
        {"tool_choice": "required"},
        {"tool_choice": {"type": "function", "function": {"name": "f"}}},
        {"function_call": {"name": "f"}},
        {"response_format": {"type": "json_object"}},
        {"response_format": "json"},
        {"logprobs": True},
        {"modalities": ["text", "audio"]},
    ],
    ids=str,
)
def test_what_would_change_the_answer_is_refused_by_name(settings):
    with pytest.raises(Unsupported) as error:
        asked(said("user", "pump"), **settings)
    assert error.value.param == next(iter(settings))


@pytest.mark.parametrize(
    ("messages", "why"),
    [
        ([said("system", "only this")], "nothing is asked"),
        ([said("assistant", "Hello!")], "nothing is asked"),
        ([said("user", [image(RED), image(RED)])], "one at a time"),
        ([said("user", [image("https://evil.example/x.png")])], "not fetched"),
        ([said("user", [image("file:///etc/passwd")])], "not fetched"),
        ([said("user", "x" * 20_001)], "more than 20000 characters"),
    ],
    ids=["no user", "greeting", "two pictures", "https", "file", "long"],
)
def test_messages_that_cannot_be_answered_are_refused(messages, why):
    with pytest.raises(Unsupported, match=why):
        asked(*messages)


def test_a_broken_picture_is_an_image_error():
    with pytest.raises(ImageError):
        asked(said("user", [image("data:image/png;base64,AAAA")]))
    with pytest.raises(ImageError, match="not base64"):
        asked(said("user", [image("http:no")]))


@pytest.mark.parametrize(
    "body",
    [
        {"messages": []},
        {"messages": [said("user", [{"type": "input_audio", "input_audio": {}}])]},
        {"messages": [said("king", "pump")]},
        {"messages": [said("user", "pump")], "rag": {"wher": "year > 2000"}},
        {"messages": [said("user", "pump")], "rag": {"top_k": 0}},
    ],
)
def test_what_does_not_fit_the_schema_is_refused(body):
    with pytest.raises(ValidationError):
        ChatRequest.model_validate({"model": "manuals", **body})
