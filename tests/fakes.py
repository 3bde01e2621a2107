"""Small stand-ins that can be checked by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from rag.filters.parse import matches
from rag.ports import Capabilities, Counts, ImageAbilities, KbSpec, Seen, TextAbilities, TextLine
from rag.trace import Note
from rag.types import Document, EmbeddedRecord, Record, ScoredRecord

TOPICS = ("pump", "bell", "goat", "rope")


class TopicEmbedder:
    """One axis a topic word, one for everything else: a text points to the topics it names."""

    fingerprint = "topics@1"
    dim = len(TOPICS) + 1
    max_tokens = 256
    min_cosine = 0.3

    @cached_property
    def abilities(self) -> TextAbilities:
        return TextAbilities(queries_as_texts=True, tokens=self)

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([self.embed_query(text) for text in texts], np.float32).reshape(len(texts), self.dim)

    def embed_query(self, text: str) -> np.ndarray:
        words = re.findall(r"\w+", text.lower())
        row = np.array([words.count(topic) for topic in TOPICS] + [0.5], np.float32)
        return row / np.linalg.norm(row)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def embed_tokens(self, texts: Sequence[str]) -> list[np.ndarray]:
        return [self.embed(text.split()) for text in texts]


class ColourEmbedder:
    """The mean colour of a picture, and the colours that words name."""

    fingerprint = "colours@1"
    dim = 4
    background_std = 0.02
    min_cosine = None
    wanted_side_px = None
    abilities = ImageAbilities()
    names: Mapping[str, tuple[int, int, int]] = {"red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255)}

    def embed_images(self, images: Sequence) -> np.ndarray:
        return self._unit([np.asarray(image).reshape(-1, 3).mean(axis=0) for image in images])

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        found = [[self.names[word] for word in text.lower().split() if word in self.names] for text in texts]
        return self._unit([np.mean(colours, axis=0) if colours else np.full(3, 128.0) for colours in found])

    def _unit(self, rows: Sequence[np.ndarray]) -> np.ndarray:
        wide = np.array([[*row, 10.0] for row in rows], np.float32).reshape(len(rows), self.dim)
        return wide / np.linalg.norm(wide, axis=1, keepdims=True)


class NamedColours(ColourEmbedder):
    """Takes every picture for the colour that it is nearest to."""

    def __init__(self) -> None:
        self.abilities = ImageAbilities(names=self)

    def see(self, images: Sequence) -> list[Seen]:
        vectors, names = self.embed_images(images), list(self.names)
        nearest = (vectors @ self.embed_texts(names).T).argmax(axis=1)
        return [Seen(vector, ((names[i], 0.9),)) for vector, i in zip(vectors, nearest, strict=True)]


class FixedReader:
    """Reads the same words in every picture."""

    fingerprint = "fixed@1"

    def __init__(self, text: str) -> None:
        self._text = text

    def read(self, image: object, *, max_lines: int | None = None) -> list[TextLine]:
        return [TextLine(self._text, (0, 0, 10, 10), 1.0)] if self._text else []


class MemoryStore:
    """What the retriever needs of a store, in dictionaries; BM25 is the number of shared words."""

    uri = "memory"

    def __init__(self, spec: KbSpec, rows: Sequence[EmbeddedRecord] = (), *, lexical: bool = True) -> None:
        missing = () if lexical else (Note("no_bm25", "no lexical channel: this Milvus has no BM25 (needs 2.5)"),)
        self.capabilities = Capabilities("lite", "0", lexical, lexical, False, missing)
        self._spec, self.rows = spec, {row.record.id: row for row in rows}
        self.searched: list[tuple[str, int]] = []

    def list_kbs(self) -> list[str]:
        return ["kb"]

    def kb(self, name: str) -> MemoryStore:
        return self

    def spec(self, kb: str) -> KbSpec:
        return self._spec

    def create_kb(self, kb: str, spec: KbSpec) -> None:
        self._spec = spec

    def documents(self, *, states=()):
        return iter(())

    def revision(self) -> str:
        return "0"

    def counts(self) -> Counts:
        texts = sum(row.text_vector is not None for row in self.rows.values())
        images = sum(row.image_vector is not None for row in self.rows.values())
        return Counts(texts, images, {"done": 1})

    def sample_vectors(self, space: str, n: int) -> np.ndarray:
        vectors = [self._vector(row, space) for row in self.rows.values()]
        return np.array([vector for vector in vectors if vector is not None][:n], np.float32).reshape(
            -1, self._spec.image_dim if space == "images" else self._spec.text_dim
        )

    def search(self, channel, query, *, limit, where=None, ids=None) -> list[ScoredRecord]:
        self.searched.append((channel, limit))
        found = []
        for row in self.rows.values():
            score = self._score(channel, query, row)
            passes = where is None or matches(where, row.record, self._spec.fields)
            if score is not None and passes and (ids is None or row.record.id in ids):
                found.append(ScoredRecord(row.record, score))
        return sorted(found, key=lambda scored: -scored.score)[:limit]

    def close(self) -> None:
        self.closed = True

    def _score(self, channel, query, row) -> float | None:
        if channel == "lexical":
            shared = set(query.lower().split()) & set(row.record.text.lower().split())
            return float(len(shared)) if shared and row.text_vector is not None else None
        vector = self._vector(row, "images" if channel == "image" else "texts")
        return None if vector is None else float(vector @ query)

    @staticmethod
    def _vector(row: EmbeddedRecord, space: str):
        return row.image_vector if space == "images" else row.text_vector


def record(name: str, text: str = "", kind: str = "text", **metadata) -> Record:
    return Record(id=name, doc_id=f"doc-{name}", source=f"dump/{name}", kind=kind, text=text, metadata=metadata)


def document(name: str, **fields) -> Document:
    return Document(f"doc-{name}", f"dump/{name}", f"/dump/{name}", "hash", "done", 1, **fields)
