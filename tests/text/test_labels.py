"""What a record's metadata says of it."""

from __future__ import annotations

from typing import Any

from rag.text.labels import citation_label, origin_texts
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
