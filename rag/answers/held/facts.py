"""What of a statement can be checked word for word: numbers, times, names, negations. English, German, French. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rag.text.accents import unaccented

_NUMBER = re.compile(r"(?<![\w.,])[-+]?\d+(?:[.,’' \u00a0\u202f]\d{3})*(?:[.,]\d+)?(?!\w*\d)")
_TIME = re.compile(
    r"\b([01]?\d|2[0-4])\s?(?::|h|\.(?=\d\d\s*(?:Uhr|h\b|[ap]\.?m))|\s?Uhr\s?)\s?([0-5]\d)\b(?!\.\d)", re.IGNORECASE
)
_AFTERNOON = re.compile(r"\s*p\.?\s?m\b", re.IGNORECASE)
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|\(?\d{1,2}[.)])\s+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ABOUT = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|approximately|over|more than|less than|under|etwa|rund|ungefähr|fast"
    r"|knapp|gut|über|mehr als|weniger als|environ|presque|près de|autour de|plus de|moins de)\s*$",
    re.IGNORECASE,
)
_NEAR = 0.08

_NUMERALS = {
    language: {word: at for at, word in enumerate(words.split())}
    for language, words in {
        "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty",
        "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
        "siebzehn achtzehn neunzehn zwanzig",
        "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
        "dix-huit dix-neuf vingt",
    }.items()
}
_ARTICLES = {"one", "eins", "un", "zero", "null", "zéro", "neuf"}
"""Numerals that are more often something else: an article, nothing, `new`."""
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "trente": 30,
         "quarante": 40, "cinquante": 50, "hundred": 100, "hundert": 100, "cent": 100, "twopence": 2}  # fmt: skip
_MONTHS = {
    month: at % 12 + 1
    for at, month in enumerate(
        (
            "january february march april may june july august september october november december "
            "januar februar märz april mai juni juli august september oktober november dezember "
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
        ).split()
    )
}
_FUNCTION_WORDS = {
    "en": "a an the and or of to in on at by for with from is are was were be been it its this that these those there "
    "he she they his her their not no as than then which who what when where how has have had do does did will would "
    "can could may must but also only so if into over up down out about after before between during all each most more "
    "some any per you your we our i one according source sources answer says say states go goes went",
    "de": "der die das den dem des ein eine einen einem einer eines und oder von vom zu zum zur in im an am auf für "
    "mit aus ist sind war waren wird werden wurde wurden es er sie ihr ihre ihren ihrem seine seinen sein "
    "nicht kein keine "
    "als wie dann welche welcher welches wer was wann wo hat haben hatte kann können darf dürfen muss müssen aber auch "
    "nur so wenn bei nach vor zwischen während alle jede jeder jedes mehr meisten man sich dass laut quelle quellen ab "
    "bis durch über unter um dort hier seit gibt ohne gegen am beim ins ihm ihn sie uns wir",
    "fr": "le la les l un une des du de d et ou à au aux en dans sur pour par avec est sont était étaient sera être il "
    "elle ils elles on son sa ses leur leurs ce cet cette ces ne pas plus que qui quoi dont où quand comment a ont "
    "avait peut peuvent doit doivent mais aussi si après avant entre pendant tous toutes tout toute chaque se s n y "
    "selon source sources qu c j m t lorsque depuis jusqu",
}
_STOP = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
_NEGATIONS = re.compile(
    r"\b(?:not|never|cannot|nobody|no one|none|nicht|kein|keine|keinen|keiner|keinem|nie|niemals|niemand|jamais|aucun"
    r"|aucune|personne ne|ne|n['’](?=\w))\b|n['’]t\b",
    re.IGNORECASE,
)
_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("rise rises rose risen increase increased increases grew grow grows higher highest more most up upper above",
         "fall falls fell fallen decrease decreased decreases shrank drop dropped lower lowest less least fewer fewest "
         "down below"),
        ("open opened opens", "closed close closes shut"),
        ("before earlier", "after later"),
        ("first", "last"),
        ("always", "never"),
        ("accepted allowed approved granted may", "refused rejected forbidden denied"),
        ("winter", "summer"), ("morning", "evening"), ("seaward", "landward"), ("warm hot", "cold"),
        ("thicker larger bigger", "thinner smaller"), ("north northern", "south southern"),
        ("east eastern", "west western"), ("left", "right"), ("inside", "outside"), ("full", "empty"),
        ("steigt stieg gestiegen höher höchste mehr meisten größte größer oben", "sinkt sank gesunken fiel niedriger "
         "niedrigste weniger wenigsten kleinste kleiner unten"),
        ("offen geöffnet öffnet", "geschlossen schließt zu"), ("vor vorher", "nach nachher"),
        ("erste ersten", "letzte letzten"), ("winter", "sommer"), ("erlaubt", "verboten abgelehnt"),
        ("augmente augmenté hausse plus supérieur haut élevé", "baisse baissé diminue moins inférieur bas faible"),
        ("ouvert ouverte", "fermé fermée"), ("avant", "après"), ("premier première", "dernier dernière"),
        ("hiver", "été"), ("autorisé permis", "interdit refusé"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in a text; `values` are what it can mean (`1,067` is 1067 in English, 1.067 in German)."""

    text: str
    values: frozenset[float]
    is_about: bool = False
    is_word: bool = False

    def agrees(self, other: Number) -> bool:
        if self.values & other.values:
            return True
        if not (self.is_about or other.is_about):
            return False
        return any(abs(a - b) <= _NEAR * max(abs(a), abs(b)) for a in self.values for b in other.values)


