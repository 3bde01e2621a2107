"""What stands in a document that a benchmark writes: headings, paragraphs and tables, in reading order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

_NOUNS = """anchor barge beacon boiler buoy cable canal captain cargo carriage channel chart clerk coal copper crane
crew cutter depth dredger
engine ferry fleet gauge governor harbour hawser hull inlet island keeper lamp ledger lighthouse
mast mill mooring net oar pier pilot plank pump quay railway rope rudder sail signal sluice steamer survey telegraph
tide timber tower valve vessel voyage warehouse wharf winch""".split()
_VERBS = """carried closed counted crossed drained followed guarded hauled inspected kept lifted loaded lowered measured
mended noted painted passed raised reached repaired reported sealed served shifted signalled supplied tested towed
turned watched weighed""".split()
_ADJECTIVES = """ancient broad calm careful cold deep double early eastern empty former heavy hollow idle iron late
local narrow northern open patient plain quiet rapid rough rusty shallow silent single slow southern steep stone
western wooden young""".split()
_LINKS = "and while because although before after until whenever".split()


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` counts from 1."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` begin with the header."""

    rows: list[list[str]]


Block: TypeAlias = Heading | Paragraph | Table


@dataclass(slots=True)
class Document:
    """A file and what is in it.

    Attributes:
        kind: what it tries, for the report.
        name: with the extension.
        blocks: in reading order.
    """

    kind: str
    name: str
    data: bytes
    blocks: list[Block] = field(default_factory=list)

    def texts(self) -> Iterator[str]:
        for block in self.blocks:
            if isinstance(block, Table):
                yield from (cell for row in block.rows for cell in row)
            else:
                yield block.text


class Writer:
    """Makes up headings, paragraphs and tables, the same ones for the same seed."""

    def __init__(self, seed: int | str) -> None:
        self.chance = random.Random(seed)

    def heading(self, n_words: int = 3) -> str:
        words = [self.chance.choice(_ADJECTIVES), *self.chance.sample(_NOUNS, n_words - 1)]
        return " ".join(words).capitalize()

    def sentence(self) -> str:
        parts = [self._clause() for _ in range(self.chance.choice([1, 1, 2, 3]))]
        text = parts[0] + "".join(f" {self.chance.choice(_LINKS)} {part}" for part in parts[1:])
        return text[0].upper() + text[1:] + "."

    def paragraph(self, n_sentences: int = 4) -> str:
        return " ".join(self.sentence() for _ in range(n_sentences))

    def table(self, n_rows: int, n_columns: int) -> list[list[str]]:
        """A header of names, a first column of names, and numbers or short words in the others."""
        header = ["Name", *self.chance.sample([noun.capitalize() for noun in _NOUNS], n_columns - 1)]
        numeric = [self.chance.random() < 0.6 for _ in header]
        names = self.chance.sample([f"{a.capitalize()} {n}" for a in _ADJECTIVES for n in _NOUNS], n_rows)
        rows = [
            [name, *(self._number() if numeric[n] else self.chance.choice(_NOUNS) for n in range(1, n_columns))]
            for name in names
        ]
        return [header, *rows]

    def _number(self) -> str:
        whole = self.chance.choice(
            [self.chance.randrange(10), self.chance.randrange(1000), self.chance.randrange(90000)]
        )
        return f"{whole}.{self.chance.randrange(100):02}" if self.chance.random() < 0.4 else f"{whole}"

    def _clause(self) -> str:
        choice = self.chance.choice
        return f"the {choice(_ADJECTIVES)} {choice(_NOUNS)} {choice(_VERBS)} the {choice(_ADJECTIVES)} {choice(_NOUNS)}"
