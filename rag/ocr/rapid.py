"""OCR with the PP-OCRv6 models that the `rapidocr` wheel carries. Nothing is ever downloaded.

Measured on 28 charts (about 400 x 300 px, 36 lines each), CPU seconds a picture on one core, against rapidocr's
defaults: 1.9 -> 0.9, by what is explained at `RapidReader.read`, `_NARROWEST_PX` and `_recognise`.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import sys
import threading
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import ModelError
from rag.installation import install_command
from rag.nn.subnormals import flushed_subnormals
from rag.ocr.blank_bands import without_blanks
from rag.ocr.orientation import orientation
from rag.ocr.reading_order import reading_order
from rag.ocr.tiles import MAX_SIDE_PX, merged, strips
from rag.ports import TextLine

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

_MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}
_VERSION = 2
"""Counts up when the same pixels may give other lines: part of the fingerprint."""

_SMALLEST_PX = 8
_NARROWEST_PX = 200
"""Lines are padded to this width at a height of 48 px before they are read, one at a time. The defaults (at least 320,
six lines padded to the widest) cost twice as much and lose spaces in long lines ("responses notshown"); without
padding short numbers suffer. Words read without an error: 0.962 by default, 0.981 here; numbers 0.975 and 0.967."""

_DOUBTFUL = 0.9
"""Recognition score below which a line is tried upside down: labels that run downwards beside an axis."""

_LEAST_SCORE = 0.5

_SMALLEST_SIDE_PX = 245
_NARROWEST = 4
"""Of the two sides, the shorter is filled up to so many pixels, and to this part of the longer: the engine scales it to
736 px, which would blow a small or narrow picture up hugely. Three times larger is what small type needs."""

_LARGE_PIXELS = 1_000_000
"""Above this a picture is looked over alone: the detector takes about 250 bytes a pixel for that time."""

_READS_A_TRIM = 8


class RapidReader:
    """Reads the words in pictures. Thread-safe: each call runs on its caller's thread, so two threads use two cores.

    Raises:
        ModelError: the models are not where the wheel puts them.
    """

    def __init__(self) -> None:
        self._engine: Any = None
        self._loading = threading.Lock()
        self._one_large = threading.Lock()
        self._reads = itertools.count(1)
        self._models = model_files()
        self.fingerprint = f"rapidocr-{version('rapidocr')}-PP-OCRv6-small-{_VERSION}"

    def read(self, image: Image, *, max_lines: int | None = None) -> list[TextLine]:
        """Lines in reading order.

        Args:
            image: RGB, any size.
            max_lines: only so many are read, from the top.

        Returns:
            Boxes in pixels of `image`, scores in [0.5, 1]; `[]` for a picture without text.
        """
        if min(image.size) < _SMALLEST_PX:
            return []
        # 0.25 instead of 0.70 CPU seconds a chart, equal to the last bit: the detector's weights hold 100,000 subnormal
        # floats, and a processor needs a hundred times as long for each. ONNX Runtime's own switch
        # (`session.set_denormal_as_zero`) leaves out the calling thread, which is the only one here.
        with flushed_subnormals():
            parts: list[tuple[tuple[int, int, int, int], list[TextLine]]] = []
            directions: list[tuple[TextLine, bool]] = []
            for box in strips(*image.size):
                n_read = sum(len(lines) for _, lines in parts)
                found = self._lines(_bgr(image.crop(box)), max_lines and max(0, max_lines - n_read))
                parts.append((box, [line for line, _ in found]))
                directions += found
        if next(self._reads) % _READS_A_TRIM == 0:
            _give_memory_back()
        return reading_order(parts[0][1] if len(parts) == 1 else merged(parts), orientation(directions))

    def _lines(self, pixels: NDArray[np.uint8], max_lines: int | None) -> list[tuple[TextLine, bool]]:
        """Lines, and whether each was read upside down."""
        pixels, xs, ys = without_blanks(pixels)
        boxes = self._detect(pixels) if pixels.size and max_lines != 0 else None
        if boxes is None or not len(boxes):
            return []
        if max_lines is not None:
            boxes = boxes[np.argsort(boxes[:, :, 1].min(axis=1), kind="stable")[:max_lines]]
        engine = self._load()
        found = _recognise(engine, engine.crop_text_regions(pixels, boxes))
        return [
            (TextLine(text.strip(), _bounds(box, xs, ys), score), is_upside_down)
            for box, (text, score, is_upside_down) in zip(boxes, found, strict=True)
            if text.strip() and score >= _LEAST_SCORE
        ]

    def _detect(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """(n_lines, 4 corners, 2) in pixels; None where there is no text."""
        padded = _padded(pixels)
        large = padded.size > 3 * _LARGE_PIXELS
        with self._one_large if large else contextlib.nullcontext():
            boxes = self._load()(padded, use_det=True, use_cls=False, use_rec=False).boxes
            if large:
                _give_memory_back()
        return None if boxes is None else boxes.astype(np.float32)

    def _load(self) -> Any:
        with self._loading:
            if self._engine is None:
                self._engine = _engine(self._models)
            return self._engine


def model_files() -> dict[str, Path]:
    """The engine's models by their part in it. Raises ModelError where one is missing."""
    import rapidocr

    folder = Path(rapidocr.__file__).parent / "models"
    files = {part: folder / name for part, name in _MODELS.items()}
    missing = [str(file) for file in files.values() if not file.is_file()]
    if missing:
        # rapidocr would fetch them from the network by itself.
        raise ModelError(
            f"OCR models are missing: {', '.join(missing)}. Type "
            f"{install_command('--force-reinstall', '--no-deps', 'rapidocr')}"
        )
    return files


