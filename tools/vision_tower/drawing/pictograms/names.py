"""What the pictures of a set are of: an emoji, or the plain words in an icon's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tools.vision_tower.drawing.pictograms.emoji import Emoji, char

_VARIANTS = frozenset(
    "outline outlined filled fill twotone duotone sharp rounded round solid bold variant alt alternate line".split()
)
_NUMBERS = frozenset("one two three four five six seven eight nine ten".split())
# Other looks of what the set also has in its plain form; more of the same, at 20 kB each.
_SKIPPED = re.compile(r"-(rounded|sharp|thin|light|duotone|24px|11|15|negative)$")
_BRANDS = re.compile(r"^(brand|logo)-|-logos?(-|$)")
_BRAND_CATEGORIES = frozenset({"Brand / Logo", "Brand", "Alpha / Numeric", "Developer / Languages"})
_ALIASES_ARE_SYNONYMS = frozenset({"mdi", "lucide", "tabler"})
MAX_WORDS = 4


def plain(icon: str) -> str | None:
    """'arrow-up-circle-outline' is 'arrow up circle'; None where no words are left that would tell what it shows."""
    words = icon.lower().replace("_", "-").strip("-").split("-")
    words = [word for word in words if word not in _VARIANTS and word]
    while len(words) > 1 and (words[-1].isdigit() or words[-1] in _NUMBERS):
        words.pop()
    words = words[1:] if words[:1] == ["i"] else words  # medical-icon: the sign, white on black
    readable = all(word.isalpha() and (len(word) > 1 or word in "xt") for word in words)
    return " ".join(words) if readable and 0 < len(words) <= MAX_WORDS and len("".join(words)) > 2 else None


def icons(svgs: Mapping[str, Any], metadata: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    """Pairs of a plain name and the set's icon, no brands, no old versions."""
    categories = (metadata or {}).get("categories", {})
    brands = {icon for category in _BRAND_CATEGORIES for icon in categories.get(category, ())}
    for icon, entry in svgs["icons"].items():
        if entry.get("hidden") or icon in brands or _BRANDS.search(icon) or _SKIPPED.search(icon):
            continue
        if (words := plain(icon)) is not None:
            yield words, icon


def synonyms(name: str, svgs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of a plain name and another one for the same thing, from the sets that have such aliases."""
    if name not in _ALIASES_ARE_SYNONYMS:
        return
    for alias, entry in svgs.get("aliases", {}).items():
        first, second = plain(entry["parent"]), plain(alias)
        if first and second and first != second:
            yield first, second


def squashed(name: str) -> str:
    """Letters and digits only: sets differ in what they put between."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def emoji_names(emoji: Iterable[Emoji], tables: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Emoji by what the sets call them, letters only: some sets have names and no code points.

    Args:
        emoji: those to be found.
        tables: icons by code points, of the sets that have such a table.

    The names that the CLDR gives today win over those that sets took from older versions.
    """
    known = {one.char: one.name for one in emoji}
    listed = {squashed(name): char(codes) for table in tables for codes, name in table.items()}
    flags = {squashed(name.replace("flag:", "flag-for-")): key for key, name in known.items()}
    named = {squashed(name): key for key, name in known.items()}
    return {name: key for name, key in (listed | flags | named).items() if key in known}


def emoji_pictures(
    svgs: Mapping[str, Any], table: Mapping[str, str] | None, by_name: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Pairs of an emoji and the set's icon for it, at most one each."""
    if table:
        pairs = ((char(codes), icon) for codes, icon in table.items())
    else:
        pairs = ((by_name.get(squashed(icon), ""), icon) for icon in [*svgs["icons"], *svgs.get("aliases", {})])
    seen = {""}
    known = set(by_name.values())
    for key, icon in pairs:
        if key not in seen and key in known:
            seen.add(key)
            yield key, icon
