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

    def get(self, attribute: str) -> Value:
        return dict(self.attributes).get(attribute, "")

    def word(self, attribute: str) -> str:
        return str(self.get(attribute))

    def number(self, attribute: str) -> int:
        return int(self.get(attribute) or 0)


@dataclass(frozen=True)
class Kind:
    """One kind of page.

    Attributes:
        names: as people call it, in the singular and without an article; the first is the kind itself.
        draw: draws a spec of this kind, in a style by lot.
        options: for each attribute that can be seen the values that it is drawn from; repeated ones are likelier.
        leads: further ways in which a caption may begin, "{}" standing for the thing with its article.
    """

    names: tuple[str, ...]
    draw: Callable[[PageSpec, Random], Image]
    options: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    leads: tuple[str, ...] = ()

    def imagine(self, rng: Random) -> PageSpec:
        return PageSpec(self.names[0], tuple((key, rng.choice(values)) for key, values in self.options.items()))
