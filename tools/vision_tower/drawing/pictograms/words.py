"""Captions for pictograms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from random import Random

from tools.vision_tower.drawing.english import NUMBERS

# {name}: 'dog face'; {a}: 'a dog face'
_PLAIN = (
    "{name}|{name}|{name}|{a}|{name} icon|{name} icon|{name} emoji|{name} emoji|{name} pictogram|{name} symbol|"
    "an icon of {a}|an emoji of {a}|a pictogram of {a}|a symbol of {a}|a picture of {a}|a drawing of {a}|"
    "an illustration of {a}|an image showing {a}|a simple drawing of {a}|a small picture of {a}|clip art of {a}|"
    "a sticker of {a}|a cartoon of {a}|a vector graphic of {a}|a glyph for {name}|icon: {name}|emoji: {name}|"
    "the {name} emoji|the icon for {name}|this is {a}|{a} as an icon|picture: {name}|a sign showing {a}|"
    "the symbol for {name}|an icon that shows {a}|graphic of {a}"
).split("|")
# {one}, {two}, {three}: keywords
_KEYWORDS = (
    "{one}|{one}|{one}|{one} icon|{one} emoji|{one} symbol|a symbol for {one}|a picture for {one}|{one}, {two}|"
    "{one} {two}|{one} and {two}|an emoji about {one}|an icon about {one} and {two}|an emoji that means {one}|"
    "{name}: {one}, {two}, {three}|{name} ({one})|{name}, {one}|{one}, {two}, {three}|something to do with {one}|"
    "a drawing of {one}|{one} pictogram|an image of {one}|{name}, also {one}|emoji for {one} or {two}"
).split("|")
_TINTED = (
    "{tint} {name}|{tint} {name} icon|{tint} icon of {a}|{a} in {tint}|a {tint} pictogram of {a}|"
    "a {tint} symbol of {a}|{a} drawn in {tint}|{name} icon in {tint}|{name}, {tint}|a {tint} drawing of {a}|"
    "{tint} {name} symbol|a pictogram of {a}, coloured {tint}"
).split("|")
_GROUND = (
    " on a {ground} background| on {ground}| against a {ground} background|, {ground} background| on {ground} ground"
).split("|")
_SIGNS = {
    "circle": "{name} in a circle|a round sign with {a}|a round button with {a}|{a} on a disc|round {name} icon|"
    "a circle with {a} in it|{a} inside a circle".split("|"),
    "square": "{name} in a square|a square sign with {a}|an app icon with {a}|{a} on a square tile|"
    "square button: {name}|{a} inside a square".split("|"),
    "diamond": "a diamond-shaped sign with {a}|a road sign with {a}|{name} in a diamond|diamond sign: {name}|"
    "{a} on a diamond-shaped plate".split("|"),
    "warning": "a triangular warning sign with {a}|warning sign: {name}|a warning triangle showing {a}|"
    "{name} in a triangle|a triangle sign with {a}|caution, {name}".split("|"),
    "prohibition": "a prohibition sign with {a}|no {name} sign|{name} forbidden|{name} not allowed|"
    "{a}, crossed out in red|a red circle with a stroke through {a}|prohibited: {name}|{name} is prohibited".split("|"),
}
_COLOURED_SIGNS = {
    "circle": "{name} in a {ground} circle|a round {ground} sign with {a}|a {ground} button with {a}".split("|"),
    "square": "{name} in a {ground} square|a square {ground} sign with {a}|a {ground} app icon with {a}".split("|"),
    "diamond": "a {ground} diamond-shaped sign with {a}|a {ground} road sign with {a}".split("|"),
    "warning": "a {ground} warning triangle with {a}|a {ground} triangle with {a} in it".split("|"),
}
_COPIES = (
    "{number} {name} icons|{number} times {name}|{name} {number} times|{number} pictures of {a}|"
    "{number} copies of {a}|the same icon {number} times: {name}|{number} {name} symbols|{number} {name} emoji"
).split("|")
_GROUPS = (
    "{list}|{list}|icons of {list}|emoji: {list}|pictograms of {list}|icons: {plain}|{plain}|pictures of {list}|"
    "{number} icons: {list}|{number} symbols, {list}|a set of icons with {list}|{number} emoji: {plain}|"
    "an overview of {number} symbols: {list}|a collection of pictograms: {plain}|symbols for {plain}|"
    "{number} different icons, one of them {one}|{one} among {number} icons|icons, among them {one}|"
    "{one} next to other symbols"
).split("|")

_TEMPLATES = (*_PLAIN, *_KEYWORDS, *_TINTED, *_GROUND, *_COPIES, *_GROUPS, *chain(*_SIGNS.values()),
              *chain(*_COLOURED_SIGNS.values()))  # fmt: skip
FRAMES = (*NUMBERS[:7], *(part for template in _TEMPLATES for part in re.split(r"\{\w+\}", template)))
"""What captions say of any pictogram, whatever it is of."""

# 'an orange', 'an umbrella', 'an unamused face'; 'a euro', 'a one', 'a unicorn', 'a user'
_BEFORE_VOWEL = re.compile(r"\ba (?=(?!eu|one\b|once\b)[aeio]|u(?!ni|s[eb]|k|t)\w)", re.IGNORECASE)


def spoken(name: str, rng: Random) -> str:
    """The CLDR's short name, as one would say it: 'flag: France' is 'flag of France' or 'France flag'."""
    head, colon, rest = name.partition(": ")
    if not colon:
        return name
    if head == "flag":
        return rng.choice((f"flag of {rest}", f"{rest} flag"))
    return f"{head} of {rest}" if head == "family" else f"{head} {rest}"


