"""Which of a server's models to take when the one that is named is not there. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_INSTRUCT = re.compile(r"instruct|chat|-it\b|\bit-", re.IGNORECASE)
_NO_INSTRUCT = re.compile(r"\b(?:base|text|code|coder|guard|embed\w*)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeldModel:
    """A model that the server has.

    Attributes:
        name: as `ollama list` shows it.
        capabilities: such as `completion`, `vision`, `embedding`; None where the server does not say.
        n_bytes: of its file.
        modified_at: when it was pulled or made.
        is_loaded: somebody uses it just now.
    """

    name: str
    capabilities: tuple[str, ...] | None = None
    n_bytes: int = 0
    modified_at: datetime | None = None
    is_loaded: bool = False


def stand_in(held: Sequence[HeldModel], *, sees: bool = False) -> HeldModel | None:
    """The model that most likely does: one that writes, that sees where that counts, is loaded, made for talking, new.

    Args:
        held: what the server has.
        sees: pictures count: one that sees goes before one that does not.
    """
    writers = [model for model in held if model.capabilities is None or "completion" in model.capabilities]
    return max(writers, key=lambda model: _fitness(model, sees), default=None)


def _fitness(model: HeldModel, sees: bool) -> tuple[bool, bool, bool, bool, datetime]:
    can = model.capabilities or ()
    talks = not _NO_INSTRUCT.search(model.name.replace("_", "-"))
    return (
        talks,
        sees and "vision" in can,
        model.is_loaded,
        bool(_INSTRUCT.search(model.name)),
        model.modified_at or datetime.min.replace(tzinfo=UTC),
    )
