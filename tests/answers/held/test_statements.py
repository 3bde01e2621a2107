"""Markers are put right while the answer streams, wherever the stream is cut."""

from __future__ import annotations

import pytest

from rag.answers.held.grounding import Verdict
from rag.answers.held.statements import StatementStream

TRUE = {"valve": 1, "track": 2}


def _check(statement: str) -> Verdict:
    """The sources say all that has `valve` (source 1) or `track` (2) in it; `perhaps` cannot be checked."""
    if "perhaps" in statement.lower():
        return Verdict("unchecked")
    sources = tuple(number for word, number in TRUE.items() if word in statement.lower())
    return Verdict("supported", sources) if sources else Verdict("unsupported", missing=("x",))


def _streamed(text: str, size: int) -> StatementStream:
    stream = StatementStream(_check, frozenset({1, 2}))
    shown = "".join([*(stream.feed(text[at : at + size]) for at in range(0, len(text), size)), stream.flush()])
    assert shown == stream.text
    return stream


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("The valve closes first. [1]", "The valve closes first. [1]"),
        ("The valve closes first [1]. The track is long [2].", "The valve closes first [1]. The track is long [2]."),
        ("The valve closes first.", "The valve closes first [1]."),
        ("The valve closes first", "The valve closes first [1]"),
        ("The valve closes first [2].", "The valve closes first [1]."),
        ("The valve closes first [7].", "The valve closes first [1]."),
        ("The valve closes first [1][2].", "The valve closes first [1]."),
        ("The roof is blue today [1].", "The roof is blue today (not in the sources)."),
        ("The roof is blue.\nThe valve shuts it [1]", "The roof is blue (not in the sources).\nThe valve shuts it [1]"),
        ("Perhaps so. [1]", "Perhaps so. [1]"),
        ("The valve is 4.50 wide, e.g. in car 2. [1]", "The valve is 4.50 wide, e.g. in car 2. [1]"),
        ("- The valve closes [1]\n- The track rises [2]\n", "- The valve closes [1]\n- The track rises [2]\n"),
        ("See [the valve manual] for it [1].", "See [the valve manual] for it [1]."),
        ("The valve closes first [1] and the track bends [2].", "The valve closes first [1] and the track bends [2]."),
        ("阀门 valve 关闭。[1]", "阀门 valve 关闭。[1]"),
    ],
)  # fmt: skip
def test_markers_are_put_right(said: str, shown: str, size: int) -> None:
    assert _streamed(said, size).text == shown


def test_words_are_not_held_back() -> None:
    stream = StatementStream(_check, frozenset({1}))
    assert stream.feed("The valve") == "The valve"
    assert stream.feed(" closes") == " closes"
    assert stream.feed(" first. ") == ""[:0] + stream.text[len("The valve closes") :]


def test_each_statement_knows_its_place_and_its_sources() -> None:
    stream = _streamed("The valve closes first. The roof is blue today. ", 4)
    first, second = stream.statements
    assert stream.text[first.start : first.end] == "The valve closes first [1]."
    assert stream.text[second.start : second.end] == "The roof is blue today (not in the sources)."
    assert (first.numbers, first.support, second.support, second.missing) == ((1,), "supported", "unsupported", ("x",))
    assert (stream.n_added, stream.n_moved) == (1, 0)
