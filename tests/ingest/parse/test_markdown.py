from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse import parse
from ingest.parse.elements import OriginText
from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.pdfs import png

PNG = png()


def test_front_matter_gives_title_and_metadata(read: Read) -> None:
    page = read('---\ntitle: "My Pump"\nauthor: Ann\ntags:\n  - a\n---\n# Heading\n\nText.\n', "a.md")
    assert page.info.title == "My Pump"
    assert page.info.metadata == {"author": "Ann", "tags": ["a"]}
    assert page.sections == [((), "author: Ann\ntags: a"), (("Heading",), "Text.")]


def test_front_matter_with_lists_and_blocks_becomes_columns_and_words(read: Read) -> None:
    page = read(
        "---\ntitle: T\ntags: [weir, 'two words']\naliases:\n  - one\n  - eel ladder\nyear: 1921\nsku: 007\nopen: yes\n"
        "time: 12:30\nlayout: post\nsummary: >\n  Cleared of\n  driftwood.\nplace:\n  name: Morvan\n---\nText.\n",
        "a.md",
    )
    assert page.info.metadata == {
        "tags": ["weir", "two words"],
        "aliases": ["one", "eel ladder"],
        "year": 1921,
        "sku": "007",
        "open": "yes",
        "time": "12:30",
        "layout": "post",
        "summary": "Cleared of driftwood.",
        "place.name": "Morvan",
    }
    assert page.texts[0].split("\n")[:3] == [
        "Cleared of driftwood.",
        "tags: weir, two words",
        "aliases: one, eel ladder",
    ]
    assert "layout" not in page.texts[0]
    assert page.warnings == []


@pytest.mark.parametrize(
    "matter",
    [
        "title: Foo: bar\nauthor: Ann\ntags:\n- a\n- b",
        "title: 'Foo: bar\nauthor: Ann\ntags: [a, b]\n x: [",
        "\ttitle: Foo",
    ],
)
def test_front_matter_that_is_no_yaml_is_read_line_by_line_and_said(read: Read, matter: str) -> None:
    page = read(f"---\n{matter}\n---\nText.\n", "a.md")
    assert "Text." in page.texts
    assert "read line by line" in page.warnings[0]
    if "author" in matter:
        assert page.info.title.strip("'") == "Foo: bar"
        assert page.info.metadata["author"] == "Ann"


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "a: " + "[" * 5000,
        "\n".join(f"k{i}: v" for i in range(9000))[:59_000],
        "a: !!python/object/apply:os.system ['true']",
    ],
)
def test_hostile_front_matter_costs_itself(read: Read, bomb: str) -> None:
    page = read(f"---\n{bomb}\n---\nText.\n", "a.md")
    assert page.texts[-1] == "Text."
    assert len(page.info.metadata) <= 50


def test_toml_front_matter_is_read_too(read: Read) -> None:
    assert read("+++\ntitle = 'T'\n+++\nText.\n", "a.md").info.title == "T"


def test_a_rule_at_the_top_is_not_front_matter(read: Read) -> None:
    page = read("---\nnot closed\n\n# H\n\nText", "a.md")
    assert page.info.title == "H"
    assert "not closed" in page.texts[0]


def test_headings_lists_tables_and_code(read: Read) -> None:
    page = read(
        "# A\n\n1. x\n2. y\n   - z\n\n## B\n\n| k | v |\n|---|---|\n| 1 | 2 |\n\n```py\n# no heading\n```\n", "a.md"
    )
    assert page.sections == [
        (("A",), "1. x\n2. y\n  - z"),
        (("A", "B"), "| k | v |\n| --- | --- |\n| 1 | 2 |"),
        (("A", "B"), "# no heading"),
    ]


def test_linked_picture_with_alt_title_and_the_paragraph_around(read: Read) -> None:
    page = read('# A\n\nSee ![a **pump**](my%20pic.png "tip") here.', "a.md", {"my pic.png": PNG})
    assert page.image.texts == (
        OriginText("alt", "a pump"),
        OriginText("alt", "tip"),
        OriginText("context", "See here."),
    )
    assert (page.image.name, page.image.heading_path) == ("my pic.png", ("A",))


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_the_italic_line_after_a_picture_is_its_caption(read: Read, between: str) -> None:
    page = read(f"Intro.\n\n![pump](a.png){between}*The red pump*\n\nRest.", "a.md", {"a.png": PNG})
    assert page.words("caption") == ["The red pump"]
    assert page.words("context") == ["Intro."]
    assert page.texts == ["Intro.", "Rest."]


