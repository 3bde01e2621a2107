"""The models of an Ollama server, as the settings want them used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.embed import OLLAMA
from rag.ports import EXACT, Sampling

if TYPE_CHECKING:
    from rag.chat.ollama import OllamaChat, OllamaOptions
    from rag.config import Settings

_CAPTION_TOKENS = 4096
"""A picture, what is known of it, and a caption."""


def ollama_options(settings: Settings) -> OllamaOptions:
    from rag.chat.ollama import OllamaOptions
    from rag.ollama.session import START_TOKENS
    from rag.ollama.speed import SpeedBook

    limit = settings.context_tokens
    is_set = "context_tokens" in settings.model_fields_set
    return OllamaOptions(
        timeout_s=settings.chat_timeout_s,
        keep_alive=settings.keep_alive,
        start_tokens=limit if is_set else min(START_TOKENS, limit),
        limit_tokens=limit,
        parallel=settings.chat_parallel,
        sampling=settings_sampling(settings),
        speeds=SpeedBook(settings.data_dir / "ollama-speed.json"),
        may_stand_in="chat_model" not in settings.model_fields_set,
    )


def settings_sampling(settings: Settings) -> Sampling:
    return Sampling(
        temperature=settings.temperature,
        seed=settings.seed,
        top_p=settings.top_p,
        repeat_penalty=settings.repeat_penalty,
        stop=tuple(settings.stop),
        options=settings.ollama_options,
    )


def answering_model(settings: Settings) -> OllamaChat:
    """The model that writes answers. Where the default one is not on the server, another of the server's stands in."""
    from rag.chat.ollama import OllamaChat

    return OllamaChat(settings.chat_model, settings.ollama_url, ollama_options(settings))


def captioning_model(settings: Settings) -> OllamaChat:
    """The model that captions pictures: exact, and never another than the one that is named."""
    from dataclasses import replace

    from rag.chat.ollama import OllamaChat
    from rag.ollama.errors import for_captions

    options = replace(
        ollama_options(settings),
        start_tokens=min(_CAPTION_TOKENS, settings.context_tokens),
        sampling=EXACT.or_else(Sampling(options=settings.ollama_options)),
        may_stand_in=False,
    )
    use = for_captions(settings.caption_model, settings.ollama_url)
    return OllamaChat(settings.caption_model, settings.ollama_url, options, use=use)


def named_models(settings: Settings, *, for_ingest: bool = False) -> list[OllamaChat]:
    """The models of Ollama that the settings name for a purpose, for `--pull`: those that read, caption or answer."""
    from rag.chat.ollama import OllamaChat
    from rag.ollama.errors import for_texts

    models: list[OllamaChat] = []
    if settings.text_model.startswith(OLLAMA):
        name = settings.text_model.removeprefix(OLLAMA)
        models.append(OllamaChat(name, settings.ollama_url, use=for_texts(name, settings.ollama_url)))
    if for_ingest and settings.caption_model:
        models.append(captioning_model(settings))
    if not for_ingest and settings.chat != "extractive":
        models.append(answering_model(settings))
    return models
