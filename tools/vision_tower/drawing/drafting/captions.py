"""Sentences about diagrams, true to their specs."""

from __future__ import annotations

from random import Random

from tools.vision_tower.drawing.drafting.kinds import Diagram, Kind, is_coloured
from tools.vision_tower.drawing.drafting.style import LINES, MANY
from tools.vision_tower.drawing.english import NUMBERS, with_article

COUNTABLE = 7
"""More than so many things nobody tells at 128 pixels."""
_OPENERS = (
    "{a}", "{a}", "{a}", "{bare}", "{bare}", "{bare}", "picture of {a}", "image of {a}", "figure with {a}",
    "figure showing {a}", "here is {a}", "one can see {a}", "an image showing {a}", "{a} from a document",
    "illustration: {bare}", "the picture shows {a}", "here we see {a}", "page with {a}", "find {a}",
)  # fmt: skip
_LINES = (
    "in black and white", "without colours", "drawn in outlines", "as a line drawing", "with plain lines", "monochrome",
)  # fmt: skip
_MANY = ("in many colours", "in several colours", "colourful", "multicoloured", "with different colours")
_ONE = ("in {}", "coloured {}", "drawn in {}", "with {}")
_AREAS = (*_ONE, "mostly {}", "in shades of {}", "in {} tones")
_DARK = ("on a dark background", "in dark mode", "on a black background", "with a dark theme", "light on dark")
_LEGEND = ("with a legend", "with a legend beside it", "with a key", "and a legend")


def describe(kind: Kind, spec: Diagram, rng: Random) -> str:
    """A phrase or sentence about `spec`; mentions some of what can be seen, never all of it by rule."""
    if kind.says and rng.random() < 0.15:
        return rng.choice(kind.says)
    name = kind.names[0] if rng.random() < 0.5 else rng.choice(kind.names)
    facts = _facts(kind, spec, rng)
    rng.shuffle(facts)
    told = facts[: rng.choice((0, 1, 1, 2, 2, 3))]
    bare = name
    if is_coloured(spec) and rng.random() < 0.25:
        bare = f"{spec.colour} {name}"
        told = [fact for fact in told if spec.colour not in fact]
    if told:
        bare = f"{bare} {rng.choice((' ', ' ', ' ', ', ')).join(told)}".replace("  ", " ").replace(" , ", ", ")
    text = rng.choice(_OPENERS).format(a=bare if _is_plural(name) else with_article(bare), bare=bare)
    return text[:1].upper() + text[1:] + rng.choice(("", ".")) if rng.random() < 0.3 else text


def _facts(kind: Kind, spec: Diagram, rng: Random) -> list[str]:
    """Phrases that may follow the name."""
    facts = []
    if kind.counted and 1 < spec.count <= COUNTABLE:
        number = str(spec.count) if rng.random() < 0.25 else NUMBERS[spec.count]
        facts += [f"{rng.choice(('with', 'with', 'of', 'made of'))} {number} {rng.choice(kind.counted)}"] * 2
    elif kind.counted and spec.count > 2 * COUNTABLE:
        facts.append(f"with many {rng.choice(kind.counted)}")
    if kind.forms[spec.form]:
        facts.append(rng.choice(kind.forms[spec.form]))
    if spec.colour == LINES:
        facts.append(rng.choice(_LINES))
    elif spec.colour == MANY:
        facts.append(rng.choice(_MANY))
    elif is_coloured(spec):
        facts.append(rng.choice(_ONE if kind.sparse else _AREAS).format(spec.colour))
    if spec.dark:
        facts.append(rng.choice(_DARK))
    if spec.legend:
        facts.append(rng.choice(_LEGEND))
    if spec.topic and kind.topical and rng.random() < 0.12:
        facts.append(f"about {spec.topic}")
    return list(dict.fromkeys(facts))


def _is_plural(name: str) -> bool:
    return name.split(" of ")[0].split(" with ")[0].split(" inside ")[0].endswith("s")