def _engine(models: dict[str, Path]) -> Any:
    from rapidocr import RapidOCR

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": MAX_SIDE_PX,
            # One thread a call: several calls at once use the cores better than one call that splits its work.
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_batch_num": 1,
            "Rec.rec_img_shape": [3, 48, _NARROWEST_PX],
            **{f"{part}.model_path": str(file) for part, file in models.items()},
        }
    )
    blank = np.full((64, 64, 3), 255, np.uint8)
    engine(
        blank, use_det=True, use_cls=False, use_rec=False
    )  # models load at their first use, which is not thread-safe
    engine.recognize_txt([blank])
    return engine


def _bgr(image: Image) -> NDArray[np.uint8]:
    """(height, width, 3) uint8, as OpenCV has it."""
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def _padded(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture with its right and lower edge drawn out to the least size."""
    height, width = pixels.shape[:2]
    below = max(_SMALLEST_SIDE_PX, width // _NARROWEST) - height
    beside = max(_SMALLEST_SIDE_PX, height // _NARROWEST) - width
    if below <= 0 and beside <= 0:
        return pixels
    return np.pad(pixels, ((0, max(below, 0)), (0, max(beside, 0)), (0, 0)), mode="edge")


def _recognise(engine: Any, crops: Sequence[NDArray[np.uint8]]) -> list[tuple[str, float, bool]]:
    """Text and score of each crop, and whether it was turned upside down for it.

    A doubtful line is read again upside down and the better reading kept. rapidocr has a model that guesses the
    orientation beforehand: it costs more, turned some short numbers, and missed the months on slanted axes.
    """
    first = engine.recognize_txt(list(crops))
    found = [(text, score, False) for text, score in zip(first.txts, first.scores, strict=True)]
    doubtful = [i for i, (_, score, _) in enumerate(found) if score < _DOUBTFUL]
    if doubtful:
        turned = engine.recognize_txt([np.ascontiguousarray(np.rot90(crops[i], 2)) for i in doubtful])
        for i, text, score in zip(doubtful, turned.txts, turned.scores, strict=True):
            if score > found[i][1]:
                found[i] = (text, score, True)
    return found


def _bounds(box: NDArray[np.float32], xs: NDArray[np.intp], ys: NDArray[np.intp]) -> tuple[float, float, float, float]:
    """The upright box around a slanted one, where it was before blank bands were taken out."""
    left, right = np.clip([box[:, 0].min(), box[:, 0].max()], 0, len(xs) - 1).astype(int)
    top, bottom = np.clip([box[:, 1].min(), box[:, 1].max()], 0, len(ys) - 1).astype(int)
    return float(xs[left]), float(ys[top]), float(xs[right]), float(ys[bottom])


def _give_memory_back() -> None:
    """glibc keeps what threads have freed: without this, two threads that read charts hold 800 MB instead of 350."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not in musl
        if trim is not None:
            trim(0)
