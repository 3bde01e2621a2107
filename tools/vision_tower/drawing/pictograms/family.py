"""Emoji and icons: alone, coloured, on plates and signs, several of one, several side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from PIL.Image import Image

from tools.vision_tower.drawing import colours
from tools.vision_tower.drawing.pictograms import words as pictogram_words
from tools.vision_tower.drawing.pictograms.emoji import Emoji, leaks, runs, stems, words
from tools.vision_tower.drawing.pictograms.glyphs import Glyph, load, prepare
from tools.vision_tower.drawing.pictograms.paint import Painter
from tools.vision_tower.drawing.pictograms.plates import SIGNS
from tools.vision_tower.drawing.pictograms.sources import Source
from tools.vision_tower.drawing.pictograms.words import FRAMES

EMOJI_SHARE = 0.85
UNSEEN_EMOJI, UNSEEN_ICONS = "openmoji", "bi"
_TINTS = tuple(name for name in colours.NAMES if name != "white")
_GROUNDS = tuple(name for name in colours.NAMES if name != "white")
_COLOUR_WORDS = frozenset(colours.NAMES) | {"gold", "silver", "rainbow"}
_MAX_TRIES = 12
TOLD_BY_OTHER_FAMILIES = "age astronomy danger dialog gray octagonal outlined solid vaccination violet whiskers".split()
"""Keywords kept from pictograms that captions of scenes, charts, pages or diagrams say: all captions were searched."""


@dataclass(frozen=True)
class PictogramSpec:
    """What is told of a drawing; None where a colour or a plate is left to the lot.

    Attributes:
        concepts: emoji, or plain names of icons; all different.
        count: how often it is drawn, where there is one concept.
        tint: colour of a monochrome pictogram.
        ground: colour behind it, which is the sign's where there is one.
        sign: one of `plates.SIGNS`.
    """

    concepts: tuple[str, ...]
    count: int = 1
    tint: str | None = None
    ground: str | None = None
    sign: str | None = None


class Pictograms:
    """The family, over a folder that it fills when it is empty.

    Made once before there are many processes, so that only one fills the folder; each process then makes its own,
    or is sent this one, and reads the same memory maps.
    """

    def __init__(self, cache_dir: Path, sources: tuple[Source, ...] | None = None) -> None:
        """Args: sources: instead of all that are pinned."""
        self._made_of = cache_dir, sources
        prepare(cache_dir, sources)
        library = load(cache_dir)
        self._library = library
        self._painter = Painter(library)
        self._emoji: dict[str, Emoji] = {one.char: one for one in library.emoji}
        training = {about["name"] for about in library.sets if about["training"]}
        glyphs = [glyph for glyph in library.glyphs if glyph.colour or not self._needs_colour(glyph.concept)]
        styles = _by_concept(glyph for glyph in glyphs if glyph.set_name in training)
        kept = {stems(keyword) for one in library.emoji for keyword in one.held_out}
        icons = sorted(set(styles) - set(self._emoji))
        leaky = {name for name in icons if not kept.isdisjoint(runs([name]))}
        self._styles = {concept: glyphs for concept, glyphs in styles.items() if concept not in leaky}
        self._synonyms = {
            name: [other for other in library.synonyms.get(name, ()) if kept.isdisjoint(runs([other]))]
            for name in icons
        }
        self._unseen = {
            name: _by_concept(g for g in glyphs if g.set_name == name) for name in (UNSEEN_EMOJI, UNSEEN_ICONS)
        }
        self._emoji_concepts = sorted(set(self._styles) & set(self._emoji))
        self._icon_concepts = sorted(set(self._styles) - set(self._emoji))
        # What several sets draw is what people look for; the rest is mostly 'file-arrow-left' and its like.
        self._common_icons = [name for name in self._icon_concepts if len({g.set_name for g in self._styles[name]}) > 1]

    def __reduce__(self) -> tuple[type[Pictograms], tuple[Path, tuple[Source, ...] | None]]:
        return Pictograms, self._made_of

    def imagine(self, rng: Random) -> PictogramSpec:
        """One concept, copies of it, or several concepts; coloured and on plates at times."""
        first, lot = self._any_concept(rng), rng.random()
        if lot < 0.1:
            return PictogramSpec(self._companions(first, rng.randint(2, 6), rng))
        tint = rng.choice(_TINTS) if rng.random() < 0.3 and self._can_be_tinted(first) else None
        if lot < 0.14:
            return PictogramSpec((first,), count=rng.randint(2, 6), tint=tint)
        sign = rng.choice(SIGNS) if rng.random() < 0.18 else None
        grounds = [name for name in _GROUNDS if name != tint]
        ground = rng.choice(grounds) if rng.random() < 0.25 and sign != "prohibition" else None
        return PictogramSpec((first,), tint=tint, ground=ground, sign=sign)

    def draw(self, spec: PictogramSpec, rng: Random) -> Image:
        """RGB, between 160 and 640 pixels a side."""
        styles = [self._styles[concept] for concept in spec.concepts]
        if spec.tint is not None:
            styles = [[glyph for glyph in of_one if not glyph.colour] for of_one in styles]
        names = [self._name(concept) for concept in spec.concepts]
        glyphs = _of_one_hand(styles, rng) * spec.count
        return self._painter.paint(glyphs, names * spec.count, spec.tint, spec.ground, spec.sign, rng)

    def describe(self, spec: PictogramSpec, rng: Random) -> str:
        """Never by a keyword that is kept out of training."""
        kept = [word for concept in spec.concepts for word in self.held_out_keywords(concept)]
        for _ in range(_MAX_TRIES):
            if not leaks(caption := self._caption(spec, rng), kept):
                return caption
        return pictogram_words.single(self._name(spec.concepts[0]), None, None, None, rng)

    def held_out_keywords(self, codepoint: str) -> tuple[str, ...]:
        """Those of an emoji that no caption uses; none for an icon."""
        return self._emoji[codepoint].held_out if codepoint in self._emoji else ()

    def told_keywords(self, codepoint: str) -> tuple[str, ...]:
        """Those of an emoji that captions may use; none for an icon."""
        return self._emoji[codepoint].keywords if codepoint in self._emoji else ()

    def names(self) -> list[tuple[str, str]]:
        """Emoji and Unicode's short name of each, of all that the unseen style has."""
        return [(one.char, one.name) for one in self._library.emoji if one.char in self._unseen[UNSEEN_EMOJI]]

    def keyword_queries(self) -> list[tuple[str, set[str]]]:
        """Keywords that no caption of training says, and the emoji of `names` that have each."""
        having = defaultdict(set)
        for char, _ in self.names():
            for keyword in self._emoji[char].held_out:
                if stems(keyword) not in self._told:
                    having[keyword].add(char)
        return sorted(having.items())

    @cached_property
    def _told(self) -> set[str]:
        """Runs of stems that captions can be made of."""
        of_icons = (name for icon in self._icon_concepts for name in (icon, *self._synonyms[icon]))
        of_emoji = (name for one in self._library.emoji for name in (one.name, *one.keywords))
        return set(runs([*of_icons, *of_emoji, *FRAMES, *TOLD_BY_OTHER_FAMILIES]))

    def draw_unseen_style(self, codepoint: str, rng: Random) -> Image:
        """In a set that is not trained on; alone, without a word on it."""
        return self._painter.paint([self._unseen[UNSEEN_EMOJI][codepoint][0]], None, None, None, None, rng)

    def unseen_icons(self) -> list[str]:
        """Names of icons that the unseen icon set and at least one of training share."""
        return sorted(set(self._unseen[UNSEEN_ICONS]) & set(self._styles))

    def draw_unseen_icon(self, name: str, rng: Random) -> Image:
        """One of `unseen_icons`; alone, without a word on it."""
        return self._painter.paint([rng.choice(self._unseen[UNSEEN_ICONS][name])], None, None, None, None, rng)

    def licences(self) -> list[dict[str, Any]]:
        """One a set: package, name, version, licence, author, glyphs (how many), training (whether learnt from)."""
        return list(self._library.sets)

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """All that may be imagined, emoji first."""
        return (*self._emoji_concepts, *self._icon_concepts)

    def _caption(self, spec: PictogramSpec, rng: Random) -> str:
        names = [self._called(concept, rng) for concept in spec.concepts]
        if len(names) > 1:
            return pictogram_words.group(names, rng)
        if spec.count > 1 and rng.random() < 0.9:
            return pictogram_words.copies(names[0], spec.count, rng)
        told = any((spec.tint, spec.ground, spec.sign))
        keywords = self._keywords(spec.concepts[0])
        if keywords and rng.random() < (0.1 if told else 0.35):
            return pictogram_words.by_keywords(names[0], keywords, rng)
        return pictogram_words.single(names[0], spec.tint, spec.ground, spec.sign, rng)

    def _keywords(self, concept: str) -> tuple[str, ...]:
        """What else an emoji may be called; nothing for flags, which have no other keyword than that."""
        if concept not in self._emoji or (name := self._name(concept)).startswith("flag:"):
            return ()
        return tuple(keyword for keyword in self._emoji[concept].keywords if keyword != name)

    def _any_concept(self, rng: Random) -> str:
        if rng.random() < EMOJI_SHARE or not self._icon_concepts:
            return rng.choice(self._emoji_concepts)
        return rng.choice(self._common_icons if self._common_icons and rng.random() < 0.9 else self._icon_concepts)

    def _companions(self, first: str, count: int, rng: Random) -> tuple[str, ...]:
        """The concept and others, none of which is called as a kept keyword of another one."""
        found = [first]
        for _ in range(_MAX_TRIES):
            other = self._any_concept(rng)
            both = [*found, other]
            kept = [word for concept in both for word in self.held_out_keywords(concept)]
            if other not in found and not any(leaks(self._name(concept), kept) for concept in both):
                found = both
            if len(found) == count:
                break
        return tuple(found)

    def _name(self, concept: str) -> str:
        return self._emoji[concept].name if concept in self._emoji else concept

    def _called(self, concept: str, rng: Random) -> str:
        if concept in self._emoji:
            name = self._emoji[concept].name
            return pictogram_words.spoken(name, rng) if rng.random() < 0.7 else name
        others = self._synonyms.get(concept)
        return rng.choice(others) if others and rng.random() < 0.25 else concept

    def _needs_colour(self, concept: str) -> bool:
        """Flags, and what a colour is part of: a red heart in black is not one."""
        name = self._name(concept)
        return name.startswith("flag:") or bool(_COLOUR_WORDS & set(words([name])))

    def _can_be_tinted(self, concept: str) -> bool:
        return any(not glyph.colour for glyph in self._styles[concept])


def _by_concept(glyphs: Iterable[Glyph]) -> Mapping[str, list[Glyph]]:
    styles: dict[str, list[Glyph]] = {}
    for glyph in glyphs:
        styles.setdefault(glyph.concept, []).append(glyph)
    return styles


def _of_one_hand(styles: list[list[Glyph]], rng: Random) -> list[Glyph]:
    """A glyph of each concept; of one set where it has them all, as on real sheets."""
    first = rng.choice(styles[0])
    return [
        rng.choice([glyph for glyph in of_one if glyph.set_name == first.set_name] or of_one) if i else first
        for i, of_one in enumerate(styles)
    ]
