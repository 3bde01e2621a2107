import itertools

from rag.ocr.reading_order import joined, reading_order
from rag.ocr.tiles import merged, strips
from rag.ports import TextLine


def line(text: str, left: float, top: float, width: float, height: float = 10) -> TextLine:
    return TextLine(text, (left, top, left + width, top + height), 1.0)


def texts(lines: list[TextLine]) -> list[str]:
    return [line.text for line in lines]


def test_rows_are_read_top_to_bottom_and_left_to_right() -> None:
    lines = [line("16%", 200, 41, 20), line("title", 0, 0, 300), line("teachers", 0, 40, 60), line("second", 0, 15, 90)]
    assert texts(reading_order(lines)) == ["title", "second", "teachers", "16%"]


def test_a_label_and_its_number_share_a_row_of_the_text() -> None:
    lines = reading_order([line("All teachers", 0, 20, 80), line("16%", 90, 21, 20), line("Elementary", 0, 40, 80)])
    assert joined(lines) == "All teachers 16%\nElementary"


def test_close_rows_of_small_type_are_not_mixed() -> None:
    lines = [line(f"{row}{side}", 50 * (side == "b"), row * 8, 40, 8) for row in range(5) for side in "ba"]
    assert joined(reading_order(lines)) == "0a 0b\n1a 1b\n2a 2b\n3a 3b\n4a 4b"


def test_two_columns_of_prose_are_read_one_after_the_other_below_their_heading() -> None:
    columns = [line(f"{side}{row}", 220 * (side == "R"), 20 + row * 12, 200) for row in range(5) for side in "LR"]
    lines = reading_order([line("heading over both", 0, 0, 420), *columns, line("footer over both", 0, 90, 420)])
    expected = ["heading over both", *(f"L{i}" for i in range(5)), *(f"R{i}" for i in range(5)), "footer over both"]
    assert texts(lines) == expected


def test_two_columns_of_short_labels_are_a_table_and_read_across() -> None:
    lines = [line(f"{side}{row}", 220 * (side == "R"), row * 12, 40) for row in range(6) for side in "LR"]
    assert texts(reading_order(lines))[:4] == ["L0", "R0", "L1", "R1"]


def test_no_lines_are_no_text() -> None:
    assert reading_order([]) == []
    assert joined([]) == ""


def test_an_ordinary_picture_is_one_strip() -> None:
    assert strips(4000, 3000) == [(0, 0, 4000, 3000)]
    assert strips(300, 1900) == [(0, 0, 300, 1900)]


def test_strips_of_a_long_picture_cover_it_and_overlap() -> None:
    for width, height in [(800, 12_000), (1200, 4001), (30_000, 500), (100, 65_000)]:
        boxes = strips(width, height)
        along = [(box[1], box[3]) if height > width else (box[0], box[2]) for box in boxes]
        assert along[0][0] == 0
        assert along[-1][1] == max(width, height)
        assert all(end > start for (_, end), (start, _) in itertools.pairwise(along))
        assert len(boxes) <= 80


def test_a_line_that_two_strips_read_is_kept_once_and_whole() -> None:
    cut = line("pump", 0, 80, 100, 6)
    whole = line("pump", 0, 0, 100, 10)
    lines = merged([((0, 0, 200, 86), [cut, line("valve", 0, 10, 100)]), ((0, 78, 200, 164), [whole])])
    assert [(one.text, one.box) for one in lines] == [("pump", (0, 78, 100, 88)), ("valve", (0, 10, 100, 20))]


def test_letters_that_belong_to_no_word_and_no_number_are_no_reading() -> None:
    assert joined([line("O", 0, 0, 10), line("口", 0, 40, 10)]) == ""
    assert joined([line("O", 0, 0, 10), line("7", 0, 40, 10)]) == "O\n7"
    assert joined([line("O", 0, 0, 10), line("出口", 0, 40, 10)]) == "O\n出口"
