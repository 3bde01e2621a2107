"""Chat through Ollama's native API, streamed."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, cast

import anyio
import ollama

from rag.chat.ollama_wire import (
    Described,
    Work,
    described,
    last_chunk,
    reading_status,
    waiting_status,
    wire_message,
    wire_options,
)
from rag.chat.thinking import ThoughtFilter
from rag.errors import ChatError, ChatModelMissing
from rag.ollama.choice import stand_in
from rag.ollama.client import async_client
from rag.ollama.errors import ModelUse, ServerBusy, TextTooLong, broke_off, for_answers, not_there, translated
from rag.ollama.memory import free_bytes, too_large
from rag.ollama.queue import FairQueue, queue_of, turn_of, waiting
from rag.ollama.server import NotTold, held, loaded, read_show, size_of, spellings
from rag.ollama.session import START_TOKENS, ModelSession, session_of
from rag.ollama.speed import Speed, SpeedBook
from rag.ports import ChatChunk, ChatMessage, ChatModelInfo, Sampling
from rag.text.tokens import context_limit, prompt_tokens
from rag.text.uris import is_loopback, shown
from rag.types import StatusEvent

_PULL_SILENCE_S = 900.0
"""A pull says nothing while the server checks the digest of many gigabytes."""
_ASK_S = 10.0
"""For questions that a server answers at once, whatever it is busy with."""
_BUSY_S = (0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class PullProgress:
    """A line of a pull. Bytes are of the layer `status` speaks of; None where it has no size."""

    status: str
    completed_bytes: int | None = None
    total_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class OllamaOptions:
    """How the server is used.

    Attributes:
        timeout_s: longest silence that nothing explains: neither others' questions, nor the time that reading takes.
        keep_alive: how long the model stays loaded after a question; as Ollama writes it, such as `30m`.
        start_tokens: context to load it with.
        limit_tokens: the most that it may grow to.
        parallel: requests that the server works on at the same time; 0: find out.
        sampling: where a question says nothing else.
        speeds: where measured speeds are kept.
        may_stand_in: take another model where this one is not there.
    """

    timeout_s: float = 600.0
    keep_alive: str = "30m"
    start_tokens: int = START_TOKENS
    limit_tokens: int = 1_000_000
    parallel: int = 0
    sampling: Sampling = field(default_factory=Sampling)
    speeds: SpeedBook = field(default_factory=SpeedBook)
    may_stand_in: bool = False


class OllamaChat:
    """A model of an Ollama server. Safe to use from several event loops: each call has a connection of its own.

    Args:
        name: as `ollama list` shows it.
        url: address of the server.
        options: how it is used.
        use: what for, so that errors blame the right setting; default: answers.
    """

    def __init__(
        self, name: str, url: str, options: OllamaOptions | None = None, *, use: ModelUse | None = None
    ) -> None:
        self._name = name
        self._url = url.rstrip("/")
        self._options = options or OllamaOptions()
        self._use = use or for_answers(name, url)
        self._shown: Described | None = None
        self._pictures_count = False

    @property
    def name(self) -> str:
        """Of the model that answers: once asked, the one that stands in where the named one is missing."""
        return self._shown.info.name if self._shown else self._name

    @property
    def wanted(self) -> str:
        """Of the model that the settings name."""
        return self._name

    @property
    def url(self) -> str:
        """Address of the server, without a password."""
        return shown(self._url)

    @property
    def speed(self) -> Speed:
        """As measured on this machine so far."""
        return self._options.speeds.of(self._url, self.name)

    @property
    def _session(self) -> ModelSession:
        return session_of(self._url, self.name)

    async def info(self, *, sees: bool = False) -> ChatModelInfo:
        """Asks the server each time.

        Args:
            sees: pictures count, from now on: a model that stands in is not changed back for the next question.

        Raises:
            ChatUnreachable: no server, or something that is not Ollama.
            ChatModelMissing: the server has no such model.
        """
        self._pictures_count = self._pictures_count or sees
        self._shown = await self._show()
        return replace(self._shown.info, read_tokens_s=self.speed.read)

    async def is_there(self) -> bool:
        """Whether the server has the model that the settings name.

        Raises:
            ChatUnreachable: as in `info`.
        """
        wanted = spellings(self._name)
        return any(name.lower() in wanted for name in await self.models())

    async def models(self) -> list[str]:
        """Names of the models that the server has."""
        async with self._client(_ASK_S) as client:
            with translated(self._use, _ASK_S):
                return [model.model for model in (await client.list()).models if model.model]

    async def stream(
        self,
        messages: Sequence[ChatMessage],
        *,
        context_tokens: int,
        max_output_tokens: int,
        sampling: Sampling | None = None,
        arrived_s: float | None = None,
    ) -> AsyncGenerator[ChatChunk, None]:
        """Statuses while it is waited for, then pieces of the reply; the last has `done`.

        Closing it closes the connection, which ends the work.

        Args:
            messages: pictures in them are left out for a model that cannot see: Ollama would ignore them in silence.
            context_tokens: what is needed; `num_ctx` is that or more, and the same for all requests.
            max_output_tokens: sent as `num_predict`; thoughts count.
            sampling: before the settings.
            arrived_s: place in the queue, as in `ChatModel.stream`.

        Raises:
            ChatError: the server failed, was silent for too long, or the stream ended before its time; what came
                before has been yielded.
        """
        queue = queue_of(self._url, self._options.parallel)
        async with waiting(queue, arrived_s) as ticket:
            async for ahead in turn_of(queue, ticket):
                yield ChatChunk("", status=waiting_status(ahead))
            shown = self._shown = self._shown or await self._show()
            chosen = (sampling or Sampling()).or_else(self._options.sampling)
            work = Work(messages, wire_options(chosen, shown.stop) | {"num_predict": max_output_tokens})
            async for status in self._ready(work, context_tokens):
                yield ChatChunk("", status=status)
            queue.sent(ticket)
            ahead = queue.ahead(ticket)
            yield ChatChunk("", status=waiting_status(ahead) if ahead else reading_status(work))
            pieces = self._patiently(work, shown)
            async with aclosing(pieces):
                async for chunk in pieces:
                    if chunk.text:
                        queue.heard(ticket)
                    yield chunk

    async def warm(self, messages: Sequence[ChatMessage], *, context_tokens: int) -> None:
        """Loads the model and has it read what every conversation begins with, unless it is at work.

        Args:
            messages: the beginning.
            context_tokens: as in `stream`.

        Raises:
            ChatError: as in `stream`.
        """
        queue: FairQueue = queue_of(self._url, self._options.parallel)
        if not queue.is_idle or self._session.has_read_something:
            return
        reply = self.stream(messages, context_tokens=context_tokens, max_output_tokens=1)
        async with aclosing(reply):
            async for _ in reply:
                pass

    async def pull(self) -> AsyncIterator[PullProgress]:
        """Downloads the model to the server. Closing the iterator stops it; a later pull goes on from there.

        Raises:
            ChatError: no such model in the registry, or the pull ended early.
        """
        status = ""
        async with self._client(_PULL_SILENCE_S) as client:
            with translated(self._use, _PULL_SILENCE_S):
                lines = await client.pull(self._name, stream=True)
                async with aclosing(cast("AsyncGenerator[ollama.ProgressResponse, None]", lines)) as progress:
                    async for line in progress:
                        status = line.status or ""
                        yield PullProgress(status, line.completed, line.total)
        self._shown = None
        if status != "success":
            raise self._use.failed(
                f"the pull of '{self._name}' ended early ({status or 'no word'}); run it again to go on"
            )

    def _client(self, silence_s: float) -> ollama.AsyncClient:
        return async_client(self._url, silence_s)

    async def _show(self) -> Described:
        async with self._client(_ASK_S) as client:
            try:
                with translated(self._use, _ASK_S):
                    return described(self._name, read_show(await client.show(self._name)))
            except self._use.missing as error:
                if not isinstance(error, ChatModelMissing):
                    raise
                with translated(self._use, _ASK_S):
                    models = await held(client)
                other = stand_in(models, sees=self._pictures_count) if self._options.may_stand_in else None
                if other is None:
                    raise not_there(self._use, [model.name for model in models]) from error
                with translated(self._use, _ASK_S):
                    found = read_show(await client.show(other.name))
                note = (
                    f"'{self._name}' is not on the Ollama server, so '{other.name}' answers; type 'ollama pull "
                    f"{self._name}', or name the one to take in {self._use.setting}"
                )
                return described(other.name, found, note)

    async def _ready(self, work: Work, needed: int) -> AsyncIterator[StatusEvent]:
        """Settles the context size and loads the model where it is not; says so."""
        shown = cast("Described", self._shown)
        limit = context_limit(self._options.limit_tokens, shown.info.context_tokens)
        bounds = {"start": self._options.start_tokens, "limit": limit}
        session = self._session
        async with self._client(max(self._options.timeout_s, _ASK_S)) as client:
            with translated(self._use, self._options.timeout_s):
                try:
                    is_loaded = await loaded(client, self.name)
                except NotTold:
                    work.options["num_ctx"] = session.size_for(needed, **bounds)
                    self._reckon(work)
                    return
                held_tokens = (is_loaded.context_tokens or session.size) if is_loaded else 0
                work.options["num_ctx"] = size = session.size_for(needed, **bounds, loaded=held_tokens)
                if held_tokens != size:
                    session.forgot()
                    yield await self._loading(client)
                    await self._load(client, work.options)
        self._reckon(work)

    async def _loading(self, client: ollama.AsyncClient) -> StatusEvent:
        free = free_bytes() if is_loopback(self._url) else None
        warning = too_large(self.name, await size_of(client, self.name), free) if free is not None else ""
        return StatusEvent("loading", f"loading the model '{self.name}'{f'; {warning}' if warning else ''}")

    async def _load(self, client: ollama.AsyncClient, options: Mapping[str, Any]) -> None:
        try:
            await client.generate(self.name, "", options=options, keep_alive=self._options.keep_alive)
        except ollama.ResponseError as error:
            if error.status_code not in (400, 404, 405, 503):  # then the question itself will tell
                raise

    def _reckon(self, work: Work) -> None:
        """How much of the prompt is new to the server, and how long that takes."""
        session = self._session
        estimated = prompt_tokens(work.messages)
        work.n_new_share = session.new_share(work.messages)
        work.n_new = max(1, round(estimated * work.n_new_share * session.tokens_an_estimated))
        work.reading_s = self.speed.reading_s(work.n_new)

    async def _patiently(self, work: Work, shown: Described) -> AsyncGenerator[ChatChunk, None]:
        """The reply; a server whose queue is full is asked again until the time is over."""
        start = time.monotonic()
        for attempt in range(10_000):
            try:
                reply = self._reply(work, shown)
                async with aclosing(reply):
                    async for chunk in reply:
                        yield chunk
                return
            except ServerBusy as error:
                if time.monotonic() - start > self._options.timeout_s:
                    raise self._use.failed(
                        f"the Ollama server at {self.url} was busy with others for {self._options.timeout_s:g} s; ask "
                        "again later, or raise its OLLAMA_MAX_QUEUE"
                    ) from error
                if attempt == 0:
                    text = "waiting: the server is busy with other programs' questions"
                    yield ChatChunk("", status=StatusEvent("waiting", text))
                await anyio.sleep(_BUSY_S[min(attempt, len(_BUSY_S) - 1)])

    async def _reply(self, work: Work, shown: Described) -> AsyncGenerator[ChatChunk, None]:
        silence_s = self._options.timeout_s + 3 * (work.reading_s or 0.0)
        wire = [wire_message(message, shown.info.can_see) for message in work.messages]
        thoughts, done, said, has_thought = ThoughtFilter(), False, "", False
        try:
            async with self._client(silence_s) as client:
                with translated(self._use, silence_s):
                    parts = await client.chat(
                        shown.info.name,
                        wire,
                        stream=True,
                        think=shown.think,
                        options=work.options,
                        keep_alive=self._options.keep_alive,
                    )
                    async with aclosing(cast("AsyncGenerator[ollama.ChatResponse, None]", parts)) as replies:
                        async for part in replies:
                            text = thoughts.feed(part.message.content or "")
                            said += part.message.content or ""
                            has_thought = has_thought or bool(part.message.thinking) or thoughts.has_thought
                            if part.done:
                                done = True
                                self._learn(work, part)
                                text += thoughts.flush()
                                yield last_chunk(part, text, work.options["num_ctx"], has_thought=has_thought)
                            elif text:
                                yield ChatChunk(text)
        except TextTooLong as error:
            raise ChatError(f"the prompt is too long for '{self.name}': {error}; lower RAG_CONTEXT_TOKENS") from error
        finally:
            self._session.has_read(work.messages, said)
        if not done:
            raise broke_off(self._use)

    def _learn(self, work: Work, last: ollama.ChatResponse) -> None:
        """Speeds, from what the server counted. It counts the whole prompt, and times only what it had not read yet."""
        session, speeds = self._session, self._options.speeds
        if last.eval_count and last.eval_duration:
            speeds.written(self._url, self.name, last.eval_count, last.eval_duration / 1e9)
        n_prompt, read_s = last.prompt_eval_count, (last.prompt_eval_duration or 0) / 1e9
        if not n_prompt or any(message.images for message in work.messages):
            return
        session.counted(prompt_tokens(work.messages), n_prompt)
        known, n_new = self.speed.read, n_prompt * work.n_new_share
        if known and read_s > 0 and n_new / read_s < known / 3:
            n_new = n_prompt  # another program's question came in between, and all was read again
        speeds.read(self._url, self.name, round(n_new), read_s)
