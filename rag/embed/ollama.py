"""Embedding models of an Ollama server, through its native API."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import numpy as np
import ollama

from rag.errors import ModelError
from rag.nn.text_parts import halves
from rag.ports import TextAbilities
from rag.sync.lazy import Lazy, lazy_property
from rag.text.tokens import estimate_tokens
from rag.text.uris import is_loopback, shown

if TYPE_CHECKING:
    from rag.types import Vector, Vectors

BATCH = 16
"""Texts a request: the server is silent until it has embedded all of them, for `timeout_s` at most."""
MAX_TOKENS = 2048
"""The least context that any version of the server gives a model that has more."""
_CONNECT_S = 5.0
_EMPTY = "-"
"""Stands for a text without words: some versions of the server refuse an empty one."""
_TOO_LONG = re.compile(r"exceeds?\b.*\bcontext|too large to process", re.IGNORECASE)

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


class _TooLong(Exception):
    """One of the texts has more tokens than the model or the server takes."""


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
        rows = [
            vector
            for first in range(0, len(texts), BATCH)
            for vector in self._vectors(texts[first : first + BATCH], self._text_prompt)
        ]
        return np.array(rows, np.float32).reshape(len(texts), len(rows[0]) if rows else self.dim)

    @property
    def abilities(self) -> TextAbilities:
        return TextAbilities()

    def embed_query(self, text: str) -> Vector:
        return self._vectors([text], self._query_prompt)[0]

    def _vectors(self, texts: Sequence[str], prompt: str) -> list[Vector]:
        try:
            return self._request([prompt + (text if text.strip() else _EMPTY) for text in texts])
        except _TooLong as error:
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
            answer = client.embed(self._model, texts, truncate=False)
            vectors = np.array(answer.embeddings, np.float32)  # ValueError where their lengths differ
            if vectors.ndim != 2 or len(vectors) != len(texts) or not vectors.size or not np.isfinite(vectors).all():
                raise ValueError(f"{len(texts)} texts became an array of shape {vectors.shape}, or there is NaN in it")
        return [_unit(vector) for vector in vectors]

    def _digest(self) -> str:
        names = {self._model.lower(), f"{self._model.lower()}:latest"}
        with self._asking() as client:
            client.show(self._model)  # says better than the list that there is no such model
            models = client.list().models
        digests = [model.digest for model in models if model.digest and (model.model or "").lower() in names]
        if not digests:
            raise ModelError(
                f"the Ollama server at {shown(self._url)} does not list '{self._model}'; set RAG_TEXT_MODEL to a name "
                "that 'ollama list' shows, after 'ollama:'"
            )
        return digests[0].removeprefix("sha256:")

    @contextmanager
    def _asking(self) -> Iterator[ollama.Client]:
        """A client. Everything it raises becomes a ModelError that says what to do."""
        url = shown(self._url)
        try:
            with ollama.Client(
                self._url,
                timeout=httpx.Timeout(self._timeout_s, connect=_CONNECT_S),
                follow_redirects=False,
                verify=self._url.startswith("https:"),
                trust_env=not is_loopback(self._url),  # a company proxy cannot reach this machine's own server
            ) as client:
                yield client
        except ollama.ResponseError as error:
            raise self._refused(error) from error
        except (ConnectionError, httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            raise ModelError(
                f"no Ollama server answers at {url}, and '{self._model}' runs there. Start it with 'ollama serve', or "
                "set RAG_OLLAMA_URL; RAG_TEXT_MODEL=minilm needs no server"
            ) from error
        except httpx.TimeoutException as error:
            raise ModelError(
                f"'{self._model}' at {url} was silent for {self._timeout_s:g} s; it may still be loading: try again, "
                "take a smaller model, or raise RAG_CHAT_TIMEOUT_S"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ModelError(f"what {url} answers for '{self._model}' is no Ollama server's answer: {error}") from error

    def _refused(self, error: ollama.ResponseError) -> Exception:
        said = " ".join(str(error.error).split())[:300]
        if _TOO_LONG.search(said):
            return _TooLong(said)
        if error.status_code == 404 and "not found" in said and "model" in said:
            return ModelError(
                f"the Ollama server at {shown(self._url)} has no model '{self._model}'. Type "
                f"'ollama pull {self._model}', or name another in RAG_TEXT_MODEL"
            )
        if error.status_code in (301, 302, 307, 308, 404, 405):
            return ModelError(
                f"what answers at {shown(self._url)} is not an Ollama server (HTTP {error.status_code}); "
                "check RAG_OLLAMA_URL"
            )
        if error.status_code in (401, 403):
            return ModelError(
                f"the server at {shown(self._url)} refuses access: {said}. Set OLLAMA_API_KEY to a valid key"
            )
        return ModelError(f"Ollama failed with '{self._model}': {said}")


def _unit(vector: Vector) -> Vector:
    unit: Vector = (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
    return unit
