"""Qwen3-Reranker in this process: exactly the published scores, without most of the work.

See docs/decisions/015-qwen3-reranker.md.

Source: Zhang et al., Qwen3 Embedding (2025), and the model card of Qwen/Qwen3-Reranker-0.6B.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from safetensors import SafetensorError

from rag.errors import ModelError
from rag.nn.device import CPU, Placement
from rag.nn.model_folder import folder_digest
from rag.nn.passes.qwen3 import Past, Qwen3
from rag.rerank.base import PairReranker
from rag.rerank.packs import Outcome, Pace, score_in_packs, unless_out_of_memory
from rag.rerank.qwen3_prompt import Prompts, Template
from rag.trace import Trace

DEFAULT_INSTRUCTION = "Given a web search query, retrieve relevant passages that answer the query"
MAX_TOKENS = 8192
"""Of a prompt, as the model card sets it."""
PACK_TOKENS = {"cpu": 1024, "cuda": 16_384, "mps": 4096}
"""More are not faster there, and take memory."""


class Qwen3Reranker(PairReranker[Prompts]):
    """Probability that a passage meets the question, as the model says it with its answer "yes". Thread-safe.

    Args:
        folder: holds `config.json`, `tokenizer.json` and safetensors, as published.
        identity: name and revision, where they are known.
        placement: where it runs.
        instruction: what the passages are wanted for, in an English sentence.
        max_tokens: of a prompt, if the model has positions for so many; a passage that does not fit is cut at its end.

    Raises:
        ModelError: a file is missing or damaged, or the model is no Qwen3.
    """

    share = 0.8
    """Of the final score. It reads both texts together and is to be believed in them; but of a picture it reads only
    the words, and its probabilities of poor candidates are all close to 0: there the fused score decides."""

    def __init__(
        self,
        folder: Path,
        *,
        identity: str = "",
        placement: Placement = CPU,
        instruction: str = DEFAULT_INSTRUCTION,
        max_tokens: int = MAX_TOKENS,
    ) -> None:
        self._template = Template(folder, instruction)
        try:
            self._model = Qwen3(folder, (self._template.no, self._template.yes), placement)
        except (OSError, ValueError, SafetensorError) as error:
            raise ModelError(f"the reranker in '{folder}' cannot be loaded: {error}") from error
        self.name = identity or f"{type(self).__name__}@{folder_digest(folder)[:12]}"
        self._placement, self._max_tokens = placement, min(max_tokens, self._model.max_positions)

    def _read(self, query: str, passages: Sequence[str], trace: Trace) -> Prompts | None:
        return self._template.prompts(query, passages, self._max_tokens)

    def _score(self, prompts: Prompts, pace: Pace) -> Outcome:
        n = len(prompts.ids)
        if not pace.tokens_left():
            return Outcome([None] * n, n_late=n)
        with pace.measure(prompts.n_shared):
            past = unless_out_of_memory(lambda: self._model.read(prompts.ids[0][: prompts.n_shared]), self._placement)
        if past is None:
            return Outcome([None] * n, n_too_large=n)
        return score_in_packs(
            [ids[prompts.n_shared :] for ids in prompts.ids],
            partial(self._probabilities, past),
            self._placement,
            pace,
            most_tokens=PACK_TOKENS[self._placement.device.type],
        )

    def _probabilities(self, past: Past, prompts: Sequence[Sequence[int]]) -> list[float]:
        """Of "yes" against "no" as the next token."""
        probabilities: list[float] = self._model.logits(prompts, past).softmax(dim=-1)[:, 1].tolist()
        return probabilities
