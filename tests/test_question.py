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


@pytest.mark.parametrize("wanted", [3, "3", 3.0])
def test_a_number_may_be_written_in_any_way(wanted):
    assert Question.of("pump", top_k=wanted).top_k == 3


@pytest.mark.parametrize("wanted", ["three", 2.5, [3], "", 0])
def test_what_is_no_number_is_refused_in_our_own_error(wanted):
    with pytest.raises(ConfigError, match="top_k"):
        Question.of("pump", top_k=wanted)


def test_none_is_as_left_out():
    assert Question.of("pump", where=None, history=None, top_k=None) == Question.of("pump")
    with pytest.raises(ConfigError, match="where"):
        Question("pump", where=7)


def test_an_image_of_pillow_is_a_picture():
    from PIL import Image

    for mode in ("RGB", "RGBA", "CMYK", "P"):
        asked = Question.of("", Image.new(mode, (8, 8)))
        assert asked.image.startswith(b"\x89PNG")
    with pytest.raises(ImageError, match="give its path"):
        Question.of("", 7)
