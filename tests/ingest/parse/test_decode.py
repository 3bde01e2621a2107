from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.decode import decode, decode_html, looks_binary

WORDS = "Grüße – naïve café, und noch etwas mehr Text."


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (WORDS.encode(), "utf-8"),
        (codecs.BOM_UTF8 + WORDS.encode(), "utf-8"),
        (codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + WORDS.encode("utf-32-le"), "utf-32-le"),
        (WORDS.encode("utf-16-le"), "utf-16-le"),
        (WORDS.encode("utf-16-be"), "utf-16-be"),
        (WORDS.encode("cp1252"), "cp1252"),
    ],
)
def test_every_encoding_of_the_same_words_reads_the_same(data: bytes, encoding: str) -> None:
    assert decode(data) == (WORDS, encoding)


def test_one_broken_byte_does_not_turn_utf8_into_windows_1252() -> None:
    text, encoding = decode(("ü" * 50).encode() + b"\xff" + "é".encode())
    assert encoding == "utf-8"
    assert text == "ü" * 50 + "\ufffdé"


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        (b"<meta charset=shift_jis>", "shift_jis"),
        (b'<meta http-equiv=x content="text/html; charset=koi8-r">', "koi8-r"),
        (b'<?xml version="1.0" encoding="iso-8859-2"?>', "iso8859-2"),
    ],
)
def test_a_page_is_read_with_the_charset_it_declares(head: bytes, codec: str) -> None:
    words = {"shift_jis": "日本語", "koi8-r": "привет", "iso8859-2": "Żółw"}[codec]
    assert decode_html(head + words.encode(codec)) == (head.decode() + words, codec)


@pytest.mark.parametrize("charset", [b"latin-1", b"nonsense", b"base64", b"zip", b"utf-8"])
def test_a_useless_charset_falls_back_to_windows_1252(charset: bytes) -> None:
    text, encoding = decode_html(b"<meta charset=" + charset + b">\x93quoted\x94")
    assert (text[-8:], encoding) == ("“quoted”", "cp1252")


def test_binary_is_told_from_text() -> None:
    assert looks_binary(bytes(range(256)) * 4)
    assert not looks_binary(WORDS.encode("utf-16-le"))
    assert not looks_binary(WORDS.encode("cp1252") + b"\x1b[0m\f")


@given(st.binary())
def test_decode_never_fails(data: bytes) -> None:
    decode(data)
    decode_html(data)
