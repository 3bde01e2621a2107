"""A reply as it is written, cut where it stops being an answer: our own delimiters, or words in circles. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_DELIMITER = "<<<"
_MADE_UP_TURN = re.compile(r"\n\s*(?:Question|Frage|Sources?)\s*:\s")
_WORD = re.compile(r"\w+|[^\w\s]")
_MAX_PERIOD_WORDS = 60
_MIN_LOOP_WORDS, _MIN_ROUNDS = 24, 3
"""A loop is the same words at least three times, and 24 words of them; a list of like lines has words that differ."""
_MIN_SENTENCE_WORDS, _MAX_SAME_SENTENCES = 5, 3
_SIGNS = ".!?\n。！？"
_RECENT_WORDS_CHARS, _RECENT_SENTENCES_CHARS = 4000, 10_000
"""How far back is looked, so that every further word costs the same."""
_SENTENCE = re.compile(r"[^.!?\n。！？]+[.!?\n。！？]?")  # linear: the last one may lack its sign


def stop_words(boundary: str) -> list[str]:
    """What the server should stop at, so that nobody waits for what is thrown away."""
    return [_DELIMITER, boundary, "\nQuestion:"]


class ReplyGuard:
    """Passes a streamed reply on until it goes wrong.

    Args:
        boundary: the conversation's; the reader never sees it.

    Attributes:
        text: what was passed on so far.
        ended: `delimiter` or `loop` once the reply went wrong: what comes after is dropped, and the server is to stop.
    """

    def __init__(self, boundary: str) -> None:
        self._marks = (_DELIMITER, boundary.lower())
        self._longest = max(map(len, self._marks))
        self._held = ""
        self.text = ""
        self.ended = ""

    def feed(self, piece: str) -> str:
        """What of the reply may be shown now. The beginning of what could become a delimiter is held back."""
        if self.ended:
            return ""
        self._held += piece
        cut = self._first_mark()
        if cut is not None:
            self.ended = "delimiter"
            return self._pass(self._held[:cut].rstrip())
        shown = self._pass(self._held[: len(self._held) - self._n_doubtful()])
        if is_loop(self.text):
            self.ended = "loop"
        return shown

    def flush(self) -> str:
        """The end of the reply: what was held back and is no delimiter."""
        return "" if self.ended else self._pass(self._held)

    def _pass(self, text: str) -> str:
        self._held = self._held[len(text) :]
        self.text += text
        return text

    def _first_mark(self) -> int | None:
        lower = self._held.lower()
        starts = [at for at in (lower.find(mark) for mark in self._marks) if at >= 0]
        turn = _MADE_UP_TURN.search(self._held)
        starts += [turn.start()] if turn and (self.text + self._held[: turn.start()]).strip() else []
        return min(starts, default=None)

    def _n_doubtful(self) -> int:
        """Characters at the end that may begin a mark, or a line that may become a made-up question."""
        lower, held = self._held.lower(), self._held
        begun = next(
            (
                n
                for n in range(min(self._longest - 1, len(held)), 0, -1)
                if any(mark.startswith(lower[-n:]) for mark in self._marks)
            ),
            0,
        )
        line = held.rfind("\n")
        is_short_line = line >= 0 and re.fullmatch(r"\s*[A-Za-z]{0,8}\s*:?", held[line:])
        return max(begun, len(held) - line if is_short_line else 0)


def is_loop(text: str) -> bool:
    """Whether the text ends in the same words over and over, or says one sentence for the fourth time, not long ago."""
    words = _WORD.findall(text[-_RECENT_WORDS_CHARS:].lower())
    return _same_words(words) or _same_sentence(text[-_RECENT_SENTENCES_CHARS:])


def without_loop(text: str) -> str:
    """The text up to the end of the first round, at the end of a sentence where there is one."""
    said: set[str] = set()
    end = 0
    for sentence in _SENTENCE.finditer(text):
        key = " ".join(sentence[0].lower().split())
        if key in said and len(key.split()) >= _MIN_SENTENCE_WORDS:
            return text[:end].rstrip()
        said.add(key)
        end = sentence.end()
    words = list(_WORD.finditer(text))
    period = _period([word[0].lower() for word in words])
    if not period:
        return text
    first = len(words)
    while first > period and words[first - 1][0].lower() == words[first - 1 - period][0].lower():
        first -= 1
    return text[: words[min(first, len(words)) - 1].end()]


def _same_words(words: Sequence[str]) -> bool:
    return bool(_period(words))


def _period(words: Sequence[str]) -> int:
    """Words after which the end of the text repeats itself; 0 where it does not."""
    for period in range(1, min(_MAX_PERIOD_WORDS, len(words) // _MIN_ROUNDS) + 1):
        n = max(_MIN_LOOP_WORDS, _MIN_ROUNDS * period)
        tail = words[-n:]
        if len(tail) == n and all(tail[at] == tail[at - period] for at in range(period, n)):
            return period
    return 0


def _same_sentence(text: str) -> bool:
    sentences = [" ".join(each.lower().split()) for each in _SENTENCE.findall(text) if each[-1] in _SIGNS]
    if not sentences or len(sentences[-1].split()) < _MIN_SENTENCE_WORDS:
        return False
    return sentences.count(sentences[-1]) > _MAX_SAME_SENTENCES
