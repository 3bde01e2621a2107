"""What runs in a worker process: reads one document, decodes its pictures, and writes what it found to a file.

Neither torch nor pymilvus is imported here; a worker that hangs or crashes takes nothing else with it.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ingest.assets.writer import AssetStore
from ingest.parse import parse
from ingest.parse.elements import ImageElement, OriginText, Resolved, TextElement, Warned
from ingest.parse.media.picture_words import captions_inside
from ingest.read.content_hash import content_hash, file_name_words, linked_sha256
from ingest.read.element_file import Picture, write_element
from ingest.scan.sources import Source
from rag import system
from rag.errors import AssetError, DocumentError, ImageError, TransientError
from rag.images.decode import dhash, fit, load_image
from rag.images.mime import mime_of

MEMORY_BYTES = 3 * 2**30
"""Address space of a worker: a picture of 120 million pixels fits, an endless allocation does not."""

MAX_PIXELS_SHARED = 24_000_000
"""Above this the main process gets a smaller copy: it must never hold a picture of hundreds of megabytes."""

if TYPE_CHECKING:
    from PIL.Image import Image

_MAX_LINKS_BYTES = 20_000
"""As JSON, in the manifest. A document with more is parsed again to see whether it has changed."""


@dataclass(frozen=True, slots=True)
class Task:
    """A document to read.

    Attributes:
        source: where it is.
        out: the file to write its elements to.
        assets: the asset store's address.
        describe: part of the content hash.
    """

    source: Source
    out: str
    assets: str
    describe: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How reading went.

    Attributes:
        content_hash: of what was read; empty where the bytes could not be had.
        sha256: of the bytes alone.
        links: references of the pictures that it links; None where they are too many to be kept.
        error: why there is nothing in the file; empty if all went well.
        transient: whether another try may go better.
        seconds: CPU and waiting time together.
    """

    content_hash: str = ""
    sha256: str = ""
    links: list[str] | None = field(default_factory=list)
    error: str = ""
    transient: bool = False
    seconds: float = 0.0


def start() -> None:
    """At the start of a worker process: its memory is bounded, and libraries do not talk on stderr.

    What a parser has to say of a document stands in its elements.
    """
    system.limit_memory(MEMORY_BYTES)
    logging.getLogger().addHandler(logging.NullHandler())
    warnings.simplefilter("ignore")


def read_document(task: Task) -> Outcome:
    """Reads a document into `task.out`. Expected failures are in the outcome, they do not raise."""
    began = time.perf_counter()
    links: dict[str, str] = {}
    sha256 = error = ""
    transient = False
    try:
        data = task.source.read()
        sha256 = hashlib.sha256(data).hexdigest()
        with Path(task.out).open("wb") as out:
            _Reader(task, out, links).read(data)
    except (DocumentError, ImageError) as failure:
        error = str(failure)
    except (TransientError, AssetError) as failure:
        error, transient = str(failure), True
    except OSError as failure:
        error, transient = f"cannot be read or kept: {failure.strerror or failure}", True
    except MemoryError:
        error = f"needs more than {MEMORY_BYTES // 2**30} GB of memory to be read; split it"
    except RecursionError:
        error = "is nested too deeply"
    except Exception as failure:  # noqa: BLE001 - a parser's surprise is one document's failure
        error = f"cannot be parsed ({type(failure).__name__}: {failure})"
    hashed = content_hash(sha256, task.source, links, describe=task.describe) if sha256 else ""
    kept = sorted(links) if len(json.dumps(sorted(links))) <= _MAX_LINKS_BYTES else None
    return Outcome(hashed, sha256, kept, error, transient, time.perf_counter() - began)


class _Reader:
    def __init__(self, task: Task, out: IO[bytes], links: dict[str, str]) -> None:
        self._source = task.source
        self._assets = AssetStore(task.assets)
        self._out = out
        self._links = links

    def read(self, data: bytes) -> None:
        n_given, first_problem = 0, ""
        for element in parse(data, self._source.path.identity, resolve=_noting(self._source.resolve, self._links)):
            if not isinstance(element, ImageElement):
                write_element(self._out, element)
                n_given += isinstance(element, TextElement)
                continue
            try:
                self._picture(element, own_file=element.is_file or element.data is data or element.data == data)
                n_given += 1
            except ImageError as error:
                first_problem = first_problem or str(error)
                write_element(self._out, Warned("picture_broken", f"{element.name}: {error}"))
        if first_problem and not n_given:
            raise DocumentError(first_problem)

    def _picture(self, element: ImageElement, *, own_file: bool) -> None:
        image = load_image(element.data)
        mime = mime_of(element.data) or ""
        asset = self._assets.put(image, element.data, mime)
        pixels = element.data
        if image.width * image.height > MAX_PIXELS_SHARED:
            pixels = _smaller(image)
        texts = (*element.texts, *captions_inside(element.data))
        if own_file:
            name = file_name_words(self._source.path.meant)
            texts = (*self._source.given.texts, *texts, *([OriginText("file name", name)] if name else []))
        picture = Picture(
            sha256=hashlib.sha256(element.data).hexdigest(),
            asset=asset.id,
            mime=mime,
            size_bytes=len(element.data),
            width_px=image.width,
            height_px=image.height,
            dhash=dhash(image),
            texts=texts,
            heading_path=element.heading_path,
            page=element.page,
            is_page=element.is_page,
        )
        write_element(self._out, picture, pixels)


def _smaller(image: Image) -> bytes:
    shrink = (MAX_PIXELS_SHARED / (image.width * image.height)) ** 0.5
    out = io.BytesIO()
    fit(image, int(max(image.size) * shrink)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _noting(resolve: Callable[[str], Resolved | None], links: dict[str, str]) -> Callable[[str], Resolved | None]:
    def resolve_and_note(reference: str) -> Resolved | None:
        found = resolve(reference)
        links[reference] = linked_sha256(found)
        return found

    return resolve_and_note
