"""What `rag kb` and `rag models` do: look after knowledge bases, without loading a model, and list the models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rag.config import Settings, load_settings
from rag.health.inventory import ModelRow, list_models
from rag.knowledge_base import KnowledgeBase
from rag.models.store import counts_of, open_store
from rag.text.uris import shown
from rag.uploads.about import About, read_about, write_about

if TYPE_CHECKING:
    from rag.ports import Store


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    store = open_store(settings)
    try:
        yield store
    finally:
        store.close()


def list_kbs() -> list[dict[str, Any]]:
    """Name and row counts of every knowledge base."""
    with opened_store(load_settings()) as store:
        return [counts_of(store, name) for name in store.list_kbs()]


def show_kb(name: str) -> dict[str, Any]:
    """What a knowledge base was built with, its size and its indexes.

    Raises:
        KnowledgeBaseNotFound: there is none of that name.
    """
    with KnowledgeBase.open(name) as kb:
        return {
            **counts_of(kb.store, name),
            **asdict(read_about(kb.settings.data_dir, name)),
            **asdict(kb.spec),
            "store": kb.store.uri,
            "assets": shown(kb.assets_uri),
            "indexes": kb.store.kb(name).index_info(),
        }


def drop_kb(name: str) -> None:
    """Deletes collections, stored pictures, uploaded files and the kept conversation.

    Raises:
        KnowledgeBaseNotFound: there is none of that name.
    """
    with KnowledgeBase.open(name) as kb:
        kb.drop()


def empty_kb(name: str) -> int:
    """Deletes every document, the stored pictures and the uploaded files; gives how many documents there were.

    Raises:
        KnowledgeBaseNotFound: there is none of that name.
    """
    with KnowledgeBase.open(name) as kb:
        return kb.empty()


def describe_kb(name: str, title: str | None, description: str | None) -> About:
    """Changes what a knowledge base is called, and what is said of it; None leaves it.

    Raises:
        KnowledgeBaseNotFound: there is none of that name.
    """
    settings = load_settings()
    with KnowledgeBase.open(name, settings=settings):
        was = read_about(settings.data_dir, name)
    now = About(was.title if title is None else title, was.description if description is None else description)
    write_about(settings.data_dir, name, now)
    return now


def models_in_use() -> list[ModelRow]:
    """The models that the settings name."""
    return list_models(load_settings())