def with_article(name: str) -> str:
    """None for what is plural."""
    last = name.split()[-1].lower()
    plural = last.endswith("s") and not last.endswith(("ss", "us", "is")) and not name.startswith("flag")
    return name if plural or name.startswith(("people", "men ", "women ")) else f"a {name}"


def _filled(text: str, **words: str | None) -> str:
    return _BEFORE_VOWEL.sub("an ", text.format(**words))


def listed(parts: Sequence[str]) -> str:
    """'a, b and c'."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def single(name: str, tint: str | None, ground: str | None, sign: str | None, rng: Random) -> str:
    """Of one pictogram; may leave colours and plate out."""
    if sign is not None and rng.random() < 0.8:
        coloured = sign in _COLOURED_SIGNS and ground is not None and rng.random() < 0.7
        text = rng.choice((_COLOURED_SIGNS if coloured else _SIGNS)[sign])
        return _filled(text, name=name, a=with_article(name), ground=ground)
    text = rng.choice(_TINTED if tint is not None and rng.random() < 0.85 else _PLAIN)
    if ground is not None and sign is None and rng.random() < 0.7:
        text += rng.choice(_GROUND)
    return _filled(text, name=name, a=with_article(name), tint=tint, ground=ground)


def by_keywords(name: str, keywords: Sequence[str], rng: Random) -> str:
    """Args: keywords: at least one; repeated when there are less than three."""
    one, two, three = rng.sample(keywords, 3) if len(keywords) > 2 else [*keywords, *keywords, *keywords][:3]
    texts = _KEYWORDS if len(keywords) > 2 else [text for text in _KEYWORDS if "{two}" not in text]
    return _filled(rng.choice(texts), name=name, one=one, two=two, three=three)


def copies(name: str, count: int, rng: Random) -> str:
    """Of two to six equal pictograms."""
    return _filled(rng.choice(_COPIES), name=name, a=with_article(name), number=NUMBERS[count])


def group(names: Sequence[str], rng: Random) -> str:
    """In their order or another one."""
    names = rng.sample(names, len(names)) if rng.random() < 0.5 else names
    return _filled(
        rng.choice(_GROUPS),
        list=listed([with_article(name) for name in names]),
        plain=", ".join(names),
        one=with_article(rng.choice(names)),
        number=NUMBERS[len(names)],
    )
