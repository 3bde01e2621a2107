"""Stand-ins for what an ingest is given, small enough to be checked by hand."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ingest.read.pool import Reading
from ingest.read.worker import Task, read_document
from ingest.scan.sources import Source
from rag.config import Settings
from rag.errors import StoreError
from rag.ports import Counts, ImageAbilities, KbSpec, TextAbilities, TextLine
from rag.types import Document, EmbeddedRecord, Record


class HashEmbedder:
    """A text's vector is its digest: equal for equal texts only. Remembers what it was asked."""

    fingerprint = "hash@1"
    dim = 8
    max_tokens = 66
    abilities = TextAbilities()

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        rows = [np.frombuffer(hashlib.sha256(text.encode()).digest()[: self.dim], np.uint8) for text in texts]
        wide = np.array(rows, np.float32).reshape(len(texts), self.dim) - 127.3
        return wide / np.linalg.norm(wide, axis=1, keepdims=True)

    def embed_query(self, text: str) -> np.ndarray:
        return self.embed([text])[0]

    def count_tokens(self, text: str) -> int:
        return len(text.split())


class CornerEmbedder:
    """A picture's vector is its top left pixel."""

    fingerprint = "corner@1"
    dim = 4
    background_std = 0.02
    wanted_side_px: int | None = None
    abilities = ImageAbilities()

    def __init__(self) -> None:
        self.n_seen = 0

    def embed_images(self, images: Sequence[Any]) -> np.ndarray:
        self.n_seen += len(images)
        wide = np.array([[*image.getpixel((0, 0)), 64] for image in images], np.float32).reshape(len(images), 4)
        return wide / np.linalg.norm(wide, axis=1, keepdims=True)

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        raise NotImplementedError


class CornerReader:
    """Reads "red R green G blue B" off the top left pixel; nothing in a white picture."""

    fingerprint = "corner-ocr@1"

    def __init__(self) -> None:
        self.n_read = 0
        self._lock = threading.Lock()

    def read(self, image: Any, *, max_lines: int | None = None) -> list[TextLine]:
        with self._lock:
            self.n_read += 1
        red, green, blue = image.getpixel((0, 0))
        if (red, green, blue) == (255, 255, 255):
            return []
        return [TextLine(f"red {red} green {green} blue {blue}", (0.0, 0.0, 9.0, 9.0), 1.0)]


class DictStore:
    """A store in dictionaries. `calls` counts calls by name; `on_call` is told before each."""

    uri = "memory"

    def __init__(self, on_call: Callable[[str], None] = lambda name: None) -> None:
        self.manifest: dict[str, Document] = {}
        self.means: dict[str, np.ndarray] = {}
        self.texts: dict[str, tuple[Record, np.ndarray]] = {}
        self.images: dict[str, tuple[Record, np.ndarray]] = {}
        self.calls: Counter[str] = Counter()
        self._on_call = on_call

    def kb(self, name: str) -> DictStore:
        return self

    def _called(self, name: str) -> None:
        self._on_call(name)
        self.calls[name] += 1

    def documents(self, *, states: Sequence[str] = ()) -> Iterator[Document]:
        yield from [one for one in self.manifest.values() if not states or one.state in states]

    def put_documents(self, documents: Sequence[Document], vectors: Mapping[str, np.ndarray] | None = None) -> None:
        self._called("put_documents")
        self.manifest.update({document.doc_id: document for document in documents})
        self.means.update(vectors or {})

    def upsert(self, rows: Sequence[EmbeddedRecord]) -> None:
        self._called("upsert")
        for row in rows:
            for vector in (row.text_vector, row.image_vector):
                if vector is not None and not np.isfinite(vector).all():
                    raise StoreError(f"record {row.record.id} has a vector with NaN")
        for row in rows:
            if row.text_vector is not None:
                self.texts[row.record.id] = (row.record, row.text_vector)
            if row.image_vector is not None:
                self.images[row.record.id] = (row.record, row.image_vector)

    def delete_records(self, space: str, ids: Sequence[str]) -> None:
        self._called("delete_records")
        for id_ in ids:
            getattr(self, space).pop(id_, None)

    def delete_documents(self, doc_ids: Sequence[str]) -> None:
        self._called("delete_documents")
        for space in (self.texts, self.images):
            for id_ in [id_ for id_, (record, _) in space.items() if record.doc_id in doc_ids]:
                del space[id_]
        for doc_id in doc_ids:
            self.manifest.pop(doc_id, None)

    def records(self, ids: Sequence[str]) -> dict[str, Record]:
        found = {**self.images, **self.texts}
        return {id_: found[id_][0] for id_ in ids if id_ in found}

    def vectors(self, space: str, ids: Sequence[str]) -> dict[str, np.ndarray]:
        rows = getattr(self, space)
        return {id_: rows[id_][1] for id_ in ids if id_ in rows}

    def sparse_vectors(self, ids: Sequence[str]) -> dict[str, dict[int, float]]:
        return {}

    def counts(self) -> Counts:
        states = Counter(document.state for document in self.manifest.values())
        return Counts(len(self.texts), len(self.images), states)

    def optimize(self) -> dict[str, Any]:
        self._called("optimize")
        return {}

    def by_source(self) -> dict[str, Document]:
        return {document.source: document for document in self.manifest.values()}

    def texts_of(self, source: str) -> list[str]:
        """Texts of a document's records, in their order."""
        document = self.by_source()[source]
        return [record.text for record in self.records_of(document.doc_id)]

    def records_of(self, doc_id: str) -> list[Record]:
        from rag.types import record_id

        found = {**self.images, **self.texts}
        ids = [record_id(doc_id, place) for place in range(1000)]
        return [found[id_][0] for id_ in ids if id_ in found]


@dataclass
class FakeModels:
    reader: Any = field(default_factory=CornerReader)


@dataclass
class FakeKb:
    """What `ingest_paths` uses of a KnowledgeBase."""

    folder: Path
    store: Any = field(default_factory=DictStore)
    name: str = "kb"
    text_embedder: Any = field(default_factory=HashEmbedder)
    image_embedder: Any = field(default_factory=CornerEmbedder)
    models: FakeModels = field(default_factory=FakeModels)
    settings: Settings = field(default_factory=lambda: Settings(data_dir=Path("/nonexistent")))

    @property
    def stored(self) -> Any:
        return self.store.kb(self.name)

    @property
    def assets_uri(self) -> str:
        return str(self.folder / "assets")

    @property
    def spec(self) -> KbSpec:
        text, image = self.text_embedder, self.image_embedder
        return KbSpec(text.fingerprint, text.dim, image.fingerprint if image else "", image.dim if image else 0)

    def without_pixels(self) -> FakeKb:
        return replace(self, image_embedder=None)


class InlinePool:
    """Reads documents in this process: quick, and breakpoints work."""

    def __init__(self, assets: str, describe: str, *, n_workers: int) -> None:
        self._assets, self._describe = assets, describe
        self._folder = Path(assets).parent / "elements"
        self._folder.mkdir(exist_ok=True)
        self._n = 0

    def submit(self, source: Source) -> Reading:
        self._n += 1
        out = str(self._folder / str(self._n))
        future: Future[Any] = Future()
        future.set_result(read_document(Task(source, out, self._assets, self._describe)))
        return Reading(future, out, 1.0, threading.Event())

    def close(self) -> None:
        pass
