"""Ratings, folders and kinds of files in a question. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rag.search.understood import wheres, words
from rag.search.understood.asked import number_of
from rag.search.understood.reading import Match
from rag.search.understood.spoken import Spoken
from rag.search.understood.vocabulary import IMAGE_ENDINGS, Vocabulary

_MOST_STARS, _MOST_FOLDER_WORDS = 5, 4
_OR = frozenset(("or", "oder", "ou", "o"))
_CALLED = frozenset(("called", "named", "namens", "de", "of"))


def match_ratings(spoken: Spoken, vocabulary: Vocabulary, without: Collection[str]) -> Iterator[Match]:
    """`5 stars`, `at least four stars`, `rated 4 or better`."""
    if "rating" not in vocabulary.columns or "rating" in without:
        return
    for at, word in enumerate(spoken.words):
        number = number_of(word) or words.NUMBERS.get(word, 0)
        if 0 < number <= _MOST_STARS and not spoken.is_denied(at) and (match := _rating(at, number, spoken)):
            yield match


def _rating(at: int, number: int, spoken: Spoken) -> Match | None:
    def is_more(behind: int) -> bool:
        return spoken.word(behind) in _OR and spoken.word(behind + 1) in words.AT_LEAST

    first, last, is_least = at, at, is_more(at + 1)
    last += 2 * is_least
    has_stars = spoken.word(last + 1) in words.STARS
    last += has_stars
    if has_stars and is_more(last + 1):
        is_least, last = True, last + 2
    named_at = at - 2 if spoken.word(at - 1) in ("of", "von", "de") else at - 1
    is_rated = spoken.word(named_at) in ("rated", "rating", "bewertet", "bewertung", "note", "noted")
    if not has_stars and not is_rated:
        return None
    while spoken.word(first - 1) in words.AT_LEAST | words.WITH | {"at", "au", "al", "rated", "rating", "of", "a"}:
        first -= 1
        is_least = is_least or spoken.word(first) in words.AT_LEAST
    operator = ">=" if is_least else "="
    label = f"rated {number}{' or more' if is_least else ''}"
    return spoken.match(first, last, "rating", operator, number, "certain", f"rating {operator} {number}", label)


def match_folders(spoken: Spoken, vocabulary: Vocabulary, without: Collection[str]) -> Iterator[Match]:
    """`in the folder holiday`, `from the holiday folder`, `im Ordner Urlaub`."""
    if "source" in without:
        return
    for at, word in enumerate(spoken.words):
        if word not in words.FOLDERS:
            continue
        for first, last in _beside(at, spoken):
            if names := vocabulary.folders.get(" ".join(spoken.words[first : last + 1])):
                yield _in_folder(min(first, at), max(last, at), sorted(names), spoken)
                break


def _beside(at: int, spoken: Spoken) -> Iterator[tuple[int, int]]:
    """First and last token of what may be the name of a folder, behind and before the word `folder`."""
    for n in range(_MOST_FOLDER_WORDS, 0, -1):
        for behind in (at + 1, at + 2):
            is_led = behind == at + 1 or spoken.word(at + 1) in _CALLED
            if is_led and behind + n <= len(spoken.words):
                yield behind, behind + n - 1
        if at - n >= 0:
            yield at - n, at - 1


def _in_folder(first: int, last: int, names: Sequence[str], spoken: Spoken) -> Match:
    while spoken.word(first - 1) in words.IN | words.ARTICLES | {"under", "inside", "unter"}:
        first -= 1
    patterns = [f"{start}{name}/%" for name in names for start in ("", "%/")]
    where = wheres.any_of([f"source like {wheres.literal(pattern)}" for pattern in patterns])
    return spoken.match(first, last, "folder", "in", list(names), "certain", where, f"in folder {names[0]}")


def match_kind(spoken: Spoken, vocabulary: Vocabulary, without: Collection[str]) -> Match | None:
    """The kind of files that the question begins with; None where all are of it, or any kind is meant."""
    head, held = spoken.head, vocabulary.endings
    if head is None or "kind" in without or "source" in without:
        return None
    is_image = spoken.noun in words.IMAGES
    endings = [ending for ending in held if ending in IMAGE_ENDINGS] if is_image else spoken.endings(spoken.noun)
    if len(endings) == len(held) or not (vocabulary.has_images if is_image else endings):
        return None
    likes = [f"source like {wheres.literal(f'%.{each}')}" for name in endings for each in (name, name.upper())]
    parts = [*(['kind = "image"'] if is_image else []), *([wheres.any_of(likes)] if likes else [])]
    column, operator, value = ("kind", "=", "image") if is_image else ("source", "like", [f"%.{e}" for e in endings])
    label = spoken.tokens[head].text
    return spoken.match(head, head, column, operator, value, "certain", " and ".join(parts), label)
