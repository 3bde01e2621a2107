from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse import parse
from ingest.parse.text import parse_text
from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read


def test_paragraphs_are_elements_and_lines_stay(read: Read) -> None:
    assert read("a\nb\n \n\nc\r\n\r\nd\fe", "x.txt").texts == ["a\nb", "c", "d", "e"]


def test_windows_1252_is_read_and_said(read: Read) -> None:
    page = read("Größe".encode("cp1252"), "x.txt")
    assert page.texts == ["Größe"]
    assert page.warnings == ["not UTF-8: read as Windows-1252, a guess; if words look wrong, save the file as UTF-8"]


def test_json_that_nobody_took_is_text(read: Read) -> None:
    assert read('{"a": 1}', "x.json").texts == ['{"a": 1}']


def test_one_endless_line_becomes_bounded_elements(read: Read) -> None:
    texts = read("word " * 100_000, "x.txt").texts
    assert max(map(len, texts)) <= 16_000
    assert "".join(texts).count("word") == 100_000


@pytest.mark.parametrize("data", [b"", b" \n ", bytes(range(256)) * 10], ids=["empty", "blank", "binary"])
def test_nothing_to_read_is_an_error(read: Read, data: bytes) -> None:
    with pytest.raises(DocumentError):
        read(data, "x.txt")


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn"]), max_size=300))
def test_no_letter_is_lost(text: str) -> None:
    given_text = "".join(e.text for e in parse_text(text.encode()) if hasattr(e, "text"))
    assert re.sub(r"\s", "", given_text) == re.sub(r"\s", "", text)


@settings(deadline=None)  # the first guess loads the tables of chardet
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.html", "a.csv"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    with contextlib.suppress(DocumentError):
        assert list(parse(data, name, resolve=lambda ref: None))
