"""Dates in a question: a day, a month, a season, a year, a decade, what is said between, since, before and ago. Pure.

Own grammar, because libraries read single moments, not periods, take `me` for a day and `May Brown` for a month, and
need a second to be imported; see `docs/decisions/044-questions-about-files.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from rag.search.understood import words
from rag.search.understood.tokens import Token

Bound: TypeAlias = Literal[">=", ">", "<=", "<"]
Test: TypeAlias = tuple[Literal["=", ">=", ">", "<=", "<"], str]
"""An operator of filters, and a date as exact as it was said: `2019`, `2019-07`, `2019-07-14`."""
Cue: TypeAlias = Literal["in", "of", "bound", "alone"]
"""What stands before it: `in July 2019`, `of 2019`, `since 2019`, nothing."""

_ISO = re.compile(r"([12]\d{3})-(\d{1,2})(?:-(\d{1,2}))?")
_DAY_FIRST = re.compile(r"(\d{1,2})([./])(\d{1,2})[./]([12]\d{3})")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_DECADE = re.compile(r"(1[5-9]\d|20\d)0(?:s|er|ern)")
_DAY = re.compile(r"([0-3]?\d)(?:st|nd|rd|th|er|o|a)?")
_OF = frozenset(("of", "de", "von", "vom", "du", "del"))
_MOST_YEARS = 40
"""`July` without a year is that of each year that there is, of so many at most."""


@dataclass(frozen=True, slots=True)
class Dates:
    """What a question says of time.

    Attributes:
        first, last: of its tokens, the words before it (`from`, `since`) included.
        any_of: alternatives; of each all tests hold.
        cue: what stands before it.
        only_year: nothing but the number of a year was said.
    """

    first: int
    last: int
    any_of: tuple[tuple[Test, ...], ...]
    cue: Cue
    only_year: bool


@dataclass(frozen=True, slots=True)
class _Moment:
    """`after` is the token behind it; `low` and `high` are its first and last day, month or year."""

    after: int
    low: str
    high: str
    bare: bool = False
    since: bool = False


_BOUNDS: tuple[tuple[frozenset[str], Bound], ...] = (
    (words.SINCE, ">="), (words.AFTER, ">"), (words.BEFORE, "<"), (words.UNTIL, "<="),
)  # fmt: skip


def find_dates(text: str, tokens: Sequence[Token], today: date, years: Sequence[int]) -> list[Dates]:
    """All that a question says of time, in order.

    Args:
        text: of the question.
        tokens: its words.
        today: what `last summer` counts from.
        years: that there are records of, for months without a year.
    """
    reader = _Reader(text, tokens, today, tuple(years)[-_MOST_YEARS:])
    found: list[Dates] = []
    at = 0
    while at < len(tokens):
        dates = None if tokens[at].is_quoted else reader.phrase(at)
        if dates is not None:
            found.append(dates)
        at = at + 1 if dates is None else dates.last + 1
    return found


class _Reader:
    def __init__(self, text: str, tokens: Sequence[Token], today: date, years: tuple[int, ...]) -> None:
        self._text, self._tokens, self._today, self._years = text, tokens, today, years

    def _word(self, at: int) -> str:
        return self._tokens[at].word if 0 <= at < len(self._tokens) else ""

    def _after_articles(self, at: int) -> int:
        while self._word(at) in words.ARTICLES:
            at += 1
        return at

    def phrase(self, at: int) -> Dates | None:
        """The longest that begins there."""
        word = self._word(at)
        for cues, seconds in ((words.BETWEEN, words.AND), (words.FROM, words.TO)):
            if word in cues and (found := self._pair(at, seconds)):
                return found
        if moment := self._ago(at):
            return self._dates(at, moment, "bound" if moment.since else "in")
        for cues, operator in _BOUNDS:
            if word in cues and (found := self._bound(at, operator)):
                return found
        if word in words.IN:
            moment = self._moment(self._after_articles(at + 1), is_led=True)
            if moment is not None:
                return self._dates(at, moment, "of" if word in _OF or word == "d" else "in")
        moment = self._moment(at, is_led=False)
        return None if moment is None else self._dates(at, moment, "alone")

    def _pair(self, at: int, seconds: frozenset[str]) -> Dates | None:
        first = self._moment(self._after_articles(at + 1), is_led=True, may_lack_year=True)
        if first is None or self._word(first.after) not in seconds:
            return None
        second = self._moment(self._after_articles(first.after + 1), is_led=True)
        if second is None or second.bare:
            return None
        low = f"{second.low[:4]}-{first.low[5:]}" if first.bare else first.low
        return Dates(at, second.after - 1, (((">=", low), ("<=", second.high)),), "bound", False)

    def _bound(self, at: int, operator: Bound) -> Dates | None:
        behind = at + 1
        while self._word(behind) in ("than", "als", "que", "a", "au", "zum", "zu", "in") or (
            self._word(behind) in words.ARTICLES
        ):
            behind += 1
        moment = self._moment(behind, is_led=True)
        if moment is None:
            return None
        if moment.bare:  # of the latest year in which it has begun
            low, high = self._latest(moment)
            moment = _Moment(moment.after, low, high)
        value = moment.low if operator in (">=", "<") else moment.high
        return Dates(at, moment.after - 1, (((operator, value),),), "bound", False)

    def _latest(self, moment: _Moment) -> tuple[str, str]:
        year = self._today.year - (f"{self._today.year}-{moment.low[5:]}" > self._today.isoformat())
        return f"{year}-{moment.low[5:]}", f"{year + (moment.high < moment.low)}-{moment.high[5:]}"

    def _dates(self, at: int, moment: _Moment, cue: Cue) -> Dates:
        """With a second moment behind it: `2018 and 2020`, `2018-2020`."""
        moments, last = [moment], moment.after - 1
        gap = self._between(last)
        if gap in ("-", "\u2013", "\u2014") and (end := self._moment(moment.after, is_led=True)) and not moment.bare:
            return Dates(at, end.after - 1, (((">=", moment.low), ("<=", end.high)),), "bound", False)
        if self._word(moment.after) in words.AND | {"or", "oder", "ou", "o"} and (
            second := self._moment(moment.after + 1, is_led=True)
        ):
            if moment.bare and not second.bare:
                year = second.low[:4]
                moments = [_Moment(moment.after, f"{year}-{moment.low[5:]}", f"{year}-{moment.high[5:]}")]
            moments.append(second)
            last = second.after - 1
        any_of = tuple(test for each in moments for test in self._tests(each))
        only_year = all(_YEAR.fullmatch(each.low) and each.low == each.high for each in moments)
        return Dates(at, last, any_of, cue, only_year)

    def _between(self, at: int) -> str:
        """What stands between a token and the next."""
        if at + 1 >= len(self._tokens):
            return ""
        return self._text[self._tokens[at].end : self._tokens[at + 1].start].strip()

    def _tests(self, moment: _Moment) -> list[tuple[Test, ...]]:
        if not moment.bare:
            return [_tests(moment.low, moment.high)]
        spans_years = moment.high < moment.low
        return [_tests(f"{year}-{moment.low[5:]}", f"{year + spans_years}-{moment.high[5:]}") for year in self._years]

    def _moment(self, at: int, *, is_led: bool, may_lack_year: bool = False) -> _Moment | None:
        if at >= len(self._tokens) or self._tokens[at].is_quoted:
            return None
        readers: tuple[Callable[[int], _Moment | None], ...] = (
            self._typed, self._relative, self._day, self._month, self._season, self._year,
        )  # fmt: skip
        moment = next((found for read in readers if (found := read(at)) is not None), None)
        if moment is None or not moment.bare:
            return moment
        return moment if is_led and (may_lack_year or self._may_be_bare(at, moment.after)) else None

    def _may_be_bare(self, at: int, after: int) -> bool:
        """Whether a month without a year is one: `in May`, not `May Brown` nor `march`."""
        token = self._tokens[at]
        follows = self._tokens[after] if after < len(self._tokens) else None
        is_name = follows is not None and follows.is_capital and not follows.begins and follows.word not in words.AND
        is_noun_language = follows is not None and follows.word in words.IMAGES | words.DOCUMENTS | words.TEXTS
        return (not is_name or is_noun_language) and (token.is_capital or token.word not in words.ALSO_NAMES)

    def _typed(self, at: int) -> _Moment | None:
        text = self._word(at)
        if match := _ISO.fullmatch(text):
            year, month, day = int(match[1]), int(match[2]), int(match[3] or 0)
        elif match := _DAY_FIRST.fullmatch(text):
            day, month, year = int(match[1]), int(match[3]), int(match[4])
            if month > 12 and match[2] == "/":
                day, month = month, day
        else:
            return None
        said = _iso(year, month, day)
        return _Moment(at + 1, said, said) if said else None

    def _day(self, at: int) -> _Moment | None:
        """`14 July 2019`, `14. Juli 2019`, `July 14, 2019`."""
        if match := _DAY.fullmatch(self._word(at)):
            day, of = int(match[1]), at + 1 + (self._word(at + 1) in _OF)
            month, after = words.MONTHS.get(self._word(of), 0), of + 1
        else:
            month = words.MONTHS.get(self._word(at), 0)
            match = _DAY.fullmatch(self._word(at + 1))
            day, after = int(match[1]) if match else 0, at + 2
        after += self._word(after) in _OF
        if not month or not day or not _YEAR.fullmatch(self._word(after)):
            return None
        said = _iso(int(self._word(after)), month, day)
        return _Moment(after + 1, said, said) if said else None

    def _month(self, at: int) -> _Moment | None:
        month = words.MONTHS.get(self._word(at))
        if month is None:
            return None
        after = at + 1 + (self._word(at + 1) in _OF)
        if _YEAR.fullmatch(self._word(after)):
            said = f"{self._word(after)}-{month:02}"
            return _Moment(after + 1, said, said)
        return _Moment(at + 1, f"0000-{month:02}", f"0000-{month:02}", bare=True)

    def _season(self, at: int) -> _Moment | None:
        months = words.SEASONS.get(self._word(at))
        if months is None:
            return None
        after = at + 1
        while self._word(after) in _OF | words.ARTICLES:
            after += 1
        if _YEAR.fullmatch(self._word(after)):
            return _Moment(after + 1, *_season(int(self._word(after)), months))
        is_led = self._word(at - 1) in words.IN | words.ARTICLES | words.BETWEEN | words.SINCE
        low, high = (f"0000-{(month - 1) % 12 + 1:02}" for month in months)
        return _Moment(at + 1, low, high, bare=True) if is_led else None

    def _year(self, at: int) -> _Moment | None:
        word = self._word(at)
        if match := _DECADE.fullmatch(word):
            return _Moment(at + 1, f"{match[1]}0", f"{match[1]}9")
        if not _YEAR.fullmatch(word):
            return None
        if word.endswith("0") and self._word(at - 1) in ("annees", "anos"):
            return _Moment(at + 1, word, f"{word[:3]}9")
        return _Moment(at + 1, word, word)

    def _relative(self, at: int) -> _Moment | None:
        """`last summer`, `this year`, `the last 3 months`, `l'été dernier`, `yesterday`."""
        word = self._word(at)
        if word in words.YESTERDAY and word != "hier":
            said = (self._today - timedelta(days=words.YESTERDAY[word])).isoformat()
            return _Moment(at + 1, said, said)
        if word in words.LAST | words.THIS:
            after = at + 1
            number = _number(self._word(after))
            if number and word in words.LAST and (unit := words.UNITS.get(self._word(after + 1))):
                return _Moment(after + 2, _back(self._today, number, unit), self._today.isoformat())
            return self._named(at + 1, at + 2, is_last=word in words.LAST)
        if self._word(at + 1) in words.LAST and word in (*words.UNITS, *words.SEASONS, *words.MONTHS):
            return self._named(at, at + 2, is_last=True)
        return None

    def _named(self, at: int, after: int, *, is_last: bool) -> _Moment | None:
        """The unit, month or season at a token: the present one, or the last."""
        word, today = self._word(at), self._today
        if unit := words.UNITS.get(word):
            return _Moment(after, *_unit(today, unit, is_last=is_last))
        if months := words.SEASONS.get(word):
            year = today.year
            if is_last and _season(year, months)[1] >= today.isoformat()[:7]:
                year -= 1
            return _Moment(after, *_season(year, months))
        if (month := words.MONTHS.get(word)) and not _YEAR.fullmatch(self._word(at + 1)):
            said = f"{today.year - (is_last and month >= today.month)}-{month:02}"
            return _Moment(after, said, said)
        return None

    def _ago(self, at: int) -> _Moment | None:
        """`three weeks ago`, `vor drei Wochen`, `il y a trois semaines`, `hace tres semanas`."""
        word = self._word(at)
        if word in ("vor", "hace") or (word == "a" and self._word(at - 1) == "y"):
            number, unit, after = _number(self._word(at + 1)), words.UNITS.get(self._word(at + 2)), at + 3
        elif self._word(at + 2) == "ago":
            number, unit, after = _number(self._word(at)), words.UNITS.get(self._word(at + 1)), at + 3
        else:
            return None
        if not number or not unit:
            return None
        then = _back(self._today, number, unit)
        said = then if unit == "day" else then[:7] if unit == "month" else then[:4] if unit == "year" else ""
        if said:
            return _Moment(after, said, said)
        monday = date.fromisoformat(then) - timedelta(days=date.fromisoformat(then).weekday())
        return _Moment(after, monday.isoformat(), (monday + timedelta(days=6)).isoformat())


def _tests(low: str, high: str) -> tuple[Test, ...]:
    return (("=", low),) if low == high else ((">=", low), ("<=", high))


def _number(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 4 else words.NUMBERS.get(word, 0)


def _iso(year: int, month: int, day: int) -> str:
    """Empty where there is no such day."""
    try:
        said = date(year, month, day or 1).isoformat()
    except ValueError:
        return ""
    return said if day else said[:7]


def _season(year: int, months: tuple[int, int]) -> tuple[str, str]:
    low, high = months
    return f"{year:04}-{low:02}", f"{year + (high > 12):04}-{high - 12 * (high > 12):02}"


def _unit(today: date, unit: str, *, is_last: bool) -> tuple[str, str]:
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * is_last)
        return monday.isoformat(), (monday + timedelta(days=6)).isoformat()
    then = _back(today, int(is_last), unit)
    said = then if unit == "day" else then[:7] if unit == "month" else then[:4]
    return said, said


def _back(today: date, number: int, unit: str) -> str:
    """The day so long ago."""
    if unit in ("day", "week"):
        return (today - timedelta(days=number * (7 if unit == "week" else 1))).isoformat()
    months = today.year * 12 + today.month - 1 - number * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    day = next(day for day in range(today.day, 0, -1) if _iso(year, month + 1, day))
    return _iso(year, month + 1, day)
