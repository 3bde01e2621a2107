"""An answer checked while it is written: each statement gets the number of the source that bears it out, or a mark.

Words pass at once. What is held back are markers, and the sign that ends a sentence until it is certain that no marker
follows: by then the statement is complete and can be checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from rag.answers.citations import find_citations
from rag.answers.held.grounding import Verdict
from rag.types import Statement

Check: TypeAlias = Callable[[str], Verdict]

NOT_IN_SOURCES = " (not in the sources)"
_OPENERS = "[［【〔"
_MARKER = re.compile(r"[\[［【〔][^\[\]\n［］【】〔〕]{0,48}[\]］】〕]")
_MARKER_CHARS = 50
_SPECIAL = re.compile(r"[.!?…。！？\n\[［【〔]")
_SIGN = re.compile(r"[.!?…。！？]+[\"'”’»)*_]*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-Za-zÀ-ÿ]|mr|mrs|ms|dr|prof|st|no|nr|fig|vol|vs|ca|approx|etc|e\.g|i\.e|z\.B|d\.h|bzw|p\.ex|\d{1,2})$",
    re.IGNORECASE,
)
_SKIPPED = re.compile(r"^\s*(?:#{1,6}\s|```|\|[-\s|:]+\||[-*_]{3,}\s*$)")
_SHORT_WORDS = 4


class StatementStream:
    """Takes a reply piece by piece and gives it back with markers that were checked.

    Args:
        check: what the sources say to a statement.
        numbers: of the sources that there are; markers with others are wrong.

    Attributes:
        text: all that was given back.
        statements: those that ended so far.
        n_added, n_moved: markers that were put in, and that pointed elsewhere.
    """

    def __init__(self, check: Check, numbers: frozenset[int]) -> None:
        self._check, self._numbers = check, numbers
        self._held = self._sentence = self._part = self._sign = self._group = ""
        self.text = ""
        self.statements: list[Statement] = []
        self.n_added = self.n_moved = 0

    def feed(self, piece: str) -> str:
        """What may be shown now."""
        return self._take(piece, at_end=False)

    def flush(self) -> str:
        """The end of the reply."""
        return self._take("", at_end=True)

    def _take(self, piece: str, *, at_end: bool) -> str:
        self._held += piece
        before = len(self.text)
        while self._held and (self._after_the_end(at_end) if self._sign or self._group else self._words(at_end)):
            pass
        if at_end:
            self._close()
        return self.text[before:]

    def _words(self, at_end: bool) -> bool:
        """Shows words up to what may end a statement; False where more has to come first."""
        special = _SPECIAL.search(self._held)
        at = special.start() if special else len(self._held)
        n_spaces = len(self._held[:at]) - len(self._held[:at].rstrip(" "))
        if at - n_spaces > 0 or (at and at_end):
            self._say(at if at_end and not special else at - n_spaces)
            return True
        lead = self._held[:n_spaces]
        if special is None:
            return False  # spaces: a marker may follow them
        rest = self._held[at:]
        if rest[0] in _OPENERS:
            return self._marker(lead, rest, at_end)
        if rest[0] == "\n":
            self._sign, self._held = f"{lead}\n", rest[1:]
            return True
        sign = _SIGN.match(rest)
        assert sign is not None
        following = rest[sign.end() :]
        if not following and not at_end:
            return False
        if (following and not (following[0].isspace() or following[0] in _OPENERS)) or (
            sign[0] == "." and _ABBREVIATION.search(self._part)
        ):
            self._say(at + sign.end())
        else:
            self._sign, self._held = f"{lead}{sign[0]}", following
        return True

    def _marker(self, lead: str, rest: str, at_end: bool) -> bool:
        marker = _MARKER.match(rest)
        if marker is None and len(rest) < _MARKER_CHARS and "\n" not in rest and not at_end:
            return False
        if marker is not None and find_citations(marker[0], ()):
            self._group, self._held = f"{lead}{marker[0]}", rest[marker.end() :]
        else:
            self._say(len(lead) + 1)
        return True

    def _after_the_end(self, at_end: bool) -> bool:
        """Takes markers and white space that follow; then the statement is complete."""
        bare = self._held.lstrip()
        space = self._held[: len(self._held) - len(bare)]
        if not bare:
            if at_end or "\n" in space:
                self._group, self._held = self._group + space, ""
                self._close()
            return False
        marker = _MARKER.match(bare)
        if bare[0] in _OPENERS and "\n" not in space:
            if marker is None and len(bare) < _MARKER_CHARS and "\n" not in bare and not at_end:
                return False
            if marker is not None and find_citations(marker[0], ()):
                self._group, self._held = self._group + space + marker[0], bare[marker.end() :]
                return True
        sign = _SIGN.match(bare)
        if not self._sign and sign is not None and not space:  # `first [1].`
            following = bare[sign.end() :]
            if not following and not at_end:
                return False
            self._close(sign[0])
            self._held = following
            return True
        self._group, self._held = self._group + space, bare
        self._close()
        return True

    def _say(self, n_chars: int) -> None:
        text, self._held = self._held[:n_chars], self._held[n_chars:]
        self._sentence += text
        self._part += text
        self.text += text

    def _close(self, sign_behind: str = "") -> None:
        """The end of a statement: its sign and its markers, put right."""
        part, sentence, sign, group = self._part, self._sentence, self._sign, self._group
        self._part = self._sign = self._group = ""
        if sign or sign_behind or "\n" in group:
            self._sentence = ""
        start = len(self.text) - len(part.lstrip())
        n_before = len(self.statements)
        whole = part if len(part.split()) >= _SHORT_WORDS else sentence
        self.text += self._ended(whole if re.search(r"\w", part) else "", sign, group, start) + sign_behind
        if len(self.statements) > n_before:
            self.statements[-1] = replace(self.statements[-1], end=len(self.text.rstrip()))

    def _ended(self, statement: str, sign: str, group: str, start: int) -> str:
        raw = sign + group
        cited = tuple(dict.fromkeys(each.number for each in find_citations(group, ())))
        words = re.sub(r"^\s*(?:[-*•>]|\d{1,2}[.)])\s+", "", statement).strip(" *_|")
        if not re.search(r"\w", words) or _SKIPPED.match(statement):
            return raw
        verdict = self._check(words)
        right = tuple(number for number in cited if number in self._numbers)
        if verdict.support == "unsupported":
            self.statements.append(Statement(start, -1, "unsupported", (), verdict.missing))
            return f"{NOT_IN_SOURCES}{sign}{_spaces(group)}"
        if verdict.support == "supported" and not set(right) & set(verdict.sources):
            new = verdict.sources[:1]
            self.n_moved += bool(cited)
            self.n_added += not cited
            self.statements.append(Statement(start, -1, "supported", new))
            return f" [{new[0]}]{sign}{_spaces(group)}"
        self.statements.append(Statement(start, -1, verdict.support, right))
        if verdict.support == "supported" and cited:
            borne = tuple(number for number in right if number in verdict.sources)
            if borne != cited:
                self.n_moved += 1
                return f" {''.join(f'[{number}]' for number in borne)}{sign}{_spaces(group)}"
        return raw


def _spaces(group: str) -> str:
    """White space behind the markers, or before what would have been one."""
    return group[len(group.rstrip()) :]
