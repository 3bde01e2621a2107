"""Unicode's short names and keywords of the emoji, and which keywords are kept out of training."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tools.vision_tower.drawing import colours
from tools.vision_tower.drawing.pictograms.words import FRAMES

SKIN_TONES = frozenset("🏻🏼🏽🏾🏿")
_VARIATION_SELECTOR = "\ufe0f"

MAX_SHARED = 10
"""A keyword of more emoji than this ('face', 'animal') stays in training: nothing to find among the first ten."""
MAX_HELD_OUT = 2
LONGEST_RUN = 5
# Words of captions, whatever they are of: they cannot be kept from anything. Another word here would change what else
# is kept, and the tower would be asked for what it was told; what else a frame says is therefore given back afterwards.
_FRAME = frozenset(
    "icon emoji symbol sign picture image drawing pictogram button graphic illustration sticker cartoon glyph light"
    " dark circle round square diamond triangle warning forbidden prohibited no not one two three four five six".split()
)


@dataclass(frozen=True)
class Emoji:
    """`char` without the variation selector, as the CLDR writes it; every keyword is in one of the two tuples."""

    char: str
    name: str
    keywords: tuple[str, ...]
    held_out: tuple[str, ...]


def char(codes: str) -> str:
    """'1f436' or '2764-fe0f': the text of hexadecimal code points."""
    return "".join(chr(int(code, 16)) for code in codes.split("-")).replace(_VARIATION_SELECTOR, "")


def annotated(*files: Mapping[str, Any]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Name and keywords by emoji, from the CLDR's annotations; without skin tones, as no caption tells them."""
    found = {}
    for file in files:
        (content,) = file.values()
        for key, entry in content["annotations"].items():
            if not SKIN_TONES & set(key) and "tts" in entry:
                found[key.replace(_VARIATION_SELECTOR, "")] = entry["tts"][0], tuple(entry.get("default", ()))
    return found


def with_held_out(named: Mapping[str, tuple[str, tuple[str, ...]]]) -> list[Emoji]:
    """The emoji, one or two of each one's keywords set aside where it has three or more.

    A keyword is set aside for all emoji that have it or for none: what is asked for in the benchmark was then never
    said of any of them. Keywords come in the order of their digests, so the choice knows nothing of what they mean.
    """
    having = defaultdict(list)
    for key, (_, keywords) in named.items():
        for keyword in keywords:
            having[keyword].append(key)
    said = {_stem(word) for word in words(name for name, _ in named.values())} | _FRAME | set(colours.NAMES)
    held: dict[str, list[str]] = {key: [] for key in named}
    for keyword in sorted(having, key=lambda keyword: hashlib.sha256(keyword.encode()).digest()):
        owners = having[keyword]
        if len(owners) > MAX_SHARED or not _can_be_kept(keyword, said):
            continue
        if all(len(named[key][1]) >= 3 and len(held[key]) < MAX_HELD_OUT for key in owners):
            for key in owners:
                held[key].append(keyword)
    told = set(runs(FRAMES))
    held = {key: [keyword for keyword in some if stems(keyword) not in told] for key, some in held.items()}
    return [
        Emoji(key, name, tuple(word for word in keywords if word not in held[key] and not leaks(word, held[key])), out)
        for key, (name, keywords) in named.items()
        for out in [tuple(held[key])]
    ]


def _can_be_kept(keyword: str, said: set[str]) -> bool:
    """One or more words, none of them said by a name or by the frame of a caption."""
    return all(word.isalpha() for word in keyword.split()) and not {_stem(word) for word in words([keyword])} & said


def _stem(word: str) -> str:
    """'pills' and 'pill' are one, and so are 'persevere' and 'persevering'."""
    return re.sub(r"(ings?|e?d|e?s|e)$", "", word) if len(word) > 3 else word


def words(texts: Iterable[str]) -> list[str]:
    """Lower case; one of letters and digits at a time."""
    return [word for text in texts for word in re.findall(r"[^\W_]+", text.lower())]


def stems(text: str) -> str:
    """'Pills of' is 'pill of'."""
    return " ".join(map(_stem, words([text])))


def runs(texts: Iterable[str]) -> Iterator[str]:
    """The stems of all that a text says in one to `LONGEST_RUN` words: a keyword that is told is among them."""
    for text in texts:
        said = [_stem(word) for word in words([text])]
        for start in range(len(said)):
            for end in range(start + 1, min(start + LONGEST_RUN, len(said)) + 1):
                yield " ".join(said[start:end])


def leaks(text: str, keywords: Iterable[str]) -> bool:
    """Whether the text says one of the keywords, in the singular or the plural."""
    said = " ".join(words([text]))
    return any(re.search(rf"\b{re.escape(' '.join(words([keyword])))}(s|es)?\b", said) for keyword in keywords)
