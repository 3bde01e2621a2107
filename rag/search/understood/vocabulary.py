"""What a knowledge base holds that questions can name: its columns and their values, folders, kinds of files. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from rag.search.understood.tokens import folded, phrase_of

IMAGE_ENDINGS = frozenset("jpg jpeg png gif webp tif tiff heic heif avif bmp jp2 ico tga ppm pcx psd dds svg".split())
MOST_VALUE_CHARS, MOST_VALUE_WORDS = 80, 6
"""What is longer is a sentence and no name."""
PLACES = ("place", "region", "country")
PEOPLE = ("author", "people")
DATES = ("taken_at", "published", "created", "modified")
"""When something was made, the surest first; `modified` says when where nothing else does."""
_YEAR_COLUMNS = frozenset(("year", "jahr", "annee", "ano", "anno"))
_OF_EVERY_FILE = frozenset(("folder", "guessed"))
"""Columns that a file has by its path alone: they tell nothing that is asked for by a value's name."""
_NO_NAMES = _OF_EVERY_FILE | {"copyright", "title", "caption", "description", "subject", "site", "lat", "lon"}
_NAMES_APART = re.compile(r"\s*[,;]\s*|\s+(?:and|und|et|y|&)\s+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the records.

    Attributes:
        name: as filters say it.
        values: different ones, the most frequent first.
        is_date: its values are dates.
        years: that its dates lie in.
    """

    name: str
    values: tuple[Any, ...] = ()
    is_date: bool = False
    years: tuple[int, ...] = ()

    @property
    def is_year(self) -> bool:
        """Whole numbers that are years."""
        return folded(self.name) in _YEAR_COLUMNS and all(isinstance(value, int) for value in self.values)


@dataclass(frozen=True)
class Vocabulary:
    """Of one knowledge base, at one moment.

    Attributes:
        columns: by name.
        endings: of file names, in small letters, with how many files have them.
        folders: folded name of a folder to names as they stand in sources.
        has_images: whether there are pictures.
        titled_years: numbers of years in names of files: a report with one in its name is called by it.
    """

    columns: Mapping[str, Column] = field(default_factory=dict)
    endings: Mapping[str, int] = field(default_factory=dict)
    folders: Mapping[str, frozenset[str]] = field(default_factory=dict)
    has_images: bool = False
    titled_years: frozenset[str] = frozenset()

    @cached_property
    def date_columns(self) -> tuple[str, ...]:
        """Of dates, the surest first, `modified` last."""
        own = [name for name, column in self.columns.items() if column.is_date and name not in DATES]
        return tuple(name for name in (*DATES[:-1], *sorted(own), DATES[-1]) if name in self.columns)

    @cached_property
    def year_columns(self) -> tuple[str, ...]:
        """Of whole numbers that are years."""
        return tuple(sorted(name for name, column in self.columns.items() if column.is_year))

    @cached_property
    def years(self) -> tuple[int, ...]:
        """That something was made in, in order."""
        found = {year for column in self.columns.values() for year in column.years}
        found.update(value for name in self.year_columns for value in self.columns[name].values)
        return tuple(sorted(found))

    @cached_property
    def names(self) -> Mapping[str, Mapping[str, tuple[Any, ...]]]:
        """Folded phrase to column to the values that it stands for."""
        found: dict[str, dict[str, dict[Any, None]]] = {}
        for column in self.columns.values():
            if column.name in _NO_NAMES or column.is_date:
                continue
            for value in column.values:
                for phrase in _phrases(column.name, value):
                    found.setdefault(phrase, {}).setdefault(column.name, {})[value] = None
        for others in _place_names():
            self._also_called(found, others)
        return {phrase: {name: tuple(values) for name, values in by.items()} for phrase, by in found.items()}

    @cached_property
    def first_words(self) -> frozenset[str]:
        """That `names` begin with."""
        return frozenset(phrase.partition(" ")[0] for phrase in self.names)

    def _also_called(self, found: dict[str, dict[str, dict[Any, None]]], others: Sequence[str]) -> None:
        """A place's names in other languages stand for the values of the name that it has here."""
        for column in PLACES:
            values = [value for phrase in others for value in found.get(phrase, {}).get(column, ())]
            for phrase in others if values else ():
                found.setdefault(phrase, {}).setdefault(column, {}).update(dict.fromkeys(values))

    @cached_property
    def column_names(self) -> Mapping[str, str]:
        """Folded name of a column as questions say it (`colour group`) to its name."""
        return {phrase_of(name.replace("_", " ")): name for name in self.columns}

    def has(self, column: str) -> bool:
        """Whether files have values of it; `year` and `folder` are of all files."""
        if column == "folder":
            return bool(self.folders)
        return bool(self.years) if column == "year" else column in self.columns

    @property
    def is_empty(self) -> bool:
        """Nothing is known of its files: no question is understood, at no cost."""
        return not self.columns.keys() - _OF_EVERY_FILE


def names_in(column: str, value: str) -> list[str]:
    """The names of several authors that stand in one value; of other columns the value."""
    return [name for name in _NAMES_APART.split(value) if name] if column in PEOPLE else [value]


def _phrases(column: str, value: Any) -> Iterable[str]:
    """What a question may call a value: itself, and of a name the last word, of a camera the first."""
    if not isinstance(value, str):
        return
    for part in dict.fromkeys((value, *names_in(column, value))):
        phrase = phrase_of(part)
        spoken = phrase.split()
        if not spoken or len(spoken) > MOST_VALUE_WORDS or phrase.isdecimal():
            continue
        yield phrase
        if column in PEOPLE and len(spoken) > 1 and len(spoken[-1]) > 2:
            yield spoken[-1]
        if column == "camera" and len(spoken) > 1:
            yield spoken[0]
            yield " ".join(spoken[1:])


@lru_cache(maxsize=1)
def _place_names() -> tuple[tuple[str, ...], ...]:
    """What places are called in several languages; see `tools/make_place_names.py`."""
    lines = (Path(__file__).parent / "place_names.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(tuple(dict.fromkeys(map(phrase_of, line.split("\t")))) for line in lines)
