"""The models that the settings name, each loaded at its first use and then shared."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rag.config import Settings
from rag.sync.lazy import Lazy, lazy_property

if TYPE_CHECKING:
    from rag.chat.ollama import OllamaChat
    from rag.hub.names import LocalModel
    from rag.nn.device import Placement
    from rag.ports import ImageTextEmbedder, Reranker, TextEmbedder, TextReader


class Models(Lazy):
    """Thread-safe: two threads that want the same model get one.

    Args:
        settings: name them.
        texts, images: wrap an embedder once it is loaded.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        texts: Callable[[TextEmbedder], TextEmbedder] = lambda model: model,
        images: Callable[[ImageTextEmbedder], ImageTextEmbedder] = lambda model: model,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._wrap_texts, self._wrap_images = texts, images

    @lazy_property
    def text_embedder(self) -> TextEmbedder:
        from rag.embed import make_text_embedder

        s = self._settings
        return self._wrap_texts(
            make_text_embedder(
                s.text_model,
                find=self._find,
                placement=self._placement,
                n_threads=s.threads,
                ollama_url=s.ollama_url,
                timeout_s=s.chat_timeout_s,
            )
        )

    @lazy_property
    def image_embedder(self) -> ImageTextEmbedder | None:
        from rag.embed import make_image_embedder

        s = self._settings
        model = make_image_embedder(
            s.image_model,
            self._tower_texts,
            find=self._find,
            placement=self._placement,
            n_threads=s.threads,
        )
        return None if model is None else self._wrap_images(model)

    @lazy_property
    def reranker(self) -> Reranker | None:
        from rag.rerank import make_reranker

        s = self._settings
        if s.reranker == "maxsim" and "reranker" not in s.model_fields_set and not self._has_token_vectors:
            return None  # nobody asked for it: the profile did, for its own text model
        return make_reranker(
            s.reranker,
            lambda: self.text_embedder,
            find=self._find,
            placement=self._placement,
            instruction=s.rerank_instruction,
        )

    @property
    def _has_token_vectors(self) -> bool:
        return self.text_embedder.abilities.tokens is not None

    def _tower_texts(self) -> TextEmbedder:
        """What comes with the program keeps the text encoder that it was fitted to, whatever embeds the passages."""
        if self._settings.image_model not in ("sight", "tower") or self._settings.text_model == "minilm":
            return self.text_embedder
        from rag.embed import make_text_embedder

        return self._wrap_texts(make_text_embedder("minilm", n_threads=self._settings.threads))

    @lazy_property
    def reader(self) -> TextReader | None:
        if not self._settings.ocr:
            return None
        from rag.ocr.rapid import RapidReader

        return RapidReader()

    @lazy_property
    def chat(self) -> OllamaChat | None:
        """Whoever writes the answers; None where the sources are only quoted."""
        if self._settings.chat == "extractive":
            return None
        from rag.models.ollama import answering_model

        return answering_model(self._settings)

    def _find(self, name: str) -> LocalModel:
        from rag.hub.names import locate

        return locate(name, self._settings.models_dir)

    def _placement(self) -> Placement:
        from rag.nn.device import pick_placement
        from rag.nn.extras import use_torch_threads

        use_torch_threads(self._settings.threads)
        return pick_placement(self._settings.device, self._settings.dtype)
