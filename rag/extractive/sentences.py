"""Text to sentences that can be quoted one by one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ABBREVIATION = re.compile(
    r"(?:mr|mrs|ms|dr|prof|st|sr|jr|nos?|nr|figs?|eqs?|sec|ch|vol|vs|pp?|eds?|al|approx|min|max|temp|refs?|tab|art|ca|cf"
    r"|resp|incl|excl|e\.g|i\.e|z\.b|d\.h|bzw|abb|u\.a|u\.s|u\.k"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)",
    re.IGNORECASE,
)
_OPENER = re.compile(r"(?:An?|He|I|If|In|It|On|She|Some|That|The|Then|There|These|They|This|We|When|You)\b")
"""What begins a sentence rather than a surname: `valve A. It` against `by J. Doe`."""
_END = re.compile(r"(?P<mark>[.!?…]+)(?P<close>[\"'”’»)\]*_]*)\s+|(?P<wide>[。！？]+[」』）”]*)\s*")
_BULLET = re.compile(r"^\s*(?:[-*+•‣▪◦●○■□–—]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+|^\s*\|")
_HYPHENATED = re.compile(r"(?<=[a-zà-ÿ])[-\u00ad]\n\s*(?=[a-zà-ÿ])")
_WRAPPED_CHARS = 40
"""A line at least this long that does not end a sentence goes on in the next one."""


def split_sentences(text: str) -> list[str]:
    """Sentences in reading order, white space collapsed, nothing lost but bullets and hyphens at line ends.

    Lines that were wrapped are joined first; bullets, headings, table rows and short lines (labels, OCR) stay apart.
    """
    return [sentence for unit in _units(_HYPHENATED.sub("", text)) for sentence in _sentences(unit)]


def _units(text: str) -> Iterator[str]:
    for block in re.split(r"\n[ \t]*\n", text):
        unit = ""
        for raw in block.split("\n"):
            line = " ".join(_BULLET.sub("", raw).split())
            apart = bool(_BULLET.match(raw) or _HEADING.match(raw))
            if unit and (apart or not _goes_on(unit, line)):
                yield unit
                unit = ""
            unit = f"{unit} {line}".strip()
            if _HEADING.match(raw):
                yield unit
                unit = ""
        if unit:
            yield unit


def _goes_on(unit: str, line: str) -> bool:
    if not line or unit.endswith((".", "!", "?", ":", "。", "！", "？")):
        return bool(line) and len(unit) >= _WRAPPED_CHARS and not unit.endswith(":")
    return len(unit) >= _WRAPPED_CHARS or line[0].islower()


def _sentences(unit: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(unit):
        if end["wide"] or _ends(unit, start, end):
            yield unit[start : end.end()].strip()
            start = end.end()
    if unit[start:].strip():
        yield unit[start:].strip()


def _ends(unit: str, start: int, end: re.Match[str]) -> bool:
    """Whether a mark followed by space really ends a sentence."""
    following = unit[end.end() :].lstrip("\"'“‘«([*_")
    if not following or following[0].islower():
        return not following
    if end["mark"] != ".":
        return True
    words = [word.lstrip("(\"'“‘[") for word in unit[start : end.start()].split()] or [""]
    last, before = words[-1], words[-2] if len(words) > 1 else "X"
    is_name = before[:1].isupper() or not _OPENER.match(following)
    is_initial = len(last) == 1 and last.isupper() and is_name
    is_list_number = last.isdigit() and len(words) == 1
    return not (_ABBREVIATION.fullmatch(last) or is_initial or is_list_number)
