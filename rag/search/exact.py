"""What a question asks for by its exact name, found by the letter: no vector and no ranking by words tells A from B."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rag.filters.tree import And, Filter, Holds
from rag.text.identifiers import MIN_SERIES, Identifier, find_identifiers
from rag.trace import Note
from rag.types import Query, Record

if TYPE_CHECKING:
    from rag.ports import KbSearch
    from rag.types import Vector

MOST_IDENTIFIERS = 4
"""Each is looked for in every row of the embedded store."""
WEAK_EVIDENCE = 1.0
"""What a word with its number, or a range, adds to the fused score: as much as a deviation of one channel."""


@dataclass(frozen=True, slots=True)
class ExactMatches:
    """Which records have what was asked for by name.

    Attributes:
        found: records that the channels had not returned.
        held: by record id: the identifiers that stand in it.
        unknown: identifiers that no record has.
    """

    found: tuple[Record, ...] = ()
    held: Mapping[str, tuple[Identifier, ...]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The same where there is nothing else by name to go by."""
        has_other = any(each.strength != "weak" for names in self.held.values() for each in names)
        return () if has_other else self.unknown

    def tier(self, record: Record) -> int:
        """How many of those that nothing else can stand in for; more come first, whatever the channels say."""
        return sum(each.strength != "weak" for each in self.held.get(record.id, ()))

    def evidence(self, record: Record) -> float:
        """What the others add to its score."""
        return WEAK_EVIDENCE * sum(each.strength == "weak" for each in self.held.get(record.id, ()))

    def names(self, record: Record) -> tuple[str, ...]:
        return tuple(each.text for each in self.held.get(record.id, ()))

    def notes(self) -> list[Note]:
        return [Note("identifier_unknown", f"no record has '{name}'") for name in self.unknown]


def look_exactly(
    query: Query, vector: Vector | None, listed: Sequence[Record], where: Filter | None, kb: KbSearch, limit: int
) -> ExactMatches:
    """What the question names to the letter; a picture's question is led by the picture.

    Args:
        query: what is asked.
        vector: of its words, (dim,); None where it has none.
        listed: as in `match_exactly`.
        where: its filter.
        kb: where to look.
        limit: records at most for each identifier, the closest by the vector.
    """
    own = find_identifiers(query.text)
    identifiers = own or find_identifiers(query.recalled)
    if not identifiers or vector is None or query.image is not None:
        return ExactMatches()

    def search(holds: Holds) -> list[Record]:
        both = holds if where is None else And((where, holds))
        return [scored.record for scored in kb.search("text", vector, limit=limit, where=both)]

    can_search = all(note.code != "no_full_like" for note in kb.capabilities.missing)
    matches = match_exactly(identifiers, listed, search if can_search else None)
    return matches if own else replace(matches, unknown=())  # what an earlier question named need not be there


def match_exactly(
    identifiers: Sequence[Identifier], listed: Sequence[Record], search: Callable[[Holds], Iterable[Record]] | None
) -> ExactMatches:
    """Looks for identifiers in the records that were listed, and in the whole knowledge base.

    Args:
        identifiers: of the question.
        listed: what the channels returned.
        search: records that pass; None where the store cannot look for letters.
    """
    held: dict[str, list[Identifier]] = {}
    found: dict[str, Record] = {}
    unknown: list[str] = []
    strongest = sorted(identifiers, key=lambda each: ("certain", "likely", "weak").index(each.strength))
    for each in strongest[:MOST_IDENTIFIERS]:
        pool = {record.id: record for record in listed}
        for patterns in (each.patterns(), each.loose_patterns()):
            if search is not None and patterns and each.form_in(_texts(pool.values())) is not each.closest:
                pool |= {record.id: record for record in search(Holds(patterns))}
        form = each.form_in(_texts(pool.values()))
        if form is None:
            unknown += [each.text] if each.strength == "certain" or _lacks_one(each, listed) else []
            continue
        for record in pool.values():
            if any(map(form.search, (record.text, record.source))):
                held.setdefault(record.id, []).append(each)
                found[record.id] = record
    known = {record.id for record in listed}
    return ExactMatches(
        tuple(record for id_, record in found.items() if id_ not in known),
        {id_: tuple(each) for id_, each in held.items()},
        tuple(unknown),
    )


def _texts(records: Iterable[Record]) -> Iterable[str]:
    return (text for record in records for text in (record.text, record.source))


def _lacks_one(identifier: Identifier, records: Iterable[Record]) -> bool:
    """Whether the records have a series of its kind, so that it is missed."""
    others = {match[0].lower() for text in _texts(records) for match in identifier.series.finditer(text)}
    return len(others) >= MIN_SERIES
