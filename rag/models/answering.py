"""What writes answers, put together from the settings and the models that they name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.answers.answerer import Answerer
from rag.answers.boundary import folder_secret
from rag.answers.evidence import likeness_floor
from rag.chat.pictures import for_chat
from rag.config import Settings
from rag.extractive.chart_lines import chart_rows
from rag.extractive.quote import Score
from rag.models.ollama import ollama_options
from rag.models.registry import Models
from rag.nn.array_cache import ArrayCache
from rag.ports import TextEmbedder
from rag.prompt import load_prompt

SENTENCE_BYTES = 16 * 1024**2
"""Vectors of quotable sentences that are kept: ten thousand of 384 dimensions."""


def make_answerer(settings: Settings, models: Models, kb: str, asset: Callable[[str], bytes]) -> Answerer:
    """The answerer of a knowledge base; loads the embedders and the reranker.

    Args:
        settings: of the knowledge base.
        models: that they name.
        kb: its name.
        asset: encoded picture by asset id.
    """
    from rag.rerank.maxsim import MaxSimReranker

    texts, images, reranker, s = models.text_embedder, models.image_embedder, models.reranker, settings
    return Answerer(
        prompt=load_prompt("answer", s.prompts_dir),
        chat=models.chat,
        score=_sentence_scores(texts),
        context_tokens=s.context_tokens,
        conversation_tokens=ollama_options(s).start_tokens,
        max_output_tokens=s.max_output_tokens,
        first_word_s=s.first_word_s,
        asset=asset,
        encode=for_chat,
        min_cosine=texts.min_cosine,
        min_image_cosine=images.min_cosine if images else None,
        min_likeness=likeness_floor(images),
        closeness=reranker.token_closeness if isinstance(reranker, MaxSimReranker) else None,
        rows=chart_rows,
        fallback=s.chat == "auto",
        kb=kb,
        wish=load_prompt("condense", s.prompts_dir),
        texts=texts,
        secret=folder_secret(s.data_dir / "secret"),
    )


def _sentence_scores(texts: TextEmbedder) -> Score:
    """Cosines of sentences with the question, each in [-1, 1]."""
    vectors = ArrayCache(texts.embed, SENTENCE_BYTES)

    def score(question: str, sentences: Sequence[str]) -> list[float]:
        asked = texts.embed_query(question)
        return [float(vector @ asked) for vector in vectors(sentences)]

    return score
