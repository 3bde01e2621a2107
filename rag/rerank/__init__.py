"""Rerankers: one adapter a file, chosen by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rag.errors import ConfigError, ModelError
from rag.nn.extras import require_full

if TYPE_CHECKING:
    from rag.hub.names import LocalModel
    from rag.nn.device import Placement
    from rag.ports import Reranker, TextEmbedder


def make_reranker(
    name: str,
    texts: Callable[[], TextEmbedder],
    *,
    find: Callable[[str], LocalModel],
    placement: Callable[[], Placement],
    instruction: str = "",
) -> Reranker | None:
    """The reranker of that name; None for `none`.

    Args:
        name: `maxsim`, `none`, or what `find` knows: a Qwen3-Reranker, a Qwen3-VL-Reranker or a cross-encoder.
        texts: gives the text embedder, for its token vectors.
        find: where the files of a pulled model are, see `rag.hub.names.locate`.
        placement: gives where it runs.
        instruction: what a Qwen3 reranker is told to judge by; empty: its default.

    Raises:
        ConfigError: unknown, or it cannot work with this text embedder.
        ModelError: not pulled yet, or it cannot be loaded.
    """
    if name == "none":
        return None
    if name == "maxsim":
        return _maxsim(texts())
    model = find(name)
    require_full(f"the reranker '{name}'", "set RAG_RERANKER=maxsim")
    from rag.nn.model_folder import read_json

    kind = str((read_json(model.folder / "config.json").get("architectures") or [""])[0])
    if kind == "Qwen3ForCausalLM":
        from rag.rerank.qwen3 import DEFAULT_INSTRUCTION, Qwen3Reranker

        return Qwen3Reranker(
            model.folder, identity=model.identity, placement=placement(), instruction=instruction or DEFAULT_INSTRUCTION
        )
    if kind == "Qwen3VLForConditionalGeneration":
        from rag.rerank import qwen3_vl

        return qwen3_vl.Qwen3VLReranker(
            model.folder,
            identity=model.identity,
            placement=placement(),
            instruction=instruction or qwen3_vl.DEFAULT_INSTRUCTION,
        )
    if kind.endswith("ForSequenceClassification"):
        from rag.rerank.cross_encoder import CrossEncoderReranker

        return CrossEncoderReranker(model.folder, identity=model.identity, placement=placement())
    raise ModelError(
        f"'{name}' ({kind or 'no architecture in its config.json'}) is no reranker that can be used: set RAG_RERANKER "
        "to a Qwen3-Reranker, a Qwen3-VL-Reranker, a cross-encoder with one score (such as BAAI/bge-reranker-v2-m3), "
        "'maxsim' or 'none'"
    )


def _maxsim(embedder: TextEmbedder) -> Reranker:
    from rag.rerank.maxsim import MaxSimReranker

    able = embedder.abilities
    if able.tokens is None:
        raise ConfigError(
            f"reranker 'maxsim' needs token vectors and {embedder.fingerprint} has none; set RAG_RERANKER=none"
        )
    return MaxSimReranker(able.tokens, language=able.language)
