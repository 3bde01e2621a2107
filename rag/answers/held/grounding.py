"""Is a statement of an answer borne out by the sources? Words, numbers, names; late interaction where it is loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rag.answers.held.facts import (
    Number,
    alike,
    content_of,
    is_negated,
    language_of,
    months_in,
    names_in,
    numbers_in,
    opposes,
)

Closeness: TypeAlias = Callable[[str, Sequence[str]], Sequence[Sequence[float]]]
"""(statement, sentences) to the best cosine that each token of the statement has in each sentence: a row a sentence."""

Support: TypeAlias = Literal["supported", "unsupported", "unchecked"]

_WINDOW, _MOST_LINES, _WINDOW_WORDS = 3, 10, 40
"""Sentences that are read together, as a pronoun's noun may stand in the one before; of short lines more."""
_MIN_ROWS, _MAX_ROW_WORDS = 3, 8
_MIN_SHARE = 0.5
"""Of a statement's words that its evidence has, in the same language."""
_MIN_CLOSENESS = 0.62
"""Late interaction with MiniLM's token vectors; a statement in other words has it too."""
_LEAST_SHARE = 0.2
"""However close in meaning: a statement that shares no word with its evidence is about something else."""
_SAME_SHARE = 0.6
"""From here on evidence is about the same thing, so that a negation or an opposite in one of both contradicts."""
_UNIT = re.compile(r"[^\n.!?。！？]+(?:[.!?。！？]+(?=\s|$)|[.!?](?=\S)[^\n.!?]*)*[.!?。！？]*")
_CLAUSE = re.compile(
    r"[\n.!?;:,](?!\d)|\b(?:because|which|who|but|when|while|although|weil|dass|aber|wenn|während|obwohl|parce que|qui"
    r"|mais|quand|lorsque)\b"
)
_META = re.compile(
    r"\b(?:sources? (?:do|does|did)(?: not|n['’]t)|do(?:es)? not (?:say|mention|state|answer|contain|provide)"
    r"|no information|not (?:mentioned|stated|specified|answered)|(?:i|we) (?:do not|don't|cannot|can't)"
    r"|die quellen? (?:sagen|sagt|nennen|nennt|enthalten|enthält|beantworten|beantwortet)"
    r"|keine (?:angabe|angaben|information|informationen|auskunft)"
    r"|les sources? ne|n['’]est pas (?:mentionné|précisé|indiqué)|ne (?:dit|disent|mentionne|mentionnent|précise) )",
    re.IGNORECASE,
)
"""Statements about the sources rather than from them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the sources say to a statement.

    Attributes:
        support: `unchecked` where nothing in it can be checked.
        sources: numbers of the sources that bear it out, best first.
        missing: numbers and names of it that stand in no source.
    """

    support: Support
    sources: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Window:
    """Neighbouring sentences of one source."""

    source: int
    units: tuple[str, ...]
    text: str
    words: frozenset[str]
    numbers: tuple[Number, ...]
    language: str


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a label and its numbers, as in a table or beside a bar."""

    label: tuple[str, ...]
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class _Claim:
    text: str
    content: tuple[str, ...]
    numbers: tuple[Number, ...]
    names: tuple[str, ...]
    months: frozenset[int]
    language: str


class Sources:
    """Sources that statements are held to.

    Args:
        texts: number and words of each; its header (file, title, columns) counts as words too.
        question: what stands in it needs no source.
        closeness: late interaction, for statements in the sources' own language; None: words alone.
        language: of the model behind `closeness`; other statements are not put to it.
    """

    def __init__(
        self,
        texts: Sequence[tuple[int, str]],
        question: str = "",
        closeness: Closeness | None = None,
        language: str = "en",
    ) -> None:
        self._question = question
        self._closeness = closeness
        self._language = language
        self._windows = [window for number, text in texts for window in _windows(number, text)]
        self._all_content = frozenset(word for window in self._windows for word in window.words)
        self._units = list(dict.fromkeys(unit for window in self._windows for unit in window.units))
        self._matches: dict[str, frozenset[str]] = {}
        self._rows = {number: rows for number, text in texts if len(rows := _rows(text)) >= _MIN_ROWS}
        self._measured = {number: _measures(text) for number, text in texts}
        self._all_numbers = tuple({number for window in self._windows for number in window.numbers})
        self._all_months = frozenset(month for _, text in texts for month in months_in(text))
        self._asked_content = content_of(question)
        self._asked_numbers = numbers_in(question)
        self._asked_months = months_in(question)

    def check(self, statement: str) -> Verdict:
        """What the sources say to one sentence, given without its markers."""
        claim = _Claim(
            statement,
            content_of(statement),
            numbers_in(statement),
            names_in(statement),
            frozenset(months_in(statement)),
            language_of(statement),
        )
        if not self._windows or _META.search(statement) or statement.rstrip().endswith("?"):
            return Verdict("unchecked")
        missing = (*self._missing_numbers(claim), *self._missing_names(claim))
        if missing:
            return Verdict("unsupported", missing=missing)
        if not claim.content and not claim.numbers:
            return Verdict("unchecked")
        return self._weighed(claim)

    def _missing_numbers(self, claim: _Claim) -> tuple[str, ...]:
        held = (*self._all_numbers, *self._asked_numbers)
        absent = [
            number.text
            for number in claim.numbers
            if not any(number.agrees(other) for other in held) and not (number.is_word and self._is_counted(number))
        ]
        months = claim.months - self._all_months - self._asked_months
        numeric = {value for number in self._all_numbers for value in number.values}
        return (*absent, *(f"month {month}" for month in sorted(months) if month not in numeric))

    def _is_counted(self, number: Number) -> bool:
        """A small numeral may count what a source lists: `three machines` of a list of them."""
        return max(number.values) <= 3

    def _missing_names(self, claim: _Claim) -> tuple[str, ...]:
        known = (*self._all_content, *self._asked_content)
        return tuple(name for name in claim.names if not any(alike(name, word) for word in known))

    def _weighed(self, claim: _Claim) -> Verdict:
        close = _Close(claim, self._closeness if claim.language in ("", self._language) else None, self._units)
        swapped = {source for source in self._measured if self._is_swapped(claim, source)}
        held: list[tuple[float, int]] = []
        has_foreign = False
        for window in self._windows:
            is_foreign = bool(claim.language and window.language and claim.language != window.language)
            has_foreign = has_foreign or is_foreign
            if window.source in swapped:
                continue
            value = 0.0 if is_foreign else self._by_words(claim, window, close)
            if not value and (is_foreign or not claim.language):
                value = self._by_facts(claim, window)
            if value:
                held.append((value, window.source))
        if not held:
            has_facts = bool(claim.numbers or claim.names)
            says_little = len(claim.content) <= 1  # `Yes.`
            return Verdict("unchecked" if (has_foreign or says_little) and not has_facts else "unsupported")
        best = max(value for value, _ in held)
        ranked = sorted(((value, source) for value, source in held), reverse=True)
        return Verdict("supported", tuple(dict.fromkeys(source for value, source in ranked if value >= 0.75 * best)))

    def _by_words(self, claim: _Claim, window: _Window, close: _Close) -> float:
        """How well a window in the statement's own language bears it out; 0 for not at all."""
        share = self._share(claim, window)
        if share < _LEAST_SHARE or not self._anchors(claim, window) or self._contradicts(claim, window, share):
            return 0.0
        if share >= _MIN_SHARE:
            return 1.0 + share
        near = close.of(window)
        return near + share if near >= _MIN_CLOSENESS else 0.0

    def _by_facts(self, claim: _Claim, window: _Window) -> float:
        """In another language facts can be held to a source, words can not; 0 where one is missing."""
        if not (claim.numbers or claim.names) or not self._anchors(claim, window):
            return 0.0
        n_names = sum(bool(self._matching(name.lower()) & window.words) for name in claim.names)
        if claim.names and not n_names:
            return 0.0
        return 0.4 + 0.1 * n_names + 0.1 * len(claim.numbers) + 0.2 * self._share(claim, window)

    def _share(self, claim: _Claim, window: _Window) -> float:
        """Of the statement's words, those that the window has; the question's own words count half."""
        total = matched = 0.0
        for word in claim.content:
            weight = 0.5 if any(alike(word, asked) for asked in self._asked_content) else 1.0
            total += weight
            matched += weight * bool(self._matching(word) & window.words)
        return matched / total if total else 1.0

    def _matching(self, word: str) -> frozenset[str]:
        """Words of the sources that are the same but for inflection."""
        if word not in self._matches:
            self._matches[word] = frozenset(other for other in self._all_content if alike(word, other))
        return self._matches[word]

    def _anchors(self, claim: _Claim, window: _Window) -> bool:
        """Whether the statement's numbers and months stand in the window, but for those that the question brought."""
        for number in claim.numbers:
            if any(number.agrees(other) for other in self._asked_numbers) or (
                number.is_word and self._is_counted(number)
            ):
                continue
            if not any(number.agrees(other) for other in window.numbers):
                return False
        return True

    def _is_swapped(self, claim: _Claim, source: int) -> bool:
        """Whether the source gives one of the statement's numbers to something else: another row, another measure."""
        own = [number for number in claim.numbers if not any(number.agrees(asked) for asked in self._asked_numbers)]
        return self._in_another_row(claim, own, source) or _of_another_measure(claim.text, own, self._measured[source])

    def _in_another_row(self, claim: _Claim, own: Sequence[Number], source: int) -> bool:
        rows, label = self._rows.get(source, ()), _label(claim.text)
        spoken = [_overlap(row.label, label) / len(row.label) for row in rows]
        best = max(spoken, default=0.0)
        if best < 0.5:
            return False
        meant = [row for row, share in zip(rows, spoken, strict=True) if share == best]
        others = [row for row, share in zip(rows, spoken, strict=True) if share < 0.5]
        for number in own:
            in_meant = any(number.agrees(other) for row in meant for other in row.numbers)
            if not in_meant and any(number.agrees(other) for row in others for other in row.numbers):
                return True
        return False

    def _contradicts(self, claim: _Claim, window: _Window, share: float) -> bool:
        """Whether the clause that is about the same thing says no where the statement says yes, or the opposite."""
        if share < _SAME_SHARE:
            return False
        shared = [(_overlap(claim.content, content_of(clause)), clause) for clause in _CLAUSE.split(window.text)]
        most = max((n for n, _ in shared), default=0)
        if most < _SAME_SHARE * len(claim.content):
            return False
        same = [clause for n, clause in shared if n == most]
        negated = is_negated(claim.text)
        return all(is_negated(clause) != negated or opposes(claim.text, clause) for clause in same)


