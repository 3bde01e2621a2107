"""The vocabulary of a knowledge base, made once for each of its states."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from threading import Lock
from typing import TYPE_CHECKING

from rag.search.understood.tokens import phrase_of
from rag.search.understood.vocabulary import IMAGE_ENDINGS, MOST_VALUE_CHARS, Column, Vocabulary

if TYPE_CHECKING:
    from rag.columns.facets import Facet, Facets
    from rag.ports import StoredKb

MOST_FOLDERS = 5000
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,5})$")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")


class HeldVocabulary:
    """Thread-safe.

    Args:
        kb: the knowledge base.
        facets: what its columns hold; the same object as long as nothing changed.
    """

    def __init__(self, kb: StoredKb, facets: Callable[[], Facets]) -> None:
        self._kb, self._facets = kb, facets
        self._lock = Lock()
        self._made: tuple[Facets, Vocabulary] | None = None

    def get(self) -> Vocabulary:
        """Of the present state, or of two seconds ago."""
        facets = self._facets()
        with self._lock:
            if self._made is None or self._made[0] is not facets:
                self._made = facets, self._of(facets)
            return self._made[1]

    def _of(self, facets: Facets) -> Vocabulary:
        columns = {facet.name: column_of(facet) for facet in facets.columns if facet.documents}
        if not columns:
            return Vocabulary()
        sources = (document.source for document in self._kb.documents(states=("done",)))
        return vocabulary_of(columns, sources, has_images=self._kb.counts().images > 0)


def column_of(facet: Facet) -> Column:
    values = [each.value for each in facet.values if not isinstance(each.value, bool)]
    names = tuple(value for value in values if not isinstance(value, str) or len(value) <= MOST_VALUE_CHARS)
    is_date = facet.types[:1] == ("date",)
    return Column(facet.name, () if is_date else names, is_date, tuple(map(int, facet.years)))


def vocabulary_of(columns: dict[str, Column], sources: Iterable[str], *, has_images: bool) -> Vocabulary:
    """With what the names of files tell."""
    endings: Counter[str] = Counter()
    folders: dict[str, set[str]] = {}
    years: set[str] = set()
    for source in sources:
        *parents, name = source.replace("!/", "/").split("/")
        if ending := _ENDING.search(name):
            endings[ending[1].lower()] += 1
        years.update(_YEAR.findall(name))
        for folder in parents:
            if folder and len(folders) < MOST_FOLDERS:
                folders.setdefault(phrase_of(folder.replace("_", " ")), set()).add(folder)
    has_images = has_images or not IMAGE_ENDINGS.isdisjoint(endings)
    frozen = {phrase: frozenset(names) for phrase, names in folders.items()}
    return Vocabulary(columns, endings, frozen, has_images, frozenset(years))