@lru_cache(maxsize=4096)
def numbers_in(text: str) -> tuple[Number, ...]:
    """Numbers, times of day (as hours and a fraction), numerals; not the marks of lists, nor parts of words."""
    text = _LIST_MARK.sub("", text)
    found, taken = list[Number](), list[tuple[int, int]]()
    for time in _TIME.finditer(text):
        hours = int(time[1]) + (12 if _AFTERNOON.match(text, time.end()) and int(time[1]) < 12 else 0)
        values = (
            {hours + int(time[2]) / 60, float(f"{int(time[1])}.{time[2]}")}
            if "." in time[0]
            else {hours + int(time[2]) / 60}
        )
        found.append(Number(time[0], frozenset(values)))
        taken.append(time.span())
    for match in _NUMBER.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            about = bool(_ABOUT.search(text[: match.start()]))
            found.append(Number(match[0], frozenset(_values(match[0])), about))
    for word in _WORD.finditer(text):
        value = _numeral(word[0].lower())
        if value is not None:
            found.append(Number(word[0], frozenset({value}), bool(_ABOUT.search(text[: word.start()])), True))
    return tuple(found)


def _values(text: str) -> Iterator[float]:
    digits = re.sub(r"[’' \u00a0\u202f+]", "", text)
    plain = re.sub(r"[.,]", "", digits)
    if re.fullmatch(r"-?\d{1,3}(?:[.,]\d{3})+", digits):
        yield float(plain)
    if re.fullmatch(r"-?\d+(?:[.,]\d+)?", digits):
        yield float(digits.replace(",", "."))
    elif (tail := re.fullmatch(r"(-?[\d.,]*)[.,](\d+)", digits)) is not None:
        yield float(re.sub(r"[.,]", "", tail[1]) + "." + tail[2])


def _numeral(word: str) -> float | None:
    if word in _ARTICLES:
        return None
    for numerals in _NUMERALS.values():
        if word in numerals:
            return float(numerals[word])
    if word in _TENS:
        return float(_TENS[word])
    return None


def months_in(text: str) -> set[int]:
    """Months that are named, 1 to 12. `may` and `march` only with a capital letter."""
    return {
        _MONTHS[word.lower()]
        for word in _WORD.findall(text)
        if word.lower() in _MONTHS and (word[0].isupper() or word.lower() not in ("may", "march", "mars", "mai"))
    }


