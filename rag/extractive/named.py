"""What a question names to the letter, and which sources and sentences have it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text.identifiers import Identifier, find_identifiers
from rag.types import Hit

_Form = tuple[Identifier, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Named:
    """Identifiers of a question that one source at least has, in the form that it has.

    Attributes:
        certain: nothing without them answers, where something with them does.
        weak: better with them than without.
    """

    certain: tuple[_Form, ...] = ()
    weak: tuple[_Form, ...] = ()

    @classmethod
    def of(cls, question: str, hits: Sequence[Hit]) -> Named:
        texts = [text for hit in hits for text in (hit.record.text, hit.record.source)]
        forms = [(each, each.form_in(texts)) for each in find_identifiers(question)]
        found = [(each, form) for each, form in forms if form is not None]
        return cls(
            tuple(form for form in found if form[0].strength != "weak"),
            tuple(form for form in found if form[0].strength == "weak"),
        )

    def n_held(self, *texts: str) -> int:
        """How many of the certain ones stand in one of the texts."""
        return sum(any(map(form.search, texts)) for _, form in self.certain)

    def n_weak(self, *texts: str) -> int:
        return sum(any(map(form.search, texts)) for _, form in self.weak)

    def names_another(self, text: str) -> bool:
        """Whether it speaks of one like it: E22 where E21 was asked for."""
        kinds = {_kind(each.text) for each, _ in self.certain}
        others = (each.text for each in find_identifiers(text) if each.strength != "weak")
        return any(_kind(other) in kinds and not self.n_held(other) for other in others)


def _kind(text: str) -> str:
    """How it is built: `a9-9/a`."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text))
