"""Identifiers are told from words, and from their neighbours."""

import pytest

from rag.text.identifiers import find_identifiers


def strengths(text: str) -> dict[str, str]:
    return {each.text: each.strength for each in find_identifiers(text)}


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Which drawer holds the spare part KX-4424/A?", {"KX-4424/A": "certain"}),
        ("where is kx-4424/a kept", {"kx-4424/a": "certain"}),
        ("What does error E21 mean?", {"E21": "certain"}),
        ("What does clause 1.8.2 govern?", {"1.8.2": "certain"}),
        ("What is new in v2.4?", {"v2.4": "certain"}),
        ("Where does a.falk1@yard.example sit?", {"a.falk1@yard.example": "certain"}),
        ("the book 978-3-16-148410-0", {"978-3-16-148410-0": "certain"}),
        ("On 2024-03-05, what happened?", {"2024-03-05": "certain"}),
        ("What's in /etc/press/lamp.conf?", {"/etc/press/lamp.conf": "certain"}),
        ("C:\\Users\\x.txt is what?", {"C:\\Users\\x.txt": "certain"}),
        ("set RAG_DATA_DIR", {"RAG_DATA_DIR": "certain"}),
        ("型号KX-4400在哪里", {"KX-4400": "certain"}),
        ('who says "close the valve" first', {"close the valve": "certain"}),
        ("Wer sagt „zu spät“?", {"zu spät": "certain"}),
        ("part 88213", {"88213": "certain"}),
        ("during Covid-19 in the G7", {"Covid-19": "likely", "G7": "likely"}),
        ("python3 on Windows11, PART12", {"python3": "likely", "Windows11": "likely", "PART12": "certain"}),
        ("What is in config.toml?", {"config.toml": "likely"}),
        ("How many crew beds has Heron 5?", {"Heron 5": "weak"}),
        ("aged 18-24, at 12:30, in the 1990s", {"18-24": "weak", "12:30": "weak", "1990s": "weak"}),
        ("In November 2015, 40 of 1,000,000 and/or km/h, e.g. in the U.S., well-known.", {}),
    ],
)
def test_what_is_typed_like_an_identifier_is_one(question: str, found: dict[str, str]) -> None:
    assert strengths(question) == found


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("E21", "The display shows (e21)."),
        ("1.8.2", "as in clause 1.8.2."),
        ("1.8.2", "since v1.8.2"),
        ("v2.4", "release 2.4"),
        ("KX-4400/A", "型号kx-4400/a在"),
        ("KX-4400/A", "the KX 4400A is gone"),
        ("9783161484100", "ISBN 978-3-16-148410-0"),
        ("978-3-16-148410-0", "ISBN 9783161484100"),
        ("KX-4400", "two KX-4400/A"),
        ("config.toml", "see /etc/rag/config.toml"),
        ('"close the valve"', "Close  the\nvalve!"),
    ],
)
def test_it_stands_in_a_text_however_that_joins_it(asked: str, text: str) -> None:
    (identifier,) = find_identifiers(asked)
    assert identifier.form_in([text])


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("E21", "E210, AE21, E12 and E2 1.5"),
        ("1.8.2", "1.2.8, 11.8.2, 1.8.21, 1.8.2.1 and 182"),
        ("KX-4400/A", "KX-4400/B, KX-4400/AB and XKX-4400/A"),
        ("2024-03-05", "2024-03-06, 2024-03-051"),
        ('"close the valve"', "close the red valve"),
        ("a.falk@yard.example", "ba.falk@yard.example.org"),
    ],
)
def test_its_neighbours_are_not_it(asked: str, text: str) -> None:
    (identifier,) = find_identifiers(asked)
    assert identifier.form_in([text]) is None


def test_the_closest_form_that_is_there_counts() -> None:
    (asked,) = find_identifiers("KX-4400")
    form = asked.form_in(["KX-4400/A", "KX-4400"])
    assert form is asked.closest
    assert not form.search("KX-4400/A")


def test_a_series_is_the_same_with_other_numbers() -> None:
    (asked,) = find_identifiers("error 404")
    assert [match[0] for match in asked.series.finditer("Error 403, error 5 and terror 9")] == ["Error 403", "error 5"]