def test_reference_links_and_inline_html(read: Read) -> None:
    page = read(
        '![x][r]\n\n<p align="center"><img src="b.png" alt="raw"></p>\n\n[r]: a.png',
        "a.md",
        {"a.png": PNG, "b.png": PNG},
    )
    assert page.words("alt") == ["x", "raw"]


def test_pictures_of_note_taking_programs(read: Read) -> None:
    page = read("![[my pump.png|300]] and ![[b.png|the valve]]", "a.md", {"my pump.png": PNG, "b.png": PNG})
    assert page.words("alt") == ["the valve"]
    assert [image.linked_path for image in page.images] == ["/dump/my pump.png", "/dump/b.png"]


def test_html_that_is_left_open_hides_nothing_outside_of_its_piece(read: Read) -> None:
    sections = "".join(f"# H{n}\n\n{'word ' * 400}\n\n" for n in range(100))
    page = read(f"# Start\n\n<div hidden>\n\n{sections}# End\n\nlast words", "a.md")
    assert page.sections[-1] == (("End",), "last words")


def test_references_reach_over_the_pieces_of_a_long_file(read: Read) -> None:
    filler = "".join(f"# H{n}\n\n{'word ' * 400}\n\n" for n in range(100))
    page = read(f"![x][r]\n\n{filler}[r]: a.png\n", "a.md", {"a.png": PNG})
    assert page.words("alt") == ["x"]


def test_a_long_code_fence_keeps_its_comments(read: Read) -> None:
    code = "# comment\nx = 1\n\n" * 8_000
    page = read(f"# A\n\n```\n{code}```\n", "a.md")
    assert {path for path, _ in page.sections} == {("A",)}
    assert "".join(page.texts).count("# comment") == 8_000


@pytest.mark.parametrize(
    "hostile",
    [
        ">" * 50_000 + " END",
        "".join("  " * n + "- x\n" for n in range(300)) + "END",
        "[" * 30_000 + " END",
        "![a](" * 10_000 + " END",
        "*a **b " * 10_000 + " END",
        "<a " * 20_000 + " END",
        "".join(f"{'#' * (n % 6 + 1)} h{n}\n\n" for n in range(10_000)) + "END",
        "word " * 200_000 + "END",
    ],
    ids=lambda hostile: hostile[:12],
)
def test_hostile_markdown_is_read_to_the_end_in_time(read: Read, hostile: str) -> None:
    start = time.perf_counter()
    assert "END" in read(hostile, "a.md").texts[-1]
    assert time.perf_counter() - start < 10


def test_only_comments_is_an_error(read: Read) -> None:
    with pytest.raises(DocumentError):
        read("<!-- nothing -->", "a.md")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab #*_[]()!`<>|-\n\t>1.", max_size=200))
def test_any_markdown_is_read_or_refused(text: str) -> None:
    try:
        elements = list(parse(text.encode(), "a.md", resolve=lambda ref: None))
    except DocumentError:
        return
    assert elements


def test_what_looks_like_a_tag_but_is_none_stays_as_words(read: Read) -> None:
    page = read(
        "Set KEY=<your-token>. A Vec<Widget> and a <b>bold</b> <span>word</span>.\n\n<Tabs>\n\ninner\n\n</Tabs>\n",
        "a.md",
    )
    assert page.texts[0] == "Set KEY=<your-token>. A Vec<Widget> and a bold word."
    assert page.texts[1:] == ["inner"]


def test_a_picture_is_looked_for_by_name_in_the_whole_dump_after_its_folder(read: Read) -> None:
    files = {"**/pump house.png": PNG, "b.png": PNG, "**/b.png": b"no"}
    page = read("![[pump house.png]] ![](b.png) ![](../c.png) ![](http://x/d.png)", "a.md", files)
    assert [(image.name, image.linked_path) for image in page.images] == [
        ("pump house.png", "/dump/**/pump house.png"), ("b.png", "/dump/b.png")
    ]  # fmt: skip
    assert page.warnings[0] == "picture '../c.png' left out: it is not in the dump"
