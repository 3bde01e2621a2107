"""Sentences that can be quoted one by one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.extractive.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It opens. It closes! Does it? Yes.", ["It opens.", "It closes!", "Does it?", "Yes."]),
        (
            "Dr. Smith met J. Doe at approx. 3.5 bar. See Fig. 3.",
            ["Dr. Smith met J. Doe at approx. 3.5 bar.", "See Fig. 3."],
        ),
        ("Open valve A. It hums.", ["Open valve A.", "It hums."]),
        ("Use e.g. Oil. v2.1 is out.", ["Use e.g. Oil. v2.1 is out."]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("1. Turn the key.\n2. Wait.", ["Turn the key.", "Wait."]),
        ("- Close A first.\n- Open B\n  slowly.", ["Close A first.", "Open B slowly."]),
        ("# Safety\nWear gloves.", ["# Safety", "Wear gloves."]),
        ("MAX PRESSURE\n8 bar\nModel KX-200", ["MAX PRESSURE", "8 bar", "Model KX-200"]),
        (
            "The pres-\nsure rises in this line that the typesetter wrapped at\nKestrel Point. Next.",
            ["The pressure rises in this line that the typesetter wrapped at Kestrel Point.", "Next."],
        ),
        (
            "\u6c34\u3092\u6b62\u3081\u308b\u3002\u5f01\u3092\u9589\u3058\u308b\uff01",
            ["\u6c34\u3092\u6b62\u3081\u308b\u3002", "\u5f01\u3092\u9589\u3058\u308b\uff01"],
        ),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_text_is_split_where_a_reader_would(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@settings(deadline=None)  # a loaded machine is slow
@given(
    st.lists(
        st.sampled_from(["Pump", "valve", "two.", "Dr.", "Ok!", "\n", "\n\n", "3.5", "\u3002", "mm?"]), max_size=40
    )
)
def test_no_word_is_lost_or_changed_or_moved(words: list[str]) -> None:
    assert " ".join(split_sentences(" ".join(words))).replace(" ", "") == "".join(words).replace("\n", "")
