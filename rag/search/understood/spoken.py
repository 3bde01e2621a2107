"""A question as words among which things are looked for, and what files it begins with. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from rag.search.understood import words
from rag.search.understood.asked import COLUMN_WORDS, find_count, find_order, number_of
from rag.search.understood.reading import Match
from rag.search.understood.tokens import said, tokens_of
from rag.search.understood.vocabulary import Vocabulary
from rag.text.pointing import carried
from rag.understood import Certainty, Understood


class Spoken:
    """One question.

    Attributes:
        text: as it was asked.
        tokens, words: of it; the words in small letters.
        kept: by token: it means nothing but itself.
        kinds: tokens that are nouns of files: `photos`, `PDFs`, `reports`.
        order: `the newest`, beside one of these.
        count: first and last token of `how many`.
        head: the one that the question begins with; None where it begins with something else.
    """

    def __init__(self, text: str, vocabulary: Vocabulary, as_words: Collection[str]) -> None:
        self.text, self._vocabulary = text, vocabulary
        self.tokens = tokens_of(text)
        self.words = [token.word for token in self.tokens]
        self.kept = self._kept(as_words)
        self.kinds = [at for at in range(len(self.words)) if self.is_kind(at) and not self.kept[at]]
        self.order = find_order(self.tokens, self.kinds)
        self.count = find_count(self.tokens)
        self.head: int | None = None

    def _kept(self, as_words: Collection[str]) -> list[bool]:
        kept = [token.is_quoted for token in self.tokens]
        for phrase in as_words:
            spoken = [token.word for token in tokens_of(phrase)]
            for at in range(len(self.words) - len(spoken) + 1 if spoken else 0):
                if self.words[at : at + len(spoken)] == spoken:
                    kept[at : at + len(spoken)] = [True] * len(spoken)
        return kept

    def find_head(self, understood: Iterable[tuple[int, int]]) -> None:
        """Sets `head`: before it stand only words that ask, and what is understood (first and last token of each)."""
        passed = {at for first, last in understood for at in range(first, last + 1)}
        for span in ((self.order.first, self.order.last) if self.order else None, self.count):
            passed.update(range(span[0], span[1] + 1) if span else ())
        for at, word in enumerate(self.words):
            if at in self.kinds:
                self.head = at
                return
            if at not in passed and word not in _ASKING and not (self.order and word in _WHEN) and not number_of(word):
                return

    def word(self, at: int) -> str:
        """Empty outside of the question."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    @property
    def noun(self) -> str:
        """The word of `head`; empty where there is none."""
        return "" if self.head is None else self.words[self.head]

    def asks_values(self, first: int, last: int) -> bool:
        """Beside these tokens it says nothing but a word for a column: `which cameras`, not `how many people died`."""
        others = [word for at, word in enumerate(self.words) if not first <= at <= last]
        said = [word for word in others if word not in _ASKING | words.MADE]
        return len(said) == 1 and self._vocabulary.has(COLUMN_WORDS.get(said[0], ""))

    @property
    def has_images(self) -> bool:
        return any(self.words[at] in words.IMAGES for at in self.kinds)

    @property
    def has_verb(self) -> bool:
        """It says what was done to files."""
        return any(word in words.MADE for word in self.words)

    def is_kind(self, at: int) -> bool:
        """A noun of files. Of one kind of file only where there are such."""
        word = self.word(at)
        return word in words.KINDS or bool(self.endings(word))

    def endings(self, word: str) -> list[str]:
        """The endings of such files that there are."""
        return [ending for ending in words.FILES.get(word, ()) if ending in self._vocabulary.endings]

    def before(self, at: int) -> int:
        """The token before it, articles passed over."""
        at -= 1
        while self.word(at) in words.ARTICLES and self.word(at) not in ("de", "du", "del", "d"):
            at -= 1
        return at

    def verbs_before(self, first: int) -> list[int]:
        return [first - 1] if self.word(first - 1) in words.MADE else []

    def is_denied(self, first: int) -> bool:
        """`not from 2019`"""
        return any(self.word(at) in words.NOT for at in (first - 1, first - 2))

    def is_noun(self, at: int) -> bool:
        """A word of its own follows at once, that is no file: `war` in `the 1914 war`."""
        if not 0 < at < len(self.tokens) or self.is_kind(at):
            return False
        gap = self.text[self.tokens[at - 1].end : self.tokens[at].start]
        return not gap.strip() and self.words[at] not in _SMALL and bool(carried(self.tokens[at].text))

    def said(self, first: int, last: int) -> str:
        return said(self.text, self.tokens[first : last + 1])

    def match(
        self, first: int, last: int, column: str, operator: str, value: Any, certainty: Certainty, where: str,
        label: str, spare: Sequence[int] = (),
    ) -> Match:  # fmt: skip
        """What these tokens mean; see `Understood`."""
        understood = Understood(column, operator, value, certainty, self.said(first, last), where, label)
        return Match(first, last, understood, tuple(spare))


_WHEN = frozenset("when where wann wo quand ou cuando donde".split())
_ASKING = words.LEADS | words.ARTICLES | {"s"}
_SMALL = words.LEADS | words.MADE | words.IN | words.WITH | words.AND | words.SINCE | frozenset(
    "show shows depict depicts contain contains mention mentions exist say says tell about zeigen zeigt enthalten "
    "montrent montre contiennent muestran muestra contienen".split()
)  # fmt: skip
"""What may follow a date without having it."""
