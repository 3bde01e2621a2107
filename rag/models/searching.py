"""What searches a knowledge base, put together from the settings and the models that they name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rag.search.retriever import Retriever, RetrieverOptions
from rag.search.understood.held import HeldVocabulary
from rag.search.understood.search import UnderstandingSearch

if TYPE_CHECKING:
    from rag.columns.facets import Facets
    from rag.config import Settings
    from rag.models.registry import Models
    from rag.ports import KbSpec, StoredKb


def make_search(
    settings: Settings,
    models: Models,
    kb: StoredKb,
    spec: KbSpec,
    *,
    assets_uri: str,
    asset: Callable[[str], bytes],
    facets: Callable[[], Facets],
) -> UnderstandingSearch:
    """The search of a knowledge base; loads the embedders and the reranker.

    Args:
        settings: of the knowledge base.
        models: that they name.
        kb: its records.
        spec: what it was built with.
        assets_uri: where its pictures are.
        asset: encoded picture by asset id.
        facets: what its columns hold; the same object as long as nothing changed.
    """
    s = settings
    retriever = Retriever(
        kb,
        spec,
        text_embedder=models.text_embedder,
        image_embedder=models.image_embedder,
        reranker=models.reranker,
        reader=lambda: models.reader,
        options=RetrieverOptions(
            fusion=s.fusion,
            weights={"image": s.weight_image, "text": s.weight_text, "lexical": s.weight_lexical},
            n_candidates=s.candidates,
            n_reranked=s.rerank_candidates,
            rerank_budget_s=s.rerank_budget_s,
            assets_uri=assets_uri,
        ),
        asset=asset,
    )
    vocabulary = HeldVocabulary(kb, facets).get
    return UnderstandingSearch(retriever, kb, spec.fields, vocabulary, assets_uri=assets_uri, by_default=s.understand)
