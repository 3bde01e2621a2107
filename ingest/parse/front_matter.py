"""What a note says of itself before its first line: YAML between `---`, TOML between `+++`, as values and as words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from ingest.parse.clean import one_line, shorten

_BLOCK = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\n(.{0,60000}?)\n?(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"([^\W\d_][\w -]{0,60}?)[ \t]*[:=](?:[ \t]+(.*)|[ \t]*$)")
_BLOCK_MARKS = frozenset({">", ">-", ">+", "|", "|-", "|+"})
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,14})\.\d{1,15}")
_MOST_VALUES = 50
_MOST_CHARS = 1000
_MOST_ITEMS = 100
_MOST_NODES = 5000
_DEEPEST = 20
_WORDLESS = frozenset(
    {"layout", "permalink", "draft", "slug", "uuid", "id", "cssclass", "cssclasses", "template", "weight"}
)
"""Keys that steer the program that shows the note: columns, but no words."""
_SENTENCES = ("summary", "description", "abstract", "excerpt", "subtitle")


class _Refused(Exception):
    """YAML that is broken, or made to do harm."""


def read_front_matter(text: str) -> tuple[dict[str, Any], str, str]:
    """What stands above a note.

    Returns:
        Its values (texts, numbers, booleans and lists of them, keys in lower case), the text below it, and a warning
        where it could be read in part only. No values where there is none.
    """
    found = _BLOCK.match(text)
    if not found or (found[1] == "---" and ":" not in found[2]):
        return {}, text, ""
    warning = ""
    try:
        values = tomllib.loads(found[2]) if found[1] == "+++" else _yaml(found[2])
    except (tomllib.TOMLDecodeError, RecursionError, _Refused) as error:
        values = _line_by_line(found[2])
        kind = "TOML" if found[1] == "+++" else "YAML"
        warning = f"front matter is no valid {kind} ({error!s:.80}): read line by line"
    plain = dict(_flat(values))
    return dict(list(plain.items())[:_MOST_VALUES]), text[found.end() :], warning


def words_of(values: dict[str, Any]) -> str:
    """The values as a passage to be searched: sentences first, then a line for each of the others."""
    lines = [str(values[key]) for key in _SENTENCES if isinstance(values.get(key), str)]
    for key, value in values.items():
        said = ", ".join(map(str, value)) if isinstance(value, list) else value
        if isinstance(said, str) and key not in (*_SENTENCES, *_WORDLESS) and re.search(r"[^\W\d_]", said):
            lines.append(f"{key}: {said}")
    return "\n".join(lines)


def _yaml(text: str) -> dict[str, Any]:
    """Every scalar as it is written: to YAML itself `no` is false, 007 is 7 and 12:30 is 750."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        depth = 0
        for n_nodes, event in enumerate(yaml.parse(text, Loader=loader)):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or n_nodes > _MOST_NODES or depth > _DEEPEST:
                raise _Refused("references, or too much or too deeply nested")
        values = yaml.load(text, Loader=loader)  # noqa: S506 - the base loader makes texts, lists and dicts only
    except (yaml.YAMLError, ValueError) as error:
        raise _Refused(one_line(str(getattr(error, "problem", error)))) from error
    if not isinstance(values, dict):
        raise _Refused("no list of values")
    return values


def _line_by_line(text: str) -> dict[str, Any]:
    """Plain values, lists and blocks of what no YAML parser takes, such as `title: Foo: bar`."""
    values: dict[str, Any] = {}
    key = ""
    for line in text.split("\n"):
        if found := _KEY.match(line):
            key, value = found[1], (found[2] or "").strip()
            values[key] = [] if not value else _inline_list(value) if value[:1] + value[-1:] == "[]" else value
        elif key and (item := line.strip()):
            held = values[key]
            if isinstance(held, list):
                held.append(item.removeprefix("-").strip().strip("\"'"))
            else:
                values[key] = f"{held if held not in _BLOCK_MARKS else ''} {item}".strip()
    return values


def _inline_list(value: str) -> list[str]:
    return [item.strip().strip("\"'") for item in value[1:-1].split(",")]


def _flat(values: dict[str, Any], above: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        name = one_line(f"{above}{key}").lower()[:80]
        if isinstance(value, dict) and depth < 3:
            yield from _flat(value, f"{name}.", depth + 1)
        elif (plain := _plain(value)) not in ("", None, []):
            yield name, plain


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [item for one in value[:_MOST_ITEMS] if (item := _item(one)) not in ("", None)]
    return _item(value)


def _item(value: Any) -> Any:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items() if not isinstance(one, dict | list))[
            :_MOST_CHARS
        ]
    if isinstance(value, list):
        return ", ".join(str(one) for one in value if not isinstance(one, dict | list))[:_MOST_CHARS]
    if not isinstance(value, str):
        return value if isinstance(value, bool | int | float) else None if value is None else str(value)
    text = shorten(one_line(value.strip().strip("\"'")), _MOST_CHARS)
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return {"true": True, "false": False, "null": None, "~": None}.get(text.lower(), text)