class _Close:
    """Late interaction of one statement with windows; the model is asked once, and only if words do not decide."""

    def __init__(self, claim: _Claim, closeness: Closeness | None, units: Sequence[str]) -> None:
        self._claim, self._closeness, self._units = claim, closeness, units
        self._rows: dict[str, Sequence[float]] | None = None

    def of(self, window: _Window) -> float:
        """Mean over the statement's tokens of the best cosine in the window; 0 without a model."""
        if self._closeness is None:
            return 0.0
        if self._rows is None:
            self._rows = dict(zip(self._units, self._closeness(self._claim.text, self._units), strict=True))
        rows = [row for unit in window.units if len(row := self._rows[unit])]
        best = [max(column) for column in zip(*rows, strict=True)]
        return sum(best) / len(best) if best else 0.0


def _units(text: str) -> list[str]:
    return [unit.strip() for unit in _UNIT.findall(text) if unit.strip()]


def _windows(source: int, text: str) -> list[_Window]:
    units = _units(text)
    if not units:
        return []
    spans = [
        tuple(units[start : start + size])
        for size in range(1, min(_MOST_LINES, len(units)) + 1)
        for start in range(len(units) - size + 1)
        if size <= _WINDOW or sum(len(unit.split()) for unit in units[start : start + size]) <= _WINDOW_WORDS
    ]
    language = language_of(text)
    title = content_of(units[0]) if len(units[0].split()) <= _MAX_ROW_WORDS else ()
    return [
        _Window(
            source,
            span,
            "\n".join(span),
            frozenset((*title, *(word for unit in span for word in content_of(unit)))),
            tuple(number for unit in span for number in numbers_in(unit)),
            language,
        )
        for span in dict.fromkeys(spans)
    ]


