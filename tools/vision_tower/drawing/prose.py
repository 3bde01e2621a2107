"""Invented text that looks real from a distance: words, titles, names, numbers, sums, dates, code."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

_COMMON = (
    "the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which"
    " one you were all her she there would their we him been has when who will no more if out so said what up its about"
    " than into them can only other time new some could these two may then do first any my now such like our over"
).split()
_ONSETS = "b br c cl d dr f fl g gr h j l m n p pl pr qu r s sh sp st str t tr v w".split()
_NUCLEI = "a e i o u ai ea ie ou oo".split()
_CODAS = " n r s t l m nd nt rs st ck ng ".split(" ")
_ENDINGS = ("", "", "", "s", "ed", "ing", "er", "ly", "tion", "ment", "al", "ity")
_TITLE_WORDS = (
    "Annual Report Budget Guide Market Review Health Water Energy Growth Season Summer Winter Travel Garden History"
    " Science Music Art Future City Forest Ocean Mountain Coffee Kitchen Network Data Cloud Safety Quality Training"
    " Project Research Survey Results Overview Strategy Summary Notes Manual Policy Update Plan Community Festival"
    " School Library Design Trade Finance Transport Climate Product Service Customer Security System Power Light Night"
).split()
_FIRST = (
    "Anna Ben Clara David Elena Frank Grace Hugo Ines Jan Kate Leo Maria Nils Olga Paul Rosa Sam Tara Yusuf".split()
)
_LAST = "Adler Berg Costa Diaz Evans Fischer Garcia Hill Ivanov Jones Kim Lopez Meyer Novak Okafor Patel Rossi".split()
_MONTHS = "January February March April May June July August September October November December".split()
_KEYWORDS = "def return if else for while class import from const let function public void int string try with".split()


def word(rng: Random) -> str:
    """A common one, or an invented one of one to three syllables."""
    if rng.random() < 0.45:
        return rng.choice(_COMMON)
    n_syllables = rng.choices((1, 2, 3), (3, 4, 1))[0]
    syllables = (rng.choice(_ONSETS) + rng.choice(_NUCLEI) + rng.choice(_CODAS) for _ in range(n_syllables))
    return "".join(syllables) + rng.choice(_ENDINGS)


def sentence_word(rng: Random) -> str:
    """A word as it stands in running text: at times with a capital or a stop."""
    chance = rng.random()
    if chance < 0.1:
        return word(rng).capitalize()
    return word(rng) + ("," if chance < 0.17 else "." if chance < 0.26 else "")


def label(rng: Random) -> str:
    """A capitalised word, as in a table's first column or a menu."""
    return rng.choice(_TITLE_WORDS) if rng.random() < 0.5 else word(rng).capitalize()


def title(rng: Random, n_words: int | None = None) -> str:
    """A heading of one to four words (or of `n_words`)."""
    words = rng.sample(_TITLE_WORDS, n_words or rng.randint(1, 4))
    return rng.choice((" ".join, lambda parts: " ".join(parts).capitalize()))(words)


def name(rng: Random) -> str:
    return f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"


def number(rng: Random) -> str:
    """A figure as tables have them: a count, a share, a decimal, a negative."""
    form = rng.choice(("{:.0f}", "{:,.0f}", "{:.1f}", "{:.2f}", "{:.1f}%", "-{:.1f}"))
    return form.format(10 ** rng.uniform(0, 4.5))


def amount(rng: Random) -> str:
    """Money, without its currency."""
    return f"{10 ** rng.uniform(0.3, 3.5):,.2f}"


def date(rng: Random) -> str:
    return f"{rng.randint(1, 28)} {rng.choice(_MONTHS)} {rng.randint(1985, 2025)}"


def month(rng: Random) -> str:
    return rng.choice(_MONTHS)


def keyword(rng: Random) -> str:
    """Of some programming language."""
    return rng.choice(_KEYWORDS)


def identifier(rng: Random) -> str:
    """A name, call or operator of a program."""
    return rng.choice(("{}", "{}", "{}()", "{}_id", "self.{}", "{}[i]", "=", "+=", "({},", "{}:", "==")).format(
        word(rng)
    )


def literal(rng: Random) -> str:
    """A string or number of a program."""
    return f'"{word(rng)}"' if rng.random() < 0.7 else str(rng.randint(0, 4096))


def comment(rng: Random) -> str:
    """The sign that begins one, or a word of it."""
    return rng.choice(("//", "#", "*", "--", word(rng), word(rng), word(rng), word(rng)))


SCRIPTS: dict[str, Callable[[Random], str]] = {
    "prose": sentence_word,
    "label": label,
    "name": name,
    "number": number,
    "amount": amount,
    "keyword": keyword,
    "identifier": identifier,
    "literal": literal,
    "comment": comment,
}
"""What a ribbon of ready-made text (see `ribbons`) can be made of."""
