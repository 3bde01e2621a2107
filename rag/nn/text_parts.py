"""A text that is too long for a model, in parts."""

from __future__ import annotations

from collections.abc import Callable


def halves(text: str) -> tuple[str, str]:
    """Cut behind the last space before the middle, if there is one near; the text has two characters at least."""
    middle = len(text) // 2
    cut = text.rfind(" ", middle // 2, middle) + 1 or middle
    return text[:cut], text[cut:]


def fitting_parts(text: str, fits: Callable[[str], bool]) -> list[str]:
    """The text, halved until each part fits or is a single character."""
    if len(text) < 2 or fits(text):
        return [text]
    return [part for half in halves(text) for part in fitting_parts(half, fits)]
