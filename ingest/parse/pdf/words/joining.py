"""Lines of a PDF joined to texts: what a line's end stands for, a blank, a hyphen or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingest.parse.pdf.geometry import union
from ingest.parse.pdf.words.lines import Line

_HYPHENS = "-\u2010\u00ad"
_CJK = re.compile(r"[\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff]")
LEADERS = re.compile(r"(?:\s?[.·…]){4,}|_{6,}")
"""Dots from an entry to its page number, blanks to write on."""
_WORD = re.compile(r"\w+(?:-\w+)*")
_LAST_WORD = re.compile(r"\w+$")
_FIRST_WORD = re.compile(r"\w+")
_COMPOUND_HEADS = frozenset({"well", "self", "half", "ill", "all", "quasi", "ever", "best", "so", "much", "twenty"})
"""Words that are nearly always joined to the next by a hyphen; used where the document itself says nothing."""
_ENDINGS = ("ish", "ness", "ing", "ings", "ly", "less", "ed", "er", "ful", "ow", "ows", "owed", "owing", "ment", "way")
_PARTICLES = re.compile(
    "(?:은|는|이|가|을|를|의|에|에서|에게|으로|로|와|과|도|만|부터|까지|처럼|보다|이다|다|니다|습니다|했다|한다|된다|하는|하여|하고|되어|적인|들이|들은|들을|들의)"
    r"(?=\W|$)"
)


class Vocabulary:
    """The words of a document as far as it has been read: they say which hyphens are a word's own."""

    def __init__(self) -> None:
        self._words: set[str] = set()

    def learn(self, lines: Iterable[Line]) -> None:
        """Takes in a page. The last word of a hyphenated line and the first of the next are no words."""
        texts = []
        is_rest = False
        for line in lines:
            text = line.text.partition(" ")[2] if is_rest else line.text
            is_rest = line.is_hyphenated or text.endswith(tuple(_HYPHENS))
            texts.append(text.rpartition(" ")[0] if is_rest else text)
        words = _WORD.findall("\n".join(texts).casefold().replace("\u2010", "-"))
        self._words.update(words)

    def __contains__(self, word: str) -> bool:
        return word.casefold() in self._words


NOTHING_KNOWN = Vocabulary()


def joined(lines: Sequence[Line], vocabulary: Vocabulary = NOTHING_KNOWN, *, keep_lines: bool = False) -> str:
    """The text of lines that belong together.

    Args:
        lines: in reading order.
        vocabulary: of the document.
        keep_lines: a line that ends early ends in the text too (code, verse).
    """
    if not lines:
        return ""
    text = lines[0].text
    if len(lines) == 1:
        return text
    column = union(line.box for line in lines)
    is_cut_anywhere = _HANGUL.search(text) is not None and _cuts_words(lines)
    for before, line in pairwise(lines):
        if before.is_hyphenated or _is_broken_word(before.text, line.text):
            text = _dehyphenated(text, line.text, vocabulary)
        elif keep_lines and (
            before.box.right < column.right - 0.2 * column.width or LEADERS.search(before.text) is not None
        ):
            text += "\n" + line.text
        elif (_CJK.match(text[-1]) and _CJK.match(line.text)) or (
            _HANGUL.match(text[-1])
            and _HANGUL.match(line.text)
            and _is_one_word(text, line.text, vocabulary, before, is_cut_anywhere=is_cut_anywhere)
        ):
            text += line.text
        else:
            text += " " + line.text
    return text


def _is_broken_word(before: str, after: str) -> bool:
    return before.endswith(tuple(_HYPHENS)) and before[-2:-1].islower() and after[0].islower()


def _dehyphenated(text: str, after: str, vocabulary: Vocabulary) -> str:
    """`multi` + `modal` is one word; `Qwen` + `3`, `IEEE` + `style` and `well` + `known` keep their hyphen."""
    text = text.rstrip(_HYPHENS)
    joins = (text[-1:].islower() and after[:1].islower()) or (text[-1:].isupper() and after[:1].isupper())
    if joins and _is_compound(text, after, vocabulary):
        joins = False
    return f"{text}{after}" if joins else f"{text}-{after}"


def _is_compound(text: str, after: str, vocabulary: Vocabulary) -> bool:
    """Whether the hyphen is the word's own, by how the document writes it elsewhere."""
    head, tail = _LAST_WORD.search(text), _FIRST_WORD.match(after)
    if not (head and tail):
        return False
    first, last = head[0].casefold(), tail[0].casefold()
    if text[: head.start()].endswith("-"):
        return True  # state-of-the- + art
    if f"{first}{last}" in vocabulary:
        return False
    if f"{first}-{last}" in vocabulary:
        return True
    if first in _COMPOUND_HEADS:
        return len(last) > 2 and last not in _ENDINGS
    return len(first) > 2 and len(last) > 3 and first in vocabulary and last in vocabulary


def _is_one_word(text: str, after: str, vocabulary: Vocabulary, before: Line, *, is_cut_anywhere: bool) -> bool:
    """Whether a Korean word goes on in the next line: typesetters break at blanks or between any two syllables."""
    head, tail = _LAST_WORD.search(text), _FIRST_WORD.match(after)
    if before.ends_blank or not (head and tail):
        return False
    if head[0] + tail[0] in vocabulary:
        return True
    if head[0] in vocabulary and tail[0] in vocabulary:
        return False
    return is_cut_anywhere or _PARTICLES.match(after) is not None


def _cuts_words(lines: Sequence[Line]) -> bool:
    """All lines but the last end within a letter of each other, and blanks are as wide in all: nothing was stretched
    to get there, so words were cut wherever the line was full."""
    full = lines[:-1]
    if len(full) < 2 or not all(line.size and _HANGUL.search(line.text) for line in full):
        return False
    ends = [line.box.right for line in full]
    if max(ends) - min(ends) >= 0.9 * full[0].size:
        return False
    gaps = [right.left - left.right for line in full for left, right in pairwise(line.words)]
    return not gaps or max(gaps) - min(gaps) < 0.25 * full[0].size
