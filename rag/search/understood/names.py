"""Values of columns that stand in a question: names of people and places, cameras, keywords, folders. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.search.understood import words
from rag.search.understood.tokens import Token
from rag.search.understood.vocabulary import MOST_VALUE_WORDS, PEOPLE, PLACES, Vocabulary
from rag.text.pointing import carried

PROPER = (*PEOPLE, *PLACES)
"""Columns of names, which have capital letters."""
_MIN_CHARS = 3
_KINDS_OF_FILES = words.KINDS | words.FILES.keys()


@dataclass(frozen=True, slots=True)
class Named:
    """A value of the knowledge base that a question names.

    Attributes:
        first, last: of its tokens.
        by_column: column to the values that are called so.
        small: a name in small letters.
    """

    first: int
    last: int
    by_column: Mapping[str, tuple[Any, ...]]
    small: bool = False


def find_named(text: str, tokens: Sequence[Token], vocabulary: Vocabulary, taken: Sequence[bool]) -> list[Named]:
    """The longest that stand there, in order, none over another.

    Args:
        text: the question.
        tokens: its words.
        vocabulary: of the knowledge base.
        taken: tokens that mean something else already.
    """
    found: list[Named] = []
    at = 0
    has_capitals = any(token.is_capital and not token.begins for token in tokens)
    while at < len(tokens):
        named = next(_named_at(text, tokens, at, vocabulary, taken, has_capitals), None)
        if named is not None:
            found.append(named)
        at = at + 1 if named is None else named.last + 1
    return found


def _named_at(
    text: str, tokens: Sequence[Token], at: int, vocabulary: Vocabulary, taken: Sequence[bool], has_capitals: bool
) -> Iterator[Named]:
    if tokens[at].word not in vocabulary.first_words:
        return
    for n in range(min(MOST_VALUE_WORDS, len(tokens) - at), 0, -1):
        span = tokens[at : at + n]
        if any(token.is_quoted for token in span) or any(taken[at : at + n]):
            continue
        phrase = " ".join(token.word for token in span)
        by_column = vocabulary.names.get(phrase)
        is_led = at > 0 and tokens[at - 1].word in vocabulary.column_names
        if by_column is None or (n == 1 and not is_led and not _may_name(span[0])):
            continue
        small = not any(token.is_capital for token in span)
        proper = {name: values for name, values in by_column.items() if name in PROPER}
        others = {name: values for name, values in by_column.items() if name not in PROPER}
        if (small and has_capitals) or (n == 1 and span[0].begins and not _led(tokens, at)):
            proper = {}
        if _in_longer_name(text, tokens, at, at + n - 1, vocabulary):
            proper = {}
        if proper or others:
            yield Named(at, at + n - 1, {**proper, **others}, small)


def _may_name(token: Token) -> bool:
    word = token.word
    return len(word) >= _MIN_CHARS and word not in _KINDS_OF_FILES and bool(carried(token.text))


def _led(tokens: Sequence[Token], at: int) -> bool:
    """The capital at the beginning of a question says nothing, unless a noun of files follows: `Lisbon photos`."""
    return at + 1 < len(tokens) and tokens[at + 1].word in _KINDS_OF_FILES | {"s"}


def _in_longer_name(text: str, tokens: Sequence[Token], first: int, last: int, vocabulary: Vocabulary) -> bool:
    """`Paris` in `Paris Hilton`, `May` in `May Brown`: beside it stands another word with a capital."""
    return any(
        0 <= other < len(tokens) and _is_name_too(tokens[other], vocabulary) and _touch(text, tokens, near, other)
        for near, other in ((first, first - 1), (last, last + 1))
    )


def _is_name_too(token: Token, vocabulary: Vocabulary) -> bool:
    if not token.is_capital or token.begins or token.word in _KINDS_OF_FILES or token.text.isupper():
        return False
    is_known = token.word in vocabulary.names or token.word in words.MONTHS or token.word in words.SEASONS
    return not is_known and bool(carried(token.text))


def _touch(text: str, tokens: Sequence[Token], one: int, other: int) -> bool:
    low, high = sorted((one, other))
    return text[tokens[low].end : tokens[high].start].strip() in ("", "-")
