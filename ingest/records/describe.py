"""Everything that can be said about a picture in words, each text with its origin.

OCR and captions are made once for the same bytes: they are kept as notes of the asset store, and two threads that meet
the same picture share one reading.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ingest.parse.elements import Origin, OriginText
from rag.errors import RagError
from rag.ocr.reading_order import joined
from rag.ports import TextLine

if TYPE_CHECKING:
    from PIL.Image import Image

    from ingest.assets.writer import AssetStore
    from ingest.read.element_file import Picture
    from rag.ports import TextReader


_ORDER: tuple[Origin, ...] = (
    "caption",
    "picture file",
    "alt",
    "heading",
    "context",
    "ocr",
    "vision model",
    "place",
    "file name",
)
"""As they are kept and shown: strongest first."""

_EMBEDDED: tuple[Origin, ...] = (
    "caption",
    "picture file",
    "alt",
    "vision model",
    "ocr",
    "heading",
    "place",
    "context",
    "file name",
)
"""As they are searched: what speaks of this picture alone comes before what stands around it."""


class Captioner(Protocol):
    """A vision model. Thread-safe."""

    @property
    def fingerprint(self) -> str: ...

    def caption(self, image: bytes, words: str = "") -> str:
        """A few sentences. Raises ChatError or ImageError."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is known about a picture, and what went wrong on the way (empty if nothing did)."""

    texts: tuple[OriginText, ...]
    problem: str = ""


class Describer:
    """Puts pictures into words. Thread-safe.

    Args:
        assets: where OCR and captions are kept.
        reader: of words inside pictures; None leaves them unread.
        captioner: a vision model; None leaves captions out.
    """

    def __init__(self, assets: AssetStore, reader: TextReader | None, captioner: Captioner | None = None) -> None:
        self._assets = assets
        self._reader = reader
        self._captioner = captioner
        self._once = _Once()

    @property
    def fingerprint(self) -> str:
        """Two describers with one fingerprint say the same: part of a document's content hash."""
        parts = (part.fingerprint if part else "none" for part in (self._reader, self._captioner))
        return "ocr {} captions {}".format(*parts)

    def describe(self, picture: Picture, load: Callable[[], Image]) -> Words:
        """All words about a picture, strongest origin first.

        Args:
            picture: with the words that the document and the user give.
            load: its pixels, RGB; called only if nobody has read these bytes before.
        """
        texts, problems = list(picture.texts), []
        if picture.heading_path:
            texts.append(OriginText("heading", " > ".join(picture.heading_path)))
        try:
            texts += _said("ocr", self._read(picture, load))
        except (RagError, RuntimeError, ValueError, OSError) as error:
            problems.append(f"its words could not be read: {error}")
        try:
            texts += _said("vision model", self._caption(picture, texts))
        except (RagError, OSError) as error:
            problems.append(f"no caption: {error}")
        return Words(_ordered(texts), "; ".join(problems))

    def _read(self, picture: Picture, load: Callable[[], Image]) -> str:
        reader = self._reader
        if reader is None:
            return ""

        def make() -> str:
            return _dumped(reader.read(load()))

        return joined(_loaded(self._noted(f"ocr/{picture.sha256}/{reader.fingerprint}", make)))

    def _caption(self, picture: Picture, texts: Iterable[OriginText]) -> str:
        captioner = self._captioner
        if captioner is None or picture.is_page:
            return ""
        known = "\n".join(text.text for text in texts)

        def make() -> str:
            return captioner.caption(self._assets.get(picture.asset), known)

        return self._noted(f"caption/{picture.sha256}/{captioner.fingerprint}", make)

    def _noted(self, key: str, make: Callable[[], str]) -> str:
        def get() -> str:
            note = self._assets.note_get(key)
            if note is None:
                note = make()
                self._assets.note_put(key, note)
            return note

        return self._once.run(key, get)


def compose(texts: Sequence[OriginText]) -> str:
    """The words by which a picture is found: one text a line, what another already says left out."""
    kept: list[str] = []
    for origin in _EMBEDDED:
        for text in (text.text.strip() for text in texts if text.origin == origin):
            if text and not any(_plain(text) in _plain(other) for other in kept):
                kept.append(text)
    return "\n".join(kept)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _said(origin: Origin, text: str) -> list[OriginText]:
    return [OriginText(origin, text)] if text.strip() else []


def _ordered(texts: Iterable[OriginText]) -> tuple[OriginText, ...]:
    return tuple(sorted(dict.fromkeys(texts), key=lambda text: _ORDER.index(text.origin)))


def _dumped(lines: Sequence[TextLine]) -> str:
    return json.dumps([[line.text, [round(side, 1) for side in line.box], line.score] for line in lines])


def _loaded(note: str) -> list[TextLine]:
    return [TextLine(text, tuple(box), score) for text, box, score in json.loads(note)]


class _Once:
    """Work that several threads want at the same time is done by the first of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, Future[str]] = {}

    def run(self, key: str, work: Callable[[], str]) -> str:
        with self._lock:
            running = self._running.get(key)
            mine = Future[str]() if running is None else None
            if mine is not None:
                self._running[key] = mine
        if running is not None:
            return running.result()
        assert mine is not None
        try:
            result = work()
            mine.set_result(result)
        except BaseException as error:
            mine.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._running[key]
        return result
