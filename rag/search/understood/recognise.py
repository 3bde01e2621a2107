"""A question read against what the knowledge base holds. Pure and deterministic.

What is certain becomes a filter and its words leave the question; what is likely is preferred and its words stay. Sure
is only what a question says of the files themselves: `photos from 2019`, `written by Nell Abney`. `How many visitors
came in 2019?` speaks of what is in them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from rag.search.understood import words
from rag.search.understood.asked import COLUMN_WORDS
from rag.search.understood.dates import Dates, find_dates
from rag.search.understood.names import Named, find_named
from rag.search.understood.of_dates import match_date
from rag.search.understood.of_names import match_name
from rag.search.understood.of_parts import match_folders, match_kind, match_ratings
from rag.search.understood.reading import Match, Reading
from rag.search.understood.spoken import Spoken
from rag.search.understood.vocabulary import Vocabulary
from rag.text.pointing import carried
from rag.understood import Wanted

MOST_CHARS = 250
"""Longer questions do not ask for files: a text was pasted."""
_ABOUT = frozenset(
    "about on of for that which deal deals cover covers discuss discusses mentions mentioning mention containing "
    "describing regarding uber zu zum zur die welche sur au "
    "concernant qui de sobre que acerca".split()
)
_FILLERS = words.LEADS | words.ARTICLES | words.IN | words.WITH | words.MADE | words.AND | frozenset(
    "knowledge base collection archive sammlung archiv coleccion archivo exist existieren existe existen enthalten "
    "contained stored together altogether insgesamt total which that s".split()
)  # fmt: skip
_WHO = frozenset("who wer qui quien".split())
_DIFFERENT = frozenset("different verschiedene verschiedenen differents distintos diferentes".split())


def recognise(
    text: str,
    vocabulary: Vocabulary,
    today: date,
    *,
    without: Collection[str] = (),
    as_words: Collection[str] = (),
) -> Reading:
    """What a question says of the files that are wanted.

    Args:
        text: the question.
        vocabulary: what there is.
        today: what `last summer` counts from.
        without: columns that are not understood, since the asker filters by them.
        as_words: parts of the question that mean nothing but themselves.
    """
    if vocabulary.is_empty or not 0 < len(text) <= MOST_CHARS:
        return Reading(rest=text)
    spoken = Spoken(text, vocabulary, as_words)
    return _read(spoken, vocabulary, _matches(spoken, vocabulary, today, without), without)


def _matches(spoken: Spoken, vocabulary: Vocabulary, today: date, without: Collection[str]) -> list[Match]:
    """What is understood but for the kind of files, none over another. Sets the question's head."""
    named = find_named(spoken.text, spoken.tokens, vocabulary, spoken.kept)
    is_long_name = {at for each in named if each.last > each.first for at in range(each.first, each.last + 1)}
    dates = [
        each
        for each in find_dates(spoken.text, spoken.tokens, today, vocabulary.years)
        if not any(at in is_long_name or spoken.kept[at] for at in range(each.first, each.last + 1))
    ]
    found = [*match_ratings(spoken, vocabulary, without), *match_folders(spoken, vocabulary, without)]
    spoken.find_head([*_spans(dates), *_spans(named), *_spans(found)])
    in_dates = {at for each in dates for at in range(each.first, each.last + 1)}
    names = [each for each in named if not in_dates.intersection(range(each.first, each.last + 1))]
    for name in names:
        _add(match_name(name, spoken, found, without), found)
    for each in dates:
        _add(match_date(each, spoken, vocabulary, names, found, without), found)
    return found


def _spans(found: Sequence[Dates | Named | Match]) -> list[tuple[int, int]]:
    return [(each.first, each.last) for each in found]


def _add(match: Match | None, found: list[Match]) -> None:
    taken = {at for each in found for at in each.tokens()}
    if match is not None and taken.isdisjoint(range(match.first, match.last + 1)):
        found.append(match)


