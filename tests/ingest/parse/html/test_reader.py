from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse import parse
from ingest.parse.elements import OriginText
from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.offices import png as small_png
from tests.ingest.parse.pdfs import chart, png

PNG = png()


def test_title_headings_and_paragraphs(read: Read) -> None:
    page = read(
        "<!doctype html><title> The &amp; Title </title>"
        "<h1>One <em>big</em></h1><p>a<h2>Two</h2><p>b<br>c<h1>Three</h1>d",
        "x.html",
    )
    assert page.info.title == "The & Title"
    assert page.sections == [(("One big",), "a"), (("One big", "Two"), "b\nc"), (("Three",), "d")]


def test_first_heading_is_the_title_of_a_page_without_one(read: Read) -> None:
    assert read("<h1>Pumps</h1><p>x", "x.html").info.title == "Pumps"


def test_a_heading_without_text_under_it_stays_as_text(read: Read) -> None:
    page = read("<h1>A</h1><h2>B</h2><h2>C</h2><p>x</p><h2>D</h2>", "x.html")
    assert page.sections == [(("A",), "B"), (("A", "C"), "x"), (("A",), "D")]


def test_figure_gives_caption_alt_title_and_the_paragraph_before(read: Read) -> None:
    page = read(
        "<h1>Pump</h1><p>It is red.</p><figure><img src=a.png alt='a pump' title=tip>"
        "<figcaption>The <b>red</b> pump</figcaption></figure><p>More.</p>",
        "x.html",
        {"a.png": PNG},
    )
    assert page.image.texts == (
        OriginText("caption", "The red pump"),
        OriginText("alt", "a pump"),
        OriginText("alt", "tip"),
        OriginText("context", "It is red."),
    )
    assert page.image.heading_path == ("Pump",)
    assert (page.image.linked_path, page.image.data) == ("/dump/a.png", PNG)
    assert page.texts == ["It is red.", "More."]


def test_picture_in_a_paragraph_has_that_paragraph_as_context(read: Read) -> None:
    page = read("<p>Before.</p><p>See <img src=a.png> here.</p>", "x.html", {"a.png": PNG})
    assert page.words("context") == ["See here."]


def test_picture_at_the_start_has_the_paragraph_after_as_context(read: Read) -> None:
    page = read("<img src=a.png><p>It shows a pump.</p>", "x.html", {"a.png": PNG})
    assert page.words("context") == ["It shows a pump."]


@pytest.mark.parametrize(
    "line", ["<p><i>A red pump</i></p>", "<p>Figure 2: A red pump</p>", "<p>Fig. 2.1 A red pump</p>"]
)
def test_a_line_after_the_picture_that_looks_like_a_caption_is_one(read: Read, line: str) -> None:
    page = read(f"<p>Intro.</p><img src=a.png>{line}<p>Rest.</p>", "x.html", {"a.png": PNG})
    assert [words.endswith("A red pump") for words in page.words("caption")] == [True]
    assert page.texts == ["Intro.", "Rest."]


def test_a_sentence_about_a_figure_is_not_its_caption(read: Read) -> None:
    page = read("<img src=a.png><p>Figure 2 shows a pump.</p>", "x.html", {"a.png": PNG})
    assert page.words("caption") == []
    assert page.texts == ["Figure 2 shows a pump."]


def test_context_is_bounded(read: Read) -> None:
    page = read(f"<p><img src=a.png>{'word ' * 500}", "x.html", {"a.png": PNG})
    assert len(page.words("context")[0]) <= 400


def test_what_a_reader_does_not_see_is_left_out(read: Read) -> None:
    page = read(
        "<html><style>p{}</style><script>alert('<p>no</p>')</script><nav><ul><li>no</ul></nav>"
        "<div role=navigation>no</div>"
        "<p hidden>no</p><div style='color:red; DISPLAY : none'><p>no<p>no</div><template>no</template>"
        "<noscript>no</noscript><!-- no --><p>yes</p><button>no</button>",
        "x.html",
    )
    assert page.texts == ["yes"]


