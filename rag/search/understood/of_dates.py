"""Which of a question's dates are those of files, of which column, and how sure that is. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from rag.search.understood import wheres, words
from rag.search.understood.dates import Dates
from rag.search.understood.names import Named
from rag.search.understood.reading import Match
from rag.search.understood.spoken import Spoken
from rag.search.understood.vocabulary import DATES, PEOPLE, Vocabulary
from rag.understood import Certainty

_NEAR = 3
"""Tokens between a verb and its date: `taken by my mother in 2019`."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns of dates, columns of years, the one that counts where a file has none of these; what is said of it."""

    dates: tuple[str, ...]
    years: tuple[str, ...] = ()
    otherwise: str = ""
    label: str = ""


def match_date(
    dates: Dates, spoken: Spoken, vocabulary: Vocabulary, names: Sequence[Named], found: Sequence[Match],
    without: Collection[str],
) -> Match | None:  # fmt: skip
    """What a date says of files; None where it says nothing of them.

    Args:
        dates: as it stands in the question.
        spoken: the question.
        vocabulary: of the knowledge base.
        names: of values, in the question.
        found: what was understood so far.
        without: columns that are not to be understood.
    """
    if not dates.any_of or spoken.is_denied(dates.first) or _is_of_a_thing(dates, spoken, names):
        return None
    verb = _verb_before(dates.first, spoken)
    columns = _columns(spoken.word(verb) if verb is not None else "", spoken, vocabulary, without)
    certainty = _certainty(dates, spoken, vocabulary, verb is not None, found)
    if certainty == "likely" and spoken.head is None:  # what a text tells of: the date of its file says little
        if len(dates.any_of) > 1:  # `on a winter evening`
            return None
        columns = _Columns(tuple(name for name in columns.dates if name not in DATES[1:]), columns.years)
    every = (*columns.dates, *columns.years)
    if not every:
        return None
    where = wheres.in_time(dates.any_of, columns.dates, columns.years, columns.otherwise)
    column = every[0] if len(every) == 1 and not columns.otherwise else "date"
    when = wheres.time_label(dates.any_of)
    is_in = dates.any_of[0][0][0] == "="
    label = f"{columns.label} {'in ' if is_in else ''}{when}" if columns.label else when
    spare = [verb] if verb is not None and certainty == "certain" else []
    return spoken.match(dates.first, dates.last, column, *_value(dates), certainty, where, label, spare)


def _value(dates: Dates) -> tuple[str, Any]:
    if len(dates.any_of) > 1:
        return "in", [test[0][1] if len(test) == 1 else [at for _, at in test] for test in dates.any_of]
    tests = dates.any_of[0]
    return tests[0] if len(tests) == 1 else ("between", [at for _, at in tests])


def _is_of_a_thing(dates: Dates, spoken: Spoken, names: Sequence[Named]) -> bool:
    """`the war of 1914`, `the 1914 war`: the year of something else, or a number that is none."""
    if not dates.only_year or dates.cue == "bound":
        return False
    has_article = spoken.word(dates.last - 1) in words.ARTICLES - {"de", "del", "du", "d"}
    if (has_article or dates.cue != "in") and spoken.is_noun(dates.last + 1):
        return True
    if dates.cue == "in":
        return False
    ends = {each.last for each in names}
    before = dates.first - 1
    while spoken.word(before) in words.LEADS and not spoken.is_kind(before) and before not in ends:
        before -= 1
    is_beside = spoken.is_kind(before) or before in ends or spoken.word(before) in words.MADE
    if is_beside or spoken.word(dates.last + 1) in words.MADE:
        return False
    return dates.cue == "of" or not spoken.is_kind(dates.last + 1)


def _verb_before(first: int, spoken: Spoken) -> int | None:
    near = range(first - 1, max(-1, first - 1 - _NEAR), -1)
    return next((at for at in near if spoken.word(at) in words.MADE | words.MODIFIED), None)


def _columns(verb: str, spoken: Spoken, vocabulary: Vocabulary, without: Collection[str]) -> _Columns:
    known = [name for name in vocabulary.date_columns if name not in without]
    years = tuple(name for name in vocabulary.year_columns if name not in without)
    if verb in words.PUBLISHED and "published" in known:
        return _Columns(("published",), label="published")
    if verb in words.MODIFIED and "modified" in known:
        return _Columns(("modified",), label="modified")
    surest = tuple(name for name in known if name != "modified")
    if spoken.noun in words.IMAGES:
        own = tuple(name for name in surest if name not in ("published", "created"))
        if own or years:
            return _Columns(own, years, label="taken" if own == ("taken_at",) else "")
    otherwise = "modified" if "modified" in known else ""
    if not surest and not years and otherwise:
        return _Columns((otherwise,))
    return _Columns(surest, years, otherwise)


def _certainty(
    dates: Dates, spoken: Spoken, vocabulary: Vocabulary, has_verb: bool, found: Sequence[Match]
) -> Certainty:
    follows = any(match.last == dates.first - 1 and match.is_certain for match in found)
    if spoken.head is None:  # `What did Nell Abney write in 2019?`
        wrote = any(match.is_certain and match.understood.column in PEOPLE for match in found)
        asks = spoken.asks_values(dates.first, dates.last)
        return (
            "certain" if (wrote and (follows or dates.cue != "alone")) or (asks and dates.cue != "alone") else "likely"
        )
    is_beside = spoken.head in (dates.first - 1, dates.last + 1) or has_verb or follows
    is_beside = is_beside or spoken.word(dates.last + 1) in words.MADE
    if spoken.noun in words.IMAGES:
        return "certain" if dates.cue != "alone" or is_beside else "likely"
    in_titles = dates.only_year and dates.any_of[0][0][1] in vocabulary.titled_years
    if spoken.noun in words.TEXTS and not has_verb and (in_titles or dates.cue == "alone"):
        return "likely"  # `the 2019 report` may be called so
    is_from = spoken.word(dates.first) in words.FROM | words.SINCE | {"dated"}
    return "certain" if is_beside or (is_from and dates.cue != "alone") else "likely"
