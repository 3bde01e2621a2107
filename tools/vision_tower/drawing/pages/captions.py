"""Sentences and phrases about a page, made of what its spec tells."""

from __future__ import annotations

import re
from random import Random

from tools.vision_tower.drawing.english import NUMBERS
from tools.vision_tower.drawing.pages.spec import Kind, PageSpec, Value

_DIGITS = ("zero", *NUMBERS[1:8])
_LEADS_OF_ANY = (
    *("{}",) * 3,
    "bare",
    "bare",
    "an image of {}",
    "a picture of {}",
    "it shows {}",
    "the picture shows {}",
    "picture showing {}",
    "image: {}",
    "we see {}",
    "you can see {}",
    "show me {}",
)
_LEADS_OF_ONE = ("this is {}", "{} is shown", "there is {} here", "an example of {}", "what {} looks like")
_BEFORE_VOWEL = re.compile(r"\ba (?=[aeio]|un)")
_ANY = "*"

# attribute: {value: phrases}; those of "*" suit all other values. A phrase that starts with "-" stands before the name.
_PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    "columns": {
        "1": ("-single-column", "in one column", "with a single column"),
        _ANY: ("with {n} columns", "in {n} columns", "-{n}-column"),
    },
    "rows": {_ANY: ("with {n} rows",)},
    "headings": {"headings": ("with headings", "with a title and headings", "with several sections")},
    "insert": {
        "picture at the top": ("with a picture at the top", "with an image above the text", "with a picture"),
        "picture in the middle": ("with a picture in the middle", "with an image between the text", "with a picture"),
        "picture at the bottom": ("with a picture at the bottom", "with an image below the text", "with a picture"),
        "table": ("with a table", "that contains a table", "with a table and text"),
        "chart": ("with a chart", "that contains a chart", "with a figure"),
        "": ("without pictures", "with nothing but text"),
    },
    "figure": {"figure": ("with a figure", "with a figure among the text")},
    "colour": {_ANY: ("with {v} accents", "with some {v}", "with a touch of {v}", "with {v} details")},
    "header": {
        "": ("without a coloured header",),
        _ANY: ("with a {v} header", "with a {v} header row", "with a {v} bar at the top", "whose first row is {v}"),
    },
    "bar": {_ANY: ("with a {v} header", "with a {v} bar at the top", "with a {v} top bar")},
    "accent": {_ANY: ("with {v} accents", "with a {v} title", "with a title in {v}")},
    "plate": {_ANY: ("-{v}", "-{v}", "in {v}")},
    "tint": {"grey": ("in black and white", "without colours", "-grey"), "": ("in colour", "-colourful")},
    "code": {"bar code": ("with a bar code at the bottom", "with a bar code")},
    "content": {
        "list": ("with a list", "with rows of entries"),
        "grid": ("with a grid of tiles", "with a grid of icons or pictures"),
        "feed": ("with a feed of pictures", "with posts and photos"),
        "figures": ("with a chart", "with a large number at the top"),
    },
    "layout": {
        "title": ("with a title only", "with nothing but a title and a name", "that opens a talk"),
        "bullets": ("with bullet points", "with a title and bullets"),
        "picture": ("with a picture beside the text", "with bullets and a picture"),
        "chart": ("with a chart beside the text", "with bullets and a chart"),
        "table": ("with a table beside the text", "with bullets and a table"),
    },
    "ground": {_ANY: ("with a {v} background", "on a {v} background", "-{v}", "mostly {v}")},
    "theme": {
        "dark": (
            "in dark mode",
            "with a dark theme",
            "on a dark background",
            "-dark",
            "with light text on a dark ground",
        ),
        "light": ("on a light background", "-light", "with a light theme"),
    },
    "items": {
        _ANY: ("with {n} items", "with {n} points", "of {n} items", "with {n} entries"),
    },
    "pictures": {
        "0": ("without pictures",),
        "1": ("with a picture", "with one photo"),
        _ANY: ("with {n} pictures", "with photos"),
    },
    "picture": {
        "top": ("with the picture at the top", "with a large image above"),
        "bottom": ("with the picture at the bottom", "with a large image below"),
        "left": ("with the picture on the left", "with a large image on the left"),
        "right": ("with the picture on the right", "with a large image on the right"),
        "picture": ("with a picture", "with an image"),
        "": ("without a picture",),
    },
    "ruling": {"lines": ("on lined paper", "on ruled paper"), "": ("on plain paper", "on paper without lines")},
    "blank": {
        "nothing but a line": ("with a single line of text", "with only a few words", "-nearly"),
        "lines": ("with ruled lines", "-lined", "for writing, with horizontal lines"),
        "squares": ("with a grid", "-squared", "of graph paper"),
        "": ("-completely", "without anything on it"),
    },
    "lines": {
        "all": ("with all cells ruled", "with grid lines", "with borders around its cells", "-ruled"),
        "striped": ("with striped rows", "-striped", "with zebra stripes", "with alternating row colours"),
        "few": ("with few rules", "in booktabs style", "with only horizontal rules at top and bottom"),
        "between the rows": ("with lines between the rows", "with horizontal lines only"),
    },
    "days": {_ANY: ("for {n} days", "of {n} days")},
    "letters": {
        "letters": ("filled in", "with letters in it", "-solved"),
        "": ("not yet filled in", "-unsolved", "-empty"),
    },
    "pieces": {
        "start": ("with the pieces in their starting position", "before the first move", "with all pieces"),
        "game": ("in the middle of a game", "with some pieces"),
        "": ("without pieces", "-empty"),
    },
    "filled": {
        "filled": ("filled in", "-filled", "-completed"),
        "": ("not filled in", "-empty", "-blank", "to be filled in"),
    },
    "ticks": {
        "0": ("with no box ticked",),
        _ANY: ("with {n} boxes ticked", "with {n} ticked check boxes"),
    },
    "boxes": {_ANY: ("with {n} check boxes", "with check boxes", "with a column of {n} tick boxes")},
    "chart": {"chart": ("with a chart", "with a graph"), "": ("without a chart",)},
    "table": {"table": ("with a table",)},
    "tiles": {_ANY: ("with {n} tiles", "with {n} panels", "with {n} cards")},
    "panels": {_ANY: ("with {n} panels", "of {n} panels")},
    "lines of code": {"numbers": ("with line numbers", "with numbered lines")},
    "sidebar": {
        "sidebar": ("with a sidebar", "with a side menu on the left", "with a menu on the left"),
        "": ("without a sidebar",),
    },
    "staves": {_ANY: ("with {n} staves", "of {n} staves", "with {n} lines of music")},
    "formulas": {_ANY: ("with {n} formulas", "with {n} lines of mathematics")},
    "seal": {"seal": ("with a seal", "with a round seal"), "": ("without a seal",)},
    "view": {
        "icons": ("as icons", "with large icons", "in icon view"),
        "list": ("as a list", "in list view", "with file details"),
    },
    "said": {_ANY: ('that says "{v}"', "saying {v}", 'with the word "{v}"', "reading {v}")},
    "modules": {_ANY: ("in {v}", "-{v}", "of {v} squares")},
    "squares": {_ANY: ("with {v} squares", "-{v} and light")},
    "folders": {_ANY: ("with {v} folders", "with {v} icons")},
    "digits": {"digits": ("with digits below it", "with its number"), "": ("without a number", "without digits")},
    "border": {_ANY: ("with a {v} border", "with a {v} frame")},
    "paper": {_ANY: ("on {v} paper", "on a {v} sheet", "on a {v} note")},
    "sheet": {_ANY: ("-{v}", "that is {v}", "of {v} colour")},
    "ink": {_ANY: ("in {v} ink", "written in {v}")},
    "shape": {
        "triangle": ("-triangular", "in the shape of a triangle"),
        "circle": ("-round", "in the shape of a circle"),
        "octagon": ("-octagonal", "with eight corners"),
        "diamond": ("-diamond-shaped", "standing on its corner"),
        "square": ("-square",),
        "arrow": ("-arrow-shaped", "in the shape of an arrow"),
        "bar": ("-rectangular", "in the shape of a wide rectangle"),
    },
}


