"""The models that the settings name, each loaded at its first use and then shared."""

from __future__ import annotations

from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any

from rag.config import Settings

if TYPE_CHECKING:
    from rag.chat.ollama import OllamaChat
    from rag.ports import ImageTextEmbedder, Reranker, TextEmbedder, TextReader


class Models:
    """Thread-safe: two threads that want the same model get one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = RLock()

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_"):
            return object.__getattribute__(self, name)
        with self._lock:
            return object.__getattribute__(self, name)

    @cached_property
    def text_embedder(self) -> TextEmbedder:
        from rag.embed import make_text_embedder, use_threads

        use_threads(self._settings.threads)
        return make_text_embedder(self._settings.text_model)

    @cached_property
    def image_embedder(self) -> ImageTextEmbedder | None:
        from rag.embed import make_image_embedder

        return make_image_embedder(self._settings.image_model)

    @cached_property
    def reranker(self) -> Reranker | None:
        from rag.rerank import make_reranker

        return make_reranker(self._settings.reranker, self.text_embedder)

    @cached_property
    def reader(self) -> TextReader | None:
        if not self._settings.ocr:
            return None
        from rag.ocr import RapidReader

        return RapidReader()

    @cached_property
    def chat(self) -> OllamaChat | None:
        """Whoever writes the answers; None where the sources are only quoted."""
        if self._settings.chat == "extractive":
            return None
        from rag.chat.ollama import OllamaChat

        s = self._settings
        return OllamaChat(s.chat_model, s.ollama_url, timeout_s=s.chat_timeout_s)
