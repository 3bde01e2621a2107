"""XML by its words and headings, never its tags."""

from __future__ import annotations

import base64
import contextlib

import pytest

from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.offices import png


def test_an_article_keeps_its_head_sections_lists_tables_and_figures(read: Read) -> None:
    front = (
        "<front><article-meta><title-group><article-title>On <i>weirs</i></article-title></title-group>"
        "<contrib-group><contrib><name><surname>Abney</surname><given-names>Nell</given-names></name></contrib>"
        "</contrib-group><pub-date><day>4</day><month>5</month><year>2020</year></pub-date>"
        "<abstract><p>We study weirs.</p></abstract></article-meta></front>"
    )
    body = (
        "<body><sec><title>Flow</title><p>It is <b>fast</b>er than H<sub>2</sub>O.</p><sec><title>Parts</title>"
        "<list list-type='order'><list-item><p>seal</p></list-item><list-item><p>pawl</p></list-item></list>"
        "<table-wrap><table><tr><th>Part</th><th>Count</th></tr><tr><td>seal</td><td>7</td></tr></table></table-wrap>"
        "<fig><label>Figure 1</label><caption><p>The quince</p></caption><graphic xlink:href='p.png'/></fig>"
        "</sec></sec></body>"
    )
    source = f"<?xml version='1.0'?><article xmlns:xlink='http://www.w3.org/1999/xlink'>{front}{body}</article>"
    found = read(source, "a.xml", {"p.png": png().getvalue()})
    assert found.info.title == "On weirs"
    assert found.info.metadata == {"author": "Nell Abney", "published": "2020-05-04"}
    assert found.sections == [
        (("On weirs",), "We study weirs."),
        (("On weirs", "Flow"), "It is faster than H2O."),
        (("On weirs", "Flow", "Parts"), "1. seal\n2. pawl"),
        (("On weirs", "Flow", "Parts"), "| Part | Count |\n| --- | --- |\n| seal | 7 |"),
    ]
    assert found.words("caption") == ["Figure 1 The quince"]


def test_a_fiction_book_brings_its_pictures_along(read: Read) -> None:
    picture = base64.b64encode(png().getvalue()).decode()
    source = (
        "<?xml version='1.0'?><FictionBook xmlns:l='http://www.w3.org/1999/xlink'><description><title-info>"
        "<genre>sf</genre><book-title>The weir</book-title></title-info></description>"
        "<body><section><title><p>One</p></title><p>It rained.</p><image l:href='#p'/></section></body>"
        f"<binary id='p'>{picture}</binary></FictionBook>"
    )
    found = read(source, "a.fb2")
    assert found.sections == [(("The weir", "One"), "It rained.")]
    assert found.image.data == png().getvalue()


def test_a_table_of_docbook_spans_rows_and_columns(read: Read) -> None:
    source = (
        "<article><section><title>Stock</title><informaltable><tgroup><colspec colname='a'/><colspec colname='b'/>"
        "<colspec colname='c'/><thead><row><entry morerows='1'>Part</entry>"
        "<entry namest='b' nameend='c'>Count</entry></row><row><entry>old</entry><entry>new</entry></row></thead>"
        "<tbody><row><entry morerows='1'>seal</entry><entry>7</entry>"
        "<entry>8</entry></row><row><entry>9</entry><entry>1</entry></row></tbody></tgroup></informaltable>"
        "</section></article>"
    )
    (text,) = read(source, "a.docbook").texts
    assert text.split("\n") == [
        "| Part | Count old | Count new |",
        "| --- | --- | --- |",
        "| seal | 7 | 8 |",
        "| seal | 9 | 1 |",
    ]


def test_data_that_is_alike_is_a_table_and_other_data_are_named_fields(read: Read) -> None:
    orders = "".join(f"<order id='{n}'><itemName>part {n}</itemName><qty>{n}</qty></order>" for n in range(3))
    found = read(f"<?xml version='1.0'?><orders><customer>Nell</customer>{orders}</orders>", "a.xml")
    assert found.texts == [
        "| id | item Name | qty |\n| --- | --- | --- |\n| 0 | part 0 | 0 |\n| 1 | part 1 | 1 |\n| 2 | part 2 | 2 |",
        "customer: Nell",
    ]


def test_a_feed_is_its_titles_and_the_words_of_its_pages(read: Read) -> None:
    page = "&lt;p&gt;The &lt;b&gt;weir&lt;/b&gt; broke.&lt;/p&gt;"
    items = f"<item><title>Flood</title><description>{page}</description></item>"
    found = read(f"<?xml version='1.0'?><rss><channel><title>News</title>{items}</channel></rss>", "a.rss")
    assert found.sections[-1] == (("News", "Flood"), "The weir broke.")


@pytest.mark.timeout(60)
def test_a_table_of_many_rows_costs_no_more_for_each(read: Read) -> None:
    rows = "<row><entry>a</entry><entry>b</entry></row>" * 20_000
    table = f"<article><informaltable><tgroup><colspec colname='a'/><tbody>{rows}</tbody></tgroup></informaltable>"
    flat = f"<article><table>{rows}</table></article>"
    for source in (f"<?xml version='1.0'?>{table}</article>", f"<?xml version='1.0'?>{flat}"):
        assert sum(text.count("| a | b |") for text in read(source, "a.xml").texts) >= 20_000


@pytest.mark.timeout(60)
def test_entities_and_depth_cost_nothing(read: Read) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">{laughs}]><article><p>&l11; end</p></article>'
    deep = "<?xml version='1.0'?>" + "<section>" * 100_000 + "words"
    for source in (bomb, deep):
        with contextlib.suppress(DocumentError):
            assert sum(map(len, read(source, "a.xml").texts)) < 1_000_000
