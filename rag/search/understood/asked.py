"""What is wanted of the files that a question speaks of: how many, the newest, which values. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.search.understood import words
from rag.search.understood.tokens import Token

_COUNTS: tuple[tuple[str, ...], ...] = (
    ("how", "many"), ("number", "of"), ("count",), ("wie", "viele"), ("anzahl",), ("combien",), ("nombre", "de"),
    ("cuantas",), ("cuantos",), ("numero", "de"), ("quantas",), ("quantos",), ("quante",), ("quanti",), ("hoeveel",),
)  # fmt: skip
_COUNTS_BEGIN = frozenset(phrase[0] for phrase in _COUNTS)
_NEWEST = frozenset(
    "newest latest recent last neueste neuesten neuestes neuester neuste neusten neustes letzte letzten letztes "
    "letzter jungste jungsten aktuellste aktuellsten recente recentes recents dernier derniers derniere dernieres "
    "reciente recientes ultimo ultimos ultima ultimas nuevo nueva nuevos nuevas".split()
)
_OLDEST = frozenset(
    "oldest earliest first alteste altesten altestes altester fruheste fruhesten erste ersten erstes erster ancien "
    "ancienne anciens anciennes vieux vieille premier premiers premiere premieres antiguo antigua antiguos antiguas "
    "viejo vieja primer primero primeros primera primeras".split()
)
_ORDERS = _NEWEST | _OLDEST
_NEEDS_MORE = frozenset(
    "recent recente recentes recents reciente recientes nuevo nueva nuevos nuevas ancien ancienne anciens anciennes "
    "vieux vieille antiguo antigua antiguos antiguas viejo vieja".split()
)
"""Superlatives with `most`, `plus`, `más` before them alone."""
_MORE = frozenset(("most", "plus", "mas"))
COLUMN_WORDS: Mapping[str, str] = {
    **dict.fromkeys(
        "author authors writer writers photographer photographers autor autoren autorin autorinnen verfasser fotograf "
        "fotografen auteur auteurs photographe photographes autores autora autoras fotografo fotografos".split(),
        "author",
    ),
    **dict.fromkeys("people persons personen leute personnes gens personas".split(), "people"),
    **dict.fromkeys(
        "place places town towns city cities ort orte orten stadt stadte lieu lieux ville villes lugar lugares ciudad "
        "ciudades".split(),
        "place",
    ),
    **dict.fromkeys("region regions regionen region regiones".split(), "region"),
    **dict.fromkeys("country countries land lander pays pais paises".split(), "country"),
    **dict.fromkeys("camera cameras kamera kameras appareils camara camaras".split(), "camera"),
    **dict.fromkeys(
        "keyword keywords tag tags stichworter stichworte schlagworter schlagworte motscles etiquetas".split(),
        "keywords",
    ),
    **dict.fromkeys("language languages sprachen langues idiomas".split(), "language"),
    **dict.fromkeys("category categories kategorien categorias".split(), "category"),
    **dict.fromkeys("year years jahre jahren annees anos".split(), "year"),
    **dict.fromkeys("folder folders ordner dossiers carpetas".split(), "folder"),
}
"""What people call the columns whose values they ask for."""


@dataclass(frozen=True, slots=True)
class Order:
    """`the three newest`: `n` of them, 0 where no number was said."""

    newest: bool
    n: int
    first: int
    last: int


def find_count(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """First and last token of `how many`."""
    spoken = [token.word for token in tokens]
    for at, word in enumerate(spoken):
        for phrase in _COUNTS if word in _COUNTS_BEGIN else ():
            if tuple(spoken[at : at + len(phrase)]) == phrase:
                return at, at + len(phrase) - 1
    return None


def find_order(tokens: Sequence[Token], kinds: Sequence[int]) -> Order | None:
    """`the newest`, beside one of the nouns of files (`kinds`, by token)."""
    for at, token in enumerate(tokens):
        word = token.word
        if token.is_quoted or word not in _ORDERS:
            continue
        first = at
        if at and tokens[at - 1].word in _MORE:
            first -= 1
        elif word in _NEEDS_MORE:
            continue
        last, n = at, 0
        for number_at in (last + 1, first - 1):
            if 0 <= number_at < len(tokens) and not n and (n := number_of(tokens[number_at].word)):
                first, last = min(first, number_at), max(last, number_at)
        before = first - 1
        while before >= 0 and tokens[before].word in words.ARTICLES:
            before -= 1
        if last + 1 in kinds or before in kinds:
            return Order(word in _NEWEST, n, first, last)
    return None


def number_of(word: str) -> int:
    """The number that a word is; 0 where it is none, or an article."""
    if word.isdecimal():
        return int(word) if 0 < len(word) < 4 else 0
    number = words.NUMBERS.get(word, 0)
    return number if number > 1 or word == "one" else 0
