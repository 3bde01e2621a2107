"""What is the user's, and what a front end put around it: templates of the structure of real ones, in other words."""

import time

import pytest

from rag.question import GivenText
from rag.serve.openai.front_ends.blocks import typed, without_details

CAT = "The harbour cat is called Tuppence."
ASKED = "What is the harbour cat called?"
OPEN_WEBUI = f"""### Task:
Answer from what follows and mark it like [id] **only where a <source> tag has an id** (as <source id="1"> has).

### Rules:
- Say so when you do not know.

<context>
<source id="1" name="note &amp; more.txt" resource-id="7777">{CAT}</source>
<source id="2" name="other.md">Second.
With lines.</source>
</context>

<attached_files>
<file type="file" id="1111-2222" content_type="text/plain" name="note.txt"/>
</attached_files>

{ASKED}"""
LIBRECHAT = f"""The user has attached a file to the conversation:
<file>
  <filename>note.txt</filename>
  <type>text/plain</type>
  <context>
    <contextItem>
      <![CDATA[{CAT}]]>
    </contextItem>
  </context>
</file>
{ASKED}"""
FENCED = f'Attached document(s):\n```md# "a.txt"\n{CAT}\n\n\n---\n\n# "b.txt"\n```py\nx = 1\n```\n\n```\n{ASKED}'
ANYTHING = f"""Use the context below.
Context:
[CONTEXT 0]:
<document_metadata>
sourceDocument: note.txt
published: today
</document_metadata>

{CAT}
[END CONTEXT 0]

[CONTEXT 1]:
Second.
[END CONTEXT 1]

{ASKED}"""


def test_the_question_stands_behind_the_sources_of_open_webui_and_files_without_words_are_taken_off():
    found = typed(OPEN_WEBUI)
    assert found.words == ASKED
    assert found.given == (
        GivenText("note & more.txt", CAT, 1),
        GivenText("other.md", "Second.\nWith lines.", 2),
    )


def test_the_files_of_librechat_are_texts_with_their_names():
    found = typed(LIBRECHAT)
    assert (found.words, found.given) == (ASKED, (GivenText("note.txt", CAT),))
    found = typed(FENCED)
    assert found.words == ASKED
    assert [(each.name, each.text) for each in found.given] == [("a.txt", CAT), ("b.txt", "```py\nx = 1\n```")]


def test_the_numbered_contexts_of_anything_llm_are_texts():
    found = typed(ANYTHING)
    assert found.words == ASKED
    assert [(each.name, each.text, each.number) for each in found.given] == [
        ("note.txt", CAT, 0),
        ("the attached text", "Second.", 1),
    ]


@pytest.mark.parametrize(
    "template",
    [
        f"<context>\n{CAT}\n</context>\n\n<user_query>\n{ASKED}\n</user_query>",
        f"Do it well.\n<documents><document title='x'>{CAT}</document></documents>\nUser question: {ASKED}",
        f"### Query: {ASKED}\n\n<context>{CAT}</context>",
        f"{ASKED}\n\n<context>{CAT}</context>",
        f"# Rules\nBe good.\n\n{ASKED}\n\n<knowledge>{CAT}</knowledge>\n",
        f"<context>{CAT}</context>\n\n## Instructions\n- cite\n\nQuestion: {ASKED}",
    ],
    ids=["tagged", "labelled", "labelled before", "before", "headings before", "instructions behind"],
)
def test_other_templates_are_known_by_their_structure(template):
    found = typed(template)
    assert found.words == ASKED
    assert [each.text for each in found.given] == [CAT]


@pytest.mark.parametrize(
    "text",
    [
        "What does <b>bold</b> do?",
        "if a < b and c > d, what is [1]?",
        "The tag <source id='1'> in a line",
        "  spaces stay  ",
        "```python\nprint(1)\n```\nWhat is this?",
        "[CONTEXT 0] alone",
    ],
)
def test_what_a_user_types_stays_as_it_is(text):
    assert typed(text).words == text
    assert typed(text).given == ()


def test_a_picture_alone_keeps_no_words_of_its_block():
    block = '<attached_files>\n<file type="image" url="u-u" id="1" name="a.jpg"/>\n</attached_files>\n\n'
    assert (typed(block).words, typed(block).given) == ("", ())
    assert typed(f"{block}What is this?").words == "What is this?"


def test_a_context_without_words_is_nothing_that_was_given():
    assert typed(f"<context>\n</context>\n{ASKED}").given == ()


@pytest.mark.parametrize(
    "piece",
    [
        "<context>",
        "\n<context>",
        "<a ",
        '<file id="',
        '<f id="1"/>',
        "[CONTEXT 1]:\n",
        'x:\n```md# "a"\n',
        "<name>",
        "\n",
        "a: ",
    ],
)
def test_half_a_megabyte_of_anything_is_read_at_once(piece):
    """The event loop stands still meanwhile."""
    text = piece * (500_000 // len(piece))
    began = time.process_time()
    typed(text)
    typed(f"<context>{text}</context>\n{text}")
    without_details(f"<details>{text}")
    assert time.process_time() - began < 3


def test_thoughts_and_calls_that_a_front_end_keeps_in_an_answer_are_taken_off():
    kept = '<details type="reasoning" done="true">\n<summary>Thought</summary>\nHm.\n</details>\nTuppence. [1]'
    assert without_details(kept) == "Tuppence. [1]"
