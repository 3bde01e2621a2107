"""The store that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.config import Settings
    from rag.ports import Store


def open_store(settings: Settings) -> Store:
    """The store that the settings name. Raises StoreError; the message says why and what to do."""
    from rag.store import connect

    token = settings.store_token.get_secret_value() if settings.store_token else None
    return connect(settings.store_uri, token=token)


def counts_of(store: Store, name: str) -> dict[str, Any]:
    """Name, documents done and failed, texts and images of a knowledge base."""
    counts = store.kb(name).counts()
    return {
        "name": name,
        "documents": counts.documents.get("done", 0),
        "failed": counts.documents.get("failed", 0),
        "texts": counts.texts,
        "images": counts.images,
    }
