"""LlamaIndex: a retriever over a knowledge base."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from rag.errors import AssetError
from rag.images.assets import StoredAssets
from rag.images.mime import mime_of
from rag.integrations import needs
from rag.integrations.metadata import metadata
from rag.knowledge_base import KnowledgeBase
from rag.trace import Note
from rag.types import Hit, SearchResult

with needs("llama_index.core", extra="llamaindex"):
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.schema import ImageNode, NodeWithScore, QueryBundle, TextNode

_READ_BY_MODELS = ("source", "page", "title")
"""Of the metadata; LlamaIndex puts it before a node's text in every prompt, and scores and ids would only be noise."""


class MultimodalRetriever(BaseRetriever):
    """Passages as `TextNode`, pictures as `ImageNode` with their pixels, best first.

    `retriever.retrieve(QueryBundle("wiring of the pump", image_path="photo.jpg"))` asks with a picture too. Metadata is
    as in `rag.integrations.metadata`. Errors are those of `KnowledgeBase.search`.

    Args:
        kb: an open knowledge base; closing it stays with whoever opened it.
        k: nodes at most.
        where: a filter, such as `year >= 2020`.
        **options: of LlamaIndex's own base class.
    """

    def __init__(self, kb: KnowledgeBase, *, k: int = 8, where: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.kb, self.k, self.where = kb, k, where

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self.kb.search(query_bundle.query_str, image=query_bundle.image_path, top_k=self.k, where=self.where)
        return self._nodes(found)

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        from anyio import to_thread

        found = await self.kb.asearch(
            query_bundle.query_str, image=query_bundle.image_path, top_k=self.k, where=self.where
        )
        return await to_thread.run_sync(self._nodes, found)

    def _nodes(self, found: SearchResult) -> list[NodeWithScore]:
        assets = StoredAssets(self.kb.assets_uri)
        return [NodeWithScore(node=_node(hit, found.notes, assets), score=float(hit.score)) for hit in found.hits]


def _node(hit: Hit, notes: tuple[Note, ...], assets: StoredAssets) -> TextNode:
    about, picture = metadata(hit, notes), b""
    if hit.record.kind == "image" and about["asset"]:
        try:
            picture = assets.get(about["asset"])
        except AssetError as error:
            about["notes"].append(Note("pictures_missing", str(error)).to_dict())
    hidden = [key for key in about if key not in _READ_BY_MODELS or about[key] is None]
    facts = {
        "id_": hit.record.id,
        "text": hit.record.text,
        "metadata": about,
        "excluded_llm_metadata_keys": hidden,
        "excluded_embed_metadata_keys": hidden,
    }
    if hit.record.kind != "image":
        return TextNode(**facts)
    return ImageNode(**facts, image=b64encode(picture).decode() or None, image_mimetype=mime_of(picture))
