"""What a terminal shows until the first word: the sources' own words, and what is waited for."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from rag.text.quoting import plain
from rag.types import Event, QuoteEvent, StatusEvent

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live

_QUOTED = "The sources say (quoted, no model wrote this):"


class Waiting:
    """Lines that go away when the model's words come. Where nobody watches, in a file or a pipe, nothing is shown.

    Args:
        console: of the terminal.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None
        self._quote = self._status = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def show(self, event: Event) -> bool:
        """Shows what is waited for; False for an event of another kind."""
        if isinstance(event, QuoteEvent):
            self._quote = event.text
        elif isinstance(event, StatusEvent):
            self._status = event.text
        else:
            return False
        if self._console.is_terminal:
            self._draw()
        return True

    def end(self) -> None:
        """The answer itself follows."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _draw(self) -> None:
        from rich.live import Live
        from rich.text import Text

        lines = [_QUOTED, self._quote, ""] if self._quote else []
        text = Text("\n".join(map(plain, [*lines, f"{self._status} ..." if self._status else ""])), style="dim")
        if self._live is None:
            self._live = Live(text, console=self._console, transient=True, auto_refresh=False)
            self._live.start()
        self._live.update(text, refresh=True)
