"""Asking from the terminal: one answer, or a conversation."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING

from rag.cli import console
from rag.text.quoting import plain
from rag.trace import Note
from rag.types import Answer, AnswerEvent, Hit, TokenEvent

if TYPE_CHECKING:
    from rag.knowledge_base import KnowledgeBase


def print_answer(
    kb: KnowledgeBase,
    question: str,
    *,
    image: str | Path | None = None,
    where: str = "",
    top_k: int = 8,
    as_json: bool = False,
    known: Container[Note] = (),
) -> Answer:
    """Streams an answer to stdout, then its sources; notes go to stderr. With `as_json`, one JSON object.

    Notes in `known` were shown before and are not repeated.
    """
    if as_json:
        answer = kb.ask(question, image=image, where=where, top_k=top_k)
        console.say_json(answer.to_dict())
        return answer
    answer = Answer("", (), ())
    for event in kb.stream(question, image=image, where=where, top_k=top_k):
        if isinstance(event, TokenEvent):
            sys.stdout.write(plain(event.text))
            sys.stdout.flush()
        elif isinstance(event, AnswerEvent):
            answer = event.answer
    console.say()
    print_sources(answer)
    console.notes(note for note in answer.notes if note not in known)
    return answer


def print_sources(answer: Answer) -> None:
    """The sources that the answer cites, or all where it cites none."""
    cited = {citation.hit for citation in answer.citations if citation.hit is not None}
    if not answer.hits:
        return
    console.say("\nSources:")
    for index, hit in enumerate(answer.hits):
        if index in cited or not cited:
            console.say("\n".join(console.hit_lines(index + 1, hit)))


def pull_model(kb: KnowledgeBase) -> None:
    """Lets Ollama fetch the chat model, with progress on stderr."""
    import anyio
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    chat = kb.models.chat
    if chat is None:
        console.note("note: nothing to pull: RAG_CHAT is 'extractive'")
        return

    async def pull() -> None:
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        with Progress(*columns, console=Console(stderr=True)) as bars:
            bar = bars.add_task(f"pulling {chat.name}", total=None)
            async for line in chat.pull():
                status = console.one_line(line.status)
                bars.update(bar, description=status, completed=line.completed_bytes or 0, total=line.total_bytes)

    anyio.run(pull)


def chat(kb: KnowledgeBase, *, keep_history: bool = True) -> int:
    """The conversation at the terminal; the exit code."""
    from rag.cli.repl import run_chat

    data_dir = kb.settings.data_dir if keep_history else None
    with tempfile.TemporaryDirectory(prefix="rag-chat-") as folder:
        return run_chat(kb, data_dir=data_dir, locate=lambda hit: _file_of(kb, hit, Path(folder)))


def _file_of(kb: KnowledgeBase, hit: Hit, folder: Path) -> Path | None:
    """What `/open` shows: the stored picture, or else the document itself where it is a file on this machine."""
    from rag.cli.open_file import saved_asset
    from rag.images.assets import StoredAssets

    picture = saved_asset(hit, StoredAssets(kb.assets_uri).get, folder)
    if picture is not None:
        return picture
    paths = (document.path for document in kb.stored.documents() if document.doc_id == hit.record.doc_id)
    return next((Path(path) for path in paths if Path(path).is_file()), None)
