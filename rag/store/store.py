"""`rag.ports.Store` over Milvus."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rag.errors import StoreError
from rag.ports import Capabilities, KbSpec
from rag.store.client import Client
from rag.store.index.upkeep import Upkeep
from rag.store.lifecycle import Lifecycle
from rag.store.stored import MilvusKb

if TYPE_CHECKING:
    pass


class MilvusStore:
    """Knowledge bases in one Milvus. Thread-safe; a context manager."""

    def __init__(self, uri: str, client: Client, capabilities: Capabilities) -> None:
        self._uri = uri
        self._client = client
        self._capabilities = capabilities
        self._lifecycle = Lifecycle(client, capabilities)
        self._upkeep = Upkeep(client, capabilities)
        self._closing = threading.Lock()
        self._closed = False

    @property
    def uri(self) -> str:
        return self._uri

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    def kb(self, name: str) -> MilvusKb:
        return MilvusKb(name, self._client, self._lifecycle, self._upkeep, self._check_open)

    def list_kbs(self) -> list[str]:
        self._check_open()
        return self._lifecycle.names()

    def create_kb(self, kb: str, spec: KbSpec) -> None:
        self._check_open()
        self._lifecycle.create(kb, spec)

    def drop_kb(self, kb: str) -> None:
        self._check_open()
        self._upkeep.forget()
        self._lifecycle.drop(kb)

    def spec(self, kb: str) -> KbSpec:
        self._check_open()
        return self._lifecycle.spec(kb)

    def create_next(self, kb: str, spec: KbSpec) -> str:
        self._check_open()
        return self._lifecycle.create_next(kb, spec)

    def drop_next(self, kb: str) -> bool:
        self._check_open()
        return self._lifecycle.drop_next(kb)

    def switch(self, kb: str) -> None:
        self._check_open()
        self._lifecycle.switch(kb)
        self._upkeep.forget()

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError("this store is closed; connect again")

    def close(self) -> None:
        """Twice is fine. The embedded store is written out and its folder freed."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._client.close()

    def __enter__(self) -> MilvusStore:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
