"""In which order a page is read, what a heading is, and what a table."""

from __future__ import annotations

import pytest

from tests.ingest.parse.conftest import Read
from tests.ingest.parse.pdfs import Page, Pdf, chart, place, ruled, text

LEFT = ["The ferry committee met in the old", "customs house on the first Monday", "of March and heard the master,"]
RIGHT = ["Meanwhile the lighthouse board had", "decided to replace the paraffin lamp", "with a carbide burner at once."]
FLEET = [["Vessel", "Depth", "Beds", "Built"], ["Heron 5", "2.9", "12", "1921"], ["Bittern", "3.3", "9", "1917"],
         ["Fulmar 2", "1.8", "14", "1930"]]  # fmt: skip


def rows(table: list[list[str]], *, x: float = 40, y: float = 500, pitch: float = 16, width: float = 80) -> bytes:
    return b"".join(
        text(x + width * column, y - pitch * n, cell)
        for n, row in enumerate(table)
        for column, cell in enumerate(row)
        if cell
    )


def markdown(table: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in table]
    return "\n".join([lines[0], "|" + " --- |" * len(table[0]), *lines[1:]])


def across(y: float, first: str, second: str) -> bytes:
    """Both columns of a row in one piece of content, as many converters write them."""
    return text(30, y, first) + text(220, y, second)


def test_two_columns_written_row_by_row_are_two_paragraphs(read: Read) -> None:
    page = b"".join(across(500 - 13 * n, *pair) for n, pair in enumerate(zip(LEFT, RIGHT, strict=True)))
    assert read(Pdf([Page(page)]).bytes(), "a.pdf").texts == [" ".join(LEFT), " ".join(RIGHT)]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_reads_as_it_is_seen(read: Read, degrees: int) -> None:
    turn = {90: b"0 1 -1 0 400 0 cm", 180: b"-1 0 0 -1 400 600 cm", 270: b"0 -1 1 0 0 600 cm"}[degrees]
    seen = text(30, 380, "As Figure 7 shows, the landing stage sinks by a hand every decade.")
    seen += b"".join(text(30, 360 - 13 * n, line) for n, line in enumerate(LEFT))
    seen += place("Im", 60, 140, 150, 100) + text(60, 125, "Figure 7: Tide chart")
    upright = read(Pdf([Page(seen)], {"Im": chart()}).bytes(), "a.pdf")
    turned = read(Pdf([Page(b"q " + turn + b"\n" + seen + b"Q", rotate=degrees)], {"Im": chart()}).bytes(), "a.pdf")
    assert turned.texts == upright.texts
    assert turned.image.texts == upright.image.texts
    assert turned.words("caption") == ["Figure 7: Tide chart"]


def test_a_ruled_table_keeps_rows_and_cells(read: Read) -> None:
    page = text(40, 560, "Before.") + rows(FLEET) + ruled(36, 514, [80] * 4, [18, 16, 16, 16])
    assert read(Pdf([Page(page)]).bytes(), "a.pdf").texts == ["Before.", markdown(FLEET)]


def test_a_table_without_lines_keeps_rows_and_cells(read: Read) -> None:
    page = text(40, 560, "Before the table stands a sentence.") + rows(FLEET) + text(40, 400, "After it another one.")
    assert read(Pdf([Page(page)]).bytes(), "a.pdf").texts[1] == markdown(FLEET)


def test_a_cell_of_several_lines_is_one(read: Read) -> None:
    table = [*FLEET[:3], ["", "", "", "rebuilt in"], ["", "", "", "larch"], FLEET[3]]
    ys = [500, 480, 460, 449, 438, 418]
    page = b"".join(rows([row], y=y) for row, y in zip(table, ys, strict=True))
    (found,) = read(Pdf([Page(page)]).bytes(), "a.pdf").texts
    assert "| Bittern | 3.3 | 9 | 1917 rebuilt in larch |" in found


def test_a_value_over_several_rows_is_said_in_each(read: Read) -> None:
    lines = ruled(36, 514, [80, 80], [18, 16, 16]).split(b"\n")
    between = lines.index(b"36 480 m 196 480 l S")
    lines[between] = b"116 480 m 196 480 l S"  # no line under the first cell
    page = rows([["Harbour", "Beds"], ["North", "12"], ["", "9"]]) + b"\n".join(lines) + b"\n"
    (found,) = read(Pdf([Page(page)]).bytes(), "a.pdf").texts
    assert found == markdown([["Harbour", "Beds"], ["North", "12"], ["North", "9"]])


def test_a_table_goes_on_over_the_page_under_its_header(read: Read) -> None:
    more = [["Heron 9", "4.4", "2", "1940"], ["Knot", "2.2", "8", "1941"]]
    grid = ruled(36, 514, [80] * 4, [18, 16, 16, 16])
    pages = [Page(rows(FLEET) + grid), Page(rows(more) + ruled(36, 514, [80] * 4, [18, 16]))]
    assert read(Pdf(pages).bytes(), "a.pdf").texts == [markdown(FLEET), markdown([FLEET[0], *more])]


def test_labels_and_values_are_no_table(read: Read) -> None:
    page = rows([["Name:", "Heron 5"], ["Depth:", "2.9"], ["Built:", "1921"]])
    assert "|" not in "".join(read(Pdf([Page(page)]).bytes(), "a.pdf").texts)


def test_larger_and_bolder_lines_are_headings(read: Read) -> None:
    body = [text(40, y, "The barge was towed to the inner basin and sealed there.") for y in (520, 440, 360)]
    page = (
        text(40, 560, "The harbour year", 18)
        + text(40, 540, "Winter", 13) + body[0]
        + text(40, 460, "Repairs", 10, "F2") + body[1]
        + text(40, 380, "Summer", 13) + body[2]
    )  # fmt: skip
    found = read(Pdf([Page(page)]).bytes(), "a.pdf").sections
    assert [path for path, _ in found] == [
        ("The harbour year", "Winter"),
        ("The harbour year", "Winter", "Repairs"),
        ("The harbour year", "Summer"),
    ]
    assert {words for _, words in found} == {"The barge was towed to the inner basin and sealed there."}


def test_a_heading_over_nothing_stays_as_text(read: Read) -> None:
    page = text(40, 560, "Preface", 18) + text(40, 500, "The barge was towed to the inner basin and sealed there.")
    end = text(40, 300, "Appendix", 18)
    assert ((), "Appendix") in read(Pdf([Page(page), Page(end)]).bytes(), "a.pdf").sections


def test_one_pages_fault_costs_that_page(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.parse.pdf import page as pages

    def fail(handle: object, *_: object) -> None:
        raise RuntimeError("the second page is bad")

    arranged = pages.arranged
    monkeypatch.setattr(
        pages,
        "arranged",
        lambda lines, *more, **named: fail(lines) if "Second" in lines[0].text else arranged(lines, *more, **named),
    )
    data = Pdf([Page(text(40, 500, f"{name} page.")) for name in ("First", "Second", "Third")]).bytes()
    pdf = read(data, "a.pdf")
    assert pdf.texts == ["First page.", "Third page."]
    assert pdf.warnings == ["page 2 cannot be read: the second page is bad"]
