from __future__ import annotations

import unicodedata

import pytest

from ingest.read.content_hash import file_name_words


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_words_of_a_name_do_not_depend_on_how_its_accents_are_written(form: str) -> None:
    assert file_name_words(unicodedata.normalize(form, "a/Mühle am Fluß.jpg")) == "Mühle Fluß"
