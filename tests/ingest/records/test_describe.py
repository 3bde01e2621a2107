import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ingest.assets.writer import AssetStore
from ingest.parse.elements import Origin, OriginText
from ingest.read.content_hash import file_name_words
from ingest.read.element_file import Picture
from ingest.records.describe import Describer, compose
from rag.errors import ChatError
from tests.ingest.doubles import CornerReader


class SlowReader(CornerReader):
    """Waits until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def read(self, image: Any, *, max_lines: int | None = None) -> list[Any]:
        self.go.wait(10)
        return super().read(image)


class Painter:
    """A vision model that says how much it was told, and may be out of order."""

    fingerprint = "painter@1"

    def __init__(self) -> None:
        self.n_asked = 0
        self.broken = False

    def caption(self, image: bytes, words: str = "") -> str:
        self.n_asked += 1
        if self.broken:
            raise ChatError("the server is down")
        return f"a picture of which {len(words.splitlines())} things are known"


@pytest.fixture
def assets(tmp_path: Path) -> AssetStore:
    return AssetStore(str(tmp_path))


def red(sha256: str = "a" * 64, *texts: OriginText, is_page: bool = False, asset: str = "") -> Picture:
    return Picture(sha256, asset, "image/png", 1, 8, 8, "0" * 16, texts, ("Top", "Sub"), 3, is_page)


def load() -> Image.Image:
    return Image.new("RGB", (8, 8), (255, 0, 0))


def said(texts: tuple[OriginText, ...]) -> list[tuple[str, str]]:
    return [(text.origin, text.text) for text in texts]


def stored(assets: AssetStore, make_png: Callable[..., bytes]) -> Picture:
    data = make_png()
    return red(asset=assets.put(load(), data, "image/png").id)


def test_every_text_keeps_its_origin_strongest_first(assets: AssetStore, make_png: Callable[..., bytes]) -> None:
    texts = (OriginText("file name", "red"), OriginText("context", "around"), OriginText("caption", "given"))
    picture = stored(assets, make_png)
    whole = red("a" * 64, *texts, asset=picture.asset)
    words = Describer(assets, CornerReader(), Painter()).describe(whole, load)
    assert words.problem == ""
    assert said(words.texts) == [
        ("caption", "given"),
        ("heading", "Top > Sub"),
        ("context", "around"),
        ("ocr", "red 255 green 0 blue 0"),
        ("vision model", "a picture of which 5 things are known"),
        ("file name", "red"),
    ]


def test_the_same_bytes_are_read_once_also_by_another_run(assets: AssetStore) -> None:
    reader = CornerReader()
    first = Describer(assets, reader).describe(red(), load)
    second = Describer(AssetStore(assets.uri), reader).describe(red(), load)
    assert first == second
    assert reader.n_read == 1


def test_threads_that_meet_the_same_picture_share_one_reading(assets: AssetStore) -> None:
    reader = SlowReader()
    describer = Describer(assets, reader)
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(describer.describe, red(), load) for _ in range(4)]
        reader.go.set()
        assert len({one.result() for one in waiting}) == 1
    assert reader.n_read == 1


def test_a_picture_without_words_is_not_read_again_either(assets: AssetStore) -> None:
    reader = CornerReader()
    white = lambda: Image.new("RGB", (8, 8), "white")  # noqa: E731
    for _ in range(2):
        assert said(Describer(assets, reader).describe(red(), white).texts) == [("heading", "Top > Sub")]
    assert reader.n_read == 1


def test_another_reader_reads_again(assets: AssetStore) -> None:
    other = CornerReader()
    other.fingerprint = "other@1"
    Describer(assets, CornerReader()).describe(red(), load)
    Describer(assets, other).describe(red(), load)
    assert other.n_read == 1
    assert Describer(assets, other).fingerprint != Describer(assets, None).fingerprint


def test_captions_are_kept_by_content_and_pages_get_none(assets: AssetStore, make_png: Callable[..., bytes]) -> None:
    picture, painter = stored(assets, make_png), Painter()
    for _ in range(2):
        Describer(assets, None, painter).describe(picture, load)
    Describer(assets, None, painter).describe(red("b" * 64, is_page=True, asset=picture.asset), load)
    assert painter.n_asked == 1


def test_a_vision_model_that_fails_costs_only_its_caption(assets: AssetStore, make_png: Callable[..., bytes]) -> None:
    painter = Painter()
    painter.broken = True
    words = Describer(assets, CornerReader(), painter).describe(stored(assets, make_png), load)
    assert "the server is down" in words.problem
    assert ("ocr", "red 255 green 0 blue 0") in said(words.texts)


def test_a_failed_reading_is_tried_again(assets: AssetStore) -> None:
    def broken() -> Image.Image:
        raise OSError("disk is gone")

    describer = Describer(assets, CornerReader())
    assert "disk is gone" in describer.describe(red(), broken).problem
    assert ("ocr", "red 255 green 0 blue 0") in said(describer.describe(red(), load).texts)


def texts_of(**texts: str) -> list[OriginText]:
    origins: dict[str, Origin] = {"vision": "vision model", "file": "file name"}
    return [OriginText(origins.get(origin, origin), text) for origin, text in texts.items()]  # type: ignore[arg-type]


def test_what_speaks_of_the_picture_alone_comes_first() -> None:
    composed = compose(texts_of(heading="H", context="X", ocr="O", caption="C", alt="A", vision="V", file="F"))
    assert composed == "C\nA\nV\nO\nH\nX\nF"


def test_what_was_said_already_is_left_out() -> None:
    assert (
        compose(texts_of(caption="The red  pump, 1999", alt="the red pump", file="red pump")) == "The red  pump, 1999"
    )
    assert compose([]) == ""


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/d/red_pump-2.png", "red pump"),
        ("/d/ClosedValve.jpeg", "Closed Valve"),
        ("/d/IMG_1234.JPG", ""),
        ("/d/1030.png", ""),
        ("/d/DSC00042.jpg", ""),
        ("/d/3f2a9c1b7e44d0aa.png", ""),
        ("/d/page-3.png", ""),
        ("/d/Насос 2.png", "Насос"),
    ],
)
def test_of_a_file_name_only_words_are_words(path: str, words: str) -> None:
    assert file_name_words(path) == words
