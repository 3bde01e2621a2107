"""The knowledge bases that a server answers from."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answers.boundary import folder_secret
from rag.errors import KnowledgeBaseNotFound, StoreError
from rag.knowledge_base import KnowledgeBase
from rag.models.registry import Models
from rag.models.store import open_store
from rag.serve.gather import GatheredPictures, GatheredTexts
from rag.serve.guard.access import not_found
from rag.serve.metrics import Metrics
from rag.serve.source_links import SourceLinks

if TYPE_CHECKING:
    from rag.config import Settings
    from rag.ports import KbSpec, Store


class OpenKnowledgeBases:
    """Every knowledge base of one store, each opened once, with one set of models for all. Thread-safe.

    Attributes:
        settings: of the server.
        store: shared with other processes of this machine where it is the embedded one.
        models: loaded when first used; calls from several threads are gathered into batches.
        metrics: what was asked of them so far.
        links: addresses of single sources.
    """

    def __init__(self, settings: Settings, store: Store, models: Models) -> None:
        self.settings, self.store, self.models = settings, store, models
        self.metrics = Metrics(self.held)
        self.links = SourceLinks(folder_secret(settings.data_dir / "secret"))
        self._open: dict[str, tuple[KbSpec, KnowledgeBase]] = {}
        self._lock = threading.Lock()
        self._was_there = False

    @classmethod
    def open(cls, settings: Settings) -> OpenKnowledgeBases:
        """Raises StoreError: the store cannot be opened; the message says why and what to do."""
        return cls(settings, open_store(settings), Models(settings, texts=GatheredTexts, images=GatheredPictures))

    def names(self) -> list[str]:
        """Raises StoreError: the store failed, or its folder is gone: the embedded one would say that it is empty."""
        uri = self.settings.store_uri
        if not uri.startswith(("http://", "https://")) and self._was_there and not Path(uri).exists():
            raise StoreError("the store cannot be reached: its folder is gone; put it back and start the server again")
        names = self.store.list_kbs()
        self._was_there = self._was_there or Path(uri).exists()
        return names

    def kb(self, name: str) -> KnowledgeBase:
        """A knowledge base as it is now: one that was dropped or built anew meanwhile is opened again.

        Raises:
            KnowledgeBaseNotFound: there is none of that name (any more).
            StoreError: the store failed.
        """
        try:
            # Not under the lock: a store that is slow with one must not hold up the others.
            spec = self.store.spec(name)
        except KnowledgeBaseNotFound:
            self.forget(name)
            raise not_found(name) from None  # the store's own message names the others, and where they lie
        with self._lock:
            opened = self._open.get(name)
            if opened is None or opened[0] != spec:
                opened = self._open[name] = spec, KnowledgeBase(name, self.store, self.settings, self.models)
            return opened[1]

    def held(self) -> dict[str, int]:
        """How many knowledge bases there are, and documents by state, of all of them. Raises StoreError."""
        names = self.names()
        total = Counter({"done": 0, "failed": 0, "writing": 0})
        for name in names:
            with suppress(KnowledgeBaseNotFound):  # dropped in this moment
                total.update(self.store.kb(name).counts().documents)
        return {"knowledge_bases": len(names), **total}

    def forget(self, name: str) -> None:
        """The next `kb(name)` opens it anew."""
        with self._lock:
            self._open.pop(name, None)

    def close(self) -> None:
        with self._lock:
            for _, kb in self._open.values():
                kb.close()
        self.store.close()
