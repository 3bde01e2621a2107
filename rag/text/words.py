"""English words that carry meaning, told from those that only hold a question together. Pure."""

from __future__ import annotations

import re

WORD = re.compile(r"\w+(?:['’]\w+)?")
STOPWORDS = frozenset(
    "a about above after all also an and any are as at be been before between but by can could describe did do does "
    "for from get had has have how i if in into is it its many me more most much my no not of on one or our other out "
    "over per say should show so some tell than that the their them there these they this those to up under was we "
    "were what when where which while who why will with would you your s "
    "image images photo photos photograph photographs picture pictures".split()
)
"""The last line is of words that say what is wanted, not what it is about: "a picture of a lighthouse"."""


def content_words(text: str) -> list[str]:
    """Lower-case words that carry meaning, plural s cut off, in order, each once."""
    return list(dict.fromkeys(_singular(word) for word in meaningful(text).split()))


def meaningful(text: str) -> str:
    """The text's lower-case words without the stop words, with spaces between; all of them where nothing is left.

    `What is the age of the bridge?` is `age bridge`: to a ranking by rare words, "what" is a rare word.
    """
    words = [word.lower() for word in WORD.findall(text)]
    return " ".join([word for word in words if word not in STOPWORDS] or words)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
