import logging
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

import rag.ocr.rapid
from rag.errors import ModelError
from rag.ocr.rapid import RapidReader
from rag.ocr.reading_order import joined

SENTENCE = "Close the red valve before the pump starts"


def drawn(*texts: str, size: tuple[int, int] = (560, 200), type_px: int = 22) -> Image.Image:
    image = Image.new("RGB", size, "white")
    for row, text in enumerate(texts):
        draw = ImageDraw.Draw(image)
        draw.text((20, 20 + row * 2 * type_px), text, font=ImageFont.load_default(type_px), fill="black")
    return image


@pytest.fixture(scope="module")
def reader() -> Iterator[RapidReader]:
    with pytest.MonkeyPatch.context() as patch:

        def refuse(*_: object, **__: object) -> None:
            raise AssertionError("OCR must not use the network")

        patch.setattr(socket.socket, "connect", refuse)
        yield RapidReader()


def test_words_come_in_reading_order_with_their_boxes(reader: RapidReader) -> None:
    lines = reader.read(drawn("Pressure in bar", SENTENCE, "Inlet 42.5"))
    assert [line.text for line in lines] == ["Pressure in bar", SENTENCE, "Inlet 42.5"]
    left, top, right, bottom = lines[1].box
    assert left < 30 < 400 < right
    assert top < 75 < bottom
    assert all(line.score > 0.9 for line in lines)


def test_only_the_topmost_lines_are_read_where_few_are_wanted(reader: RapidReader) -> None:
    page = drawn("First row", "Second row", "Third row")
    assert [line.text for line in reader.read(page, max_lines=2)] == ["First row", "Second row"]
    tall = drawn(*(f"This is row number {n}" for n in range(60)), size=(560, 60 * 44 + 40))
    assert [line.text[-1] for line in reader.read(tall, max_lines=3)] == ["0", "1", "2"]


def test_a_picture_upside_down_is_read(reader: RapidReader) -> None:
    assert joined(reader.read(drawn(SENTENCE).rotate(180))) == SENTENCE


@pytest.mark.parametrize(
    "image",
    [Image.new("RGB", (300, 200), "grey"), Image.new("RGB", (1, 1)), Image.linear_gradient("L").convert("RGB")],
    ids=["flat", "one pixel", "gradient"],
)
def test_a_picture_without_words_has_no_lines(reader: RapidReader, image: Image.Image) -> None:
    assert reader.read(image) == []


def test_words_of_a_very_long_picture_stay_readable(reader: RapidReader) -> None:
    image = Image.new("RGB", (300, 2600), "white")
    draw = ImageDraw.Draw(image)
    for top in (10, 1300, 2560):
        draw.text((10, top), f"row at {top}", font=ImageFont.load_default(18), fill="black")
    assert joined(reader.read(image)) == "row at 10\nrow at 1300\nrow at 2560"


def test_two_threads_read_the_same_as_one(reader: RapidReader) -> None:
    images = [drawn(f"valve {n} opens at {n * 7} bar") for n in range(4)]
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(reader.read, images)) == [reader.read(image) for image in images]


def test_the_reader_says_nothing_on_its_own(reader: RapidReader, capfd: pytest.CaptureFixture[str]) -> None:
    RapidReader().read(Image.effect_noise((40, 40), 90).convert("RGB"))
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("RapidOCR").level == logging.CRITICAL


def test_missing_models_are_an_error_and_not_a_download(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(rag.ocr.rapid, "_MODELS", {"Det": "no-such-model.onnx"})
    with pytest.raises(ModelError, match=r"no-such-model\.onnx.*pip install"):
        RapidReader()


def test_the_fingerprint_names_the_engine(reader: RapidReader) -> None:
    assert reader.fingerprint.startswith("rapidocr-3.")


def test_a_single_line_on_an_empty_page_is_found_where_it_is(reader: RapidReader) -> None:
    page = Image.new("RGB", (1240, 1754), "white")
    font = ImageFont.load_default(20)
    ImageDraw.Draw(page).text((400, 1500), SENTENCE, font=font, fill="black")
    (line,) = reader.read(page)
    assert line.text == SENTENCE
    left, top, right, bottom = line.box
    assert 385 < left < 405
    assert 1485 < top < 1505
    assert abs(right - 400 - font.getlength(SENTENCE)) < 15
    assert 1515 < bottom < 1535
