"""The models that the settings name, each loaded at its first use and then shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.config import Settings
from rag.shared import Shared, shared_property

if TYPE_CHECKING:
    from rag.chat.ollama import OllamaChat
    from rag.ports import ImageTextEmbedder, Reranker, TextEmbedder, TextReader


class Models(Shared):
    """Thread-safe: two threads that want the same model get one."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    @shared_property
    def text_embedder(self) -> TextEmbedder:
        from rag.embed import make_text_embedder, use_threads

        use_threads(self._settings.threads)
        return make_text_embedder(self._settings.text_model)

    @shared_property
    def image_embedder(self) -> ImageTextEmbedder | None:
        from rag.embed import make_image_embedder, use_threads

        use_threads(self._settings.threads)
        return make_image_embedder(self._settings.image_model, lambda: self.text_embedder)

    @shared_property
    def reranker(self) -> Reranker | None:
        from rag.rerank import make_reranker

        return make_reranker(self._settings.reranker, self.text_embedder)

    @shared_property
    def reader(self) -> TextReader | None:
        if not self._settings.ocr:
            return None
        from rag.ocr import RapidReader

        return RapidReader()

    @shared_property
    def chat(self) -> OllamaChat | None:
        """Whoever writes the answers; None where the sources are only quoted."""
        if self._settings.chat == "extractive":
            return None
        from rag.chat.ollama import OllamaChat

        s = self._settings
        return OllamaChat(s.chat_model, s.ollama_url, timeout_s=s.chat_timeout_s)
