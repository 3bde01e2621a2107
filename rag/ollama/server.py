"""What an Ollama server has and holds in memory, asked through its API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ollama

from rag.ollama.choice import HeldModel

_STOP = re.compile(r'^stop\s+(?:"((?:[^"\\]|\\.)*)"|(\S+))\s*$', re.MULTILINE)
_ASKED_FOR = 8
"""Models that are asked what they can do when one has to stand in."""


class NotTold(Exception):
    """The server has no such route."""


@dataclass(frozen=True, slots=True)
class ShownModel:
    """What `/api/show` says of a model. `context_tokens` is 0 where it is not said; `stop` are its own stop words."""

    context_tokens: int
    capabilities: tuple[str, ...]
    template: str
    modelfile: str
    stop: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in the server's memory. `context_tokens` is 0 where an old server does not say."""

    context_tokens: int


def read_show(show: ollama.ShowResponse) -> ShownModel:
    facts: Mapping[str, Any] = show.modelinfo or {}
    context = facts.get(f"{facts.get('general.architecture')}.context_length", 0)
    capabilities = show.capabilities
    if capabilities is None:  # a server before 0.6.4 does not say; the weights do
        capabilities = ["vision"] if any(".vision." in key for key in facts) else []
    stops = tuple((quoted or bare).replace('\\"', '"') for quoted, bare in _STOP.findall(show.parameters or ""))
    return ShownModel(
        context_tokens=context if isinstance(context, int) else 0,
        capabilities=tuple(capabilities),
        template=show.template or "",
        modelfile=show.modelfile or "",
        stop=stops,
    )


async def loaded(client: ollama.AsyncClient, name: str) -> LoadedModel | None:
    """The model as it is loaded; None where it is not.

    Raises:
        NotTold: the server is too old to say.
    """
    try:
        models = (await client.ps()).models
    except ollama.ResponseError as error:
        if error.status_code in (404, 405):
            raise NotTold from error
        raise
    names = spellings(name)
    for model in models:
        if (model.model or model.name or "").lower() in names:
            return LoadedModel(model.context_length or 0)
    return None


async def held(client: ollama.AsyncClient) -> list[HeldModel]:
    """The server's models with what they can do, newest first; of very many only the newest are asked."""
    listed = sorted(
        (model for model in (await client.list()).models if model.model),
        key=lambda model: -(model.modified_at.timestamp() if model.modified_at else 0.0),
    )
    try:
        running = {(model.model or "").lower() for model in (await client.ps()).models}
    except ollama.ResponseError:
        running = set()
    found = []
    for model in listed[:_ASKED_FOR]:
        name = str(model.model)
        found.append(
            HeldModel(
                name,
                tuple((await client.show(name)).capabilities or ()) or None,
                int(model.size or 0),
                model.modified_at,
                name.lower() in running,
            )
        )
    return found


async def size_of(client: ollama.AsyncClient, name: str) -> int:
    """Bytes of the model's file; 0 where the server does not list it."""
    names = spellings(name)
    return next(
        (int(each.size or 0) for each in (await client.list()).models if (each.model or "").lower() in names), 0
    )


def spellings(name: str) -> set[str]:
    """As a list may show it: `tiny` is `tiny:latest`."""
    lower = name.lower()
    return {lower, f"{lower}:latest", lower.removesuffix(":latest")}
