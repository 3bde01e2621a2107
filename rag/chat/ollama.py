"""Chat through Ollama's native API, streamed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpx
import ollama

from rag.chat.thinking import ThoughtFilter, think_option
from rag.errors import ChatError, ChatModelMissing, ChatUnreachable
from rag.ports import ChatChunk, ChatMessage, ChatModelInfo
from rag.text.uris import is_loopback, shown

_CONNECT_S = 5.0
_PULL_SILENCE_S = 900.0
"""A pull says nothing while the server checks the digest of many gigabytes."""


@dataclass(frozen=True, slots=True)
class PullProgress:
    """A line of a pull. Bytes are of the layer `status` speaks of; None where it has no size."""

    status: str
    completed_bytes: int | None = None
    total_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class _Shown:
    info: ChatModelInfo
    think: bool | None


class OllamaChat:
    """A model of an Ollama server. Safe to use from several event loops: each call has a connection of its own.

    Args:
        name: as `ollama list` shows it.
        url: address of the server.
        timeout_s: longest silence between two pieces of a reply, loading the model included.
    """

    def __init__(self, name: str, url: str, *, timeout_s: float = 120.0) -> None:
        self._name = name
        self._url = url.rstrip("/")
        self._timeout_s = timeout_s
        self._shown: _Shown | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def url(self) -> str:
        """Address of the server, without a password."""
        return shown(self._url)

    async def info(self) -> ChatModelInfo:
        """Asks the server each time.

        Raises:
            ChatUnreachable: no server, or something that is not Ollama.
            ChatModelMissing: the server has no such model.
        """
        with self._errors(self._timeout_s):
            async with self._client(self._timeout_s) as client:
                show = await client.show(self._name)
        self._shown = _read_show(self._name, show)
        return self._shown.info

    async def models(self) -> list[str]:
        """Names of the models that the server has."""
        with self._errors(self._timeout_s):
            async with self._client(self._timeout_s) as client:
                return [model.model for model in (await client.list()).models if model.model]

    async def stream(
        self, messages: Sequence[ChatMessage], *, context_tokens: int, max_output_tokens: int
    ) -> AsyncGenerator[ChatChunk, None]:
        """Pieces of the reply as they come; the last has `done`. Closing it closes the connection, which ends the work.

        Args:
            messages: pictures in them are left out for a model that cannot see: Ollama would ignore them in silence.
            context_tokens: sent as `num_ctx`.
            max_output_tokens: sent as `num_predict`; thoughts count.

        Raises:
            ChatError: the server failed, was silent for too long, or the stream ended before its time; what came
                before has been yielded.
        """
        if self._shown is None:
            await self.info()
        shown = cast("_Shown", self._shown)
        options = {"num_ctx": context_tokens, "num_predict": max_output_tokens}
        wire = [_wire(message, shown.info.can_see) for message in messages]
        thoughts, done = ThoughtFilter(), False
        with self._errors(self._timeout_s):
            async with self._client(self._timeout_s) as client:
                parts = await client.chat(self._name, wire, stream=True, think=shown.think, options=options)
                async with aclosing(cast("AsyncGenerator[ollama.ChatResponse, None]", parts)) as replies:
                    async for part in replies:
                        text = thoughts.feed(part.message.content or "")
                        if part.done:
                            done = True
                            yield _last(part, text + thoughts.flush())
                        elif text:
                            yield ChatChunk(text)
        if not done:
            raise self._cut()

    async def pull(self) -> AsyncIterator[PullProgress]:
        """Downloads the model to the server. Closing the iterator stops it; a later pull goes on from there.

        Raises:
            ChatError: no such model in the registry, or the pull ended early.
        """
        status = ""
        with self._errors(_PULL_SILENCE_S):
            async with self._client(_PULL_SILENCE_S) as client:
                lines = await client.pull(self._name, stream=True)
                async with aclosing(cast("AsyncGenerator[ollama.ProgressResponse, None]", lines)) as progress:
                    async for line in progress:
                        status = line.status or ""
                        yield PullProgress(status, line.completed, line.total)
        if status != "success":
            raise ChatError(f"the pull of '{self._name}' ended early ({status or 'no word'}); run it again to go on")

    def _client(self, silence_s: float) -> ollama.AsyncClient:
        tls = self._url.startswith("https:")
        try:
            return ollama.AsyncClient(
                self._url,
                timeout=httpx.Timeout(silence_s, connect=_CONNECT_S),
                follow_redirects=False,
                verify=tls,  # without TLS this spares 50 ms of loading certificates; redirects are not followed
                trust_env=not is_loopback(self._url),  # a company proxy cannot reach this machine's own server
            )
        except (ValueError, httpx.InvalidURL) as error:
            raise ChatUnreachable(
                f"'{self.url}' is no address of a server ({error}); set RAG_OLLAMA_URL like http://127.0.0.1:11434"
            ) from error

    @contextmanager
    def _errors(self, silence_s: float) -> Iterator[None]:
        """Everything the client raises becomes a ChatError that says what to do."""
        try:
            yield
        except ollama.ResponseError as error:
            raise self._refused(error) from error
        except (ConnectionError, httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            raise ChatUnreachable(
                f"no Ollama server answers at {self.url}. Start it with 'ollama serve', or set RAG_OLLAMA_URL; "
                "without one, RAG_CHAT=extractive quotes the sources"
            ) from error
        except httpx.TimeoutException as error:
            raise ChatError(
                f"'{self._name}' at {self.url} was silent for {silence_s:g} s; it may still be loading: "
                "try again, take a smaller model, or raise RAG_CHAT_TIMEOUT_S"
            ) from error
        except (httpx.HTTPError, ValueError) as error:  # a broken connection, or a line that is not Ollama's JSON
            raise self._cut() from error

    def _refused(self, error: ollama.ResponseError) -> ChatError:
        said = " ".join(str(error.error).split())[:300]
        if error.status_code == 404 and "not found" in said and "model" in said:
            return ChatModelMissing(
                f"the Ollama server at {self.url} has no model '{self._name}'. Type 'ollama pull {self._name}', "
                "or 'rag ask --pull ...' to have it pulled; RAG_CHAT_MODEL names another"
            )
        if error.status_code in (301, 302, 307, 308, 404, 405):
            return ChatUnreachable(
                f"what answers at {self.url} is not an Ollama server (HTTP {error.status_code}); check RAG_OLLAMA_URL"
            )
        if error.status_code in (401, 403):
            return ChatError(f"the server at {self.url} refuses access: {said}. Set OLLAMA_API_KEY to a valid key")
        return ChatError(f"Ollama failed with '{self._name}': {said}")

    def _cut(self) -> ChatError:
        return ChatError(
            f"the reply of '{self._name}' broke off: {self.url} closed the connection or sent what is not Ollama's "
            "protocol. Look at the server's log, then ask again"
        )


def _read_show(name: str, show: ollama.ShowResponse) -> _Shown:
    facts: Mapping[str, Any] = show.modelinfo or {}
    context = facts.get(f"{facts.get('general.architecture')}.context_length", 0)
    capabilities = show.capabilities
    if capabilities is None:  # a server before 0.6.4 does not say; the weights do
        capabilities = ["vision"] if any(".vision." in key for key in facts) else []
    info = ChatModelInfo(
        name=name,
        context_tokens=context if isinstance(context, int) else 0,
        can_see="vision" in capabilities,
        capabilities=tuple(capabilities),
    )
    return _Shown(info, think_option(capabilities, show.template or "", show.modelfile or ""))


def _wire(message: ChatMessage, can_see: bool) -> ollama.Message:
    images = [ollama.Image(value=image) for image in message.images] if can_see else []
    return ollama.Message(role=message.role, content=message.content, images=images or None)


def _last(part: ollama.ChatResponse, text: str) -> ChatChunk:
    return ChatChunk(text, True, part.prompt_eval_count, part.eval_count, part.done_reason)
