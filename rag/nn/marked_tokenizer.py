"""Qwen's tokenizer for prompts: only a template makes the marks of turns, never a text that spells them out."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field
from tokenizers import Tokenizer

from rag.errors import ModelError
from rag.nn.model_folder import ConfigFile, read_config, read_json


class _AddedToken(ConfigFile):
    id: int = Field(ge=0)
    content: Annotated[str, Field(min_length=1)]


class _TokenizerFile(ConfigFile):
    """What is wanted of `tokenizer.json` here."""

    added_tokens: tuple[_AddedToken, ...] = ()


class MarkedTokenizer:
    """Thread-safe.

    Args:
        folder: holds `tokenizer.json`.
        marks: the tokens that the template uses.

    Attributes:
        ending: ids that the tokenizer itself puts behind a text: `<|endoftext|>` where the model was trained so.

    Raises:
        ModelError: the tokenizer cannot be read, or does not have them.
    """

    def __init__(self, folder: Path, marks: Sequence[str]) -> None:
        self._path = folder / "tokenizer.json"
        added = read_config(self._path, _TokenizerFile).added_tokens
        self._marks = {token.content: token.id for token in added if token.content in marks}
        if missing := [mark for mark in marks if mark not in self._marks]:
            raise ModelError(f"'{self._path}' is not Qwen3's: it has no token {missing[0]}")
        self._tokenizer, self.ending = _plain_tokenizer(self._path)

    def plain(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of each text as a whole. Names of marks in it are read as the characters that they are."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [encoding.ids for encoding in encodings]

    def marked(self, template: str) -> list[int]:
        """Ids of a text of ours, in which marks are marks."""
        parts = re.split(f"({'|'.join(map(re.escape, self._marks))})", template)
        encoded = self.plain(parts)
        return [
            token
            for part, ids in zip(parts, encoded, strict=True)
            for token in ([self._marks[part]] if part in self._marks else ids)
        ]

    def single(self, word: str) -> int:
        """Raises ModelError where the word is more than one token."""
        ids = self.plain([word])[0]
        if len(ids) != 1:
            raise ModelError(f"'{self._path}' is not Qwen3's: it makes {len(ids)} tokens of the answer {word!r}, not 1")
        return ids[0]


def _plain_tokenizer(path: Path) -> tuple[Tokenizer, list[int]]:
    """Without the tokens that were added to its vocabulary, and what it puts behind every text that stands alone."""
    try:
        tokenizer = Tokenizer.from_str(json.dumps({**read_json(path), "added_tokens": []}))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        n_plain = len(tokenizer.encode("a", add_special_tokens=False).ids)
        return tokenizer, list(tokenizer.encode("a").ids[n_plain:])
    except Exception as error:  # tokenizers raises nothing more precise
        raise ModelError(f"'{path}' cannot be read: {error}") from error
