"""The list of sources under an answer, for clients that show nothing else."""

import pytest
from fakes import record

from rag.serve.openai.footer import footer, without_footer
from rag.trace import Note
from rag.types import Answer, Citation, Hit


def hit(source, **metadata):
    made = record("r", "text", **metadata)
    return Hit(type(made)(made.id, made.doc_id, source, "text", "text", metadata), 1.0, {}, 1.0)


HITS = (hit("manuals/pump.pdf", page=3), hit("bell.txt"), hit("my_notes [slug].md", page=1))


def answer(text, cited, notes=()):
    return Answer(text, tuple(Citation(at + 1, 0, at) for at in cited), HITS, notes)


def test_cited_sources_are_listed_once_in_their_order():
    assert footer(answer("A [3] B [1] C [3].", [2, 0, 2])) == (
        "\n\nSources:\n- [1] `manuals/pump.pdf, page 3`\n- [3] `my_notes [slug].md, page 1`"
    )


def test_an_answer_that_cites_nothing_gets_all_and_notes_are_listed():
    assert footer(answer("A.", [], (Note("no_citation", "the answer cites none of its sources"),))).endswith(
        "- [2] `bell.txt`\n- [3] `my_notes [slug].md, page 1`\n\nNotes:\n- the answer cites none of its sources"
    )


def test_without_sources_and_notes_there_is_none():
    assert footer(Answer("A.", (), ())) == ""


def test_an_answer_that_comes_back_loses_its_footer_only():
    for text in ("A [1].\n\n- a list\n\nSources are scarce.", ""):
        assert without_footer(text + footer(answer(text, [0], (Note("model_blind", "a note"),)))) == text
        assert without_footer(text + footer(answer(text, [], ()))) == text


@pytest.mark.parametrize(
    "hostile",
    [
        "x`![a](http://evil.example/x.png)`.pdf",
        "x``<img src=x onerror=alert(1)>``.pdf",
        "<script>alert(1)</script>.pdf",
        "<think>hidden</think>.pdf",
        "<details><summary>x</summary>.pdf",
        "a.pdf\n\n![x](http://evil.example/x.png)",
        "a\r# heading",
        "a\u2028\u202egpj.exe",
        "[1] and [2].pdf",
        "x" * 5000,
    ],
)
def test_hostile_names_stay_in_their_code_span(hostile):
    line = footer(Answer("A [1].", (Citation(1, 2, 0),), (hit(hostile),))).removeprefix("\n\nSources:\n")
    assert line.startswith("- [1] `")
    assert line.endswith("`")
    inside = line.removeprefix("- [1] `").removesuffix("`")
    assert not set(inside) & set("`<>\n\r\u2028\u202e")
    assert "[1]" not in inside
    assert len(inside) <= 210


HOSTILE = "read as: ![x](http://evil.example) <b>`\n# y"


def test_hostile_words_in_notes_make_no_link_and_no_picture():
    (line,) = footer(Answer("A.", (), (), (Note("picture_read", HOSTILE),))).splitlines()[3:]
    assert line == "- read as: !(x)(http://evil.example) ‹b›' # y"
