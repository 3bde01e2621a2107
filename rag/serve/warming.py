"""Models and collections are loaded before the first question asks for them, while a server is already there."""

from __future__ import annotations

import logging
import threading

from rag.serve.open_knowledge_bases import OpenKnowledgeBases

log = logging.getLogger("rag.serve")
_WORDS = "warm up"


def warm_up(library: OpenKnowledgeBases) -> threading.Thread:
    """Begins to load in the background. What cannot be loaded is said to whoever asks."""
    thread = threading.Thread(target=search_once, args=(library,), name="warm-up", daemon=True)
    thread.start()
    return thread


def search_once(library: OpenKnowledgeBases) -> None:
    """A first search takes seconds, whatever was loaded before: indices, tokenizers and code are read as well."""
    try:
        for name in library.names()[:1]:
            library.kb(name).search(_WORDS, top_k=1)
    except Exception as error:  # noqa: BLE001 - whoever asks meets it again, and is told
        log.info("not loaded ahead: %s", error)
