"""Words as stems in the embedded store; when the first of these fails, the library stems by itself: drop the patch."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from milvus_lite.analyzer import factory

from rag.store.lite.stemming import StemmingAnalyzer, with_stems, without_marks

PARAMS = {
    "tokenizer": "standard",
    "filter": ["lowercase", {"type": "stop", "stop_words": ["the"]}, {"type": "stemmer", "language": "english"}],
}


def test_the_library_passes_over_the_filter():
    theirs = "from milvus_lite.analyzer.factory import create_analyzer"
    code = f"{theirs}; print(create_analyzer({PARAMS!r}).tokenize('pumps'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['pumps']"


def test_words_become_stems_and_stop_words_go():
    with_stems()
    assert factory.create_analyzer(PARAMS).tokenize("The pumps, a pump") == ["pumps", "pump", "a", "pump"]
    assert factory.create_analyzer({"type": "standard"}).tokenize("The pumps") == ["the", "pumps"]
    assert factory.create_analyzer(None).tokenize("Pumps") == ["pumps"]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("german", "die Häuser", "das Haus"),
        ("french", "les cafés", "un cafe"),
        ("spanish", "canciones", "cancion"),
        ("russian", "книги", "книга"),
        ("turkish", "kitaplar", "kitap"),
        ("greek", "δρόμους", "δρόμος"),
    ],
)
def test_forms_of_a_word_meet(language, one, other):
    analyzer = StemmingAnalyzer(language)
    assert set(analyzer.tokenize(one)[-2:]) & set(analyzer.tokenize(other)[-2:])


def test_letters_that_are_written_in_two_pieces_are_the_same_word():
    analyzer = StemmingAnalyzer("german")
    assert analyzer.tokenize("Bu\u0308cher") == analyzer.tokenize("B\u00fccher") == ["b\u00fccher", "buch"]


@pytest.mark.parametrize(
    ("word", "plain"), [("café", "cafe"), ("ñandú", "nandu"), ("が", "が"), ("й", "й"), ("Straße", "Straße")]
)
def test_marks_are_taken_off_latin_letters_alone(word, plain):
    assert without_marks(word) == plain


def test_threads_do_not_mix_their_words_up():
    words = [f"{stem}s" for stem in ("pump", "valve", "bell", "goat")] * 500
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda word: StemmingAnalyzer("english").tokenize(word), words))
    assert made == [["pumps", "pump"], ["valves", "valv"], ["bells", "bell"], ["goats", "goat"]] * 500