@lru_cache(maxsize=4096)
def language_of(text: str) -> str:
    """`en`, `de` or `fr` by its function words; empty where they do not tell."""
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", text)]
    counts = {language: sum(word in stop for word in words) for language, stop in _STOP.items()}
    best, second = sorted(counts.values(), reverse=True)[:2]
    if best == 0 or best == second:
        return ""
    return max(counts, key=lambda language: counts[language])


@lru_cache(maxsize=4096)
def content_of(text: str) -> tuple[str, ...]:
    """Words that carry meaning, lower case, each once; numerals and months are facts of their own."""
    words = dict.fromkeys(word.lower() for part in _WORD.findall(text) for word in re.split(r"['’]", part))
    return tuple(
        word
        for word in words
        if len(word) > 1
        and not any(word in stop for stop in _STOP.values())
        and _numeral(word) is None
        and word not in _MONTHS
    )


def names_in(text: str) -> tuple[str, ...]:
    """Words that name somebody or something: capital letters where the language would not put one by itself.

    German writes every noun large, so there only what stands like a name counts: two such words in a row, or one behind
    a title or a preposition without an article.
    """
    return _german_names(text) if language_of(text) == "de" else _names(text)


def _names(text: str) -> tuple[str, ...]:
    found: list[str] = []
    previous_end: int | None = None
    for word in _WORD.finditer(text):
        between = text[previous_end : word.start()] if previous_end is not None else None
        begins = between is None or re.search(r"[.!?:“\"«]", between) is not None
        previous_end = word.end()
        if _is_capital(word[0]) and not begins and not _is_common(word[0]):
            found += [part for part in re.split(r"['’]", word[0]) if len(part) > 1 and _is_capital(part)]
    return tuple(dict.fromkeys(found))


def _german_names(text: str) -> tuple[str, ...]:
    found: list[str] = []
    words = list(_WORD.finditer(text))
    for at, word in enumerate(words):
        if not _is_capital(word[0]) or _is_common(word[0]):
            continue
        before = words[at - 1][0] if at else ""
        after = words[at + 1][0] if at + 1 < len(words) else ""
        joined = text[word.end() : words[at + 1].start()] == " " if after else False
        behind = bool(before) and text[words[at - 1].end() : word.start()] == " "
        in_a_row = (joined and _is_capital(after) and not _is_common(after) and at > 0) or (
            behind and _is_capital(before) and not _is_common(before)
        )
        placed = (
            before.lower() in {"in", "nach", "bei", "von", "aus", "herr", "frau", "herrn", "heißt", "hieß"} and behind
        )
        if in_a_row or placed:
            found.append(word[0])
    return tuple(dict.fromkeys(found))


def _is_capital(word: str) -> bool:
    return word[:1].isupper()


def _is_common(word: str) -> bool:
    lower = word.lower()
    return lower in _MONTHS or _numeral(lower) is not None or any(lower in stop for stop in _STOP.values())


def is_negated(text: str) -> bool:
    return len(_NEGATIONS.findall(text)) % 2 == 1


def opposes(statement: str, evidence: str) -> bool:
    """Whether the statement says one of two opposites and the evidence only the other."""
    said, found = ({word.lower() for word in _WORD.findall(text)} for text in (statement, evidence))
    for one, other in _OPPOSITES:
        for mine, theirs in ((one, other), (other, one)):
            if said & mine and not said & theirs and found & theirs and not found & mine:
                return True
    return False


@lru_cache(maxsize=16384)
def alike(one: str, other: str) -> bool:
    """The same word but for inflection, accents and one slip of the pen; or a part of a compound."""
    a, b = _bare(one), _bare(other)
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    if len(short) == 3 and long in {f"{short}{ending}" for ending in ("s", "es", "e", "n", "x")}:
        return True
    if len(short) >= 4 and (long.startswith(short) or (len(short) >= 5 and short in long)):
        return True
    n_same = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(short))
    if n_same >= 4 and n_same >= 0.7 * len(long):
        return True
    return len(short) >= 5 and _one_slip(a, b)


def _bare(word: str) -> str:
    return unaccented(word.lower())


def _one_slip(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a[start + 1 :] == b[start + 1 :] or a[start:] == b[start + 1 :] or a[start + 1 :] == b[start:]
