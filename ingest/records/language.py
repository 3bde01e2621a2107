"""Does the text model know the language of what goes in?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.ports import TextEmbedder
from rag.trace import Note

MAX_PIECES_A_WORD = 1.5
"""Tokens a word: English prose, tables and code have 1.0 to 1.3 of all-MiniLM-L6-v2's, French 1.7, German 2.1, Chinese
and Arabic more than 4."""
_MIN_LETTERS = 60
"""Of a text: shorter ones may be nothing but names."""
_WORD = re.compile(r"[^\W\d_]+")
_NO_PROSE = re.compile(
    r"\S{40,}"  # base64, digests, paths
    r"|<[^<>\n]{1,2000}>"  # tags
    r"|&\w{1,30};|https?://\S+|\S+@\S+"
    r"|\w*[_=\\{}\[\]/<>]\S*|\S*\w\(\S*|\w+[.:]\w+\S*|\b[a-z]+[A-Z]\w*"  # code: a_b, a=1, f(x), a.b, camelCase
    r"|\w*\d\w*"
)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_WORDS_OF_A_LINE = 4
"""Prose has that many words a line; table cells, labels and names have not."""


class LanguageWatch:
    """Looks at texts on their way and says in the end whether most of them are in a language that the model lacks.

    A tokenizer knows the words of its own language as wholes; others fall to pieces. Nothing is measured with a model
    that knows many languages.
    """

    def __init__(self, embedder: TextEmbedder) -> None:
        self._embedder = embedder
        self._language = embedder.abilities.language
        self._letters = {True: 0, False: 0}

    def see(self, texts: Iterable[str]) -> None:
        """Counts their letters as known or foreign."""
        if not self._language:
            return
        for text in texts:
            words = _WORD.findall(prose(text))
            n_letters = sum(map(len, words))
            if n_letters >= _MIN_LETTERS:
                pieces = self._embedder.count_tokens(" ".join(words))
                self._letters[pieces <= MAX_PIECES_A_WORD * len(words)] += n_letters

    def note(self) -> Note | None:
        """None where all is well."""
        if self._letters[False] <= self._letters[True]:
            return None
        share = self._letters[False] / sum(self._letters.values())
        text = (
            f"about {share:.0%} of the prose is not {self._language}, it seems (a guess by how words fall to pieces),"
            f" and {self._embedder.fingerprint} knows nothing else: questions will find little in it. If so, set"
            " RAG_PROFILE=full for over a hundred languages ('rag models pull'), then 'ingest reembed'"
        )
        return Note("other_language", text)


def prose(text: str) -> str:
    """The lines that are written to be read, without what is written for programs: tags, code, base64, numbers."""
    lines = []
    for line in text.split("\n"):
        if line.startswith("|"):
            continue
        if _UNSPACED.search(line):
            lines.append(re.sub(r"[\x00-\x7f]+", " ", line))
            continue
        words = _NO_PROSE.sub(" ", line)
        n_words = len(_WORD.findall(words))
        if n_words >= _WORDS_OF_A_LINE and 2 * n_words >= len(_WORD.findall(line)):
            lines.append(words)
    return "\n".join(lines)
