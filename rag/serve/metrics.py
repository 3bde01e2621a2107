"""Counts of one server, in the terms of Prometheus."""

from __future__ import annotations

import platform
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing
from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily, Metric

from rag.errors import ChatError, RagError
from rag.types import Answer, AnswerEvent, Event, SearchResult

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
_SEARCH = {"encode": "encode", "search": "search", "fuse": "fuse", "rerank": "rerank"}
_MODEL = {"first_token": "model_first_token", "answer": "model"}
"""Stages of a question by the names that they have here."""
_FAILURES = (
    "chat_unreachable",
    "chat_model_missing",
    "chat_failed",
    "chat_stopped",
    "answer_incomplete",
    "answer_loop",
)
_KEPT_S = 15.0


class Metrics:
    """What a server did so far, and what it holds.

    Args:
        held: knowledge bases, and documents by state, of all of them. Raises RagError.

    Attributes:
        registry: for `prometheus_client.generate_latest`.
        inside: requests that models work for, or that wait.
        jobs: by state.
    """

    def __init__(self, held: Callable[[], Mapping[str, int]]) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        build = Info("rag_build", "What runs here", registry=registry)
        build.info({"version": version("multimodal-rag"), "python": platform.python_version()})
        route = ["method", "route"]
        self._requests = Counter("rag_http_requests", "Requests", [*route, "status"], registry=registry)
        self._seconds = Histogram(
            "rag_http_request_duration_seconds", "Until the response ended", route, buckets=_SECONDS, registry=registry
        )
        self._phases = Histogram(
            "rag_phase_duration_seconds",
            "Phases of questions: encode, search, fuse, rerank; the model's first token and its whole answer, "
            "from when the sources were there",
            ["phase"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._answers = Counter("rag_answers", "Answers by how they ended", ["ending", "writer"], registry=registry)
        self._tokens = Counter("rag_model_tokens", "Tokens that Ollama counted", ["direction"], registry=registry)
        self._failures = Counter("rag_model_failures", "Why no model wrote, or not all", ["reason"], registry=registry)
        for reason in _FAILURES:
            self._failures.labels(reason)
        self.inside = Gauge("rag_requests_inside", "Requests that models work for, or that wait", registry=registry)
        self.jobs = Gauge("rag_jobs", "Jobs that are remembered, by state", ["state"], registry=registry)
        registry.register(_Held(held))

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def searched(self, found: SearchResult) -> SearchResult:
        self._phased(_SEARCH, found.timings_s)
        return found

    async def answering(self, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
        """The events of an answer, which are counted on their way."""
        async with aclosing(events):
            try:
                async for event in events:
                    if isinstance(event, AnswerEvent):
                        self._answered(event.answer)
                    yield event
            except ChatError as error:
                reason = error.code if error.code in _FAILURES else "chat_failed"
                self._failures.labels(reason).inc()
                raise

    def _answered(self, answer: Answer) -> None:
        self._phased(_SEARCH, answer.timings_s)
        self._answers.labels(answer.ending, "model" if answer.model else "quotes").inc()
        if answer.model is not None:
            self._phased(_MODEL, answer.timings_s)
        if answer.tokens is not None:
            self._tokens.labels("read").inc(answer.tokens.read)
            self._tokens.labels("written").inc(answer.tokens.written)
        for note in answer.notes:
            if note.code in _FAILURES:
                self._failures.labels(note.code).inc()

    def _phased(self, names: Mapping[str, str], timings_s: Mapping[str, float]) -> None:
        for stage, phase in names.items():
            if stage in timings_s:
                self._phases.labels(phase).observe(timings_s[stage])


class _Held:
    """What the store holds, looked at once in a while: counting takes the embedded store some time."""

    def __init__(self, held: Callable[[], Mapping[str, int]]) -> None:
        self._held = held
        self._counts: Mapping[str, int] | None = None
        self._looked_at = 0.0

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked for that."""
        return ()

    def collect(self) -> Iterable[Metric]:
        if self._counts is None or time.monotonic() - self._looked_at > _KEPT_S:
            try:
                self._counts = dict(self._held())
            except RagError:
                self._counts = None
            self._looked_at = time.monotonic()
        is_up = float(self._counts is not None)
        up = GaugeMetricFamily("rag_store_up", "Whether the store could be asked", value=is_up)
        if self._counts is None:
            return (up,)
        counts = dict(self._counts)
        bases = GaugeMetricFamily("rag_knowledge_bases", "Knowledge bases", value=counts.pop("knowledge_bases", 0))
        documents = GaugeMetricFamily("rag_documents", "Documents of all knowledge bases", labels=["state"])
        for state, n in counts.items():
            documents.add_metric([state], n)
        return (up, bases, documents)
