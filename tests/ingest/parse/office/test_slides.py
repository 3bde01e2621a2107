from __future__ import annotations

from typing import Any

import pytest
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from ingest.parse.elements import DocumentInfo, TextElement
from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.offices import CONTENT_TYPES, png, rewritten, slides, titled, zipped

BOX = (Inches(1), Inches(2), Inches(4), Inches(2))


def test_a_slide_is_a_page_under_its_title(read: Read) -> None:
    def write(deck: Any) -> None:
        frame = titled(deck, "Regions", layout=1).placeholders[1].text_frame
        frame.text = "North grew"
        inner = frame.add_paragraph()
        inner.text, inner.level = "by 12 %", 1
        deck.slides[0].notes_slide.notes_text_frame.text = "Mention the shop."
        deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_textbox(*BOX).text_frame.text = "No title here"
        titled(deck, "Thank you")

    found = read(slides(write, title="Sales", author="Ann"), "a.pptx")
    assert found.elements == [
        DocumentInfo("Sales", 3, {"author": "Ann"}),
        TextElement("- North grew\n  - by 12 %", ("Regions",), 1),
        TextElement("Speaker notes: Mention the shop.", ("Regions",), 1),
        TextElement("No title here", (), 2),
        TextElement("Thank you", (), 3),
    ]


def test_a_title_that_powerpoint_made_up_gives_way_to_the_first_slides(read: Read) -> None:
    deck = slides(lambda deck: titled(deck, "Sales 2024"), title="PowerPoint-Präsentation")
    assert read(deck, "a.pptx").info.title == "Sales 2024"


def test_shapes_are_read_from_top_to_bottom_whatever_was_drawn_first(read: Read) -> None:
    def write(deck: Any) -> None:
        shapes = titled(deck, "Order").shapes
        for text, left, top in (("last", 1, 5), ("right", 5, 2.1), ("left", 1, 2.2)):
            shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(1)).text_frame.text = text
        group = shapes.add_group_shape()
        group.shapes.add_textbox(Inches(1), Inches(3), Inches(2), Inches(1)).text_frame.text = "grouped"

    assert read(slides(write), "a.pptx").texts == ["left", "right", "grouped", "last"]


def test_tables_and_charts_are_their_cells_and_numbers(read: Read) -> None:
    def write(deck: Any) -> None:
        table = titled(deck, "Table").shapes.add_table(2, 2, *BOX).table
        for cell, text in zip(table.iter_cells(), ("Part", "a|b", "Bolt", "12"), strict=True):
            cell.text = text
        bars = CategoryChartData(number_format='0.0"%"')
        bars.categories = ["East", "007"]
        bars.add_series("Q1", (19.2, None))
        bars.add_series("Q2", (1, 0.30000000000000004))
        chart = titled(deck, "Bars").shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *BOX, bars).chart
        chart.has_title, chart.chart_title.text_frame.text = True, "Sales"
        points = XyChartData()
        one, other = points.add_series("one"), points.add_series("other")
        one.add_data_point(1, 10)
        other.add_data_point(2, 20)
        titled(deck, "Points").shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *BOX, points)

    assert read(slides(write), "a.pptx").texts == [
        "| Part | a\\|b |\n| --- | --- |\n| Bolt | 12 |",
        "Sales\n|  | Q1 | Q2 |\n| --- | --- | --- |\n| East | 19.2 | 1 |\n| 007 |  | 0.3 |",
        "|  | one | other |\n| --- | --- | --- |\n| 1 | 10 |  |\n| 2 |  | 20 |",
    ]


def test_pictures_come_once_with_their_alternative_text(read: Read) -> None:
    def write(deck: Any) -> None:
        for number in (1, 2):
            picture = titled(deck, f"Slide {number}").shapes.add_picture(png(), *BOX)
            picture._element.nvPicPr.cNvPr.set("descr", "a red square")

    found = read(slides(write), "a.pptx")
    assert (found.image.name, found.image.page, found.image.heading_path) == ("picture 1", 1, ("Slide 1",))
    assert found.words("alt") == ["a red square"]


def test_what_cannot_be_read_is_told_and_loses_nothing_else(read: Read) -> None:
    def write(deck: Any) -> None:
        slide = titled(deck, "Both")
        slide.shapes.add_picture(png(), *BOX).name = "Photo"
        slide.shapes.add_textbox(Inches(1), Inches(5), Inches(1), Inches(1)).text_frame.text = "below"

    def cut(name: str, data: bytes) -> bytes:
        return data.replace(b'r:embed="', b'r:embed="gone') if name == "ppt/slides/slide1.xml" else data

    found = read(rewritten(slides(write), cut), "a.pptx")
    assert found.texts == ["below"]
    assert len(found.warnings) == 1
    assert found.warnings[0].startswith("'Photo' on slide 1 cannot be read: ")


def test_links_to_pictures_elsewhere_are_not_followed(read: Read) -> None:
    def write(deck: Any) -> None:
        slide = titled(deck, "Linked")
        picture = slide.shapes.add_picture(png(), *BOX)
        blip = next(picture._element.iter("{*}blip"))
        relation = slide.part.relate_to(
            "file:///etc/secret.png",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image",
            is_external=True,
        )
        for name in list(blip.attrib):
            blip.set(name.replace("embed", "link"), relation)
            del blip.attrib[name]

    found = read(slides(write), "a.pptx")
    assert found.warnings == ["pictures left out, remote or absolute links are not fetched: 1"]


def test_slide_shows_are_presentations_too(read: Read) -> None:
    deck = slides(lambda deck: titled(deck, "Shown"))
    show = rewritten(deck, lambda name, data: data.replace(b"presentation.main+xml", b"slideshow.main+xml"))
    assert read(show, "a.ppsx").texts == ["Shown"]


@pytest.mark.parametrize(
    "document",
    [
        zipped({CONTENT_TYPES: b"<x/>", "ppt/presentation.xml": b"<p/>"}),
        zipped({CONTENT_TYPES: b"no xml", "ppt/presentation.xml": b""}),
        rewritten(slides(lambda deck: None), lambda name, data: None if name == "ppt/presentation.xml" else data),
        slides(lambda deck: titled(deck, "x"))[:-300] + bytes(300),
    ],
)
def test_a_broken_presentation_is_an_error_that_says_so(read: Read, document: bytes) -> None:
    with pytest.raises(DocumentError, match=r"broken .*save it|archive"):
        read(document, "a.pptx")
