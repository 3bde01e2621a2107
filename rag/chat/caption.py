"""Captions of pictures by a vision model, for ingest threads."""

from __future__ import annotations

from collections.abc import Callable

import anyio

from rag.chat.pictures import for_chat
from rag.errors import ChatError
from rag.ports import EXACT, ChatMessage, ChatModel
from rag.prompt import Prompt
from rag.text.quoting import quoted
from rag.text.tokens import context_size, prompt_tokens

_MAX_WORDS_CHARS = 1500
_MAX_CONTEXT_TOKENS = 8192


class Captioner:
    """Describes pictures, one at a time. Thread-safe; each call blocks until the caption is there.

    Args:
        chat: a model that can see.
        prompt: `load_prompt("caption")`.
        encode: makes any picture's bytes into what the model can read.
        max_output_tokens: of a caption.
    """

    def __init__(
        self,
        chat: ChatModel,
        prompt: Prompt,
        *,
        encode: Callable[[bytes], bytes] = for_chat,
        max_output_tokens: int = 200,
    ) -> None:
        self._chat = chat
        self._prompt = prompt
        self._encode = encode
        self._max_output_tokens = max_output_tokens

    @property
    def fingerprint(self) -> str:
        """Model and prompt: a caption made by another is another caption."""
        return f"{self._chat.name}:{self._prompt.digest}"

    def check(self) -> None:
        """Asks the server once, before an ingest relies on it.

        Raises:
            ChatError: no server, no such model, or one that cannot see (it would make its captions up).
        """
        if not anyio.run(self._chat.info).can_see:
            raise ChatError(
                f"the model '{self._chat.name}' cannot see pictures; set RAG_CAPTION_MODEL to one that can "
                "('ollama show MODEL' lists 'vision'), or leave it empty"
            )

    def caption(self, image: bytes, words: str = "") -> str:
        """What the picture shows, in a few sentences on one line.

        Args:
            image: encoded, any format that `encode` reads.
            words: what is already known about it (alt text, OCR); quoted, never obeyed.

        Raises:
            ImageError: not a usable picture.
            ChatError: the model failed or said nothing.
        """
        known = quoted(words)[:_MAX_WORDS_CHARS].strip() or "(none)"
        messages = self._prompt.render(words=known)
        messages[-1] = ChatMessage("user", messages[-1].content, images=(self._encode(image),))
        text = " ".join(anyio.run(self._ask, messages).split())
        if not text:
            raise ChatError(f"'{self._chat.name}' gave an empty caption; try another RAG_CAPTION_MODEL")
        return text

    async def _ask(self, messages: list[ChatMessage]) -> str:
        limit = self._max_output_tokens
        context = context_size(prompt_tokens(messages) + limit, _MAX_CONTEXT_TOKENS)
        reply = self._chat.stream(messages, context_tokens=context, max_output_tokens=limit, sampling=EXACT)
        return "".join([chunk.text async for chunk in reply])
