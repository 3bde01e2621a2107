from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.clean import clean_text, one_line, shorten, windows


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("e\ufb03cient \ufb01eld", "efficient field"),
        ("ＡＢＣ　１", "ABC 1"),
        ("\u2f08", "人"),
        ("cafe\u0301", "café"),
        ("a\r\nb\rc\u2028d\x0ce", "a\nb\nc\nd\ne"),
        ("a\u00a0b\u2009c", "a b c"),
        ("exam\u00adple\u200b\ufeff", "example"),
        ("x\x00y\x07z\x9f", "xyz"),
        ("\x1b[31mred\x1b[0m \x1b]0;title\x07shown \x1b]8;;http://x\x1b\\link", "red shown link"),
        ("abc\u202egnp.exe\u2066", "abcgnp.exe"),
        ("safe\U000e0041\U000e0042", "safe"),
        ("a\ud800b", "ab"),
    ],
)
def test_typography_and_invisible_characters_become_plain_text(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@pytest.mark.parametrize("text", ["10² m", "½ cup", "x₂", "™", "Ⅳ", "می\u200cخواهم", "👩\u200d🚀", "❤\ufe0f", "\t tab"])
def test_letters_that_mean_something_stay(text: str) -> None:
    assert clean_text(text) == text


def test_piled_up_accents_are_cut() -> None:
    assert clean_text("a" + "\u0316" * 100_000) == "a" + "\u0316" * 8


@given(st.text())
def test_clean_text_is_stable_and_has_no_control_characters(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert not [c for c in cleaned if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t"]


@given(st.text(), st.integers(2, 20))
def test_windows_lose_nothing_and_keep_the_limit(text: str, n_chars: int) -> None:
    parts = windows(text, n_chars)
    assert "".join(parts) == text
    assert all(len(part) <= n_chars for part in parts)


def test_windows_cut_at_blanks_where_there_are_any() -> None:
    assert windows("one two three four", 10) == ["one two ", "three four"]


def test_shorten_cuts_between_words_and_says_so() -> None:
    assert shorten("one two three", 9) == "one two…"
    assert shorten("one", 9) == "one"


def test_one_line_has_no_line_ends() -> None:
    assert one_line("  a\n\tb\r\nc ") == "a b c"
