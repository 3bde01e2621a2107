"""What of a document did not go in is counted by code."""

from __future__ import annotations

from ingest.parse.elements import DocumentInfo, TextElement, Warned
from ingest.records.drafts import DocumentContext, split_elements


def test_losses_are_counted_by_code_and_what_costs_nothing_is_only_said() -> None:
    elements = [
        DocumentInfo("A title", 3),
        TextElement("words"),
        Warned("picture_missing", "pictures left out, remote: 4", 4),
        Warned("picture_missing", "picture 'a.png' left out: it is not in the dump"),
        Warned("encoding_guessed", "not UTF-8: read as Windows-1252, a guess"),
        Warned("remark", "2 hidden sheets are read, too"),
    ]
    context = DocumentContext("doc", "dump/a.html")

    passages = list(split_elements(iter(elements), context, count_tokens=len, max_tokens=100))

    assert passages == [TextElement("words")]
    assert context.left_out == {"picture_missing": 5}
    assert (context.n_warnings, len(context.warnings)) == (4, 4)
    assert (context.title, context.n_pages) == ("A title", 3)


def test_what_a_file_says_of_itself_are_columns_and_the_users_go_first() -> None:
    context = DocumentContext("doc", "a.jpg", {"author": "as the table says"})
    context.note(DocumentInfo("", None, {"author": "as the file says", "keywords": "repair, winter;", "lat": 38.7}))
    assert context.columns == {"author": "as the table says", "keywords": ["repair", "winter"], "lat": 38.7}


def test_where_a_picture_was_taken_is_not_kept_against_ones_will() -> None:
    context = DocumentContext("doc", "a.jpg", {}, keep_location=False)
    context.note(DocumentInfo("", None, {"camera": "X100", "lat": 38.7, "lon": -9.1}))
    assert context.columns == {"camera": "X100"}


def test_coordinates_get_their_names_unless_the_file_has_some() -> None:
    context = DocumentContext("doc", "a.jpg")
    context.note(DocumentInfo("", None, {"lat": 38.714, "lon": -9.139}))
    assert (context.columns["place"], context.columns["country"]) == ("Lisbon", "Portugal")
    assert context.about.place == "Lisbon, Portugal"
    named = DocumentContext("doc", "a.jpg")
    named.note(DocumentInfo("", None, {"lat": 38.714, "lon": -9.139, "place": "Alfama"}))
    assert (named.columns["place"], "country" in named.columns, named.about.place) == ("Alfama", False, "Alfama")


def test_without_location_neither_coordinates_nor_their_names_are_kept() -> None:
    context = DocumentContext("doc", "a.jpg", {}, keep_location=False)
    context.note(DocumentInfo("", None, {"lat": 38.714, "lon": -9.139}))
    assert (context.columns, context.about.place) == ({}, "")
