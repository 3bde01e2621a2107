"""Words as their stems in the embedded store's lexical channel: Milvus Lite knows no such filter, the server does.

Stems are Snowball's, stop words its lists, as on a server. Each word stands there as it is and, where that is another,
as its stem: `pump` finds `pumps`, and what has the very word comes before what has a relative of it (on charts, stems
alone put two questions of 95 second). Stems lose the marks on Latin letters (`café` is `cafe`): who asks often leaves
them out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from milvus_lite.analyzer import factory
from milvus_lite.analyzer.protocol import Analyzer
from milvus_lite.analyzer.standard import StandardAnalyzer

_KEPT_STEMS = 100_000
_MARKS = re.compile(r"(?<=[a-zA-Z])[\u0300-\u036f]+")
_theirs = factory.create_analyzer


class StemmingAnalyzer(StandardAnalyzer):  # type: ignore[misc]
    """Words without stop words, each followed by its stem where that is another.

    Args:
        language: as Snowball names it.
        stop_words: left out before stems are taken.
    """

    def __init__(self, language: str, stop_words: set[str] | None = None) -> None:
        super().__init__(stop_words)
        self._stem = _stemmer(language)

    def tokenize(self, text: str) -> list[str]:
        words = super().tokenize(unicodedata.normalize("NFC", text))
        return [form for word in words for form in dict.fromkeys((word, self._stem(word)))]


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    import snowballstemmer  # type: ignore[import-untyped]

    stemmer, alone = snowballstemmer.stemmer(language), Lock()

    @lru_cache(_KEPT_STEMS)
    def stem(word: str) -> str:
        with alone:  # it works on a word that it keeps
            return without_marks(stemmer.stemWord(word))

    return stem


def without_marks(word: str) -> str:
    """`café` as `cafe`; letters of other scripts keep theirs, which make other letters of them."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", word)))


def with_stems() -> None:
    """Milvus Lite passes over a filter `{"type": "stemmer", "language": ...}`, with which a server would stem."""
    setattr(factory, "create_analyzer", _analyzer)  # noqa: B010


def _analyzer(params: dict[str, Any] | None = None) -> Analyzer:
    filters = {each["type"]: each for each in (params or {}).get("filter", ()) if isinstance(each, dict)}
    if "stemmer" not in filters:
        return _theirs(params)
    return StemmingAnalyzer(filters["stemmer"]["language"], set(filters.get("stop", {}).get("stop_words", ())))
