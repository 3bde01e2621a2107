"""What does everything around the models cost? One question with models and a store that answer at once.

    python -m benchmarks.orchestration [--json FILE]

Ours does what it always does: three channels, missing scores completed, calibration, fusion, reranking, packing by
tokens, a streamed answer whose citations are checked. The peer is a LangChain chain of the usual shape: three
retrievers side by side, reciprocal ranks, prompt, chat model, parser. Needs langchain-core.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.side_by_side import arguments, compare, report
from rag.answers.answerer import Answerer
from rag.ports import (
    Capabilities,
    ChatChunk,
    ChatMessage,
    ChatModelInfo,
    ImageAbilities,
    KbSpec,
    Sampling,
    TextAbilities,
)
from rag.prompt import load_prompt
from rag.question import Question
from rag.search.retriever import Retriever, RetrieverOptions
from rag.trace import Trace
from rag.types import AnswerEvent, Query, Record, ScoredRecord

DIM, HITS, QUESTIONS = 384, 50, 20
REPLY = "The oil filter is changed every six months [1]."
FACT = "the oil filter is changed every six months"
RECORDS = [Record(f"{i:032x}", f"{i:032x}", f"manual/{i}.md", "text", f"Passage {i}: {FACT}.") for i in range(2 * HITS)]
QUESTION = "How often is the oil filter changed?"


class InstantTexts:
    fingerprint, dim, max_tokens, min_cosine = "instant", DIM, 256, None
    abilities = TextAbilities()

    def __init__(self) -> None:
        self._vector = np.full(DIM, DIM**-0.5, np.float32)

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return np.tile(self._vector, (len(texts), 1))

    embed_texts = embed

    def embed_query(self, text: str) -> np.ndarray:
        return self._vector

    def count_tokens(self, text: str) -> int:
        return len(text) // 4


class InstantImages(InstantTexts):
    background_std, wanted_side_px, abilities = 0.02, None, ImageAbilities()

    def embed_images(self, images: Sequence[Any]) -> np.ndarray:
        return self.embed([""] * len(images))


class InstantStore:
    """Each channel returns its own half of the records."""

    capabilities = Capabilities("lite", "0", True, True, False)

    def __init__(self) -> None:
        self._found = {
            channel: [ScoredRecord(record, 0.9 - 0.01 * i) for i, record in enumerate(RECORDS[first : first + HITS])]
            for channel, first in (("image", 0), ("text", HITS // 2), ("lexical", HITS))
        }
        self._by_id = {record.id: ScoredRecord(record, 0.1) for record in RECORDS}
        self._sample = np.random.default_rng(1).normal(size=(512, DIM)).astype(np.float32) / DIM**0.5

    def search(self, channel: str, query: Any, *, limit: int, where: Any = None, ids: Any = None) -> Any:
        if ids is None:
            return self._found[channel][:limit]
        return [self._by_id[each] for each in ids]

    def sample_vectors(self, space: str, n: int) -> np.ndarray:
        return self._sample


class InstantChat:
    name = "instant"

    async def info(self, *, sees: bool = False) -> ChatModelInfo:
        return ChatModelInfo("instant", 32_768, False)

    async def stream(
        self,
        messages: Sequence[ChatMessage],
        *,
        context_tokens: int,
        max_output_tokens: int,
        sampling: Sampling | None = None,
        arrived_s: float | None = None,
    ) -> AsyncIterator[ChatChunk]:
        yield ChatChunk(REPLY)
        yield ChatChunk("", True, 1000, 12, "stop")


def main() -> None:
    given = arguments(__doc__).parse_args()
    ours, theirs = _ours(), _langchain()

    def same(a: list[str], b: list[str]) -> str:
        assert a == b == [REPLY] * QUESTIONS, f"{a[0]!r} and {b[0]!r}"
        return "same answer"

    report(
        [
            compare(
                f"{QUESTIONS} questions, instant models",
                ours,
                "LangChain LCEL chain",
                theirs,
                agree=same,
                wanted=5,
                rounds=4 * given.rounds,
            )
        ],
        given.json,
    )


def _ours() -> Any:
    retriever = Retriever(
        InstantStore(),  # type: ignore[arg-type]
        KbSpec("instant", DIM, "instant", DIM),
        text_embedder=InstantTexts(),
        image_embedder=InstantImages(),
        reranker=None,
        reader=lambda: None,
        options=RetrieverOptions(),
    )
    answerer = Answerer(load_prompt("answer", ""), InstantChat())  # type: ignore[arg-type]

    async def ask() -> str:
        found = retriever.search(Query(QUESTION, top_k=8))
        events = [event async for event in answerer.stream(Question(QUESTION), found, Trace(list(found.notes)))]
        return next(event.answer.text for event in events if isinstance(event, AnswerEvent))

    async def ask_all() -> list[str]:
        return [await ask() for _ in range(QUESTIONS)]

    return lambda: asyncio.run(ask_all())


def _langchain() -> Any:
    from langchain_core.documents import Document
    from langchain_core.language_models import FakeListChatModel
    from langchain_core.output_parsers import StrOutputParser
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import RunnableLambda, RunnableParallel, RunnablePassthrough

    class Instant(BaseRetriever):
        first: int

        def _get_relevant_documents(self, query: str, *, run_manager: Any) -> list[Document]:
            return [
                Document(page_content=record.text, metadata={"id": record.id})
                for record in RECORDS[self.first : self.first + HITS]
            ]

    def fused(ranked: Mapping[str, list[Document]]) -> str:
        scores: dict[str, float] = {}
        texts: dict[str, str] = {}
        for documents in ranked.values():
            for rank, document in enumerate(documents, start=1):
                key = document.metadata["id"]
                texts[key] = document.page_content
                scores[key] = scores.get(key, 0.0) + 1 / (60 + rank)
        best = sorted(scores, key=lambda key: -scores[key])[:8]
        return "\n\n".join(f"[{place}] {texts[key]}" for place, key in enumerate(best, start=1))

    channels = RunnableParallel(image=Instant(first=0), text=Instant(first=HITS // 2), lexical=Instant(first=HITS))
    chain = (
        {"context": channels | RunnableLambda(fused), "question": RunnablePassthrough()}
        | ChatPromptTemplate.from_messages([("system", "Answer from the sources.\n{context}"), ("user", "{question}")])
        | FakeListChatModel(responses=[REPLY])
        | StrOutputParser()
    )
    return lambda: [chain.invoke(QUESTION) for _ in range(QUESTIONS)]


if __name__ == "__main__":
    main()
