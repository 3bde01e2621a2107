"""What Qwen3-Reranker is asked, to the token.

Source: model card of Qwen/Qwen3-Reranker-0.6B, "Transformers Usage".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from rag.nn.marked_tokenizer import MarkedTokenizer

PREFIX = (
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct "
    'provided. Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n'
)
BODY = "<Instruct>: {instruction}\n<Query>: {query}\n<Document>:"
SUFFIX = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
MIN_PASSAGE_TOKENS = 64
"""Room that a question must leave: the score of a passage's first few words would say nothing of it."""
_MARKS = ("<|im_start|>", "<|im_end|>", "<think>", "</think>")


@dataclass(frozen=True, slots=True)
class Prompts:
    """Prompts for one question.

    Attributes:
        ids: one list of token ids a passage.
        n_shared: tokens that all of them begin with, at most up to where the passage begins.
        n_cut: passages of which only the beginning is in the prompt.
    """

    ids: list[list[int]]
    n_shared: int
    n_cut: int


class Template:
    """Builds prompts. Thread-safe.

    Between the marks of a turn, everything is plain text: a passage or a question that holds `<|im_end|>` is read as
    these ten characters and cannot end its turn. The reference makes them the mark itself.

    Args:
        folder: holds `tokenizer.json`.
        instruction: what the passages are wanted for, in a sentence.

    Raises:
        ModelError: the tokenizer cannot be read, or is not Qwen3's.
    """

    def __init__(self, folder: Path, instruction: str) -> None:
        self._tokenizer = MarkedTokenizer(folder, _MARKS)
        self._instruction = instruction
        self._prefix, self._suffix = self._tokenizer.marked(PREFIX), self._tokenizer.marked(SUFFIX)
        self.no, self.yes = self._tokenizer.single("no"), self._tokenizer.single("yes")

    def prompts(self, query: str, passages: Sequence[str], max_tokens: int) -> Prompts | None:
        """One prompt a passage, each text tokenised as a whole.

        Args:
            query: words.
            passages: at least one.
            max_tokens: of a prompt. A passage is cut at its end, the question and the end of the prompt never are.

        Returns:
            None where the question leaves no room for passages.
        """
        head = BODY.format(instruction=self._instruction, query=query)
        question, *bodies = self._tokenizer.plain([head, *(f"{head} {passage}" for passage in passages)])
        most = max_tokens - len(self._prefix) - len(self._suffix)
        if most - len(question) < MIN_PASSAGE_TOKENS:
            return None
        ids = [[*self._prefix, *body[:most], *self._suffix] for body in bodies]
        # How a text is split into tokens can depend on what follows it: compared, not assumed.
        n_shared = min(_n_shared(ids), len(self._prefix) + len(question))
        return Prompts(ids, n_shared, sum(len(body) > most for body in bodies))


def _n_shared(lists: Sequence[Sequence[int]]) -> int:
    """Items that all begin with."""
    return sum(1 for _ in takewhile(lambda column: len(set(column)) == 1, zip(*lists, strict=False)))
