"""The conversation at the terminal: reads questions and commands, prints answers as they are written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from rag.answers.chat_history import ChatHistory
from rag.answers.held.reply import said_late
from rag.cli.open_file import open_file
from rag.cli.waiting import Waiting
from rag.errors import RagError
from rag.filters.parse import parse_where
from rag.text.labels import citation_label
from rag.text.quoting import plain
from rag.types import Answer, AnswerEvent, Event, Hit, SourcesEvent, TokenEvent, Turn

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.console import Console

_SHOWN_CHARS = 200


class ChatKb(Protocol):
    """What the loop needs of a knowledge base."""

    @property
    def name(self) -> str: ...

    def stream(
        self, question: str = "", *, image: Path | None = None, where: str = "", history: Sequence[Turn] = ()
    ) -> Iterator[Event]: ...


def run_chat(
    kb: ChatKb,
    *,
    data_dir: Path | None,
    locate: Callable[[Hit], Path | None],
    console: Console | None = None,
    open_path: Callable[[Path], None] = open_file,
    go_on: bool = False,
) -> int:
    """Talks until the input ends.

    Args:
        kb: what is asked.
        data_dir: where the conversation is kept for the next run; None keeps nothing.
        locate: the file to open for a source, None if there is none.
        console: where it is printed.
        open_path: opens a file, for `/open`.
        go_on: take up the last conversation.

    Returns:
        0, or 1 where input came from a pipe and a question of it failed.
    """
    from rich.console import Console

    console = console or Console()
    history = ChatHistory(data_dir, kb.name)
    loop = ChatLoop(kb, console, history, locate=locate, open_path=open_path, go_on=go_on)
    interactive = sys.stdin.isatty() and console.is_terminal
    if interactive:
        loop.greet()
    n_errors = loop.run(_prompted(kb.name, history) if interactive else _piped)
    return 1 if n_errors and not interactive else 0


class ChatLoop:
    """One conversation.

    Args:
        kb: what is asked.
        console: where it is printed.
        history: earlier turns; new ones are added.
        go_on: take up the last conversation; otherwise a new one begins.
        locate: the file to open for a source.
        open_path: opens it.
    """

    def __init__(
        self,
        kb: ChatKb,
        console: Console,
        history: ChatHistory,
        *,
        locate: Callable[[Hit], Path | None],
        open_path: Callable[[Path], None] = open_file,
        go_on: bool = False,
    ) -> None:
        self._kb = kb
        self._console = console
        self._history = history
        self._locate = locate
        self._open_path = open_path
        self._turns = history.load() if go_on else []
        self._is_kept = go_on
        self._image: Path | None = None
        self._where = ""
        self._hits: tuple[Hit, ...] = ()
        self._numbers: tuple[int, ...] = ()

    def greet(self) -> None:
        self._say(f"Ask '{self._kb.name}' anything. /help lists the commands, Ctrl-D leaves.", "dim")
        if self._turns:
            self._say(f"The last {len(self._turns)} turns are remembered; /clear forgets them.", "dim")
        elif self._history.load():
            self._say("This is a new conversation; /history takes up the last one.", "dim")

    def run(self, read: Callable[[], str]) -> int:
        """Until `read` raises EOFError or `/quit`. Errors are shown and the loop lives on.

        Returns:
            How many lines failed.
        """
        n_errors = 0
        while True:
            try:
                line = read().strip()
                if line and not self._obey(line):
                    return n_errors
            except EOFError:
                return n_errors
            except KeyboardInterrupt:
                self._say("(Ctrl-D leaves)", "dim")
            except RagError as error:
                n_errors += 1
                self._say(str(error), "red")

    def _obey(self, line: str) -> bool:
        """Runs a command or asks a question; False to leave. `//...` asks what begins with a slash."""
        if not line.startswith("/") or line.startswith("//"):
            self._ask(line.removeprefix("/"))
            return True
        name, _, argument = line.partition(" ")
        if name in ("/quit", "/exit"):
            return False
        command = _COMMANDS.get(name)
        if command is None:
            raise RagError(f"there is no command {name}; /help lists them, and //... asks what begins with a slash")
        command[1](self, argument.strip())
        return True

    def _ask(self, question: str) -> None:
        image, self._image = self._image, None
        events = self._kb.stream(question, image=image, where=self._where, history=tuple(self._turns))
        # Closing the events stops the model: Ctrl-C must not leave it writing for nobody.
        with closing(cast("Generator[Event, None, None]", events)):
            try:
                answer = self._printed(events)
            except KeyboardInterrupt:
                self._say("\n(stopped)", "dim")
                return
        if answer is not None:
            self._turns.append(Turn(question, answer.text, image.read_bytes() if image else None))
            if not self._is_kept:
                self._history.begin()
                self._is_kept = True
            self._history.append(self._turns[-1])

    def _printed(self, events: Iterator[Event]) -> Answer | None:
        said = ""
        with Waiting(self._console) as waiting:
            for event in events:
                if waiting.show(event):
                    continue
                if isinstance(event, SourcesEvent):
                    self._hits, self._numbers = event.hits, event.numbers
                elif isinstance(event, TokenEvent):
                    waiting.end()
                    said += event.text
                    self._print(event.text, end="")
                elif isinstance(event, AnswerEvent):
                    waiting.end()
                    return self._concluded(event, said)
        return None

    def _concluded(self, event: AnswerEvent, said: str) -> Answer:
        answer = event.answer
        self._hits, self._numbers = answer.hits, answer.numbers
        self._print("\n", end="")
        if late := said_late(answer, said):
            self._say(f"\n{late}")
        cited = sorted({citation.hit for citation in answer.citations if citation.hit is not None})
        for index in cited:
            self._say(_source_line(answer.numbers[index], answer.hits[index]), "cyan")
        for note in answer.notes:
            self._say(f"note: {note}", "dim")
        return answer

    def _attach(self, argument: str) -> None:
        if not argument:
            self._image = None
            self._say("no picture is attached")
            return
        path = Path(argument.strip("\"'")).expanduser()
        if not path.is_file():
            raise RagError(f"there is no file {path}; /image takes the path of a picture")
        self._image = path
        self._say(f"{path.name} goes with the next question")

    def _filter(self, argument: str) -> None:
        if argument:
            parse_where(argument)  # said now, not at the next question
        self._where = argument
        self._say(f"only sources where {argument}" if argument else "no filter")

    def _list_sources(self, _: str) -> None:
        if not self._hits:
            self._say("no sources yet: ask something first")
        for number, hit in zip(self._numbers, self._hits, strict=True):
            self._say(_source_line(number, hit), "cyan")
            self._say(f"    {' '.join(plain(hit.record.text).split())[:_SHOWN_CHARS] or '(no words)'}")

    def _open(self, argument: str) -> None:
        if not argument.isdecimal() or int(argument) not in self._numbers:
            held = sorted(self._numbers)
            runs = held == list(range(1, len(held) + 1))
            listed = f"1 to {len(held)}" if runs else ", ".join(map(str, held))
            raise RagError(f"/open takes the number of a source, {listed}; /sources lists them")
        hit = self._hits[self._numbers.index(int(argument))]
        path = self._locate(hit)
        if path is None:
            raise RagError(f"the file of {plain(citation_label(hit.record))} is not on this machine")
        self._open_path(path)

    def _list_turns(self, _: str) -> None:
        if not self._turns and (kept := self._history.load()):
            self._turns, self._is_kept = kept, True
            self._say("The last conversation is taken up again:", "dim")
        for turn in self._turns:
            self._say(f"> {turn.question}", "bold")
            self._say(turn.answer)

    def _clear(self, _: str) -> None:
        self._turns.clear()
        self._history.clear()
        self._say("the conversation is forgotten")

    def _help(self, _: str) -> None:
        for name, (text, _run) in _COMMANDS.items():
            self._say(f"{name:9} {text}")
        self._say(f"{'/quit':9} leave (Ctrl-D too); Ctrl-C stops an answer")

    def _say(self, text: str, style: str = "") -> None:
        self._print(text, style=style)

    def _print(self, text: str, *, style: str = "", end: str = "\n") -> None:
        """Foreign text never reaches the terminal as markup or control characters."""
        from rich.text import Text

        self._console.print(Text(plain(text), style=style), end=end, soft_wrap=True, highlight=False)


_COMMANDS: dict[str, tuple[str, Callable[[ChatLoop, str], None]]] = {
    "/image": ("FILE: ask the next question with a picture", ChatLoop._attach),
    "/where": ("EXPR: only sources that match; without EXPR all again", ChatLoop._filter),
    "/sources": ("list the sources of the last answer", ChatLoop._list_sources),
    "/open": ("N: open source N with the desktop's program", ChatLoop._open),
    "/history": ("show the conversation so far, or take up the last one", ChatLoop._list_turns),
    "/clear": ("forget the conversation, also on disk", ChatLoop._clear),
    "/help": ("this list", ChatLoop._help),
}


def _source_line(number: int, hit: Hit) -> str:
    also = f" (and {len(hit.also)} nearly the same)" if hit.also else ""
    return f"[{number}] {citation_label(hit.record)} · {'picture' if hit.record.kind == 'image' else 'text'}{also}"


def _piped() -> str:
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    if not line:
        raise EOFError
    return line


def _prompted(kb: str, history: ChatHistory) -> Callable[[], str]:
    """A line editor with its own history and completion of commands."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory

    kept = history.prompt_file()
    lines: History = FileHistory(str(kept)) if kept else InMemoryHistory()
    session: PromptSession[str] = PromptSession(
        f"{kb}> ",
        history=lines,
        completer=WordCompleter([*_COMMANDS, "/quit"], sentence=True),
        complete_while_typing=False,
    )
    return session.prompt
