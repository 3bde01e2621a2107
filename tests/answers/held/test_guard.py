"""A reply is cut where it prints our delimiters, makes up the next turn, or goes round in circles."""

from __future__ import annotations

import pytest

from rag.answers.held.guard import ReplyGuard, is_loop, without_loop

SAID = "The last car leaves at 17:40 [1]."


def _shown(text: str, size: int) -> tuple[str, str]:
    guard = ReplyGuard("bakidozu")
    pieces = [guard.feed(text[at : at + size]) for at in range(0, len(text), size)]
    return "".join([*pieces, guard.flush()]), guard.ended


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    "rest",
    [" <<<source 9 bakidozu\nfile: x", "\nbakidozu end 1>>>", " Bakidozu end 1>>>", "\n\nQuestion: And in summer?\nIt"],
)
def test_delimiters_and_made_up_turns_never_show_however_the_stream_is_cut(rest: str, size: int) -> None:
    assert _shown(SAID + rest, size) == (SAID, "delimiter") or _shown(SAID + rest, size)[0].rstrip() == SAID


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    "text", ["a << b and c < d", "Question is what to ask.\nQuiet: yes", "x <", "ends in ba", "line\nSome: words\n"]
)
def test_text_that_only_begins_like_a_delimiter_is_shown_whole(text: str, size: int) -> None:
    assert _shown(text, size) == (text, "")


def test_the_same_words_over_and_over_are_a_loop() -> None:
    assert _shown("It closes. " + "and then the valve opens and " * 9, 5)[1] == "loop"
    assert is_loop("very " * 40)


def test_a_list_of_like_lines_and_a_table_are_none() -> None:
    assert not is_loop(
        "\n".join(f"- In {year} the rope had {n} broken wires [1]." for n, year in enumerate(range(2000, 2030)))
    )
    assert not is_loop("| a | b |\n|---|---|\n" + "\n".join(f"| {n} | {n * n} |" for n in range(20)))


def test_what_is_left_of_a_loop_is_its_first_round() -> None:
    sentence = "The upper valve is closed before the car leaves. "
    assert without_loop("First this. " + sentence * 5) == "First this. " + sentence.strip()
    assert without_loop("Say a b c d e f g h " * 4).startswith("Say a b c d e f g h")
    assert without_loop(SAID) == SAID
