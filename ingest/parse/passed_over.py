"""What a parser does not take is counted by kind and said: "done" means that nothing was dropped unsaid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ingest.parse.elements import Warned


class PassedOver:
    """Counts of one document."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._notes: dict[str, None] = {}

    def add(self, kind: str, n: int = 1) -> None:
        """`kind` in the plural: `comments`, `charts that cannot be read`."""
        if n:
            self._counts[kind] += n

    def note(self, sentence: str) -> None:
        """Something to know that is no loss: hidden slides that were read. Said once."""
        self._notes[sentence] = None

    def warnings(self) -> Iterator[Warned]:
        """A warning for each kind."""
        for kind, n in self._counts.items():
            yield Warned(f"passed over, {kind}: {n}")
        yield from map(Warned, self._notes)
