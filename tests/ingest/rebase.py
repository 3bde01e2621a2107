"""A knowledge base on a real store that is opened with one pair of models or another, each checkable by hand."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ingest.pipeline import ingest_paths
from ingest.reembed.report import ReembedReport
from ingest.reembed.run import reembed
from rag.config import Settings
from rag.models.compatibility import wanted_spec
from rag.ports import ImageAbilities, KbSpec, Seen, Store, TextAbilities
from rag.types import record_id
from tests.ingest.doubles import CornerEmbedder, CornerReader, FakeKb, HashEmbedder

KB = "kb"


class WideEmbedder(HashEmbedder):
    """Another text model, with learned weights: each word counts 1."""

    fingerprint = "wide@1"
    dim = 12

    def __init__(self) -> None:
        super().__init__()
        self.abilities = TextAbilities(sparse=self)

    def embed_sparse(self, texts: Sequence[str]) -> list[dict[int, float]]:
        return [{zlib.crc32(word.encode()): 1.0 for word in text.lower().split()} for text in texts]

    def embed_sparse_query(self, text: str) -> dict[int, float]:
        return self.embed_sparse([text])[0]


class SharpEmbedder(CornerEmbedder):
    """Another image model: as wide, but it looks at the bottom right pixel too."""

    fingerprint = "sharp@1"

    def embed_images(self, images: Sequence[Any]) -> np.ndarray:
        self.n_seen += len(images)
        rows = [[*image.getpixel((image.width - 1, image.height - 1)), image.width] for image in images]
        wide = np.array(rows, np.float32).reshape(len(images), 4)
        return wide / np.linalg.norm(wide, axis=1, keepdims=True)


class NamingEmbedder(SharpEmbedder):
    """Has a name for what it sees: how wide it is."""

    fingerprint = "naming@1"

    def __init__(self) -> None:
        super().__init__()
        self.abilities = ImageAbilities(names=self)

    def see(self, images: Sequence[Any]) -> list[Seen]:
        vectors = self.embed_images(images)
        return [Seen(vector, ((f"{image.width} wide", 0.5),)) for vector, image in zip(vectors, images, strict=True)]


@dataclass
class Models:
    text_embedder: Any
    image_embedder: Any
    reader: Any


class Base(FakeKb):
    """A knowledge base opened with some models."""

    def __init__(self, folder: Path, store: Store, text: Any, image: Any) -> None:
        super().__init__(folder, store, KB, text, image)
        self.models: Any = Models(text, image, CornerReader())
        self.settings = Settings(data_dir=Path("/nonexistent"), analyzer="standard")

    @property
    def spec(self) -> KbSpec:
        return wanted_spec(self.settings, self.models, {})

    def ingest(self, dump: Path) -> None:
        self.store.create_kb(KB, self.spec)
        ingest_paths(self, [dump], prune=True)  # type: ignore[arg-type]

    def reembed(self) -> ReembedReport:
        return reembed(self)  # type: ignore[arg-type]

    def rows(self, name: str = KB) -> dict[str, Any]:
        """All that it holds."""
        found: dict[str, Any] = {"counts": self.store.kb(name).counts()}
        for document in self.store.kb(name).documents():
            ids = [record_id(document.doc_id, place) for place in range(document.n_records)]
            texts, images = (self.store.kb(name).vectors(space, ids) for space in ("texts", "images"))
            found[Path(document.source).name] = (
                document,
                self.store.kb(name).records(ids),
                {id_: vector.tobytes() for id_, vector in texts.items()},
                {id_: vector.tobytes() for id_, vector in images.items()},
                self.store.kb(name).sparse_vectors(ids),
            )
        return found
