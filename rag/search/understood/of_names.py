"""What the values that a question names mean in it: who made something, where, with what, or only words. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from rag.search.understood import wheres, words
from rag.search.understood.asked import COLUMN_WORDS
from rag.search.understood.names import Named
from rag.search.understood.reading import Match, equals
from rag.search.understood.spoken import Spoken
from rag.search.understood.vocabulary import PEOPLE, PLACES

ByColumn: TypeAlias = dict[str, tuple[Any, ...]]
_MOST_VALUES = 100
"""That one name stands for; a filter may not compare with many more."""
_PLACE_CUES = frozenset("in from at aus im a en au aux near de du of von d da em na no".split())
_SURE_PLACE_CUES = _PLACE_CUES - {"near", "de", "du", "of", "von", "d", "a"}
_OF = frozenset(("of", "de", "d", "du", "von", "di", "da"))
_HELPERS = frozenset("did does has have hat a ha t".split())
_NAME_LAST = frozenset("escribio publico tomo schrieb verfasste fotografio".split())
"""Verbs that their subject may follow: `¿Qué escribió Nell Abney?`"""
_RELATIVES = frozenset("die der das den que that which qu".split())
_OR = words.AND | {"or", "oder", "ou", "o"}
_EQUALS = frozenset("is are ist sind est es equals".split())


def match_name(named: Named, spoken: Spoken, found: Sequence[Match], without: Collection[str]) -> Match | None:
    """What a value says of files; None where its columns are not to be understood.

    Args:
        named: as it stands in the question.
        spoken: the question.
        found: what was understood so far.
        without: columns that are not to be understood.
    """
    by_column = {name: values[:_MOST_VALUES] for name, values in named.by_column.items() if name not in without}
    if not by_column or spoken.is_denied(named.first):
        return None
    meaning = _Meaning(named, by_column, spoken, found)
    return meaning.tag() or meaning.column() or meaning.person() or meaning.camera() or meaning.place() or meaning.any()


@dataclass(frozen=True, slots=True)
class _Meaning:
    named: Named
    by_column: ByColumn
    spoken: Spoken
    found: Sequence[Match]

    @property
    def _name(self) -> str:
        return self.spoken.said(self.named.first, self.named.last)

    def tag(self) -> Match | None:
        """`tagged regatta`, `with the keyword regatta`"""
        values, spoken = self.by_column.get("keywords"), self.spoken
        at = spoken.before(self.named.first)
        if spoken.word(at) in ("with", "mit", "as", "als", "avec", "con", "comme", "como"):
            at -= 1
        if not values or spoken.word(at) not in words.TAGGED:
            return None
        first = at - 1 if spoken.word(at - 1) in words.WITH | {"mot", "palabra"} else at
        where = wheres.one_of("keywords", values)
        return spoken.match(
            first, self.named.last, "keywords", *equals(values), "certain", where, f"tagged {values[0]}"
        )

    def column(self) -> Match | None:
        """`category inspection`, `whose colour is red`: the column's own name stands beside the value."""
        spoken = self.spoken
        before = self.named.first - 1
        if spoken.word(before) in _EQUALS:
            before -= 1
        for column, values in self.by_column.items():
            called = {word for word, name in COLUMN_WORDS.items() if name == column} | {column.lower()}
            if column in (*PLACES, "keywords") or spoken.word(before) not in called:
                continue
            first = before
            while spoken.word(first - 1) in words.WITH | words.ARTICLES | {"whose", "deren", "dont", "cuyo", "in"}:
                first -= 1
            where, label = wheres.one_of(column, values), f"{column}: {values[0]}"
            return spoken.match(first, self.named.last, column, *equals(values), "certain", where, label)
        return None

    def person(self) -> Match | None:
        authors, people = self.by_column.get("author"), self.by_column.get("people")
        if authors and (match := self._author(authors)):
            return match
        if people and (match := self._shown(people)):
            return match
        if match := self._another():
            return match
        column, values = ("author", authors) if authors else ("people", people)
        if not values:
            return None
        where = wheres.one_of(column, values)
        return self.spoken.match(
            self.named.first, self.named.last, column, *equals(values), "likely", where, self._name
        )

    def _another(self) -> Match | None:
        """`by Ada Lund and Tom Hart`"""
        joined = next((match for match in self.found if match.is_certain and match.last == self.named.first - 2), None)
        if joined is None or self.spoken.word(self.named.first - 1) not in _OR:
            return None
        column = joined.understood.column
        if column not in PEOPLE or column not in self.by_column:
            return None
        values = self.by_column[column]
        where = wheres.one_of(column, values)
        return self.spoken.match(
            self.named.first - 1, self.named.last, column, *equals(values), "certain", where, self._name
        )

    def _author(self, values: tuple[Any, ...]) -> Match | None:
        """`by Nell Abney`, `Nell Abney wrote`, `Nell Abney's photos`."""
        spoken, named = self.spoken, self.named
        before = spoken.before(named.first)
        cue, behind = spoken.word(before), named.last + 1
        of_texts = spoken.head is not None and spoken.noun not in words.IMAGES
        verb = self._verb()
        is_owner = spoken.word(behind) == "s" and spoken.is_kind(behind + 1)
        is_by = cue in words.BY and (spoken.head is not None or spoken.has_verb)
        is_by = is_by and (cue != "von" or of_texts or spoken.has_verb)  # `Fotos von` shows, or is made by
        is_of = cue in ("de", "d") and of_texts and before - 1 == spoken.head
        if verb is None and not (is_owner or is_by or is_of):
            return None
        first = before if is_by or is_of else named.first
        spare = [verb] if verb is not None else spoken.verbs_before(first)
        where = wheres.one_of("author", values)
        return spoken.match(
            first, named.last + is_owner, "author", *equals(values), "certain", where, f"by {self._name}", spare
        )

    def _verb(self) -> int | None:
        """Whose subject the name is: `Nell Abney wrote`, `did Nell Abney write`, `hat Nell Abney ... geschrieben`."""
        spoken, before = self.spoken, self.named.first - 1
        behind = self.named.last + 1
        while spoken.word(behind) in _HELPERS | {"il", "elle"}:
            behind += 1
        if spoken.word(behind) in words.WROTE:
            return behind
        if spoken.word(before) in _NAME_LAST or (
            spoken.word(before) in words.WROTE and spoken.word(before - 1) in _HELPERS
        ):
            return before
        if spoken.word(before) in _RELATIVES:  # `Fotos, die Kenji Mori in Kyoto aufgenommen hat`
            return next((at for at in range(behind, len(spoken.words)) if spoken.words[at] in words.WROTE), None)
        if spoken.word(before) in _HELPERS:
            return next((at for at in range(behind, len(spoken.words)) if spoken.words[at] in words.WROTE), None)
        return None

    def _shown(self, values: tuple[Any, ...]) -> Match | None:
        """`photos with Ada Lund`"""
        spoken, named = self.spoken, self.named
        before = spoken.before(named.first)
        is_led = spoken.word(before) in words.WITH | {"of", "von", "de", "d", "showing"}
        if not spoken.has_images or not (is_led or "author" not in self.by_column):
            return None
        before = before if is_led else named.first
        where = wheres.one_of("people", values)
        return spoken.match(before, named.last, "people", *equals(values), "certain", where, f"with {self._name}")

    def camera(self) -> Match | None:
        """`with a Canon`"""
        spoken, named, values = self.spoken, self.named, self.by_column.get("camera")
        before = spoken.before(named.first)
        cue = spoken.word(before)
        if not values or not (spoken.has_images or cue in words.CAMERAS):
            return None
        is_led = cue in words.WITH | words.CAMERAS | {"on", "per", "a", "by"}
        is_beside = spoken.head is not None and (spoken.head == named.last + 1 or named.last > named.first)
        if not is_led and not is_beside:
            return None
        first = before if is_led else named.first
        last = named.last + (spoken.word(named.last + 1) in words.CAMERAS)
        where, spare = wheres.one_of("camera", values), spoken.verbs_before(first)
        return spoken.match(first, last, "camera", *equals(values), "certain", where, self._name, spare)

    def place(self) -> Match | None:
        """`taken in Lisbon`, `Lisbon photos`; of Lisbon, or in it without a word of files, is likely."""
        places = {name: self.by_column[name] for name in PLACES if name in self.by_column}
        if not places:
            return None
        spoken, named = self.spoken, self.named
        before = named.first - 1 if spoken.word(named.first - 1) == "a" else spoken.before(named.first)
        is_certain = self._is_certain_place(before)
        is_led = is_certain and spoken.word(before) in _PLACE_CUES | _OR
        first = before if is_led else named.first
        where = wheres.any_of([wheres.one_of(name, values) for name, values in places.items()])
        column, values = next(iter(places.items()))
        label = str(values[0]) if len(places) == 1 else self._name
        return spoken.match(
            first,
            named.last,
            column,
            *equals(values),
            "certain" if is_certain else "likely",
            where,
            label,
            spoken.verbs_before(first) if is_certain else [],
        )

    def _is_certain_place(self, before: int) -> bool:
        spoken, named = self.spoken, self.named
        cue, has_head = spoken.word(before), spoken.head is not None
        is_taken = spoken.word(before - 1) in words.MADE and spoken.has_images
        if named.small and not is_taken:  # `orange` is a town, a fruit and a colour
            return has_head and cue == "from"
        if cue in _OF and spoken.word(named.last + 1) in words.MADE and spoken.has_images:
            return True
        if spoken.said(named.first - 1, named.first - 1) == "à" if named.first else False:
            return has_head
        ends = {match.last: match for match in self.found if match.is_certain}
        joins = cue in _OR and before - 1 in ends
        if joins and ends[before - 1].understood.column in PLACES:
            return True
        if cue in _OF and before - 1 == spoken.head and spoken.noun in words.IMAGES and "place" not in self.by_column:
            return True  # photographs of a country are taken in it; of a town they may be maps, or a view of it
        if (cue in _SURE_PLACE_CUES and (has_head or spoken.has_images)) or (cue in ("in", "a", "en") and is_taken):
            return True
        start = before if cue in _PLACE_CUES else named.first
        return has_head and (spoken.head in (named.first - 1, named.last + 1) or start - 1 in ends)

    def any(self) -> Match:
        """A value of any column: preferred, and its words stay."""
        column, values = next(iter(self.by_column.items()))
        where = wheres.any_of([wheres.one_of(name, each) for name, each in self.by_column.items()])
        label = f"{column}: {values[0]}"
        return self.spoken.match(self.named.first, self.named.last, column, *equals(values), "likely", where, label)