def _label(text: str) -> tuple[str, ...]:
    return (*content_of(text), *(f"month{month}" for month in sorted(months_in(text))))


def _rows(text: str) -> tuple[_Row, ...]:
    rows = []
    for line in text.split("\n"):
        numbers, label = numbers_in(line), _label(line)
        if numbers and label and len(line.split()) <= _MAX_ROW_WORDS:
            rows.append(_Row(label, numbers))
    return tuple(rows)


def _measures(text: str) -> tuple[tuple[Number, str], ...]:
    """Numbers with the word right behind them: `22 millimetres`."""
    return tuple(
        (number, match[1].lower())
        for number in numbers_in_all(text)
        for match in re.finditer(rf"(?<!\w){re.escape(number.text)}(?!\w)\s+([^\W\d_]{{3,}})", text)
    )


def _of_another_measure(claim: str, own: Sequence[Number], held: Sequence[tuple[Number, str]]) -> bool:
    for number, unit in _measures(claim):
        if number not in own or number.is_word:
            continue
        same_number = [other for value, other in held if value.agrees(number)]
        same_unit = any(_same_unit(unit, other) for _, other in held)
        if same_number and same_unit and not any(_same_unit(unit, other) for other in same_number):
            return True
    return False


def _same_unit(one: str, other: str) -> bool:
    """`metre` and `metres`, but not `millimetres`."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short[:-1] if len(short) > 4 else short) and len(long) - len(short) <= 2


def numbers_in_all(text: str) -> tuple[Number, ...]:
    """Of each line by itself: a list's mark is no number, and a line end ends a number."""
    return tuple(number for line in text.split("\n") for number in numbers_in(line))


def _overlap(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(any(alike(word, each) for each in other) for word in one)
