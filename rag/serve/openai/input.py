"""What an OpenAI client asks for, in this project's terms. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.errors import ConfigError, ImageError
from rag.question import Question
from rag.serve.inputs.pictures import picture
from rag.serve.openai.footer import without_footer
from rag.serve.openai.front_ends.blocks import Typed, instructions, taken_off, typed, without_details
from rag.serve.openai.front_ends.wishes import wishes_of
from rag.serve.openai.schemas import ChatRequest, Message
from rag.serve.schemas import MAX_ANSWER_CHARS, MAX_QUESTION_CHARS
from rag.text.quoting import plain
from rag.trace import Note
from rag.types import Turn

GO_ON = "Continue"
_ABOUT_GIVEN = "What does the attached text say?"
LEFT_OUT = Note(
    "messages_left_out",
    "of the system message only wishes for language, length, tone and form are followed: the knowledge base has "
    "instructions of its own",
)
_MAX_TURNS, _MAX_NAMES, _MAX_NAME_CHARS = 50, 20, 40


class Unsupported(ConfigError):
    """A request that is refused rather than answered as if it had not asked for that. `param` names the field."""

    def __init__(self, param: str, message: str) -> None:
        self.param = param
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what of the request was passed over; `said`: what of that every reader has to see."""

    question: Question
    notes: tuple[Note, ...]
    said: tuple[Note, ...] = ()
    is_task: bool = False


def understood(request: ChatRequest) -> Asked:
    """The question of a request: its last user message. Earlier ones become history.

    Where the last one is the assistant's, it is to go on with that.

    Raises:
        Unsupported: it asks for what would change the answer and is not done here.
        ImageError: its picture cannot be read.
        ConfigError: nothing is asked.
    """
    settings = request.model_extra or {}
    for name, (asks, why) in _REFUSED.items():
        if asks(settings.get(name)):
            raise Unsupported(name, why)
    if request.stream_options is not None and not request.stream:
        raise Unsupported("stream_options", "stream_options are for streams: set stream to true, or leave them out")
    spoken = [message for message in request.messages if message.role in ("user", "assistant")]
    if spoken and spoken[-1].role == "assistant" and any(message.role == "user" for message in spoken):
        spoken.append(Message(role="user", content=GO_ON))
    if not spoken or spoken[-1].role != "user":
        raise Unsupported("messages", "no message is the user's, so nothing is asked")
    *earlier, last = spoken
    asked, system = typed(last.text), _told(request.messages)
    words = asked.words or (_ABOUT_GIVEN if asked.given and not last.pictures else "")
    if len(words) > MAX_QUESTION_CHARS:
        raise Unsupported("messages", f"the question has more than {MAX_QUESTION_CHARS} characters; ask more briefly")
    extras = request.rag
    wishes = wishes_of(system.words)
    before = [each for message in earlier if message.role == "user" for each in typed(message.text).given]
    question = Question(
        words,
        _picture(last),
        extras.where,
        extras.top_k,
        _turns(earlier),
        sampling=request.sampling(),
        given=(*before, *system.given, *asked.given),
        wishes=wishes.text,
    )
    begins = not any(message.role == "assistant" for message in spoken)
    notes = [LEFT_OUT] if wishes.left_out and begins else []
    return Asked(question, (*notes, *_passed_over(request.messages, earlier, settings)), tuple(notes))


def _told(messages: Sequence[Message]) -> Typed:
    """What system messages say, and the texts that they hold."""
    said = [taken_off(message.text) for message in messages if message.role in ("system", "developer")]
    given = tuple(each for _, texts in said for each in texts)
    return Typed("\n".join(instructions(rest) for rest, _ in said), given)


def _picture(message: Message) -> bytes | None:
    urls = message.pictures
    if len(urls) > 1:
        raise Unsupported("messages", f"the question has {len(urls)} pictures; ask about one at a time")
    if urls and "://" in urls[0][:20]:
        raise Unsupported("messages", "pictures are not fetched from elsewhere; send it as a data: URL with base64")
    return picture(urls[0]) if urls else None


def _turns(messages: Sequence[Message]) -> tuple[Turn, ...]:
    """Every message of the user begins a turn; what the assistant says belongs to the last one, a greeting to none."""
    turns: list[tuple[Message, list[str]]] = []
    for message in messages:
        if message.role == "user":
            turns.append((message, []))
        elif turns:
            turns[-1][1].append(without_footer(without_details(message.text)))
    kept = turns[-_MAX_TURNS:]
    latest = max((at for at, (message, _) in enumerate(kept) if message.pictures), default=-1)
    return tuple(
        Turn(
            typed(message.text).words[:MAX_QUESTION_CHARS],
            "\n".join(said).strip()[:MAX_ANSWER_CHARS],
            _earlier_picture(message) if at == latest else None,
        )
        for at, (message, said) in enumerate(kept)
    )


def _earlier_picture(message: Message) -> bytes | None:
    """A picture that a question before came with; None where it cannot be had: that question was answered already."""
    try:
        return _picture(message)
    except (Unsupported, ImageError):
        return None


def _passed_over(messages: Sequence[Message], earlier: Sequence[Message], settings: Mapping[str, Any]) -> list[Note]:
    notes = []
    others = {message.role for message in messages} - {"user", "assistant", "system", "developer"}
    if others:
        text = f"messages of {', '.join(sorted(others))} were left out: tools are not called here"
        notes.append(Note("messages_left_out", text))
    if sum(bool(message.pictures) for message in earlier) > 1:
        text = "of the pictures of earlier messages only the latest is kept; attach the one that the question is about"
        notes.append(Note("earlier_pictures_left_out", text))
    names = [name for name, value in settings.items() if name not in _REFUSED and _is_set(value)]
    if names:
        listed = ", ".join(plain(name)[:_MAX_NAME_CHARS] for name in names[:_MAX_NAMES])
        text = f"settings without effect here: {listed}{', ...' if len(names) > _MAX_NAMES else ''}"
        notes.append(Note("settings_ignored", text))
    return notes


def _is_set(value: object) -> bool:
    return value is not None and value is not False and value not in ("", [], {})


_REFUSED: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "n": (lambda n: n not in (None, 1), "one answer is given to a question: leave out n"),
    "tool_choice": (
        lambda choice: choice == "required" or isinstance(choice, dict),
        "tools are not called here: tool_choice can only be 'none' or 'auto'",
    ),
    "function_call": (lambda call: isinstance(call, dict), "functions are not called here: leave out function_call"),
    "response_format": (
        lambda form: form is not None and not (isinstance(form, dict) and form.get("type") == "text"),
        "answers are text with citations: response_format can only be of type 'text'",
    ),
    "logprobs": (lambda wanted: wanted not in (None, False), "probabilities are not given: leave out logprobs"),
    "modalities": (
        lambda kinds: kinds not in (None, ["text"], []),
        "answers are text: modalities can only be ['text']",
    ),
}
"""Settings whose caller relies on them, by when they are; all others are harmless to leave out."""
