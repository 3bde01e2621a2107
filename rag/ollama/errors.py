"""What can go wrong with an Ollama server, said once for every model that runs there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import ollama

from rag.errors import ChatError, ChatModelMissing, ChatUnreachable, ModelError, RagError
from rag.text.uris import shown

_TOO_LONG = re.compile(r"exceeds?\b.*\bcontext|too large to process|input length", re.IGNORECASE)
_OTHER_KIND = re.compile(r"does not support (chat|generate|embeddings?)|\bnot support embed", re.IGNORECASE)
_MANY = 8


class TextTooLong(Exception):
    """One of the texts has more tokens than the model or the server takes."""


class ServerBusy(Exception):
    """The server's own queue is full (503): worth waiting for."""


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What a model is used for, so that an error blames the right setting.

    Attributes:
        name: of the model, as `ollama list` shows it.
        url: of the server.
        setting: which names the model, such as `RAG_CHAT_MODEL`.
        pull: a command of ours that pulls it; empty where there is none.
        otherwise: what can be done without a server, as the end of a sentence.
        failed, missing, unreachable: the error for each case.
    """

    name: str
    url: str
    setting: str
    pull: str = ""
    otherwise: str = ""
    failed: type[RagError] = ChatError
    missing: type[RagError] = ChatModelMissing
    unreachable: type[RagError] = ChatUnreachable

    @property
    def address(self) -> str:
        """Of the server, without a password."""
        return shown(self.url)


def for_answers(name: str, url: str) -> ModelUse:
    return ModelUse(
        name, url, "RAG_CHAT_MODEL", "rag ask --pull ...", "without one, RAG_CHAT=extractive quotes the sources"
    )


def for_captions(name: str, url: str) -> ModelUse:
    return ModelUse(
        name, url, "RAG_CAPTION_MODEL", "ingest --pull ...", "without RAG_CAPTION_MODEL pictures are not captioned"
    )


def for_texts(name: str, url: str) -> ModelUse:
    return ModelUse(
        name,
        url,
        "RAG_TEXT_MODEL",
        "ingest --pull ...",
        "RAG_TEXT_MODEL=minilm needs no server",
        ModelError,
        ModelError,
        ModelError,
    )


@contextmanager
def translated(use: ModelUse, silence_s: float) -> Iterator[None]:
    """Everything that the client raises becomes an error that says what to do.

    Raises:
        TextTooLong, ServerBusy: for the caller to act on.
    """
    try:
        yield
    except ollama.ResponseError as error:
        raise _refused(use, error) from error
    except (ConnectionError, httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
        raise use.unreachable(
            f"no Ollama server answers at {use.address}, where '{use.name}' runs. Start it with 'ollama serve', or set "
            f"RAG_OLLAMA_URL; {use.otherwise}"
        ) from error
    except httpx.TimeoutException as error:
        raise use.failed(
            f"'{use.name}' at {use.address} was silent for {silence_s:g} s: take a smaller model in {use.setting}, or "
            "raise RAG_CHAT_TIMEOUT_S"
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:  # a broken connection, or not Ollama's JSON
        raise broke_off(use) from error


def broke_off(use: ModelUse) -> RagError:
    return use.failed(
        f"the reply of '{use.name}' broke off: {use.address} closed the connection or sent what is not Ollama's "
        "protocol. Look at the server's log, then ask again"
    )


def not_there(use: ModelUse, held: Sequence[str] = ()) -> RagError:
    """The model is missing. `held` are those that the server has."""
    others = f" It has: {', '.join(held[:_MANY])}{', ...' if len(held) > _MANY else ''}." if held else ""
    pull = f", or '{use.pull}' to have it pulled" if use.pull else ""
    return use.missing(
        f"the Ollama server at {use.address} has no model '{use.name}'.{others} Type 'ollama pull {use.name}'{pull}; "
        f"{use.setting} names another"
    )


def _refused(use: ModelUse, error: ollama.ResponseError) -> Exception:
    said = " ".join(str(error.error).split())[:300]
    if _TOO_LONG.search(said):
        return TextTooLong(said)
    if error.status_code == 503:
        return ServerBusy(said)
    if _OTHER_KIND.search(said):
        kind = "an embedding model" if use.setting == "RAG_TEXT_MODEL" else "a model that writes"
        return use.failed(
            f"'{use.name}' is not {kind} (the server says: {said}). Name one in {use.setting}; 'ollama show MODEL' "
            "lists what it can do"
        )
    if error.status_code == 404 and "not found" in said and "model" in said:
        return not_there(use)
    if error.status_code in (301, 302, 307, 308, 404, 405):
        return use.unreachable(
            f"what answers at {use.address} is not an Ollama server (HTTP {error.status_code}); check RAG_OLLAMA_URL"
        )
    if error.status_code in (401, 403):
        return use.failed(f"the server at {use.address} refuses access: {said}. Set OLLAMA_API_KEY to a valid key")
    return use.failed(f"Ollama failed with '{use.name}': {said}")