def _read(spoken: Spoken, vocabulary: Vocabulary, found: Sequence[Match], without: Collection[str]) -> Reading:
    certain = [match for match in found if match.is_certain]
    order, count = spoken.order, spoken.count
    column_at, column = _asked_column(spoken, vocabulary, certain)
    rest = _rest(spoken, certain, column_at)
    kind = match_kind(spoken, vocabulary, without)
    if kind is not None and not certain and (rest or not (order or count)):
        is_wanted = not count and (_orders_some(spoken) or _asks_for_files(spoken))
        kind = kind if is_wanted else None
        rest = _rest(spoken, [kind], column_at) if kind else rest
    certain += [kind] if kind else []
    every = sorted([*found, *([kind] if kind else [])], key=lambda match: match.first)
    understood = tuple(match.understood for match in every)
    if not column and not rest and certain and spoken.words[0] in _WHO and vocabulary.has("author"):
        column = "author"
    if column and not rest:
        return Reading(understood, wanted="count_values" if count else "values", column=column)
    newest, n = (order.newest, order.n) if order and spoken.head is not None else (None, 0)
    if not rest and (certain or (spoken.head is not None and (order or count))):
        noun = spoken.tokens[spoken.head].text if spoken.head is not None and spoken.noun in words.TEXTS else ""
        if noun and not order and not count:  # `letters by Nell Abney`: of hers those that are letters come first
            return Reading(understood, noun)
        wanted: Wanted = "count" if count else "list"
        return Reading(understood, wanted=wanted, newest=newest, n=n, noun=noun)
    if not certain:
        return Reading(understood, spoken.text)
    return Reading(understood, rest or spoken.text, newest=newest, n=n)


def _asked_column(spoken: Spoken, vocabulary: Vocabulary, certain: Sequence[Match]) -> tuple[int | None, str]:
    """The column whose values are asked for, and its token: `which authors`, `how many countries`."""
    used = {at for match in certain for at in match.tokens()}
    for at, word in enumerate(spoken.words):
        column = COLUMN_WORDS.get(word) or vocabulary.column_names.get(word)
        if column is not None and at not in used and vocabulary.has(column):
            return at, column
        if at not in used and word not in words.LEADS | words.ARTICLES | _DIFFERENT:
            return None, ""
    return None, ""


def _asks_for_files(spoken: Spoken) -> bool:
    """`slides about pumps`, not `slides wear out`."""
    head = spoken.head
    if head is None or spoken.noun not in words.FILES:
        return False
    return head + 1 == len(spoken.words) or spoken.word(head + 1) in _ABOUT | words.WITH | words.BY | words.MADE


def _orders_some(spoken: Spoken) -> bool:
    """`the newest photo with a dog`"""
    if spoken.order is None or spoken.head is None:
        return False
    return spoken.word(max(spoken.head, spoken.order.last) + 1) in _ABOUT | words.WITH


def _rest(spoken: Spoken, certain: Sequence[Match], column_at: int | None) -> str:
    """The words that nothing stands for, without those at both ends that only hold a question together."""
    used = {at for match in certain for at in match.tokens()}
    head = spoken.head if certain or spoken.order or spoken.count else None
    if not used and head is None and column_at is None:
        return spoken.text
    if head is not None:
        used.add(head)
        used.update(range(spoken.order.first, spoken.order.last + 1) if spoken.order else ())
    if column_at is not None:
        used.add(column_at)
    if spoken.count and (head is not None or column_at is not None):
        used.update(range(spoken.count[0], spoken.count[1] + 1))
    left = [at for at in range(len(spoken.tokens)) if at not in used]
    while left and _is_filler(spoken, left[0]):
        left.pop(0)
    while left and _is_filler(spoken, left[-1]):
        left.pop()
    text = " ".join(spoken.said(first, last) for first, last in _runs(left))
    return text if carried(text) else ""


def _is_filler(spoken: Spoken, at: int) -> bool:
    token = spoken.tokens[at]
    return not token.is_quoted and (token.word in _FILLERS or not carried(token.text))


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of those that follow each other."""
    runs: list[tuple[int, int]] = []
    for at in places:
        if runs and at == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], at
        else:
            runs.append((at, at))
    return runs
