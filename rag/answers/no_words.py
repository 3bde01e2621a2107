"""Why a model's words are missing, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping

from rag.errors import ChatError, ChatModelMissing, ChatStopped, ChatUnreachable
from rag.ports import ChatChunk
from rag.trace import NoteCode

_CODES: Mapping[type[ChatError], NoteCode] = {
    ChatUnreachable: "chat_unreachable",
    ChatModelMissing: "chat_model_missing",
    ChatStopped: "chat_stopped",
}


def why_no_model(error: ChatError) -> NoteCode:
    return _CODES.get(type(error), "chat_failed")


def wrote_nothing(name: str, last: ChatChunk, max_output_tokens: int, *, was_cut: bool) -> ChatError:
    """Why nothing is left of a reply.

    Servers do not say what they stopped at. One that ended by itself counts at most the end as a token; where more was
    written and nothing came, it was a text to stop at.

    Args:
        name: of the model.
        last: its last chunk; an empty one where it was not waited for.
        max_output_tokens: that it might write.
        was_cut: its first words were cut off here.
    """
    was_stopped = last.done_reason == "stop" and (last.output_tokens or 0) > 1 and not last.has_thought
    if was_cut or was_stopped:
        return ChatStopped(
            f"'{name}' was stopped at its first words: they were a mark of sources, a question of its own, or a text "
            "that the request stops at. Ask in other words, or take a larger model"
        )
    if last.has_thought or last.done_reason == "length":
        return ChatError(
            f"'{name}' thought, and wrote no answer. It may need more than {max_output_tokens} tokens: raise "
            "RAG_MAX_OUTPUT_TOKENS, or take an 'instruct' model"
        )
    return ChatError(f"'{name}' wrote nothing: it ended its answer before the first word; take a larger model")