def test_a_navigation_that_is_never_closed_does_not_swallow_the_page(read: Read) -> None:
    assert read("<html><nav><p>menu<main><p>yes", "x.html").texts == ["yes"]
    assert read("<html><nav><p>all there is", "x.html").texts == ["all there is"]


def test_tables_are_rows_with_a_header(read: Read) -> None:
    page = read(
        "<table><caption>Sizes</caption><tr><th>k<th>v<tr><td>a|b<td><p>1</p><p>2</p><tr><td colspan=2>wide</table>",
        "x.html",
    )
    assert page.texts == ["Sizes", "| k | v |\n| --- | --- |\n| a\\|b | 1 2 |\n| wide |  |"]


def test_a_table_that_lays_out_a_page_becomes_paragraphs(read: Read) -> None:
    page = read(
        "<table><tr><td>menu<td><h2>News</h2><p>One.</p><table><tr><td>a<td>b</table><p>Two.</p></table><p>End",
        "x.html",
    )
    assert page.sections == [
        ((), "menu"),
        (("News",), "One."),
        (("News",), "| a | b |"),
        (("News",), "Two."),
        (("News",), "End"),
    ]


def test_picture_in_a_table_has_its_row_as_context(read: Read) -> None:
    page = read("<table><tr><td>x<td>y<tr><td><img src=a.png><td>the pump</table>", "x.html", {"a.png": PNG})
    assert page.words("context") == ["the pump"]


def test_lists_keep_numbers_and_nesting(read: Read) -> None:
    page = read("<ol start=3><li>a<li><p>b</p><p>c</p><ul><li>d</ul></ol><p>e", "x.html")
    assert page.texts == ["3. a\n4. b\n   c\n   - d".replace("   ", "  "), "e"]


def test_code_keeps_its_white_space(read: Read) -> None:
    assert read("<pre>\n  a\n\n    b</pre>", "x.html").texts == ["  a\n\n    b"]


TINY = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@pytest.mark.parametrize(
    "tag",
    [
        "<img srcset='small.png 1x, a.png 2x' alt=A>",
        "<img srcset='a.png 800w,small.png 400w' alt=A>",
        "<img srcset='http://x/w_9,h_9/b.png 1x, a.png' alt=A>",
        "<picture><source srcset='a.png' type=image/png><img alt=A></picture>",
        "<picture><source data-srcset='a.png 2x'><source srcset='b.webp 9x'><img alt=A src=gone.png></picture>",
        f"<img src='{TINY}' data-src=a.png alt=A>",
        f"<img src='{TINY}' data-lazy-src=a.png alt=A>",
        f"<img src='{TINY}' data-original='a.png?w=9' alt=A>",
        f"<img src='{TINY}' data-srcset='a.png 800w' alt=A>",
        f"<img src='{TINY}' data-thumb-src=gone.png lazysrc=a.png alt=A>",
        "<img src=spacer.png data-hi-res-image=a.png alt=A>",
        "<img src=http://cdn/x.png srcset='a.png 2x' alt=A>",
        f"<img src='{TINY}' alt=A><noscript><img src=a.png alt=A></noscript>",
        "<svg><image href=a.png aria-label=A></image></svg>",
        "<svg><image xlink:href=a.png aria-label=A /></svg>",
        "<object data=a.png type=image/png aria-label=A></object>",
        "<embed src=a.png aria-label=A>",
        "<input type=image src=a.png alt=A>",
        "<video poster=a.png aria-label=A><p>no</video>",
        "<a href=a.png>A</a>",
        "<a href='a.png'><img src=gone.png alt=A></a>",
    ],
)
def test_a_picture_is_found_wherever_the_page_names_it(read: Read, tag: str) -> None:
    files = {"a.png": PNG, "small.png": small_png(size=(40, 40)).read(), "spacer.png": small_png(size=(1, 1)).read()}
    page = read(f"<p>Text.</p>{tag}", "x.html", files)
    assert [image.linked_path for image in page.images] == ["/dump/a.png"]
    assert page.words("alt") == ["A"]


