"""Qwen3-VL-Reranker: whether a passage, a picture, or a picture with words answers the question.

See docs/decisions/020-qwen3-vl.md for what was checked against what.

Source: QwenLM/Qwen3-VL-Embedding, README and `src/models/qwen3_vl_reranker.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ImageError
from rag.images.decode import load_image
from rag.nn.device import CPU, Placement
from rag.nn.model_folder import folder_digest
from rag.nn.passes.qwen3_vl import Prompt, Qwen3VL, scaled
from rag.ports import RerankerAbilities
from rag.rerank.base import PairReranker
from rag.rerank.packs import Outcome, Pace, score_in_packs, scores_by_length
from rag.rerank.qwen3_prompt import MIN_PASSAGE_TOKENS
from rag.trace import Trace

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.nn.passes.qwen3_vl import Part

SYSTEM = (
    "Judge whether the Document meets the requirements based on the Query and the Instruct provided. Note that the "
    'answer can only be "yes" or "no".'
)
DEFAULT_INSTRUCTION = "Given a search query, retrieve relevant candidates that answer the query."
MAX_TOKENS = 10_240
"""Of a prompt, as in the published code: a picture may take 1800 of them."""
PACK_TOKENS = {"cpu": 2048, "cuda": 16_384, "mps": 4096}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Words, a picture, or both; `index` is that among the passages."""

    index: int
    text: str
    picture: Image | None


@dataclass(frozen=True, slots=True)
class _Prompts:
    """One a candidate."""

    prompts: list[Prompt]
    n_cut: int


class Qwen3VLReranker(PairReranker[_Prompts]):
    """Probability that a candidate meets the question, as the model says it with its answer "yes". Thread-safe.

    Args:
        folder: as published, or as `save_pretrained` of model, tokenizer and image processor wrote it.
        identity: name and revision, where they are known.
        placement: where it runs.
        instruction: what the candidates are wanted for, in an English sentence.
        max_tokens: of a prompt; words that do not fit are cut at their end.

    Raises:
        ModelError: a file is missing or damaged, or the model is no Qwen3-VL.
    """

    share = 0.8
    """As that of Qwen3-Reranker: its probabilities of poor candidates, too, are all close to 0."""

    def __init__(
        self,
        folder: Path,
        *,
        identity: str = "",
        placement: Placement = CPU,
        instruction: str = DEFAULT_INSTRUCTION,
        max_tokens: int = MAX_TOKENS,
    ) -> None:
        self._model = Qwen3VL(folder, "Qwen3VLForConditionalGeneration", placement, ("no", "yes"))
        self._instruction = instruction
        self._placement, self._max_tokens = placement, min(max_tokens, self._model.max_positions)
        self.name = identity or f"{type(self).__name__}@{folder_digest(folder)[:12]}"

    @property
    def abilities(self) -> RerankerAbilities:
        return RerankerAbilities(sighted=self)

    def score_with_pictures(
        self,
        query: str,
        passages: Sequence[str],
        *,
        image: bytes | None = None,
        pictures: Sequence[bytes | None],
        deadline_s: float | None = None,
        trace: Trace | None = None,
    ) -> list[float | None]:
        """In [0, 1]; None for an empty candidate, and where time, memory or numbers did not do.

        Args:
            query: words; may be empty where `image` is given.
            passages: words of the candidates, in fused order.
            image: the question's encoded picture.
            pictures: encoded picture of each candidate, or None.
            deadline_s: seconds from the call.
            trace: gets a note of what was not seen, what was cut and what was not scored.
        """
        pace, trace = Pace(deadline_s), trace or Trace()
        decoded = self._decoded(image) if image else None
        if image and decoded is None:
            trace.note("pictures_unread", "the reranker could not read the question's picture")
        if decoded is None and not query.strip():
            return [None] * len(passages)
        candidates = self._candidates(passages, pictures, trace)
        prompts = self._prompts(query, decoded, candidates)
        return self._judged(prompts, [each.index for each in candidates], len(passages), pace, trace)

    def _read(self, query: str, passages: Sequence[str], trace: Trace) -> _Prompts | None:
        return self._prompts(query, None, [_Candidate(i, passage, None) for i, passage in enumerate(passages)])

    def _prompts(self, query: str, decoded: Image | None, candidates: Sequence[_Candidate]) -> _Prompts | None:
        question: list[Part] = [f"<Instruct>: {self._instruction}<Query>:", *([decoded] if decoded else []), query]
        if self._max_tokens - len(self._prompt(question, _Candidate(0, "", None))) < MIN_PASSAGE_TOKENS:
            return None
        prompts = [self._prompt(question, candidate) for candidate in candidates]
        return _Prompts(prompts, sum(prompt.n_cut > 0 for prompt in prompts))

    def _score(self, prompts: _Prompts, pace: Pace) -> Outcome:
        run = partial(scores_by_length, run=self._probabilities)
        most_tokens = PACK_TOKENS[self._placement.device.type]
        return score_in_packs(prompts.prompts, run, self._placement, pace, most_tokens=most_tokens)

    def _candidates(self, passages: Sequence[str], pictures: Sequence[bytes | None], trace: Trace) -> list[_Candidate]:
        """Those that have anything to judge; a picture that cannot be decoded counts as none."""
        decoded = [self._decoded(data) if data else None for data in pictures]
        if n_unread := sum(
            data is not None and picture is None for data, picture in zip(pictures, decoded, strict=True)
        ):
            trace.note("pictures_unread", f"the reranker could not read {n_unread} pictures and went by their words")
        both = enumerate(zip(passages, decoded, strict=True))
        return [_Candidate(i, text, picture) for i, (text, picture) in both if picture or text.strip()]

    def _decoded(self, data: bytes) -> Image | None:
        """As the model sees it, so that many can wait; None where it is no picture."""
        try:
            return scaled(load_image(data, min_side_px=self._model.wanted_side_px))
        except ImageError:
            return None

    def _prompt(self, question: Sequence[Part], candidate: _Candidate) -> Prompt:
        picture = [candidate.picture] if candidate.picture else []
        said = [*question, "\n<Document>:", *picture, candidate.text]
        return self._model.prompt(SYSTEM, said, self._max_tokens)

    def _probabilities(self, prompts: Sequence[Prompt]) -> list[float]:
        """Of "yes" against "no" as the next token."""
        probabilities: list[float] = self._model.answer_logits(prompts).softmax(dim=-1)[:, 1].tolist()
        return probabilities
