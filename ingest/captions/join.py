"""Joins caption tables and sidecar files to the pictures they speak of, and reports what does not fit."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any

from ingest.captions.columns import Roles, choose_image_column, choose_roles, find_codes, picture_name, plain
from ingest.captions.matching import Matcher
from ingest.captions.tables import (
    NAME_COLUMN,
    PICTURE_NAME,
    BadRow,
    Layout,
    NoPicture,
    Row,
    decode,
    find_layout,
    read_rows,
)
from ingest.catalog.catalog import Candidate, Catalog, Entry
from ingest.catalog.listing import Tally
from ingest.parse.elements import OriginText
from rag.errors import DocumentError

_SAMPLE_ROWS = 500
_MOST_TABLES = 1000
_SIDECAR_TEXT_BYTES = 64 * 1024
_SIDECAR_JSON_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says about a picture.

    Attributes:
        texts: captions of sidecars, then of tables, each once.
        columns: the other columns, as JSON; the first row that fills one counts.
    """

    texts: tuple[OriginText, ...] = ()
    columns: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """Equal for equal contents, whatever the order of columns: fit for a content hash."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=True)


@dataclass(slots=True)
class TableUse:
    """How one caption table was understood.

    Attributes:
        source: the table, for people.
        encoding: `cp1252` is a guess, made where the file is neither UTF-8 nor UTF-16.
        image_column: names the pictures.
        caption_columns: words about them.
        other_columns: kept as metadata.
        n_rows: that could be read.
        n_joined: that named one picture.
        n_bad_rows: that could not be read.
        n_pictures_with_several: pictures with more than one row: all captions are kept, in order, and the first value
            of each other column.
    """

    source: str
    encoding: str
    image_column: str
    caption_columns: tuple[str, ...]
    other_columns: tuple[str, ...] = ()
    n_rows: int = 0
    n_joined: int = 0
    n_bad_rows: int = 0
    n_pictures_with_several: int = 0


@dataclass(slots=True)
class CaptionReport:
    """What the join made of tables and sidecars.

    Attributes:
        tables: joined ones, the first thousand.
        n_sidecars: joined sidecar files.
        not_joined: tables full of picture names, none of which is here; they are ingested as text.
        captions_without_image: rows that name no picture of the dump.
        images_without_caption: in folders where a table speaks of other pictures.
        ambiguous: rows that could mean several pictures; given to none of them.
    """

    tables: list[TableUse] = field(default_factory=list)
    n_sidecars: int = 0
    not_joined: Tally = field(default_factory=Tally)
    captions_without_image: Tally = field(default_factory=Tally)
    images_without_caption: Tally = field(default_factory=Tally)
    ambiguous: Tally = field(default_factory=Tally)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def join_captions(catalog: Catalog) -> CaptionReport:
    """Gives every picture of the catalogue its captions, and marks the files they came from as no documents.

    Sidecars go first: what lies beside one picture is more certain than a row of a table.
    """
    report = CaptionReport()
    for entry in catalog.sidecars():
        if _join_sidecar(entry, catalog):
            report.n_sidecars += 1
    for entry in catalog.tables():
        try:
            _Table(entry, catalog, report).join()
        except (OSError, DocumentError):
            continue  # it stays a document, and fails as one
    for source in catalog.pictures_left_out():
        report.images_without_caption.add(source)
    return report


def given_to(entry: Entry, catalog: Catalog) -> Given:
    """Everything that was said about a picture."""
    texts: dict[OriginText, None] = {}
    columns: dict[str, Any] = {}
    for some_texts, some_columns in catalog.given(entry.id):
        texts.update((OriginText(origin, text), None) for origin, text in some_texts)
        columns = {**some_columns, **columns}
    return Given(tuple(texts), columns)


class _Table:
    """One candidate for a caption table, which must not appear in the report before a row has joined."""

    def __init__(self, entry: Entry, catalog: Catalog, report: CaptionReport) -> None:
        self._entry = entry
        self._catalog = catalog
        self._report = report
        self._matcher = Matcher(catalog, entry.path, entry.folder_root)
        self._missing = Tally()
        self._ambiguous = Tally()

    def join(self) -> None:
        """Joins it, if its rows name pictures that are here. OSError or DocumentError where it cannot be read."""
        layout = find_layout(self._entry.open)
        if layout is None:
            return
        sample = list(islice(self._rows(layout), _SAMPLE_ROWS))
        image = choose_image_column(sample, lambda name: bool(self._matcher.find(name)))
        if image is None:
            return
        codes = find_codes(self._rows(layout)) if layout.shape == "csv" else frozenset()
        # A large COCO file begins with thousands of rows that only have facts about pictures.
        surely = ("caption",) if layout.shape == "coco" and image == NAME_COLUMN else ()
        roles = replace(choose_roles(sample, image, surely=surely), codes=codes)
        use = self._join_rows(layout, roles)
        use.other_columns = tuple(dict.fromkeys(name for row in sample for name in row if not roles.has(name)))
        self._finish(use)

    def _rows(self, layout: Layout) -> Iterator[Row]:
        return (row for row in read_rows(layout, self._entry.open) if not isinstance(row, BadRow))

    def _join_rows(self, layout: Layout, roles: Roles) -> TableUse:
        use = TableUse(self._entry.source, layout.encoding, roles.image, roles.captions)
        for row in read_rows(layout, self._entry.open):
            if isinstance(row, NoPicture):
                use.n_rows += 1
                self._missing.add(f"{self._entry.source}: image_id {row.image_id:.200}")
                continue
            if isinstance(row, BadRow):
                use.n_bad_rows += 1
                continue
            use.n_rows += 1
            found = self._matcher.find(picture_name(row.get(roles.image)))
            if len(found) == 1:
                use.n_joined += 1
                texts = [(text.origin, text.text) for text in roles.texts(row)]
                columns = roles.columns(row, of_csv=layout.shape == "csv")
                self._catalog.give(found[0].id, self._entry.id, texts, columns, is_table=True)
            elif found or roles.texts(row):
                self._leave(row, roles, found)
        return use

    def _leave(self, row: Row, roles: Roles, found: list[Candidate]) -> None:
        case = f"{self._entry.source}: {picture_name(row.get(roles.image)):.200}"
        if not found:
            self._missing.add(case)
            return
        meant = ", ".join(posixpath.relpath(one.path, self._entry.folder_root) for one in found[:3])
        self._ambiguous.add(f"{case} (may be {meant}{', ...' if len(found) > 3 else ''})")

    def _finish(self, use: TableUse) -> None:
        report = self._report
        if not use.n_joined and not self._ambiguous.count:
            report.not_joined.add(self._entry.source)
            return
        self._catalog.consume(self._entry.id)
        use.n_pictures_with_several = self._catalog.n_given_twice(self._entry.id)
        report.captions_without_image.include(self._missing)
        report.ambiguous.include(self._ambiguous)
        if len(report.tables) < _MOST_TABLES:
            report.tables.append(use)


def _join_sidecar(entry: Entry, catalog: Catalog) -> bool:
    """`photo.txt`, `photo.json`, `photo.jpg.txt` or `photo.jpg.json` beside `photo.jpg`."""
    stem, extension = posixpath.splitext(entry.path)
    folder, name = posixpath.split(stem)
    pictures = catalog.pictures_at(stem) if PICTURE_NAME.search(stem) else catalog.pictures_beside(folder, name)
    if not pictures:
        return False
    try:
        given = _sidecar_json(entry) if extension.casefold() == ".json" else _sidecar_text(entry)
    except (OSError, DocumentError):
        return False
    if given is None:
        return False
    texts = [(text.origin, text.text) for text in given.texts]
    for picture in pictures:
        catalog.give(picture.id, entry.id, texts, given.columns, is_table=False)
    catalog.consume(entry.id)
    return True


def _sidecar_text(entry: Entry) -> Given | None:
    if entry.size_bytes > _SIDECAR_TEXT_BYTES:
        return None
    text = _whole_text(entry)
    if text is None:
        return None
    return Given((OriginText("caption", plain(text).strip()),) if text.strip() else ())


def _sidecar_json(entry: Entry) -> Given | None:
    """An object's captions and columns, or a lone string; a list or another table is none."""
    if entry.size_bytes > _SIDECAR_JSON_BYTES:
        return None
    try:
        row = json.loads(_whole_text(entry) or "")
    except (ValueError, RecursionError):
        return None
    if isinstance(row, str):
        row = {"caption": row}
    if not isinstance(row, dict):
        return None
    roles = choose_roles([row], image="")
    return Given(tuple(roles.texts(row)), roles.columns(row, of_csv=False))


def _whole_text(entry: Entry) -> str | None:
    with entry.open() as file:
        data = file.read()
    return decode(data)
