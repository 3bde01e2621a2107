"""A question is checked where it is made."""

import pytest

from rag import Question, Turn
from rag.errors import ConfigError, ImageError


def test_words_and_what_goes_with_them_are_one_value(tmp_path):
    (tmp_path / "a.png").write_bytes(b"pixels")
    made = Question.of("pump?", tmp_path / "a.png", "year = 1", 3, [Turn("bell?", "It rings.")])
    assert made == Question("pump?", b"pixels", "year = 1", 3, (Turn("bell?", "It rings."),))
    assert (made.query().text, made.query().image, made.query().top_k) == ("pump?", b"pixels", 3)
    assert Question.of(made) is made


@pytest.mark.parametrize("more", [{"image": b"x"}, {"where": "a = 1"}, {"history": [Turn("a", "b")]}])
def test_a_whole_question_and_keywords_contradict(more):
    with pytest.raises(ConfigError, match="give a Question alone"):
        Question.of(Question("pump?"), **more)


@pytest.mark.parametrize("wrong", [{}, {"text": " \n"}, {"text": "pump?", "top_k": 0}])
def test_a_question_that_asks_nothing_cannot_be_made(wrong):
    with pytest.raises(ConfigError):
        Question(**wrong)


def test_what_is_no_text_is_replaced_and_a_picture_that_is_not_there_is_named():
    assert Question("a\ud800b").text == "a\ufffdb"
    with pytest.raises(ImageError, match=r"absent\.png"):
        Question.of("", "absent.png")