def describe(kind: Kind, spec: PageSpec, rng: Random) -> str:
    """The kind by one of its names, with none to three of what the spec tells."""
    told = [(key, value) for key, value in spec.attributes if _phrases(key, value)]
    told = rng.sample(told, min(len(told), rng.choices((0, 1, 2, 3), (3, 5, 3, 1))[0]))
    before: list[str] = []
    after: list[str] = []
    for key, value in told:
        phrase = _fill(rng.choice(_phrases(key, value)), value, rng)
        (before if phrase.startswith("-") else after).append(phrase.removeprefix("-"))
    name = rng.choice((kind.names[0], *kind.names))
    thing = " ".join([*before[:1], name, _join(after, rng)]).strip()
    leads = _LEADS_OF_ANY if name in kind.uncounted else (*_LEADS_OF_ANY, *_LEADS_OF_ONE)
    lead = rng.choice((*leads, *kind.leads, *kind.leads))
    if lead == "bare":
        return _BEFORE_VOWEL.sub("an ", thing)
    sentence = lead.format(thing if name in kind.uncounted else f"a {thing}")
    sentence = _BEFORE_VOWEL.sub("an ", sentence)
    return sentence[0].upper() + sentence[1:] + "." if rng.random() < 0.4 else sentence


def _phrases(key: str, value: Value) -> tuple[str, ...]:
    known = _PHRASES[key]
    if isinstance(value, int) and value >= len(_DIGITS):
        return (f"with many {key}",) if key in {"columns", "rows", "items"} else ()
    return known.get(str(value), known.get(_ANY, ()) if value else ())


def _fill(phrase: str, value: Value, rng: Random) -> str:
    number = rng.choice((_DIGITS[value], str(value))) if isinstance(value, int) and value < len(_DIGITS) else ""
    phrase = phrase.format(n=number, v=value)
    if value == 1:  # "with 1 rows"
        for noun in ("columns", "rows", "items", "points", "boxes", "pictures", "staves", "formulas", "lines"):
            phrase = phrase.replace(noun, {"boxes": "box", "staves": "stave"}.get(noun, noun[:-1]))
    return phrase


def _join(phrases: list[str], rng: Random) -> str:
    return rng.choice((" and ", ", ", " ")).join(phrases)
