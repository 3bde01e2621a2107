"""What is asked for by its exact name comes first, wherever it is, and is said to be missing where nobody has it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.filters.parse import matches
from rag.filters.tree import Holds
from rag.search.exact import ExactMatches, match_exactly
from rag.text.identifiers import find_identifiers
from rag.types import Record


def record(id_: str, text: str, source: str = "parts.md") -> Record:
    return Record(id_, "doc", source, "text", text)


STORE = [record(f"p{n}", f"The part KX-44{n}/{letter} lies here.") for n in range(10, 30) for letter in "AB"[n % 2]]


def found(question: str, listed: Sequence[Record], store: Sequence[Record] = STORE) -> ExactMatches:
    def search(holds: Holds) -> list[Record]:
        return [each for each in store if matches(holds, each, {})]

    return match_exactly(find_identifiers(question), listed, search)


def test_a_record_that_no_channel_returned_is_found_and_comes_first() -> None:
    matched = found("Where is KX-4424/A?", STORE[:3])
    assert [each.id for each in matched.found] == ["p24"]
    assert matched.names(STORE[14]) == ("KX-4424/A",)
    assert [matched.tier(each) for each in (STORE[14], STORE[0])] == [1, 0]
    assert matched.missing == ()


def test_it_is_found_joined_otherwise_where_nobody_has_it_as_typed() -> None:
    assert [each.id for each in found("Where is KX4424A?", STORE[:3]).found] == ["p24"]


def test_what_nobody_has_is_missing() -> None:
    matched = found("Where is KX-4424/C?", STORE[:3])
    assert (matched.missing, matched.found) == (("KX-4424/C",), ())
    assert [note.code for note in matched.notes()] == ["identifier_unknown"]


def test_one_that_is_there_is_enough_to_go_by() -> None:
    matched = found("Does KX-4424/A fit KX-9999/Z?", STORE[:3])
    assert matched.missing == ()
    assert [str(note) for note in matched.notes()] == ["no record has 'KX-9999/Z'"]


def test_a_file_is_found_by_its_name() -> None:
    store = [record("a", "a gull", "dump/IMG_2034.png"), record("b", "a gull", "dump/IMG_2035.png")]
    assert [each.id for each in found("What is in IMG_2034.png?", [], store).found] == ["a"]


def test_a_number_is_missed_only_in_a_series() -> None:
    ships = [record(str(n), f"Heron {n} has {n + 40} beds") for n in range(1, 6)]
    assert found("How many beds has Heron 9?", ships, ships).missing == ("Heron 9",)
    assert found("How many beds has Heron 9?", ships[:2], ships[:2]).missing == ()
    assert found("What are the top 10?", ships, ships).missing == ()
    matched = found("How many beds has Heron 4?", ships, ships)
    assert [matched.evidence(each) for each in ships] == [0.0, 0.0, 0.0, 1.0, 0.0]
    assert [matched.tier(each) for each in ships] == [0, 0, 0, 0, 0]


def test_without_a_store_that_looks_for_letters_what_was_listed_is_looked_through() -> None:
    matched = match_exactly(find_identifiers("KX-4424/A"), STORE, None)
    assert list(matched.held) == ["p24"]