def test_a_copy_for_readers_without_scripts_is_no_second_picture(read: Read) -> None:
    page = read(
        f"<img src='{TINY}' data-src=a.png alt=A><noscript><img src=a.png alt=''>No scripts</noscript>",
        "x.html",
        {"a.png": PNG},
    )
    assert len(page.images) == 1
    assert page.texts == []


def test_the_words_of_a_picture_without_a_link_stay_and_it_is_counted(read: Read) -> None:
    page = read("<p>Text.</p><img alt='the boiler'>", "x.html")
    assert page.texts == ["Text.", "the boiler"]
    assert page.warnings == ["pictures left out, nothing says where they are (a script puts them there): 1"]


@pytest.mark.parametrize(
    "part",
    [
        "<div role=tabpanel style='display:none'>{}</div>",
        "<div class='tab-pane fade' hidden>{}</div>",
        "<button aria-controls=p1>Q</button><div id=p1 hidden>{}</div>",
        "<a href='#n1'>1</a><aside id=n1 hidden>{}</aside>",
        "<a data-bs-target='#p1'>open</a><section id=p1 style='visibility: hidden'>{}</section>",
        "<div class=accordion__panel style='display:none'>{}</div>",
        "<aside epub:type=footnote hidden>{}</aside>",
    ],
)
def test_hidden_parts_that_a_reader_can_open_are_read(read: Read, part: str) -> None:
    page = read("<p>Text.</p>" + part.format("Grease it with lithium."), "x.html")
    assert "Grease it with lithium." in page.texts
    assert page.warnings == []


def test_the_heading_of_an_accordion_is_read_though_it_is_a_button(read: Read) -> None:
    page = read(
        "<button aria-controls=p>How is it greased?</button><div id=p hidden>Daily.</div><button>Send</button>",
        "x.html",
    )
    assert "How is it greased?" in page.texts[0]
    assert "Send" not in " ".join(page.texts)


def test_what_is_not_read_is_counted_by_kind(read: Read) -> None:
    page = read(
        "<p>Text.</p><div id=cookie-consent hidden>We value</div><p hidden>secret</p><p hidden></p>"
        "<iframe src=a.html></iframe><iframe></iframe><video></video><canvas></canvas><script>x</script>",
        "x.html",
    )
    assert page.texts == ["Text."]
    assert page.warnings == [
        "passed over, hidden parts with words: 2",
        "passed over, frames: 2",
        "passed over, videos: 1",
        "passed over, drawings made by a script: 1",
    ]


def test_a_page_of_nothing_but_menus_is_read(read: Read) -> None:
    menu = "<ul role=menu>" + "".join(f"<li><a href=/{n}>Page number {n}</a>" for n in range(9)) + "</ul>"
    assert "Page number 8" in read(f"<ul><li>My section{menu}</ul>", "x.html").texts[0]
    assert "Page" not in read(f"<ul><li>My section{menu}</ul><p>{'words ' * 40}", "x.html").texts[0]


def test_data_uris_are_pictures(read: Read) -> None:
    page = read(f"<img alt=dot src='data:image/png;base64,{base64.b64encode(PNG).decode()}'>", "x.html")
    assert page.image.data == PNG
    assert page.image.linked_path == ""


def test_links_are_found_under_the_base_and_percent_decoded(read: Read) -> None:
    page = read("<html><base href='pics/'><img src='my%20pump.png?v=1#x'>", "x.html", {"pics/my pump.png": PNG})
    assert page.image.linked_path == "/dump/pics/my pump.png"


def test_remote_links_are_counted_and_never_asked_for() -> None:
    asked: list[str] = []
    page = (
        b"<p>x<img src=http://a/b.png alt=tower><img src=//a/c.png><img src=file:///etc/passwd><img src=JavaScript:x>"
    )
    elements = list(parse(page, "x.html", resolve=lambda ref: asked.append(ref)))
    assert asked == []
    assert [str(e) for e in elements if "left out" in str(e)] == [
        "Warned(code='picture_missing', message='pictures left out, remote or absolute links are not fetched: 4', n=4)"
    ]


