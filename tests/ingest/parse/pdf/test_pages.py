from __future__ import annotations

import contextlib
import io
import random

import pytest
from PIL import Image

from ingest.parse import parse
from ingest.parse.elements import ImageElement, OriginText
from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.pdfs import HEIGHT, WIDTH, Page, Pdf, bars, chart, encrypted, place, text

BODY = "".join(f"Line {n} is long enough to be a line of a real paragraph. " for n in range(2))


def pixels(image: ImageElement) -> Image.Image:
    return Image.open(io.BytesIO(image.data))


def lines(*words: str, x: float = 40, y: float = 560) -> bytes:
    return b"".join(text(x, y - 12 * n, line) for n, line in enumerate(words))


def test_text_comes_by_page_with_title_and_page_numbers(read: Read) -> None:
    pdf = read(
        Pdf([Page(text(40, 500, "First page.")), Page(text(40, 500, "Second page."))], title="T").bytes(), "a.pdf"
    )
    assert (pdf.info.title, pdf.info.n_pages) == ("T", 2)
    assert [(e.page, e.text) for e in pdf.elements[1:]] == [(1, "First page."), (2, "Second page.")]  # type: ignore[union-attr]


@pytest.mark.parametrize("title", ["Microsoft Word - pump_v3.doc", "untitled", "main.dvi"])
def test_titles_that_programs_leave_behind_are_no_titles(read: Read, title: str) -> None:
    assert read(Pdf([Page(text(40, 500, "x"))], title=title).bytes(), "a.pdf").info.title == ""


def test_lines_join_to_paragraphs_and_broken_words_to_words(read: Read) -> None:
    page = lines(
        "The efficient multi-",
        "modal pump is a ma-",
        "chine with an IEEE-",
        "style plug and a good name.",
        "",
        "Next one.",
    )
    assert read(Pdf([Page(page)]).bytes(), "a.pdf").texts == [
        "The efficient multimodal pump is a machine with an IEEE-style plug and a good name.",
        "Next one.",
    ]


def test_short_lines_stay_lines(read: Read) -> None:
    page = lines(
        "This is a long first line of the paragraph", "red 1", "green 2", "and another line that is long again"
    )
    assert "red 1\ngreen 2\n" in read(Pdf([Page(page)]).bytes(), "a.pdf").texts[0]


def test_bullets_begin_paragraphs(read: Read) -> None:
    page = lines("Things that one needs:", "1. a pump", "2. a valve that is", "very long")
    assert read(Pdf([Page(page)]).bytes(), "a.pdf").texts[1:] == ["1. a pump", "2. a valve that is very long"]


def test_two_columns_written_in_disorder_are_read_column_by_column(read: Read) -> None:
    left = [text(40, 500 - 20 * n, f"left {n} words words") for n in range(6)]
    right = [text(220, 500 - 20 * n, f"right {n} words words") for n in range(6)]
    order = [column[n] for n, column in [(3, left), (2, right), (0, left), (5, right), (1, left), (0, right)]]
    order += [column[n] for n, column in [(5, left), (1, right), (4, left), (2, left), (4, right), (3, right)]]
    words = " ".join(read(Pdf([Page(b"".join(order))]).bytes(), "a.pdf").texts)
    places = [words.index(f"{side} {n}") for side in ("left", "right") for n in range(6)]
    assert places == sorted(places)


def test_the_outline_gives_heading_paths_within_a_page(read: Read) -> None:
    page = lines("1 Pumps", "", "About pumps.", "", "2 Valves", "", "About valves.")
    pdf = read(Pdf([Page(page), Page(text(40, 500, "More."))], outline=[("Pumps", 1), ("Valves", 1)]).bytes(), "a.pdf")
    assert pdf.sections == [
        (("Pumps",), "1 Pumps"),
        (("Pumps",), "About pumps."),
        (("Valves",), "2 Valves"),
        (("Valves",), "About valves."),
        (("Valves",), "More."),
    ]


def test_a_figure_has_its_caption_and_the_paragraph_that_mentions_it(read: Read) -> None:
    page = (
        text(40, 560, "As Figure 1 shows, the pump is red.")
        + place("Im", 60, 300, 150, 100)
        + text(60, 285, "Figure 1: A red pump of")
        + text(60, 273, "the old kind.")
        + text(40, 100, "Something else far away.")
    )
    pdf = read(Pdf([Page(page)], {"Im": chart(300, 200)}).bytes(), "a.pdf")
    assert pdf.image.texts == (
        OriginText("caption", "Figure 1: A red pump of the old kind."),
        OriginText("context", "As Figure 1 shows, the pump is red."),
    )
    assert (pdf.image.page, pdf.image.name, pdf.image.is_page) == (1, "page 1 figure 1", False)
    image = pixels(pdf.image)
    assert abs(image.width - 300) <= 2
    assert image.getpixel((150, 100)) == (255, 0, 0)


