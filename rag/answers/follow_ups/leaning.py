"""How a question stands to those before it, by its words alone: whether it leans on them, and what it takes from them.

A question that can be understood alone must not be searched with what was asked before: it would find that instead.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text.words import STOPWORDS, WORD, content_words
from rag.types import Turn

_MAX_TURNS, _FEW_WORDS = 4, 6
_BEGINS = re.compile(
    r"^\W*(?:and|but|or|so|also|then|what about|how about|since when|und|aber|oder|auch|et|mais|ou|aussi|y|pero|"
    r"también|e|ma|anche|mas|também|en|maar|ook)\b",
    re.IGNORECASE,
)
_ANY, _FEW_OF_ANY = re.compile(r"^\W*any\b", re.IGNORECASE), 3
"""`Any side effects?`."""
_ELLIPSIS = re.compile(r"^\W*(?:\.\.\.|…)|(?:\.\.\.|…)\W*$")
_PRONOUN = re.compile(
    r"\b(?:(?P<one>it|its|itself)|(?P<many>they|them|their|theirs|themselves|these|those)"
    r"|(?P<person>he|him|his|she|her|hers|himself|herself)"
    r"|(?P<pointing>this|that|(?:the|this|that|another|which) (?:one|ones)|(?:the|any) (?:same|others?|former|latter)"
    r"|(?:the )?(?:first|second|third|fourth|last|next|previous) one|(?:then|there)(?=\W*$)))\b",
    re.IGNORECASE,
)
_ONE_OF_THEM = re.compile(
    r"\b(?:the|a|an|any|another) (?:[^\W\d]+ )?ones?\b(?! (?:that|who|which|of|in|with|from)\b)"
    r"|\b(?:is|are|was|there|have|get|buy|see|need|without|before) ones?\W*$",
    re.IGNORECASE,
)
"""`The new one`, `How much is one?`."""
_OTHER_THAN = re.compile(
    r"\b(?:any|some|no|every)(?:thing|body|one|where)? else\b|\b(?:what|who|where|how) else\b", re.I
)
_RELATIVE = re.compile(
    r"\b(?!(?:do|does|did|is|was|are|were|can|could|would|will|has|and|or|in|on|at|of|with) )\w+ that$", re.IGNORECASE
)
"""A word before `that`: `the machine that ...`, `says that ...`; then it points at nothing before."""
_EMPTY_IT = re.compile(
    r"\b(?:does it mean (?:when|if|that|to)|(?:is|was|be) it (?:true|possible|allowed|safe|necessary)"
    r"|it (?:rains?|snows?)|does it take (?:to|on|by|for|until)|is it (?:that|to))\b",
    re.IGNORECASE,
)
_WEAK_WORDS = frozenset(
    "long much many often old big high fast far late early come comes came go goes went take takes took make made "
    "happen happened happens call called work works first second last next still ever again exactly else start end "
    "begin name cost costs good bad other must may might shall need needs ought let please like anything something "
    "nothing everything anybody somebody nobody anyone someone".split()
)
"""They carry meaning, but a question that has only such and a pronoun is about something said before."""
_DOES = r"(?:do|does|did|is|was|are|were|has|have|had|can|could|may|must|should|will|would)"
_ASKED_OF = re.compile(
    rf"^\W*(?:\w+ )?(?:what|which|when|where|how|why)\b[\w\s]*?\b{_DOES}\s*$",
    re.IGNORECASE,
)
"""`At what speed does it ...`: what is asked for is not what the pronoun stands for."""
_TREATED = re.compile(
    rf"^\W*(?:(?:and|but|so)\W+)?"
    rf"(?:(?:[\w\s]*?\b{_DOES}\s+)?(?:i|we|you|one|he|she|they|people)\s+(?:have to |need to )?)?"
    rf"(?!(?:before|after|when|if|until|while|because|that|{_DOES})\b)\w+\s*$",
    re.IGNORECASE,
)
"""`Who do I pay ...`, `Can we return ...`, `Explain ...`: the word before the pronoun is what is done with it."""
_DONE_TO = re.compile(r"^\W*(?:(?:and|but|so)\W+)?(?:who|what)\s+\w+\s*$", re.IGNORECASE)
"""`Who wrote that ...`, `What set it ...`: the one word between is what was done to it."""
_PEOPLE = re.compile(
    r"\b(?:man|woman|person|mr|mrs|ms|dr|boy|girl|child|king|queen|mother|father|\w+(?:man|woman|master|eer|ist))\b",
    re.IGNORECASE,
)
_WHO_OWNS = re.compile(rf"^\W*who (?!{_DOES}\b)", re.IGNORECASE)
"""`Who lost his ...`: what is whose is told in the question."""
_AT_ITS_END = re.compile(r"^[^,;]*\b(?:for|with|to|about|on|in|of|from|after|by|into|at|without)\s+$", re.IGNORECASE)
_POLITE = r"(?:(?:please|can you|could you|now|bitte|and|und|et)\W+)*"
_SAY = r"(?:(?:say|put|write|give|make|repeat|explain) (?:it|that|this|me that)?\W*)?"
_MORE = r"(?:(?:a (?:bit|little)|much|even|etwas|plus|más) )?"
_LANGUAGES = (
    "english|german|french|spanish|italian|portuguese|dutch|russian|chinese|japanese|korean|polish|turkish|arabic|hindi"
)
_REWORDINGS = (
    r"shorter|longer|simpler|briefer|briefly|more briefly|simply|again|in bullet points",
    r"in (?:one|two|three|a few) (?:sentence|word|line|point)s?|as (?:a|an) (?:list|table|poem|email|e-mail)",
    rf"in (?:{_LANGUAGES})|auf (?:deutsch|englisch|französisch|spanisch)",
    r"en (?:français|anglais|allemand|español|inglés)|in italiano",
    r"(?:translate|summari[sz]e|rephrase|reword|shorten|simplify)(?: (?:it|that|this|the answer|your answer))?"
    r"(?: (?:in)?to \w+| for .*)?",
    r"kürzer|einfacher|länger|nochmal|noch einmal|plus court|plus simple|más corto",
    r"(?:the|what about the) (?:first|second|third|fourth|last) one",
    r"why|why not|why so|how so|really|are you sure|warum|wieso|pourquoi|por qué",
    r"go on|continue(?: (?:the |your )?(?:response|answer))?|tell me more",
    r"(?:add )?more details?|add details?|more concise(?:ly)?",
)
_REWORD = re.compile(rf"^\W*{_POLITE}{_SAY}{_MORE}(?:{'|'.join(_REWORDINGS)})\W*(?:please|bitte)?\W*$", re.IGNORECASE)


def rewords(question: str) -> bool:
    """Whether this is about the answer before rather than about the documents: `shorter`, `in German`, `why?`."""
    return bool(_REWORD.match(question.strip()))


def leans(question: str) -> bool:
    """Whether the question needs those before it: a pronoun that stands for nothing in it, no noun, `and ...?`."""
    asked = question.strip()
    if any(sign.search(asked) for sign in (_BEGINS, _ELLIPSIS, _ONE_OF_THEM, _OTHER_THAN)) or rewords(asked):
        return True
    own, n_words = [word for word in content_words(asked) if word not in _WEAK_WORDS], len(WORD.findall(asked))
    if (len(own) <= 1 and n_words <= _FEW_WORDS) or (_ANY.match(asked) and n_words <= _FEW_OF_ANY):
        return True
    return any(not _stands_for_own(asked, pronoun) for pronoun in _PRONOUN.finditer(asked))


def says_something(question: str) -> bool:
    """Whether it has words of its own to search with."""
    return any(word not in _WEAK_WORDS for word in content_words(question))


def recalled(history: Sequence[Turn], question: str) -> str:
    """The question with the key words of those that it leans on; empty where it stands alone.

    `And in 2020?` after `How much rain fell at Kestrel Point in 2019?` is `And in 2020? (much rain fell kestrel point
    2019)`. Where that one leans itself, the one before it helps too.
    """
    if not history or not leans(question):
        return ""
    own, key_words = set(content_words(question)), list[str]()
    for turn in reversed(history[-_MAX_TURNS:]):
        if rewords(turn.question):
            continue
        words = [word for word in content_words(turn.question) if word not in STOPWORDS]
        key_words += [word for word in words if word not in own and word not in key_words]
        if not leans(turn.question):
            break
    return f"{question} ({' '.join(key_words)})" if key_words else ""


def in_full(history: Sequence[Turn], question: str) -> str:
    """The question behind those that it leans on, as they were asked."""
    asked = [question]
    for turn in reversed(history[-_MAX_TURNS:]):
        if rewords(turn.question):
            continue
        asked.append(turn.question)
        if not leans(turn.question):
            break
    return " ".join(reversed(asked))


def picture_before(history: Sequence[Turn], question: str) -> bytes | None:
    """The picture that the question is still about: of the latest turn with one, if all since lean on those before."""
    if not leans(question):
        return None
    for turn in reversed(history[-_MAX_TURNS:]):
        if turn.image is not None:
            return turn.image
        if not leans(turn.question):
            return None
    return None


def _stands_for_own(question: str, pronoun: re.Match[str]) -> bool:
    """Whether the pronoun has something to stand for in the question itself, or stands for nothing at all."""
    before, after = question[: pronoun.start()], question[pronoun.end() :]
    if (pronoun["person"] or "").lower() in ("his", "her") and WORD.search(after) and _WHO_OWNS.match(before):
        return True
    if _DONE_TO.match(before) and (pronoun["pointing"] is None or len(WORD.findall(after)) <= 1):
        return False
    if (pronoun["one"] or pronoun["many"]) and (
        _ASKED_OF.match(before) or _TREATED.match(before) or _ends(after, before)
    ):
        return False
    if pronoun["one"]:
        if any(empty.start() <= pronoun.start() < empty.end() for empty in _EMPTY_IT.finditer(question)):
            return True
        return any(not _is_many(word) for word in _nouns(before))
    if pronoun["many"]:
        if pronoun["many"].lower() in ("these", "those") and (WORD.match(after.strip()) and content_words(after)):
            return bool(_nouns(before))
        return any(_is_many(word) for word in _nouns(before)) or " and " in before
    if pronoun["person"]:
        return bool(_PEOPLE.search(before)) or any(word[0].isupper() for word in WORD.findall(before)[1:])
    is_that = pronoun["pointing"].lower() == "that" and WORD.search(after)
    return bool(is_that and _RELATIVE.search(question[: pronoun.end()]))


def _ends(after: str, before: str) -> bool:
    """Whether the question ends with the pronoun, and what it stands for is not before it: `Can I use salt for it?`."""
    return not WORD.search(after) and (len(_nouns(before)) <= 2 or bool(_AT_ITS_END.match(before)))


def _nouns(before: str) -> list[str]:
    """Words that a pronoun after them may stand for."""
    words = [word.lower() for word in WORD.findall(before)]
    return [word for word in words if word not in STOPWORDS and word not in _WEAK_WORDS]


def _is_many(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith("ss")
