import pytest

from rag.ocr.orientation import orientation
from rag.ocr.reading_order import joined, reading_order
from rag.ports import TextLine

WORDS = ["the first line of the page", "the second line of it", "the third line of the page", "and the last of all"]
SIZE = 600


def page(degrees: int) -> list[TextLine]:
    """A page turned clockwise, its lines in no order."""
    lines = []
    for n, words in enumerate(WORDS):
        left, top, right, bottom = 50.0, 100.0 + 30 * n, 400.0, 120.0 + 30 * n
        for _ in range(degrees // 90):
            left, top, right, bottom = SIZE - bottom, left, SIZE - top, right
        lines.append(TextLine(words, (left, top, right, bottom), 1.0))
    return [lines[n] for n in (2, 0, 3, 1)]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_turned_page_is_read_from_its_first_line(degrees: int) -> None:
    is_upside_down = degrees in {180, 270}
    assert orientation([(line, is_upside_down) for line in page(degrees)]) == degrees
    assert joined(reading_order(page(degrees), degrees)) == "\n".join(WORDS)


def test_a_few_turned_labels_do_not_turn_the_page() -> None:
    labels = [(line, False) for line in page(90)[:1]] + [(line, True) for line in page(180)[:1]]
    assert orientation([(line, False) for line in page(0)] + labels) == 0
    assert orientation(labels) == 0
