"""A conversation as one sequence of messages that only grows, so that a server reads only what is new. Pure but for the
memory of what earlier turns were given.

    system      the same bytes for everybody
    user        sources 1, 2 and the question
    assistant   the answer
    user        source 9, which is new, and the next question
    ...

When the budget is full, the sources of the oldest turns leave, in one big step; where that is not enough, the oldest
turns do. What leaves is computed from the turns alone, so the same history gives the same bytes, whoever sends it.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from rag.ports import ChatMessage
from rag.types import Hit, Turn

_LEFT_SHARE = 0.4
"""Of the budget that is still taken after a step: steps are rare, as each makes the server read all that stays."""


@dataclass(frozen=True, slots=True)
class GivenSource:
    """A source as the model was given it.

    Attributes:
        number: its `[n]` through the conversation.
        record_id: of what it is.
        block: with its delimiters and header.
        body: its words alone.
    """

    number: int
    record_id: str
    block: str
    body: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn as it stands in the prompt.

    Attributes:
        user: the message with its sources.
        bare: the message without them, for when they have left.
        sources: given with it; those of earlier turns are not repeated.
        shown: number and hit of everything that was shown to people with it.
        images: pictures that went with the message.
        answer: what was answered; empty for the question that is being asked.
    """

    user: str
    bare: str
    sources: tuple[GivenSource, ...] = ()
    shown: tuple[tuple[int, Hit], ...] = ()
    images: tuple[bytes, ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """What of the exchanges is still sent: from `first_turn` on, with their sources from `first_sources` on."""

    first_turn: int = 0
    first_sources: int = 0


def fitted(costs: Sequence[tuple[int, int, int]], budget: int) -> Window:
    """The part of a conversation that fits, by replaying it turn by turn.

    Args:
        costs: of each exchange: tokens of its sources (pictures included), of its question, of its answer (of the last
            one: 0).
        budget: tokens for all of them.
    """
    first_turn = first_sources = 0
    for at in range(len(costs)):
        if taken_by(costs[: at + 1], first_turn, first_sources) <= budget:
            continue
        target = max(int(budget * _LEFT_SHARE), costs[at][0] + costs[at][1])
        while taken_by(costs[: at + 1], first_turn, first_sources) > target and first_sources < at:
            first_sources += 1
        while taken_by(costs[: at + 1], first_turn, first_sources) > target and first_turn < at:
            first_turn += 1
    return Window(first_turn, max(first_sources, first_turn))


def taken_by(costs: Sequence[tuple[int, int, int]], first_turn: int, first_sources: int) -> int:
    """Tokens of the prompt of the last turn: its own answer is not there yet."""
    said = sum(asked + answered for _, asked, answered in costs[first_turn:]) - costs[-1][2]
    return said + sum(given for given, _, _ in costs[max(first_sources, first_turn) :])


def messages_of(system: Sequence[ChatMessage], exchanges: Sequence[Exchange], window: Window) -> list[ChatMessage]:
    """The sequence to send: the last exchange is the question that is being asked."""
    messages = list(system)
    for at, exchange in enumerate(exchanges):
        if at < window.first_turn:
            continue
        with_sources = at >= window.first_sources
        messages.append(
            ChatMessage(
                "user", exchange.user if with_sources else exchange.bare, exchange.images if with_sources else ()
            )
        )
        if at < len(exchanges) - 1:
            messages.append(ChatMessage("assistant", exchange.answer))
    return messages


def at_hand(exchanges: Sequence[Exchange], window: Window) -> dict[str, GivenSource]:
    """Sources that the model still has before it, by record id; the last form of each."""
    sent = exchanges[window.first_sources :]
    return {source.record_id: source for exchange in sent for source in exchange.sources}


def numbers_of(exchanges: Sequence[Exchange]) -> dict[str, int]:
    """Numbers that records have in this conversation, by record id."""
    return {hit.record.id: number for exchange in exchanges for number, hit in exchange.shown}


def turns_digest(kb: str, turns: Sequence[Turn]) -> str:
    """What tells a conversation up to a turn from others."""
    said = [[turn.question.strip(), turn.answer.strip()] for turn in turns]
    return hashlib.sha256(json.dumps([kb, said]).encode()).hexdigest()


class TurnMemory:
    """What the latest turns of all conversations were given, by their digest. Thread-safe; the oldest leave.

    Nothing depends on it but time: what is not here is searched again.

    Args:
        max_bytes: of texts and pictures.
    """

    def __init__(self, max_bytes: int = 64 * 1024**2) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[str, Exchange] = OrderedDict()
        self._n_bytes = 0
        self._lock = threading.Lock()

    def get(self, digest: str) -> Exchange | None:
        with self._lock:
            found = self._kept.get(digest)
            if found is not None:
                self._kept.move_to_end(digest)
            return found

    def put(self, digest: str, exchange: Exchange) -> None:
        with self._lock:
            self._n_bytes += _size(exchange) - (_size(self._kept[digest]) if digest in self._kept else 0)
            self._kept[digest] = exchange
            self._kept.move_to_end(digest)
            while self._n_bytes > self._max_bytes and len(self._kept) > 1:
                self._n_bytes -= _size(self._kept.popitem(last=False)[1])


def _size(exchange: Exchange) -> int:
    texts = (exchange.user, exchange.bare, exchange.answer, *(source.block for source in exchange.sources))
    shown = sum(len(hit.record.text) + 500 for _, hit in exchange.shown)
    return sum(map(len, texts)) + sum(map(len, exchange.images)) + shown + 1000
