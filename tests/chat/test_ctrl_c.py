"""Ctrl-C at the terminal reaches the server: from the signal, through the event loop's thread, to the socket."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from rich.console import Console

from rag.answers.answerer import Answerer
from rag.answers.chat_history import ChatHistory
from rag.chat.ollama import OllamaChat, OllamaOptions
from rag.cli.repl import ChatLoop
from rag.prompt import load_prompt
from rag.question import Question
from rag.sync.sync_iter import sync_iter
from rag.trace import Trace
from rag.types import Event, Hit, Record, SearchResult, Turn
from tests.chat.server import FakeOllama, Script

FOUND = SearchResult((Hit(Record("1", "d", "a.md", "text", "Valve A closes first."), 1.0, {}, 1.0),))


class Kb:
    name = "manuals"

    def __init__(self, fake: FakeOllama) -> None:
        self._answerer = Answerer(load_prompt("answer"), OllamaChat("tiny", fake.url, OllamaOptions(timeout_s=30)))

    def stream(
        self, question: str = "", *, image: Path | None = None, where: str = "", history: Sequence[Turn] = ()
    ) -> Iterator[Event]:
        return sync_iter(lambda: self._answerer.stream(Question(question), FOUND, Trace()))


@pytest.mark.skipif(os.name != "posix", reason="sends a POSIX signal")
@pytest.mark.parametrize("script", [Script(pieces=["word "], endless=True), Script(pieces=["a "], silent_after=1)])
def test_ctrl_c_stops_the_generation_upstream_and_the_conversation_goes_on(
    fake_ollama: FakeOllama, script: Script
) -> None:
    out, lines = io.StringIO(), iter(["Which valve?", "And now?"])
    loop = ChatLoop(
        Kb(fake_ollama),
        Console(file=out),
        ChatHistory(None, "manuals"),
        locate=lambda _: None,
        open_path=lambda _: None,
    )
    fake_ollama.script = script

    def interrupt() -> None:
        while fake_ollama.n_sent < 1:
            time.sleep(0.01)
        time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGINT)

    def read() -> str:
        line = next(lines, None)
        if line is None:
            raise EOFError
        if line == "And now?":
            assert fake_ollama.disconnected.wait(5)
            fake_ollama.script = Script()
        else:
            threading.Thread(target=interrupt).start()
        return line

    started = time.monotonic()
    loop.run(read)
    assert time.monotonic() - started < 10
    assert "(stopped)" in out.getvalue()
    assert "Valve A closes first. [1]" in out.getvalue()
