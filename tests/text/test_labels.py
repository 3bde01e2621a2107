"""What a record's metadata says of it."""

from __future__ import annotations

from typing import Any

import pytest

from rag.text.labels import citation_label, made_line, origin_texts
from rag.types import Kind, Record


def record(kind: Kind, **metadata: Any) -> Record:
    return Record("1", "d", "manuals/pump.pdf", kind, "words", metadata)


def test_a_record_is_named_with_its_page_where_it_has_one() -> None:
    assert citation_label(record("text", page=3)) == "manuals/pump.pdf, page 3"
    assert citation_label(record("text")) == "manuals/pump.pdf"


def test_only_a_picture_has_texts_by_origin_and_blank_ones_are_none() -> None:
    texts = [{"origin": "caption", "text": "A pump"}, {"origin": "ocr", "text": " "}]
    assert origin_texts(record("image", texts=texts)) == [("caption", "A pump")]
    assert origin_texts(record("text", texts=texts)) == []
    assert origin_texts(record("image")) == []


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (
            {"taken_at": "2019-07-14T10:22:33+01:00", "place": "Lisbon", "country": "Portugal", "author": "Ines Prado"},
            "2019-07-14, Lisbon, Portugal, Ines Prado",
        ),
        ({"created": "2019-07", "published": "2020", "author": "Nell"}, "2019-07, Nell"),
        ({"taken_at": "2019-07-14", "guessed": ["taken_at"]}, "2019-07-14 (by its name)"),
        ({"created": 2019, "place": "Monaco", "country": "Monaco"}, "2019, Monaco"),
        ({"author": "a\x1b[31m\n" * 100, "place": ["x"], "created": True}, ("a[31m " * 10)[:56] + " ..."),
        ({}, ""),
        (None, ""),
    ],
)
def test_what_is_known_is_said_shortly(columns, line):
    assert made_line({"columns": columns}) == line
