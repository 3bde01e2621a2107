"""Asking from the terminal: one answer, or a conversation."""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Container
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rag.cli import console
from rag.errors import RagError
from rag.text.quoting import plain
from rag.trace import Note
from rag.types import Answer, AnswerEvent, Hit, TokenEvent

if TYPE_CHECKING:
    from rag.chat.ollama import OllamaChat
    from rag.config import Settings
    from rag.knowledge_base import KnowledgeBase
    from rag.question import Question


def print_answer(
    kb: KnowledgeBase, question: Question, *, as_json: bool = False, known: Container[Note] = ()
) -> Answer:
    """Streams an answer to stdout, then its sources; notes go to stderr. With `as_json`, one JSON object.

    Notes in `known` were shown before and are not repeated.
    """
    if as_json:
        answer = kb.ask(question)
        console.say_json(answer.to_dict())
        return answer
    from rich.console import Console

    from rag.answers.held.reply import said_late
    from rag.cli.waiting import Waiting

    answer, said = Answer("", (), ()), ""
    with Waiting(Console(stderr=True)) as waiting:
        for event in kb.stream(question):
            if waiting.show(event):
                continue
            if isinstance(event, TokenEvent):
                waiting.end()
                said += event.text
                sys.stdout.write(plain(event.text))
                sys.stdout.flush()
            elif isinstance(event, AnswerEvent):
                answer = event.answer
    print(flush=True)  # the notes below go to stderr
    if late := said_late(answer, said):
        console.say(plain(f"\n{late}"))
    print_sources(answer)
    console.notes(note for note in answer.notes if note not in known)
    return answer


def print_sources(answer: Answer) -> None:
    """The sources that the answer cites, or all where it cites none."""
    cited = {citation.hit for citation in answer.citations if citation.hit is not None}
    if not answer.hits:
        return
    console.say("\nSources:")
    for index, (number, hit) in enumerate(zip(answer.numbers, answer.hits, strict=True)):
        if index in cited or not cited:
            console.say("\n".join(console.hit_lines(number, hit)))


def pull_models(settings: Settings, *, for_ingest: bool = False) -> None:
    """Lets Ollama fetch the models that the settings name and that are not there yet, with progress on stderr.

    What cannot be pulled is said, and what works without it goes on: an answer then quotes the sources.
    """
    import anyio
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    from rag.models.ollama import named_models

    models = named_models(settings, for_ingest=for_ingest)
    if not models:
        console.note("note: nothing to pull: the settings name no model of Ollama")

    async def pull(chat: OllamaChat) -> None:
        if await chat.is_there():
            return
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        with Progress(*columns, console=Console(stderr=True)) as bars:
            bar = bars.add_task(f"pulling {chat.wanted}", total=None)
            async for line in chat.pull():
                status = console.one_line(line.status)
                bars.update(bar, description=status, completed=line.completed_bytes or 0, total=line.total_bytes)

    for model in models:
        try:
            anyio.run(pull, model)
        except RagError as error:
            console.note(f"note: '{plain(model.wanted)}' was not pulled: {plain(str(error))}")


def chat(kb: KnowledgeBase, *, keep_history: bool = True, go_on: bool = False, pull: bool = False) -> int:
    """The conversation at the terminal; the exit code."""
    from rag.cli.repl import run_chat

    if pull:
        pull_models(kb.settings)
    data_dir = kb.settings.data_dir if keep_history else None
    if sys.stdin.isatty():
        threading.Thread(target=_warm, args=(kb,), name="warm", daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="rag-chat-") as folder:
        return run_chat(kb, data_dir=data_dir, locate=lambda hit: _file_of(kb, hit, Path(folder)), go_on=go_on)


def _warm(kb: KnowledgeBase) -> None:
    """While the first question is typed. What cannot be used is said when it is asked."""
    import anyio

    with suppress(RagError):
        anyio.run(kb.warm)


def _file_of(kb: KnowledgeBase, hit: Hit, folder: Path) -> Path | None:
    """What `/open` shows: the stored picture, or else the document itself where it is a file on this machine."""
    from rag.cli.open_file import saved_asset
    from rag.images.assets import StoredAssets

    picture = saved_asset(hit, StoredAssets(kb.assets_uri).get, folder)
    if picture is not None:
        return picture
    paths = (document.path for document in kb.stored.documents() if document.doc_id == hit.record.doc_id)
    return next((Path(path) for path in paths if Path(path).is_file()), None)