def test_remote_base_makes_every_link_remote(read: Read) -> None:
    page = read("<html><base href=https://x.org/d/>x<img src=a.png><img src=/b.png>", "x.html", {"a.png": PNG})
    assert page.images == []
    assert page.warnings == ["pictures left out, remote or absolute links are not fetched: 2"]


def test_a_missing_picture_warns_and_leaves_its_words(read: Read) -> None:
    page = read("<figure><img src=a.png alt='the alt'><figcaption>The caption</figcaption></figure>", "x.html")
    assert page.texts == ["The caption. the alt"]
    assert page.warnings == ["picture 'a.png' left out: it is not in the dump"]


def test_many_missing_pictures_warn_twenty_times_and_then_count(read: Read) -> None:
    page = read("x" + "".join(f"<img src={n}.png>" for n in range(100)), "x.html")
    assert read("<p>x" + "".join(f"<img src={n}.png>" for n in range(100)), "x.html").warnings[-1].endswith(": 80")
    assert len(page.warnings) <= 21


def test_linked_files_that_are_no_pictures_and_tiny_ones_are_left_out(read: Read) -> None:
    files = {"a.svg": b"<svg></svg>", "b.png": png(chart(16, 16))}
    page = read("<p>x<img src=a.svg><img src=b.png>", "x.html", files)
    assert page.images == []
    assert "SVG" in page.warnings[0]
    assert page.warnings[1].endswith("a side is under 32 px: 1")


def test_a_picture_is_given_again_only_with_other_words(read: Read) -> None:
    page = read("<img src=a.png alt=x><p>t<img src=a.png alt=x><p>t<img src=a.png alt=y>", "x.html", {"a.png": PNG})
    assert page.words("alt") == ["x", "y"]


def test_entity_bombs_do_nothing(read: Read) -> None:
    page = read('<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><p>&b;</p>', "x.html")
    assert page.texts[-1] == "&b;"


def test_control_characters_and_terminal_escapes_are_gone(read: Read) -> None:
    page = read("<p>a&#27;[31mred&#x202e;b</p><img src='\x1b]0;t\x07.png'>", "x.html")
    assert page.texts == ["aredb"]
    assert "\x1b" not in "".join(page.warnings)


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 100_000 + "END",
        "<ul><li>x" * 20_000 + "END",
        "<table><tr><td>x" * 10_000 + "END",
        "<b>" * 50_000 + "<p>END",
        "<table><tr>" + "<td>x" * 50_000 + "END",
        "<p " + "a=b " * 50_000 + ">END",
        "".join(f"<h{n % 6 + 1}>h{n}</h{n % 6 + 1}>" for n in range(20_000)) + "END",
    ],
    ids=lambda hostile: hostile[:12],
)
def test_hostile_pages_are_read_to_the_end_in_time(read: Read, hostile: str) -> None:
    start = time.perf_counter()
    assert "END" in read(hostile, "x.html").texts[-1]
    assert time.perf_counter() - start < 10


def test_a_page_without_words_or_pictures_is_an_error(read: Read) -> None:
    with pytest.raises(DocumentError, match="neither text nor a usable picture"):
        read("<html><body><!-- x --></body></html>", "x.html")


_TAGS = [
    "p",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "figure",
    "figcaption",
    "h1",
    "h3",
    "div",
    "pre",
    "em",
    "nav",
    "a",
]
_PARTS = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in _TAGS] + [f"</{tag}>" for tag in _TAGS] + ["<br>", "<img src=a.png alt=q>"]),
    st.text(alphabet="xyz &<>\n", max_size=4),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PARTS, max_size=30))
def test_no_word_of_a_malformed_page_is_lost(parts: list[str]) -> None:
    page = "<body>START " + " ".join(parts) + "</nav> END"
    resolved = "".join(f"{e}" for e in parse(page.encode(), "x.html", resolve=lambda ref: None))
    n_navigation = page.count("<nav>")
    assert "START" in resolved
    assert n_navigation or "END" in resolved
