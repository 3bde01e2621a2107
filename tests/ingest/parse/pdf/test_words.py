"""Characters whose meaning a font keeps to itself, and words that a line's end cuts."""

from __future__ import annotations

import pytest

from ingest.parse.pdf.geometry import Box
from ingest.parse.pdf.words.glyphs import repaired, whole_code
from ingest.parse.pdf.words.joining import Vocabulary, joined
from ingest.parse.pdf.words.lines import Line
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.pdfs import Page, Pdf, stream, text


def mapped(characters: dict[str, str], words: str) -> bytes:
    """A page of `words` in a font whose map gives each of them as UTF-16 text."""
    pairs = "".join(f"<{ord(c):02X}> <{text.encode('utf-16-be').hex()}>\n" for c, text in characters.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        f"1 begincodespacerange <00> <FF> endcodespacerange {len(characters)} beginbfchar\n{pairs}endbfchar endcmap end"
    )
    font = b"/F3 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 4 0 R >>"
    pdf = Pdf([Page(text(40, 500, words, font="F3"))], raw_objects={"X": stream(b"", cmap.encode())}, fonts=font)
    return pdf.bytes()


def test_letters_outside_the_first_plane_are_kept(read: Read) -> None:
    assert read(mapped({"a": "𝑥", "b": "𨧀"}, "ab a"), "a.pdf").texts == ["𝑥𨧀 𝑥"]


def test_a_map_written_in_utf_8_is_read() -> None:
    assert whole_code(0xF0A8A780) == "𨧀"
    assert whole_code(0xE38081) == "、"
    assert whole_code(0xFFFFFFFF) == "\ufffd"


def test_lam_and_alef_of_one_glyph_stand_in_their_order(read: Read) -> None:
    characters = {"k": "ک", "a": "ا", "x": "لا", "y": "ی"}
    assert read(mapped(characters, "yxak"), "a.pdf").texts == ["کالای"]


@pytest.mark.parametrize(
    ("found", "font", "meant"),
    [
        ("signi\x1ced", "SFRM1000", "signified"),
        ("su\x0ecient \x0core", "CMR10", "sufficient fiore"),
        ("\x10word\x11", "SFRM1000", "“word”"),
        ("x \x14 y", "CMSY10", "x ≤ y"),
        ("abG", "Symbol", "αβΓ"),
        ("\uf061\uf0b3", "SymbolMT", "α≥"),
        ("\uf0fc", "Wingdings-Regular", "✓"),
        ("\uf050\uf061ge", "TTE1BC5D0t00", "Page"),
        ("\ud835\udc65", "Cambria", "𝑥"),
    ],
)
def test_codes_of_fonts_without_a_map_become_letters(found: str, font: str, meant: str) -> None:
    assert repaired(found, font) == meant


def line(words: str, y: float, *, is_hyphenated: bool = False, width: float = 300) -> Line:
    return Line(words, Box(40, y, 40 + width, y + 10), is_hyphenated, 10.0)


@pytest.mark.parametrize(
    ("known", "meant"),
    [
        ("It is well-known that", "a well-known pump"),
        ("It is wellknown that", "a wellknown pump"),
        ("Nothing about it", "a well-known pump"),
    ],
)
def test_a_hyphen_at_a_lines_end_stays_as_the_document_writes_it(known: str, meant: str) -> None:
    vocabulary = Vocabulary()
    lines = [line("a well", 500, is_hyphenated=True), line("known pump", 488)]
    vocabulary.learn([line(known, 540), *lines])
    assert joined(lines, vocabulary) == meant


def test_a_compound_of_the_documents_own_words_keeps_its_hyphen_and_a_cut_word_does_not() -> None:
    vocabulary = Vocabulary()
    vocabulary.learn([line("the steam engine and its driven pump", 540)])
    cut = [
        line("a steam", 500, is_hyphenated=True),
        line("driven pump is mul", 488, is_hyphenated=True),
        line("timodal", 476),
    ]
    assert joined(cut, vocabulary) == "a steam-driven pump is multimodal"


def test_korean_words_go_on_where_lines_are_cut_at_any_syllable() -> None:
    cut = [
        line("항만 위원회는 삼월 첫째 월요", 500),
        line("일에 모여 등대의 램프를 새로", 488),
        line("바꾸기로 했다", 476, width=120),
    ]
    assert joined(cut).startswith("항만 위원회는 삼월 첫째 월요일에")
    ragged = [
        line("항만 위원회는", 500, width=200),
        line("모여 등대의", 488, width=260),
        line("바꾸기로", 476, width=120),
    ]
    assert joined(ragged) == "항만 위원회는 모여 등대의 바꾸기로"