def test_a_caption_may_stand_above(read: Read) -> None:
    page = text(60, 410, "Fig. 2 - Above") + place("Im", 60, 300, 150, 100)
    assert read(Pdf([Page(page)], {"Im": chart()}).bytes(), "a.pdf").words("caption") == ["Fig. 2 - Above"]


def test_a_line_below_a_figure_is_its_caption_only_if_it_is_set_apart(read: Read) -> None:
    body = lines("The pump was taken out of the well before the frost came,", "and nobody has seen it since.", y=260)
    figure = place("Im", 60, 300, 150, 100)
    small, plain = (Page(figure + text(60, 288, "The pump at work", size=size) + body) for size in (8, 10))
    pdf = read(Pdf([small], {"Im": chart()}).bytes(), "a.pdf")
    assert pdf.words("caption") == ["The pump at work"]
    pdf = read(Pdf([plain], {"Im": chart()}).bytes(), "a.pdf")
    assert pdf.words("caption") == []
    assert pdf.words("context")[0].startswith("The pump at work")


def test_two_figures_keep_their_own_captions(read: Read) -> None:
    page = b"".join(
        place(name, 60, y, 150, 100) + text(60, y - 14, f"Figure {n}: {name}")
        for n, (name, y) in enumerate([("ImA", 440), ("ImB", 320), ("ImC", 200)], start=1)
    )
    pictures = {"ImA": chart(), "ImB": chart(color="blue"), "ImC": chart(color="green")}
    pdf = read(Pdf([Page(page)], pictures).bytes(), "a.pdf")
    assert pdf.words("caption") == ["Figure 1: ImA", "Figure 2: ImB", "Figure 3: ImC"]


def test_a_picture_cut_into_strips_is_one_figure(read: Read) -> None:
    whole = chart(200, 200)
    strips = {f"S{n}": whole.crop((0, 50 * n, 200, 50 * n + 50)) for n in range(4)}
    page = b"".join(place(f"S{n}", 60, 350 - 50 * n, 200, 50) for n in range(4))
    pdf = read(Pdf([Page(text(40, 580, BODY) + page)], strips).bytes(), "a.pdf")
    assert len(pdf.images) == 1
    assert pixels(pdf.image).size == (200, 200)


def test_a_drawing_of_lines_with_a_caption_is_a_figure_with_its_labels(read: Read) -> None:
    page = text(40, 560, BODY[:60]) + bars(100, 300) + text(100, 288, "low") + text(100, 270, "Figure 2. Sales by year")
    pdf = read(Pdf([Page(page)]).bytes(), "a.pdf")
    assert pdf.words("caption") == ["Figure 2. Sales by year"]
    image = pixels(pdf.image)
    assert image.height > 90 * 150 / 72  # the highest bar
    assert (0, 0, 255) in {color for _, color in image.getcolors(100_000) or []}


def test_rules_and_boxes_without_a_caption_are_no_figures(read: Read) -> None:
    assert read(Pdf([Page(text(40, 560, BODY[:60]) + bars(100, 300))]).bytes(), "a.pdf").images == []


def test_logos_icons_and_backgrounds_are_left_out_and_counted(read: Read) -> None:
    words = lines(*[BODY[:60]] * 20)
    page = place("Back", 0, 0, WIDTH, HEIGHT) + words + place("Logo", 300, 20, 60, 40) + place("Icon", 20, 20, 10, 10)
    pictures = {"Back": chart(80, 120, "pink"), "Logo": chart(120, 80), "Icon": chart(20, 20)}
    pdf = read(Pdf([Page(page)] * 3, pictures).bytes(), "a.pdf")
    assert [image.name for image in pdf.images] == ["page 1 figure 1"]
    assert pdf.warnings == [
        "page-wide pictures under text left out (backgrounds, scans with a text layer): 3",
        "tiny pictures left out (icons, rules): 3",
        "repetitions of pictures left out (logos): 2",
    ]


