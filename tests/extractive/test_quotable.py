"""A long line is cut round what was asked for."""

from rag.extractive.quotable import MAX_CHARS, around


def test_the_part_that_answers_is_shown_not_the_beginning() -> None:
    line = "bolt " * 200 + "the shackle lies on shelf R46 " + "washer " * 200
    cut = around(line, {"shackle", "shelf"})
    assert "shackle lies on shelf R46" in cut
    assert len(cut) <= MAX_CHARS
    assert cut.startswith("… ")
    assert cut.endswith(" …")


def test_a_short_line_is_left_as_it_is() -> None:
    assert around("the shackle [3]", {"shackle"}) == "the shackle (3)"
