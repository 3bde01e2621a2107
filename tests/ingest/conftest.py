import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

import ingest.pipeline
from tests.ingest.doubles import FakeKb, InlinePool

Colour = tuple[int, int, int]


def png(colour: Colour = (200, 10, 20), size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def make_png() -> Callable[..., bytes]:
    return png


@pytest.fixture
def kb(tmp_path: Path) -> FakeKb:
    folder = tmp_path / "kb"
    folder.mkdir()
    return FakeKb(folder)


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are read in this process."""
    monkeypatch.setattr(ingest.pipeline, "WorkerPool", InlinePool)


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """An empty folder to fill."""
    folder = tmp_path / "dump"
    folder.mkdir()
    return folder
