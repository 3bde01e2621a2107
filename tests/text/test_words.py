from rag.text.words import content_words, meaningful


def test_a_question_keeps_the_words_that_carry_meaning():
    assert meaningful("What is the age of the Bridge?") == "age bridge"


def test_a_question_of_stop_words_alone_stays_whole():
    assert meaningful("Who is who?") == "who is who"
    assert meaningful("") == ""


def test_content_words_meet_their_plurals_once():
    assert content_words("The pumps and the pump glass") == ["pump", "glass"]


def test_words_for_the_picture_itself_are_not_what_it_is_about():
    assert meaningful("Show me a picture of the lighthouse") == "lighthouse"
    assert meaningful("pictures") == "pictures"
