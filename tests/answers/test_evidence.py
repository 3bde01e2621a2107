from fakes import record

from rag.answers.evidence import found_by_looks, has_evidence
from rag.types import ChannelScore, Hit


def hit(words="", **views):
    channels = {name: ChannelScore(raw, calibrated, 1) for name, (raw, calibrated) in views.items()}
    return Hit(record("r", words), 1.0, channels, 1.0)


def test_a_close_meaning_is_evidence_and_a_far_one_is_not():
    assert has_evidence("who rings", [hit("bells", text=(0.1, 9.0)), hit("bells", text=(0.4, 2.0))], 0.28)
    assert not has_evidence("who rings", [hit("goats", text=(0.2, 9.0))], 0.28)


def test_most_of_the_words_are_evidence_but_one_of_two_is_not():
    assert has_evidence("serial 4711", [hit("type P, serial 4711", text=(0.1, 1.0))], 0.28)
    assert has_evidence("4711", [hit("no. 4711", text=(0.1, 1.0))], 0.28)
    assert not has_evidence("capital of Mongolia", [hit("the capital was raised", text=(0.1, 1.0))], 0.28)


def test_a_picture_far_above_its_background_is_evidence():
    assert has_evidence("", [hit(image=(0.9, 6.0))], 0.28)
    assert not has_evidence("", [hit(image=(0.5, 1.0))], 0.28)


def test_words_close_to_a_picture_are_evidence_where_the_image_model_knows_how_close_that_is():
    sign = [hit(image=(0.24, 2.4))]
    assert has_evidence("no bicycles", sign, 0.28, 0.2)
    assert not has_evidence("no bicycles", [hit(image=(0.15, 2.4))], 0.28, 0.2)
    assert not has_evidence("no bicycles", sign, 0.28, None)


def test_a_picture_that_looks_like_the_question_is_evidence_among_many_alike():
    assert has_evidence("", [hit(image=(0.82, 1.9))], 0.28)


def test_nothing_found_is_no_evidence():
    assert not has_evidence("bell", [], 0.28)


def test_a_picture_is_found_by_its_looks_when_its_pixels_say_more_than_its_words():
    assert found_by_looks(hit(image=(0.3, 3.3), text=(0.02, -0.7)), 0.2)
    assert found_by_looks(hit(image=(0.3, 3.3)), 0.2)
    assert not found_by_looks(hit(image=(0.3, 3.3), text=(0.5, 4.0)), 0.2)
    assert not found_by_looks(hit(image=(0.15, 3.3)), 0.2)
    assert not found_by_looks(hit(text=(0.5, 4.0)), 0.2)


def test_what_is_asked_for_to_the_letter_is_evidence_enough():
    found = Hit(record("r", "The part KX-44/A of our store"), 1.0, {}, 1.0, exact=("KX-44/A",))
    assert has_evidence("In which of the drawers lies KX-44/A?", [found], 0.9)
    assert not has_evidence("In which of the drawers lies KX-44/B?", [found], 0.9)
