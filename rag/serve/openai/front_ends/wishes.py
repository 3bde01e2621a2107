"""What of a system message is a wish for an answer's language, length, tone or form; everything else is left out. Pure.

Such a message is the front end's or its user's. It may say how an answer is put, never what it rests on: sentences that
speak of sources, citations, rules or knowledge are no wishes, whatever else they say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_CHARS = 400
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|\n+")
_LANGUAGE = (
    r"english|german|french|spanish|italian|portuguese|dutch|russian|chinese|mandarin|japanese|korean|polish|turkish|"
    r"arabic|hindi|czech|danish|swedish|norwegian|finnish|greek|hebrew|hungarian|romanian|ukrainian|vietnamese|thai|"
    r"deutsch|englisch|französisch|spanisch|italienisch|français|anglais|allemand|espagnol|español|inglés|alemán|francés|"
    r"italiano|inglese|tedesco|português|nederlands|same language|language of the (?:user|question)"
)
_LENGTH = (
    r"brief(?:ly)?|short(?:er|ly)?|concise(?:ly)?|terse(?:ly)?|succinct(?:ly)?|long(?:er)?|detailed|in detail|verbose|"
    r"(?:one|two|three|four|five|\d+|a few|a single) (?:short )?(?:sentences?|words?|lines?|paragraphs?|points?)|"
    r"kurz|knapp|ausführlich|satz|sätzen?|bref|brève(?:ment)?|breve(?:mente)?|phrases?"
)
_TONE = (
    r"(?:in)?formal(?:ly)?|polite(?:ly)?|friendly|casual(?:ly)?|professional(?:ly)?|neutral(?:ly)?|"
    r"simpl[ey]|plain(?: \w+)?|clear(?:ly)?|warm(?:ly)?|cheerful(?:ly)?|tone|jargon|"
    r"for (?:children|kids|beginners|laypeople|experts)|"
    r"höflich|sachlich|einfach|freundlich|duzen?|siezen?|poli(?:ment)?|formel(?:lement)?"
)
_FORM = (
    r"bullet(?:ed)?(?: points?| lists?)?|lists?|numbered|tables?|markdown|headings?|plain text|emojis?|"
    r"bold|paragraphs?|stichpunkte?n?|liste|tabelle|tableau|puces"
)
_WISH = re.compile(rf"(?<!\w)(?:{_LANGUAGE}|{_LENGTH}|{_TONE}|{_FORM})(?!\w)", re.IGNORECASE)
_NO_WISH = re.compile(
    r"\b(?:sources?|cit(?:e|es|ed|ing|ations?)|referenc\w*|ignor\w*|disregard\w*|forget|overrid\w*|instructions?|rules?|"
    r"prompt|knowledge|context|documents?|files?|evidence|invent\w*|guess\w*|pretend\w*|make up|jailbreak\w*|secret\w*|"
    r"password\w*|tools?|functions?|quellen?|zitier\w*|ignorier\w*|fuentes?|ignorez?)\b|https?://|\[\d",
    re.IGNORECASE,
)
_ASKS_NOTHING = re.compile(
    r"^\W*(?:you are (?:a|an|the user's) (?:\w+[ ,]+){0,4}(?:assistant|ai|chatbot|model|bot)(?: called \w+)?|"
    r"be helpful|"
    r"(?:the )?(?:current |today's )?(?:date|time)(?: and time)?\b.*|the user'?s name is .*)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What of a system message is followed.

    Attributes:
        text: its wishes for the form of answers.
        left_out: whether there was more in it.
    """

    text: str
    left_out: bool


def wishes_of(instructions: str) -> Wishes:
    """The wishes among the sentences of a system message."""
    wishes, left_out, n_chars = list[str](), False, 0
    for sentence in _SENTENCE.split(instructions):
        said = sentence.strip().lstrip("-*#> ").strip()
        if not said or _ASKS_NOTHING.match(said):
            continue
        if _WISH.search(said) and not _NO_WISH.search(said) and n_chars + len(said) <= MAX_CHARS:
            wishes.append(said)
            n_chars += len(said) + 1
        else:
            left_out = True
    return Wishes(" ".join(wishes), left_out)
