"""Notes for callers who see only some knowledge bases."""

import pytest

from rag.serve.guard.access import EVERYTHING, Access
from rag.serve.told import told
from rag.trace import Note

LIMITED = Access(frozenset({"manuals"}), frozenset())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("no words were read in the picture", "no words were read in the picture"),
        (
            "2 sources were not given to the model; RAG_CONTEXT_TOKENS raises the limit",
            "2 sources were not given to the model",
        ),
        ("the answer was cut at 10 tokens (RAG_MAX_OUTPUT_TOKENS)", "the answer was cut at 10 tokens"),
        ("Ollama does not answer at http://127.0.0.1:11434; start it with 'ollama serve'", None),
        ("the model is not on 10.0.0.7:11434", None),
        ("it is missing in /home/ada/rag/models", None),
    ],
)
def test_no_address_setting_command_or_path_is_said(text, left):
    (note,) = told([Note("chat_unreachable", text)], LIMITED)
    assert note.code == "chat_unreachable"
    assert note.text == (
        left or "something on the server is not as it should be; whoever runs it finds the reason in its log"
    )
    assert told([Note("chat_unreachable", text)], EVERYTHING)[0].text == text