def test_what_is_too_much_on_one_page_is_counted(read: Read) -> None:
    page = text(40, 580, BODY[:60]) + b"".join(place("Im", 5 + n % 70 * 5, 10 + n // 70 * 6, 2, 2) for n in range(400))
    pdf = read(Pdf([Page(page)], {"Im": chart(8, 8)}).bytes(), "a.pdf")
    assert "pictures left out, over 300 on a page: 100" in pdf.warnings


def test_a_page_without_a_text_layer_is_a_picture_for_ocr(read: Read) -> None:
    scan = Page(place("Im", 0, 0, WIDTH, HEIGHT))
    pdf = read(Pdf([scan, Page(text(40, 500, "words")), Page()], {"Im": chart(400, 600)}).bytes(), "a.pdf")
    assert (pdf.image.is_page, pdf.image.page, pdf.image.name) == (True, 1, "page 1")
    assert pixels(pdf.image).size == (round(WIDTH * 200 / 72), round(HEIGHT * 200 / 72))
    assert pdf.warnings == ["blank pages: 1"]


def test_a_scan_with_a_page_number_is_still_a_scan(read: Read) -> None:
    page = place("Im", 20, 60, 360, 500) + text(190, 20, "17")
    pdf = read(Pdf([Page(page)], {"Im": chart(400, 600)}).bytes(), "a.pdf")
    assert pdf.image.is_page
    assert pdf.texts == ["17"]


def test_a_huge_page_is_drawn_small(read: Read) -> None:
    pdf = read(Pdf([Page(b"1 0 0 rg 0 0 9000 9000 re f", extra=b"/MediaBox [0 0 14000 7000]")]).bytes(), "a.pdf")
    assert max(pixels(pdf.image).size) <= 2400


def test_a_rotated_page_gives_the_figure_as_it_is_seen(read: Read) -> None:
    page = Page(text(40, 560, BODY[:60]) + place("Im", 60, 300, 200, 100), rotate=90)
    image = pixels(read(Pdf([page], {"Im": chart(400, 200)}).bytes(), "a.pdf").image)
    assert image.size == (200, 400)


def test_a_figure_inside_a_form_is_found_where_it_is(read: Read) -> None:
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 400 600] /Matrix [0.5 0 0 0.5 100 10]"
        b" /Resources << /XObject << /Im 4 0 R >> >> /Length 38 >>\n"
        b"stream\nq 200 0 0 100 50 300 cm /Im Do Q       \nendstream"
    )
    page = text(40, 560, BODY[:60]) + b"/Fm Do\n" + text(130, 148, "Figure 1: In a form")
    pdf = read(Pdf([Page(page)], {"Im": chart(200, 100)}, raw_objects={"Fm": form}).bytes(), "a.pdf")
    assert pdf.words("caption") == ["Figure 1: In a form"]
    assert pixels(pdf.image).getpixel((100, 50)) == (255, 0, 0)


def test_a_form_that_draws_itself_ends(read: Read) -> None:
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 400 600] /Resources << /XObject << /Fm SELF >> >>"
        b" /Length 6 >>\nstream\n/Fm Do\nendstream"
    )
    pdf = read(Pdf([Page(text(40, 500, "words") + b"/Fm Do\n")], raw_objects={"Fm": form}).bytes(), "a.pdf")
    assert pdf.texts == ["words"]


def test_an_outline_that_runs_in_a_circle_ends(read: Read) -> None:
    data = Pdf([Page(text(40, 500, "words"))], outline=[("A", 1), ("B", 1)]).bytes()
    last = data.rindex(b"/Dest")
    first = data.index(b"/Outlines ") + len(b"/Outlines ")
    number = int(data[first : data.index(b" ", first)]) + 1
    looped = data[:last] + b"/Next %d 0 R " % number + data[last:]
    assert read(looped, "a.pdf").texts == ["words"]


def test_unreadable_fonts_turn_the_page_into_a_picture(read: Read) -> None:
    page = b"BT /F1 20 Tf 40 500 Td <0102030405060708> Tj ET\n" + bars(100, 300)
    pdf = read(Pdf([Page(page)]).bytes(), "a.pdf")
    assert pdf.texts == []
    assert pdf.image.is_page


def test_an_encrypted_pdf_says_so_and_how_to_open_it(read: Read) -> None:
    with pytest.raises(DocumentError, match=r"encrypted.*qpdf"):
        read(encrypted(), "a.pdf")


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"x" * 5000, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF"]
)
def test_a_broken_pdf_says_so(read: Read, data: bytes) -> None:
    with pytest.raises(DocumentError, match="broken"):
        read(data, "a.pdf")


def test_a_pdf_of_blank_pages_says_that_nothing_is_in_it(read: Read) -> None:
    with pytest.raises(DocumentError, match="neither text nor a usable picture"):
        read(Pdf([Page(), Page()]).bytes(), "a.pdf")


def test_the_same_bytes_give_the_same_elements() -> None:
    data = Pdf([Page(place("Im", 60, 300, 150, 100) + lines(BODY))], {"Im": chart()}).bytes()
    first, second = (list(parse(data, "a.pdf", resolve=lambda ref: None)) for _ in range(2))
    assert first == second


def test_mutated_pdfs_are_read_or_refused() -> None:
    page = Page(lines(BODY) + place("Im", 60, 300, 150, 100) + text(60, 285, "Figure 1: x") + bars(100, 100))
    whole = Pdf([page, Page()], {"Im": chart(40, 40)}, title="T", outline=[("A", 1), ("B", 2)]).bytes()
    chance = random.Random(7)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 5, 30])):
            data[chance.randrange(20, len(data))] = chance.randrange(256)
        cut = chance.choice([len(data), chance.randrange(20, len(data))])
        with contextlib.suppress(DocumentError):
            assert list(parse(bytes(data[:cut]), "a.pdf", resolve=lambda ref: None))
