"""What captions of all families need of English: numbers and articles."""

from __future__ import annotations

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def with_article(phrase: str) -> str:
    """'an area chart', 'a user'."""
    return f"an {phrase}" if phrase[0].lower() in "aeio" else f"a {phrase}"
