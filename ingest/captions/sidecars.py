"""Files about one picture that lie beside it: `photo.txt`, `photo.jpg.json`, Google Takeout's many spellings, XMP."""

from __future__ import annotations

import json
import posixpath
import re
from typing import Any

from ingest.captions.columns import Roles, choose_roles, names_a_picture, plain
from ingest.captions.csv_rows import PICTURE_NAME
from ingest.captions.json_rows import flattened
from ingest.captions.tables import decode
from ingest.catalog.catalog import Candidate, Catalog, Entry
from ingest.parse.about.takeout import from_takeout
from ingest.parse.elements import OriginText
from ingest.parse.media.picture_words import about_xmp
from rag.errors import DocumentError

_TEXT_BYTES = 64 * 1024
_JSON_BYTES = 1024 * 1024
_CUT_CHARS = 40
"""Takeout cuts the names of its files at 46 characters: one that long may be the beginning of its picture's."""
_SUFFIXED = re.compile(
    r"(?P<picture>.+\.(?:png|jpe?g|webp|gif|bmp|tiff?))(?:\.[^./]{0,40}?)?(?P<copy>\(\d{1,4}\))?", re.IGNORECASE
)
"""`a.jpg.supplemental-metadata`, cut anywhere (`a.jpg.supplemental-me`, `a.jpg.s`), `a.jpg(1)`, `a.jpg.meta`."""
_SECOND_EXTENSIONS = frozenset({"info", "meta", "metadata", "caption", "captions", "description", "xmp"})
_EDITED = ("-edited", "-bearbeitet", "-modifié", "-editado", "-modificato", "-edytowane", "-bewerkt")


def join_sidecar(entry: Entry, catalog: Catalog) -> str:
    """Gives what the file says to the picture that it lies beside: its name; empty where the file is no sidecar."""
    stem, extension = posixpath.splitext(entry.path.meant)
    is_json = extension.casefold() == ".json"
    is_xmp = extension.casefold() == ".xmp"
    pictures = _pictures_of(stem, catalog, is_json=is_json)
    if not pictures:
        return ""
    try:
        given = _json_given(entry) if is_json else _xmp_given(entry) if is_xmp else _text_given(entry)
    except (OSError, DocumentError):
        return ""
    if given is None:
        return ""
    texts, columns = given
    for picture in pictures:
        catalog.give(picture.id, entry.id, [(text.origin, text.text) for text in texts], columns, is_table=False)
    catalog.consume(entry.id)
    return posixpath.basename(pictures[0].path)


def _pictures_of(stem: str, catalog: Catalog, *, is_json: bool) -> list[Candidate]:
    folder, name = posixpath.split(stem)
    found = catalog.pictures_at(stem) if PICTURE_NAME.search(stem) else catalog.pictures_beside(folder, name)
    if found or not is_json:
        return found
    if suffixed := _SUFFIXED.fullmatch(name):
        base, extension = posixpath.splitext(suffixed["picture"])
        copy = suffixed["copy"] or ""
        if exact := catalog.pictures_at(posixpath.join(folder, f"{base}{copy}{extension}")):
            edited = (catalog.pictures_at(posixpath.join(folder, f"{base}{mark}{copy}{extension}")) for mark in _EDITED)
            return [*exact, *(one for some in edited for one in some)]
    plain_stem, second = posixpath.splitext(name)
    if second.casefold().lstrip(".") in _SECOND_EXTENSIONS:
        return catalog.pictures_beside(folder, plain_stem)
    if len(name) >= _CUT_CHARS:
        begun = catalog.pictures_beginning(folder, PICTURE_NAME.sub("", name))
        return begun if len(begun) == 1 else []
    return []


def _text_given(entry: Entry) -> tuple[list[OriginText], dict[str, Any]] | None:
    if entry.size_bytes > _TEXT_BYTES:
        return None
    text = _whole_text(entry)
    if text is None:
        return None
    return ([OriginText("caption", plain(text).strip())] if text.strip() else []), {}


def _xmp_given(entry: Entry) -> tuple[list[OriginText], dict[str, Any]] | None:
    """What a photographer's program keeps beside the picture: captions, and columns as of XMP inside of one."""
    if entry.size_bytes > _JSON_BYTES:
        return None
    with entry.open() as file:
        about = about_xmp(file.read())
    return None if about is None else ([OriginText("caption", text) for text in about[0]], about[1])


def _json_given(entry: Entry) -> tuple[list[OriginText], dict[str, Any]] | None:
    """An object's captions and columns, or a lone string; a list or another table is none."""
    if entry.size_bytes > _JSON_BYTES:
        return None
    try:
        row = json.loads(_whole_text(entry) or "")
    except (ValueError, RecursionError):
        return None
    if isinstance(row, str):
        row = {"caption": row}
    if not isinstance(row, dict):
        return None
    taken = from_takeout(row)
    facts: dict[str, Any] = {}
    if taken is not None:
        facts, row = taken
    roles = _roles(row)
    if not roles.captions and _roles(flattened(row)).captions:
        row = flattened(row)
        roles = _roles(row)
    columns = roles.columns(row, of_csv=False)
    texts = roles.texts(row)
    values = {**columns.values, **facts}
    return (texts, values) if (texts or values) and not columns.n_left_out else None


def _roles(row: dict[str, Any]) -> Roles:
    """What the keys mean; the one with the picture's own name is no caption."""
    names = (key for key, value in row.items() if isinstance(value, str) and PICTURE_NAME.search(value))
    return choose_roles([row], next(filter(names_a_picture, names), ""))


def _whole_text(entry: Entry) -> str | None:
    with entry.open() as file:
        data = file.read()
    return decode(data)
