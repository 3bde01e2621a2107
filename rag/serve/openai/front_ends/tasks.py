"""What a front end asks of a chat's model for itself: a title, tags, follow-ups, queries. Pure.

All of it is answered from the conversation alone, at once.

Such a request is one message that has a conversation in a block of its own and, outside of it, the JSON that it wants.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rag.serve.openai.footer import sources_of, without_footer
from rag.serve.openai.front_ends.blocks import typed
from rag.serve.openai.front_ends.elements import elements, opening, without
from rag.serve.openai.schemas import Message
from rag.text.words import STOPWORDS, WORD
from rag.trace import Note

Kind: TypeAlias = Literal["title", "tags", "follow_ups", "queries", "prompt", "text"]

_KINDS: dict[str, Kind] = {
    "title": "title", "chat_title": "title", "name": "title",
    "tags": "tags", "topics": "tags", "labels": "tags", "keywords": "tags",
    "follow_ups": "follow_ups", "followups": "follow_ups", "follow_up_questions": "follow_ups",
    "questions": "follow_ups", "suggestions": "follow_ups",
    "queries": "queries", "search_queries": "queries",
    "prompt": "prompt",
    "text": "text", "completion": "text",
}  # fmt: skip
"""What is wanted, by the key of the JSON. `prompt` describes a picture to be made; `text` goes on with what is being
typed, which nothing here can."""
_CHAT = opening("chat_history|chat|conversation|history|messages|dialogue|transcript")
_WANTED = re.compile(r"\{\s*[\"'](\w+)[\"']\s*:\s*(?:\[|[\"'<])")
_PLAIN_TITLE = re.compile(
    r"\A(?=.{0,600}\btitle\b).{0,600}?\n\s*\n?(?:[^\n]{0,40}:\s*\n)?(?=(?:User|Human):)", re.DOTALL | re.IGNORECASE
)
_SAID = re.compile(r"^\W{0,4}(user|human|assistant|ai|model|bot)\W{0,3}:\s*", re.IGNORECASE | re.MULTILINE)
TASK = Note(
    "chat_task", "this asks for something about the chat itself: answered from the chat, without search and model"
)
_NO_SUBJECT = frozenset(
    "called call named name go goes going down went come comes done made take takes cost costs".split()
)
"""What a question ends with, and is not about: `the cat called`, `the car go down`."""
_TITLE_CHARS, _TAG_CHARS = 60, 30
_MAX_ITEMS = 3


@dataclass(frozen=True, slots=True)
class Task:
    """A request of the front end's own.

    Attributes:
        kind: what is wanted.
        key: of the JSON it is wanted in; empty: as plain text.
        questions: what the user asked so far, oldest first.
        answers: what was answered, as far as it is there.
    """

    kind: Kind
    key: str
    questions: tuple[str, ...]
    answers: tuple[str, ...]

    def reply(self) -> str:
        """What is asked for, in the form that it is asked for."""
        if not self.key:
            return _title(self.questions)
        return json.dumps({self.key: self._made()}, ensure_ascii=False)

    def _made(self) -> str | list[str]:
        match self.kind:
            case "title":
                return _title(self.questions)
            case "tags":
                return _subjects(self.questions)
            case "follow_ups":
                return _follow_ups(self.questions, self.answers)
            case "queries":
                return list(self.questions[-1:])
            case "prompt":
                return self.questions[-1] if self.questions else ""
            case "text":
                return ""


def task_of(messages: Sequence[Message]) -> Task | None:
    """The task that a request is; None for what a user asks."""
    spoken = [message for message in messages if message.role not in ("system", "developer")]
    if len(spoken) != 1 or spoken[0].role != "user" or spoken[0].pictures:
        return None
    text = spoken[0].text
    chats = list(elements(text, _CHAT, widest=True))
    if not chats:
        plain = _PLAIN_TITLE.match(text)
        return _task("title", "", text[plain.end() :]) if plain else None
    around = without(text, chats)
    keys = [key for key in _WANTED.findall(around) if key.lower() in _KINDS]
    return _task(_KINDS[keys[0].lower()], keys[0], chats[-1].inside) if keys else None


def _task(kind: Kind, key: str, chat: str) -> Task:
    parts = _SAID.split(chat)
    said = list(zip(parts[1::2], parts[2::2], strict=True))
    of_user = [typed(text.strip()).words for who, text in said if who.lower() in ("user", "human")]
    answers = [text.strip() for who, text in said if who.lower() not in ("user", "human")]
    return Task(kind, key, tuple(filter(None, of_user)), tuple(answers))


def _title(questions: Sequence[str]) -> str:
    first = " ".join(questions[0].split()) if questions else ""
    if len(first) > _TITLE_CHARS:
        first = f"{first[:_TITLE_CHARS].rsplit(' ', 1)[0]} …"
    first = first.rstrip("?!.¿¡ ")
    return f"{first[:1].upper()}{first[1:]}" or "New chat"


def _subjects(questions: Sequence[str]) -> list[str]:
    """Runs of words that carry meaning: of `At what wind speed do they stop?` it is `Wind speed` and `Stop`."""
    found: list[str] = []
    for question in questions:
        run: list[str] = []
        for word in [*WORD.findall(question), ""]:
            if word and word.lower() not in STOPWORDS:
                run.append(word)
                continue
            while run and run[-1].lower() in _NO_SUBJECT:
                run.pop()
            if run:
                found.append(" ".join(run)[:_TAG_CHARS].strip())
            run = []
    return [f"{each[:1].upper()}{each[1:]}" for each in dict.fromkeys(found)][:_MAX_ITEMS]


def _follow_ups(questions: Sequence[str], answers: Sequence[str]) -> list[str]:
    """About the sources of the latest answer, then about what was asked; none in languages that are not known here."""
    if not any(word.lower() in STOPWORDS for question in questions for word in WORD.findall(question)):
        return []
    names = [source.rpartition("/")[2] for source in sources_of(answers[-1])] if answers else []
    about = [f"What else does {name} say?" for name in names]
    subjects = _subjects(questions[-1:]) if answers and without_footer(answers[-1]).strip() else []
    more = [f"What else is known about {subject[:1].lower()}{subject[1:]}?" for subject in subjects]
    return list(dict.fromkeys([*about[:2], *more]))[:_MAX_ITEMS]
