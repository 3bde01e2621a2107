"""What a model is told of the picture in a question."""

from rag.answers.asked_picture import told_of_picture
from rag.types import Hit, Record

CAR = Hit(
    Record("c", "c", "gannet.jpg", "image", "", {"texts": [{"origin": "caption", "text": "Car 1"}]}), 1.0, {}, 1.0
)


def test_a_model_that_sees_is_told_which_picture_is_the_questions_and_what_was_read_in_it() -> None:
    told = told_of_picture("Is it in use?", [CAR], {0: 0.8}, "GANNET\nNo. 1", can_see=True)
    assert told.startswith("Is it in use?\n")
    assert "The first picture that is attached is the question's own" in told
    assert "GANNET / No. 1" in told


def test_a_model_that_cannot_see_is_told_what_it_would_have_shown() -> None:
    told = told_of_picture("Is it in use?", [CAR], {0: 0.8}, "GANNET", can_see=False)
    assert "You cannot see it" in told
    assert "- source 1: gannet.jpg, “Car 1”, 80 % alike" in told
    assert "GANNET" in told


def test_a_model_that_cannot_see_is_never_asked_what_it_sees() -> None:
    told = told_of_picture("", [CAR], {0: 0.8}, "", can_see=False)
    assert told.startswith("Which of the sources belong to the picture")
    assert "What is in" not in told
    assert "Words read in it" not in told
