"""The answer to a picture, without a language model."""

from dataclasses import replace

import pytest

from rag.extractive.alike import alike, describe, likeness
from rag.types import ChannelScore, Hit, Kind, Record


def hit(
    source: str, cosine: float | None, kind: Kind = "image", text: str = "", texts: tuple[tuple[str, str], ...] = ()
):
    said = [{"origin": origin, "text": each} for origin, each in texts]
    record = Record(source, source, source, kind, text, {"texts": said})
    return Hit(record, 1.0, {"image": ChannelScore(cosine, 3.0, 1)}, 1.0)


CAR = hit("gannet.jpg", 0.9, texts=(("ocr", "GANNET\nNo. 1"), ("caption", "Car 1, climbing")))
HALF = hit("half.jpg", 0.75)
FAR = hit("far.jpg", 0.3)


@pytest.mark.parametrize(("cosine", "share"), [(0.5, 0.0), (0.2, 0.0), (0.75, 0.5), (1.0, 1.0), (1.1, 1.0)])
def test_likeness_begins_where_unrelated_pictures_end(cosine: float, share: float) -> None:
    assert likeness(cosine, 0.5) == pytest.approx(share)


def test_the_nearest_pictures_are_named_with_what_they_say_and_how_alike_they_are() -> None:
    lines = describe("", [CAR, HALF, FAR], 0.5).splitlines()
    assert lines == [
        "- gannet.jpg is 80 % alike; caption: “Car 1, climbing”; it reads: “GANNET / No. 1” [1]",
        "- half.jpg is 50 % alike; nothing is written about it. [2]",
    ]


def test_what_says_the_same_in_words_is_quoted_after_the_picture_that_leads() -> None:
    text = hit("log.txt", None, "text", "Gannet was built in 1894 at Kittering.")
    lines = describe("When was Gannet built?", [CAR, text], 0.5, may_quote=[1]).splitlines()
    assert [line[-3:] for line in lines] == ["[1]", "[2]"]
    assert "1894" in lines[1]


def test_a_passage_that_was_found_first_is_quoted_first() -> None:
    text = hit("log.txt", None, "text", "Gannet was built in 1894 at Kittering.")
    assert describe("", [text, CAR], 0.5, may_quote=[0]).splitlines()[0].endswith("[1]")


def test_what_a_model_takes_pictures_for_is_said_as_its_guess() -> None:
    cat = hit("cat.jpg", 0.9)
    cat = replace(cat, record=replace(cat.record, metadata={"looks_like": [["tabby cat", 0.62], ["tiger cat", 0.2]]}))
    assert describe("", [cat], 0.5, things=[("lynx", 0.4)]).splitlines() == [
        "The question's picture looks like: lynx 0.40 (a machine's guess).",
        "- cat.jpg is 80 % alike; looks like: tabby cat 0.62, tiger cat 0.20 (a machine's guess); "
        "nothing is written about it. [1]",
    ]


def test_nothing_alike_and_nothing_to_quote_is_empty() -> None:
    assert describe("", [FAR], 0.5) == ""
    assert alike([FAR, hit("t", None, "text", "words")], 0.5) == {}
