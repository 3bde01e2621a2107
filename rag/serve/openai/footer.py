"""The end of an answer for clients that show nothing but its text: what its [n] are, and what the reader must know."""

from __future__ import annotations

import re

from rag.extractive.quotable import quotable
from rag.text.labels import citation_label
from rag.trace import Note
from rag.types import Answer

_NAME_CHARS, _NOTE_CHARS = 200, 500
_NAME = str.maketrans("`<>", "'‹›")
_NOTE = str.maketrans("`<>[]", "'‹›()")
_LISTED = re.compile(r"^- \[\d+\] `([^`\n]+)`", re.MULTILINE)
_FOOTER = re.compile(r"\n\n(?:Sources|Notes):\n- .*\Z", re.DOTALL)


def footer(answer: Answer, *further: Note) -> str:
    """Lines after the answer's text: the sources that it cites (all where it cites none), its notes and further ones.

    File names and notes hold words of strangers, and chat front ends render Markdown and some tags: names stand in code
    spans, which nothing inside can leave, and notes have no signs left that links, pictures or tags are made of.
    """
    cited = {citation.hit for citation in answer.citations if citation.hit is not None} or range(len(answer.hits))
    names = [f"- [{answer.numbers[at]}] `{_name(citation_label(answer.hits[at].record))}`" for at in sorted(cited)]
    notes = [f"- {quotable(note.text, _NOTE_CHARS).translate(_NOTE)}" for note in (*answer.notes, *further)]
    blocks = [f"\n\n{title}:\n" + "\n".join(lines) for title, lines in (("Sources", names), ("Notes", notes)) if lines]
    return "".join(blocks)


def without_footer(text: str) -> str:
    """An answer that a client sends back, as it was before its footer."""
    return _FOOTER.sub("", text)


def sources_of(text: str) -> list[str]:
    """The names of the sources in an answer's footer."""
    found = _FOOTER.search(text)
    return list(dict.fromkeys(_LISTED.findall(found[0]))) if found else []


def _name(text: str) -> str:
    return quotable(text, _NAME_CHARS).translate(_NAME)
