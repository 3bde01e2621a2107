"""Words that only point at a picture, told from words that say more."""

import pytest

from rag.text.pointing import carried


@pytest.mark.parametrize(
    "words",
    [
        "What is this, and where was it taken?",
        "find similar pictures",
        "tell me more about this picture",
        "Show me more like this, please!",
        "Who is this?",
        "How old is this?",
        "what’s in this image",
        "Was ist das, und wo wurde es aufgenommen?",
        "Zeig mir ähnliche Bilder",
        "Qu’est-ce que c’est ?",
        "Où cette photo a-t-elle été prise ?",
        "¿Qué es esto y dónde fue tomada?",
        "Che cos'è questo?",
        "O que é isto?",
        "Wat is dit en waar is het genomen?",
        "Что это и где это снято?",
        "这张照片是在哪里拍的？",
        "これは何ですか",
        "이것은 무엇입니까?",
        "ما هذه الصورة؟",
        "",
        "???",
    ],
)
def test_words_that_only_point_carry_nothing(words: str) -> None:
    assert carried(words) == ""


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("the same kind of car, but in a museum", "car museum"),
        ("Is this pump still in use?", "pump use"),
        ("find similar pictures from 1953", "1953"),
        ("Gibt es so ein Auto auch in Grün?", "Auto Grün"),
        ("博物馆里的汽车", "博物馆里的汽车"),
    ],
)
def test_words_that_say_more_are_kept(words: str, kept: str) -> None:
    assert carried(words) == kept
