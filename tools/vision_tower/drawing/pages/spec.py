"""What a page is told to be, and how a kind of page is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from PIL.Image import Image

Value: TypeAlias = str | int


@dataclass(frozen=True)
class PageSpec:
    """A kind of page and what a caption may tell of it; an empty or zero value says that there is none."""

    kind: str
    attributes: tuple[tuple[str, Value], ...] = ()
    arrangement: int = 0
    """Which of the many pages of this sort; how it is laid out follows from it, what it looks like does not."""

    def get(self, attribute: str) -> Value:
        """ "" where the kind has no such attribute."""
        return dict(self.attributes).get(attribute, "")

    def word(self, attribute: str) -> str:
        """The attribute as text; empty where there is none."""
        return str(self.get(attribute))

    def number(self, attribute: str) -> int:
        """0 where there is no such attribute."""
        return int(self.get(attribute) or 0)


class Lots(Random):
    """Chance for one drawing: its own lots arrange the page and belong to the spec; `style` belongs to the caller.

    What takes more or fewer lots in another typeface (words, above all) must take them from `style`: else all that
    is arranged after it would move.
    """

    style: Random

    @classmethod
    def of(cls, spec: PageSpec, style: Random) -> Lots:
        """Seeded by the spec; `style` decides all that a redrawing changes."""
        lots = cls(repr(spec))
        lots.style = style
        return lots


@dataclass(frozen=True)
class Kind:
    """One kind of page.

    Attributes:
        names: as people call it, without an article; the first is the kind itself.
        draw: draws a spec of this kind, in a style by lot.
        options: for each attribute that can be seen the values that it is drawn from; repeated ones are likelier.
        leads: further ways in which a caption may begin, "{}" standing for the thing with its article.
        uncounted: the names that stand without an article.
    """

    names: tuple[str, ...]
    draw: Callable[[PageSpec, Lots], Image]
    options: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    leads: tuple[str, ...] = ()
    uncounted: tuple[str, ...] = ()

    def imagine(self, rng: Random) -> PageSpec:
        """Each attribute by lot."""
        attributes = tuple((key, rng.choice(values)) for key, values in self.options.items())
        return PageSpec(self.names[0], attributes, rng.randrange(1_000_000))
