"""JSON as rows: lists and objects of pictures behind any key, one object about one picture. Nothing is held whole."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

import ijson  # type: ignore[import-untyped]

from ingest.captions.csv_rows import PICTURE_NAME

JsonShape: TypeAlias = Literal["list", "object", "single"]
Path: TypeAlias = tuple[str, ...]

BAD_JSON = (ijson.JSONError, ValueError, RecursionError, ArithmeticError)
"""Raised by ijson and json; RecursionError for `[[[[...`."""

_STARTS = frozenset({"start_map", "start_array"})
_ENDS = frozenset({"end_map", "end_array"})
_MOST_NESTED = 64
_MOST_EVENTS = 300_000
"""Of a file that is looked over for its rows: they come sooner, or it has none."""
_DEEPEST_PATH = 4
_DEEPEST_ROW = 10
_SINGLE_EVENTS = 20_000
"""An object about one picture is no larger."""
_MOST_FLAT = 200
_ARRAY = "*"
"""In a path: any element of a list."""


class Reader(Protocol):
    """A file of UTF-8."""

    def read(self, size: int) -> bytes: ...


@dataclass(slots=True)
class _Survey:
    """What a JSON file holds, by the keys that lead there."""

    lists: Counter[Path] = field(default_factory=Counter)
    named: Counter[Path] = field(default_factory=Counter)
    keyed: Counter[Path] = field(default_factory=Counter)
    named_under: Counter[str] = field(default_factory=Counter)
    n_events: int = 0
    is_whole: bool = False


def find_rows(file: Reader) -> tuple[JsonShape, Path]:
    """Where the rows about pictures are: the list, or object by names, that names the most picture files.

    `single` where the whole is an object about one picture.
    """
    survey = _look_over(file)
    rows = max(survey.lists, key=lambda path: _rank(survey, path), default=None)
    keyed = max(survey.keyed, key=lambda path: survey.keyed[path], default=None)
    if keyed is not None and (rows is None or survey.keyed[keyed] >= survey.named[rows]):
        return "object", keyed
    if rows is not None and (survey.named[rows] or not survey.named_under):
        return "list", rows
    is_small = survey.is_whole and survey.n_events < _SINGLE_EVENTS
    is_one = "" in survey.named_under or len(survey.named_under) == 1
    return ("single" if is_one and is_small else "object"), ()


def _rank(survey: _Survey, path: Path) -> tuple[bool, bool, int, int]:
    """Lists most of whose rows name a picture themselves, the outermost of them first; then what has more."""
    named, n_rows = survey.named[path], survey.lists[path]
    is_about_pictures = 2 * named >= n_rows
    return is_about_pictures, bool(named), -len(path) if is_about_pictures else 0, named or n_rows


def read_values(file: Reader, *paths: Path) -> Iterator[tuple[Path, str, Any]]:
    """The values in the lists or objects at these paths: (path, its key in an object, value).

    Built on ijson's events: its `items` keeps the whole path of every level, which at `[[[[...` fills the memory.

    Raises:
        ValueError: nested too deep, or (as any of `BAD_JSON`) no JSON.
    """
    keys: list[str] = []
    above: list[Path] = []
    builder: Any = None
    depth = 0
    for event, value in ijson.basic_parse(file, use_float=True):
        if builder is not None:
            builder.event(event, value)
            depth += (event in _STARTS) - (event in _ENDS)
            if depth > _MOST_NESTED:
                raise ValueError(f"nested more than {_MOST_NESTED} deep")
            if not depth:
                yield above[-1], keys[-1], builder.value
                builder = None
        elif event == "map_key":
            keys[-1] = value
        elif above and above[-1] in paths and event not in _ENDS:
            builder = ijson.ObjectBuilder()
            builder.event(event, value)
            depth = int(event in _STARTS)
            if not depth:
                yield above[-1], keys[-1], builder.value
                builder = None
        elif event in _STARTS:
            above.append(_below(above, keys))
            keys.append("" if event == "start_map" else _ARRAY)
            if len(keys) > _MOST_NESTED:
                raise ValueError(f"nested more than {_MOST_NESTED} deep")
        elif event in _ENDS:
            above.pop()
            keys.pop()


def flattened(row: dict[str, Any]) -> dict[str, Any]:
    """Nested objects as `data.image`; what a list of objects holds under one name becomes a list."""
    flat: dict[str, Any] = {}
    for name, value in _leaves(row, "", 0):
        if name not in flat:
            if len(flat) >= _MOST_FLAT:
                break
            flat[name] = value
        else:
            held = flat[name] if isinstance(flat[name], list) else [flat[name]]
            flat[name] = [*held, *(value if isinstance(value, list) else [value])][:_MOST_FLAT]
    return flat


def _below(above: list[Path], keys: list[str]) -> Path:
    """The path of the container that begins."""
    return (*above[-1], keys[-1]) if above else ()


def _leaves(value: Any, name: str, depth: int) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and depth < _DEEPEST_ROW:
        for key, inner in value.items():
            yield from _leaves(inner, f"{name}.{key}" if name else str(key), depth + 1)
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value) and depth < _DEEPEST_ROW:
        for item in value[:_MOST_FLAT]:
            yield from _leaves(item, name, depth + 1)
    else:
        yield name, value


def _look_over(file: Reader) -> _Survey:
    survey = _Survey()
    keys: list[str] = []
    above: list[Path] = []
    try:
        for survey.n_events, (event, value) in enumerate(ijson.basic_parse(file, use_float=True)):
            if event == "map_key":
                keys[-1] = value
                if PICTURE_NAME.search(value):
                    survey.keyed[above[-1]] += 1
            elif event in _STARTS:
                path = _below(above, keys)
                if event == "start_map" and keys and keys[-1] == _ARRAY and len(path) <= _DEEPEST_PATH:
                    survey.lists[above[-1]] += 1
                above.append(path)
                keys.append("" if event == "start_map" else _ARRAY)
            elif event in _ENDS:
                above.pop()
                keys.pop()
            elif event == "string" and PICTURE_NAME.search(value.strip()):
                _count_name(survey, above, keys)
            if survey.n_events > _MOST_EVENTS or len(keys) > _MOST_NESTED:
                return survey
    except BAD_JSON:
        return survey
    survey.is_whole = True
    return survey


def _count_name(survey: _Survey, above: list[Path], keys: list[str]) -> None:
    """A value that names a picture speaks for the innermost list that it is in; in none, for the object as a whole."""
    at = next((at for at in reversed(range(len(keys))) if keys[at] == _ARRAY), None)
    if at is None:
        survey.named_under["" if len(keys) == 1 else keys[0]] += 1
    else:
        survey.named[above[at]] += 1


def first_line_is_row(text: str) -> bool:
    """Whether the first line is an object by itself and more lines follow: JSON lines."""
    first, _, rest = text.strip().partition("\n")
    try:
        return bool(rest) and isinstance(json.loads(first), dict)
    except BAD_JSON:
        return False


COCO = re.compile(r'"images"\s*:\s*\[|"image_id"\s*:')
