"""Embedding models of an Ollama server, through its native API."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import ollama

from rag.errors import ChatUnreachable, ModelError
from rag.nn.text_parts import halves
from rag.ollama.client import sync_client
from rag.ollama.errors import ServerBusy, TextTooLong, for_texts, not_there, translated
from rag.ollama.server import spellings
from rag.ports import TextAbilities
from rag.sync.lazy import Lazy, lazy_property
from rag.text.tokens import estimate_tokens

if TYPE_CHECKING:
    from rag.types import Vector, Vectors

BATCH = 64
"""Texts a request: the server is silent until it has embedded all of them, for `timeout_s` at most."""
AT_ONCE = 2
"""Requests: one is on its way while the other is computed. More gain nothing on a server with one slot."""
_BUSY_S = 2.0
MAX_TOKENS = 2048
"""The least context that any version of the server gives a model that has more."""
_EMPTY = "-"
"""Stands for a text without words: some versions of the server refuse an empty one."""

_SEARCH = "Represent this sentence for searching relevant passages: "
PROMPTS = {
    "qwen3-embedding": (
        "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:",
        "",
    ),
    "embeddinggemma": ("task: search result | query: ", "title: none | text: "),
    "nomic-embed-text": ("search_query: ", "search_document: "),
    "snowflake-arctic-embed2": ("query: ", ""),
    "snowflake-arctic-embed": (_SEARCH, ""),
    "mxbai-embed-large": (_SEARCH, ""),
    "bge-large": (_SEARCH, ""),
}
"""What stands before questions and documents, by a part of the model's name; the server adds nothing itself.

Source: the models' cards. The first that fits counts; the models that are not named here want nothing.
"""


class OllamaEmbedder(Lazy):
    """Text embedder; thread-safe (each request has a connection of its own).

    The server is asked at the first use. A text that is too long for the model is halved until its parts are not, and
    its vector is the mean of theirs: none of it is lost.

    Args:
        model: as `ollama list` shows it.
        url: address of the server.
        timeout_s: longest silence of the server, loading the model included.

    Raises (whatever asks the server):
        ModelError: no server, no such model, or an answer that is no vectors.
    """

    min_cosine = None
    """Nobody measured it."""

    def __init__(self, model: str, url: str, *, timeout_s: float = 120.0) -> None:
        super().__init__()
        self._model = model
        self._url = url.rstrip("/")
        self._timeout_s = timeout_s
        self._use = for_texts(model, url)
        fitting = (prompts for part, prompts in PROMPTS.items() if part in model.lower())
        self._query_prompt, self._text_prompt = next(fitting, ("", ""))

    @lazy_property
    def fingerprint(self) -> str:
        """Name and digest of the model, and of the prompts where it wants some."""
        prompts = hashlib.sha256(f"{self._query_prompt}\0{self._text_prompt}".encode()).hexdigest()[:6]
        tail = f"+prompts-{prompts}" if self._query_prompt or self._text_prompt else ""
        return f"ollama:{self._model}@{self._digest()[:12]}{tail}"

    @lazy_property
    def dim(self) -> int:
        return len(self.embed_query("a"))

    @lazy_property
    def max_tokens(self) -> int:
        """What a document may have beside the prompt."""
        with self._asking() as client:
            facts = client.show(self._model).modelinfo or {}
        context = facts.get(f"{facts.get('general.architecture')}.context_length")
        most = min(context, MAX_TOKENS) if isinstance(context, int) and context > 0 else MAX_TOKENS
        return most - estimate_tokens(self._text_prompt)

    def count_tokens(self, text: str) -> int:
        """An estimate, rather too many than too few: the server has no route that counts."""
        return estimate_tokens(text)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, rows L2-normalised."""
        batches = [texts[first : first + BATCH] for first in range(0, len(texts), BATCH)]
        if len(batches) > 1:
            with ThreadPoolExecutor(AT_ONCE, "ollama-embed") as pool:
                made = list(pool.map(lambda batch: self._vectors(batch, self._text_prompt), batches))
        else:
            made = [self._vectors(batch, self._text_prompt) for batch in batches]
        rows = [vector for vectors in made for vector in vectors]
        return np.array(rows, np.float32).reshape(len(texts), len(rows[0]) if rows else self.dim)

    @property
    def abilities(self) -> TextAbilities:
        return TextAbilities()

    def embed_query(self, text: str) -> Vector:
        return self._vectors([text], self._query_prompt)[0]

    def _vectors(self, texts: Sequence[str], prompt: str) -> list[Vector]:
        try:
            return self._request([prompt + (text if text.strip() else _EMPTY) for text in texts])
        except TextTooLong as error:
            if len(texts) > 1:
                middle = len(texts) // 2
                return self._vectors(texts[:middle], prompt) + self._vectors(texts[middle:], prompt)
            if len(texts[0]) < 2:
                raise ModelError(f"'{self._model}' takes no text at all: {error}") from error
            parts = halves(texts[0])
            return [_unit(np.average(self._vectors(parts, prompt), axis=0, weights=[len(part) for part in parts]))]

    def _request(self, texts: Sequence[str]) -> list[Vector]:
        """L2-normalised vectors of texts that are sent as they are."""
        with self._asking() as client:
            answer = self._patiently(client, texts)
        try:
            vectors = np.array(answer.embeddings, np.float32)  # ValueError where their lengths differ
            if vectors.ndim != 2 or len(vectors) != len(texts) or not vectors.size or not np.isfinite(vectors).all():
                raise ValueError(f"{len(texts)} texts became an array of shape {vectors.shape}, or there is NaN in it")
        except ValueError as error:
            raise ModelError(
                f"what {self._use.address} answers for '{self._model}' is no Ollama server's answer: {error}"
            ) from error
        return [_unit(vector) for vector in vectors]

    def _patiently(self, client: ollama.Client, texts: Sequence[str]) -> ollama.EmbedResponse:
        """A server whose queue is full is asked again until the time is over."""
        end = time.monotonic() + self._timeout_s
        while True:
            try:
                with translated(self._use, self._timeout_s):
                    return client.embed(self._model, texts, truncate=False)
            except ServerBusy as error:
                if time.monotonic() > end:
                    raise ModelError(
                        f"the Ollama server at {self._use.address} was busy with others for {self._timeout_s:g} s"
                    ) from error
                time.sleep(min(_BUSY_S, self._timeout_s))

    def _digest(self) -> str:
        names = spellings(self._model)
        with self._asking() as client:
            models = client.list().models
            if not any((model.model or "").lower() in names for model in models):
                raise not_there(self._use, [model.model for model in models if model.model])
        digests = [model.digest for model in models if model.digest and (model.model or "").lower() in names]
        if not digests:
            raise ModelError(
                f"the Ollama server at {self._use.address} does not list '{self._model}'; set RAG_TEXT_MODEL to a name "
                "that 'ollama list' shows, after 'ollama:'"
            )
        return digests[0].removeprefix("sha256:")

    @contextmanager
    def _asking(self) -> Iterator[ollama.Client]:
        """A client. Everything it raises becomes a ModelError that says what to do."""
        try:
            client = sync_client(self._url, self._timeout_s)
        except ChatUnreachable as error:
            raise ModelError(str(error)) from error
        with client, translated(self._use, self._timeout_s):
            yield client


def _unit(vector: Vector) -> Vector:
    unit: Vector = (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
    return unit
