"""What a parser does not take is counted by kind and said: "done" means that nothing was dropped unsaid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ingest.parse.elements import Warned, WarningCode


class PassedOver:
    """Counts of one document."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[WarningCode, str]] = Counter()
        self._notes: dict[str, None] = {}

    def add(self, kind: str, n: int = 1, *, code: WarningCode = "part_unread") -> None:
        """`kind` in the plural: `comments`, `charts that cannot be read`."""
        self.count(code, f"passed over, {kind}", n)

    def count(self, code: WarningCode, sentence: str, n: int = 1) -> None:
        """Something left out, in a sentence that a number will follow."""
        if n:
            self._counts[code, sentence] += n

    def note(self, sentence: str) -> None:
        """Something to know that is no loss: hidden slides that were read. Said once."""
        self._notes[sentence] = None

    def warnings(self) -> Iterator[Warned]:
        """A warning for each kind."""
        for (code, sentence), n in self._counts.items():
            yield Warned(code, f"{sentence}: {n}", n)
        for sentence in self._notes:
            yield Warned("remark", sentence)
