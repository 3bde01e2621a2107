"""When is a document unchanged: a digest over everything that its records are made from."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from ingest.parse import PARSER_VERSION
from ingest.parse.about.file_name import date_in_name
from ingest.parse.elements import Resolved
from ingest.scan.sources import Source

_VERSION = 3
"""Counts up when records are made differently from the same elements."""

_WORD = re.compile(r"[^\W\d_]{3,}")
_CAMERA = frozenset(
    [
        "img",
        "dsc",
        "dscn",
        "dcim",
        "pic",
        "image",
        "photo",
        "scan",
        "screenshot",
        "file",
        "untitled",
        "page",
        "fig",
        "figure",
        "copy",
        "tmp",
        "new",
    ]
)


def file_name_words(path: str) -> str:
    """The words of a file's name, where it has any: `red_pump-2` gives `red pump`, `IMG_1234` and `1030` nothing."""
    stem = unicodedata.normalize("NFC", PurePosixPath(path).stem)  # a Mac writes a letter and its accent apart
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem)
    words = _WORD.findall(spaced)
    telling = [
        word for word in words if word.lower() not in _CAMERA and re.search(r"[aeiouy]|[^\x00-\x7f]", word.lower())
    ]
    # A digest or an upload's number has letters too, but more digits.
    n_digits = sum(char.isdigit() for char in stem)
    return " ".join(telling) if sum(map(len, telling)) > n_digits else ""


def content_hash(data_sha256: str, source: Source, links: Mapping[str, str], *, describe: str) -> str:
    """64 hex digits; equal where ingesting again would give equal records.

    Args:
        data_sha256: of the document's bytes.
        source: what the user gives for it counts, and of its name what detection and description use.
        links: the sha256 of each picture it links, by reference; "" for one that is missing.
        describe: how pictures are put into words: fingerprints of the OCR and of the vision model.
    """
    parts = {
        "version": _VERSION,
        "parser": PARSER_VERSION,
        "describe": describe,
        "bytes": data_sha256,
        "suffix": PurePosixPath(source.path.identity).suffix.lower(),
        "name": file_name_words(source.path.meant),
        "dated": date_in_name(source.path.source),
        "given": source.given.to_json(),
        "links": sorted(links.items()),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def link_digests(source: Source, references: Iterable[str]) -> dict[str, str]:
    """What the pictures that a document links are now."""
    return {reference: linked_sha256(source.resolve(reference)) for reference in references}


def linked_sha256(found: Resolved | None) -> str:
    """sha256 of a linked picture; "" for one that is missing."""
    return hashlib.sha256(found.data).hexdigest() if found else ""
