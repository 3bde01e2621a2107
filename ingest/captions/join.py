"""Joins caption tables and sidecar files to the pictures they speak of, and reports what does not fit."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any

from ingest.captions.columns import Roles, choose_image_column, choose_roles, find_codes, names_a_picture, picture_name
from ingest.captions.csv_rows import PICTURE_NAME
from ingest.captions.json_rows import flattened
from ingest.captions.matching import Matcher
from ingest.captions.rest import Rest
from ingest.captions.sidecars import join_sidecar
from ingest.captions.tables import NAME_COLUMN, BadRow, Layout, NoPicture, Row, find_layout, read_rows
from ingest.catalog.catalog import Candidate, Catalog, Entry
from ingest.catalog.listing import Tally
from ingest.parse.decode import encoding_warning
from ingest.parse.elements import OriginText
from ingest.parse.textual.table import delimiter_warning
from rag.errors import DocumentError

_SAMPLE_ROWS = 500
_MOST_TABLES = 1000
_SHOWN_BAD_ROWS = 5


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says about a picture.

    Attributes:
        texts: captions of sidecars, then of tables, each once.
        columns: the other columns, as JSON; the first row that fills one counts.
        beside: names of those that a sidecar fills.
    """

    texts: tuple[OriginText, ...] = ()
    columns: dict[str, Any] = field(default_factory=dict)
    beside: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Equal for equal contents, whatever the order of columns: fit for a content hash."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=True)


@dataclass(slots=True)
class TableUse:
    """How one caption table was understood.

    Attributes:
        source: the table, for people.
        encoding: Python's name of the codec.
        image_column: names the pictures.
        caption_columns: words about them.
        other_columns: kept as metadata.
        n_rows: that could be read.
        n_joined: that named one picture.
        n_bad_rows: that could not be read, or not as they are written.
        bad_rows: the first of them: why, with their lines.
        n_pictures_with_several: pictures with more than one row: all captions are kept, in order, and the first value
            of each other column.
        n_rows_kept: that named no picture, or several: they stay a document of their own.
        n_values_left_out: over what a record can hold.
        guesses: what was guessed of the file, and what to do where the guess is wrong.
    """

    source: str
    encoding: str
    image_column: str
    caption_columns: tuple[str, ...]
    other_columns: tuple[str, ...] = ()
    n_rows: int = 0
    n_joined: int = 0
    n_bad_rows: int = 0
    bad_rows: list[str] = field(default_factory=list)
    n_pictures_with_several: int = 0
    n_rows_kept: int = 0
    n_values_left_out: int = 0
    guesses: tuple[str, ...] = ()


@dataclass(slots=True)
class CaptionReport:
    """What the join made of tables and sidecars.

    Attributes:
        tables: joined ones, the first thousand.
        n_sidecars: joined sidecar files.
        sidecars: the first thousand of them, each with the name of its picture: they are no documents of their own.
        not_joined: tables full of picture names, none of which is here; they are ingested as text.
        not_understood: tables that speak of pictures, but no column of theirs names them; they are ingested as text.
        captions_without_image: rows that name no picture of the dump; they are ingested as text.
        images_without_caption: in folders where a table speaks of other pictures.
        ambiguous: rows that could mean several pictures; given to none of them, and ingested as text.
        guessed_names: members of zip files whose names are in an encoding that nothing tells.
    """

    tables: list[TableUse] = field(default_factory=list)
    n_sidecars: int = 0
    sidecars: dict[str, str] = field(default_factory=dict)
    not_joined: Tally = field(default_factory=Tally)
    not_understood: Tally = field(default_factory=Tally)
    captions_without_image: Tally = field(default_factory=Tally)
    images_without_caption: Tally = field(default_factory=Tally)
    ambiguous: Tally = field(default_factory=Tally)
    guessed_names: Tally = field(default_factory=Tally)

    def warnings(self) -> Iterator[tuple[str, list[str]]]:
        """(table, what was guessed of it or could not be read in it)."""
        for table in self.tables:
            said = [*table.guesses, *(f"row left out or cut: {reason}" for reason in table.bad_rows)]
            if said:
                yield table.source, said

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def join_captions(catalog: Catalog) -> CaptionReport:
    """Gives every picture of the catalogue its captions, and marks the files they came from as no documents.

    Sidecars go first: what lies beside one picture is more certain than a row of a table.
    """
    report = CaptionReport()
    for entry in catalog.sidecars():
        if picture := join_sidecar(entry, catalog):
            report.n_sidecars += 1
            if len(report.sidecars) < _MOST_TABLES:
                report.sidecars[entry.path.source] = picture
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
    beside: list[str] = []
    for some_texts, some_columns, is_table in catalog.given(entry.id):
        texts.update((OriginText(origin, text), None) for origin, text in some_texts)
        beside += [name for name in some_columns if not is_table and name not in columns]
        columns = {**some_columns, **columns}
    return Given(tuple(texts), columns, tuple(sorted(beside)))


class _Table:
    """One candidate for a caption table, which must not appear in the report before a row has joined."""

    def __init__(self, entry: Entry, catalog: Catalog, report: CaptionReport) -> None:
        self._entry = entry
        self._catalog = catalog
        self._report = report
        self._matcher = Matcher(catalog, entry.path)
        self._missing = Tally()
        self._ambiguous = Tally()
        self._rest = Rest()

    def join(self) -> None:
        """Joins it, if its rows name pictures that are here. OSError or DocumentError where it cannot be read."""
        layout = find_layout(self._entry.open)
        if layout is None:
            return
        sample, image, layout = self._understood(layout)
        if image is None:
            if any(map(_speaks_of_pictures, sample)):
                self._report.not_understood.add(self._entry.path.source)
            return
        codes = find_codes(self._rows(layout)) if layout.shape == "csv" else frozenset()
        # A large COCO file begins with thousands of rows that only have facts about pictures.
        surely = ("caption",) if layout.shape == "coco" and image == NAME_COLUMN else ()
        roles = replace(choose_roles(sample, image, surely=surely), codes=codes)
        use = self._join_rows(layout, roles)
        use.other_columns = tuple(dict.fromkeys(name for row in sample for name in row if not roles.has(name)))
        self._finish(use, layout)

    def _understood(self, layout: Layout) -> tuple[list[Row], str | None, Layout]:
        """A sample, the column that names the pictures, and the layout with nested names where they tell more."""
        sample = list(islice(self._rows(layout), _SAMPLE_ROWS))
        image = self._image_column(sample, layout)
        if layout.shape != "csv" and any(isinstance(value, dict | list) for row in sample for value in row.values()):
            flat = [flattened(row) for row in sample]
            flat_image = image or self._image_column(flat, layout)
            is_mute = image is None or not choose_roles(sample, image).captions
            tells_more = flat_image in {name for row in flat for name in row} and is_mute
            if tells_more and (image is None or choose_roles(flat, image).captions):
                return flat, flat_image, replace(layout, is_flat=True)
        return sample, image, layout

    def _image_column(self, sample: list[Row], layout: Layout) -> str | None:
        column = choose_image_column(sample, lambda name: bool(self._matcher.find(name)))
        if column is None or (layout.shape == "single" and not names_a_picture(column)):
            return None
        return column

    def _rows(self, layout: Layout) -> Iterator[Row]:
        return (row for row in read_rows(layout, self._entry.open) if isinstance(row, dict))

    def _join_rows(self, layout: Layout, roles: Roles) -> TableUse:
        use = TableUse(self._entry.path.source, layout.encoding, roles.image, roles.captions, guesses=_guesses(layout))
        for row in read_rows(layout, self._entry.open):
            if isinstance(row, BadRow):
                use.n_bad_rows += 1
                if len(use.bad_rows) < _SHOWN_BAD_ROWS:
                    use.bad_rows.append(f"line {row.line}: {row.reason}" if row.line else row.reason)
                continue
            use.n_rows += 1
            if isinstance(row, NoPicture):
                self._missing.add(f"{self._entry.path.source}: image_id {row.image_id:.200}")
                self._rest.add(row.row)
                continue
            found = self._matcher.find(picture_name(row.get(roles.image)))
            if len(found) == 1:
                use.n_joined += 1
                texts = [(text.origin, text.text) for text in roles.texts(row)]
                columns = roles.columns(row, of_csv=layout.shape == "csv")
                use.n_values_left_out += columns.n_left_out
                self._catalog.give(found[0].id, self._entry.id, texts, columns.values, is_table=True)
            elif found or roles.texts(row) or (layout.shape == "csv" and _says_something(row, roles)):
                self._leave(row, roles, found)
        return use

    def _leave(self, row: Row, roles: Roles, found: list[Candidate]) -> None:
        self._rest.add(row)
        case = f"{self._entry.path.source}: {picture_name(row.get(roles.image)):.200}"
        if not found:
            self._missing.add(case)
            return
        meant = ", ".join(posixpath.relpath(one.path, self._entry.path.folder_root) for one in found[:3])
        self._ambiguous.add(f"{case} (may be {meant}{', ...' if len(found) > 3 else ''})")

    def _finish(self, use: TableUse, layout: Layout) -> None:
        report = self._report
        if not use.n_joined:
            if self._ambiguous.count:
                report.ambiguous.include(self._ambiguous)
            else:
                report.not_joined.add(self._entry.path.source)
            return
        use.n_pictures_with_several = self._catalog.n_given_twice(self._entry.id)
        use.n_rows_kept = self._rest.n_rows
        if not self._rest.n_rows:
            self._catalog.consume(self._entry.id)
        elif (rest := self._rest.data(layout)) is not None:
            self._catalog.keep_rest(self._entry.id, rest)
        report.captions_without_image.include(self._missing)
        report.ambiguous.include(self._ambiguous)
        if len(report.tables) < _MOST_TABLES:
            report.tables.append(use)


def _guesses(layout: Layout) -> tuple[str, ...]:
    found = encoding_warning(layout.encoding, is_guess=layout.is_guess, n_strays=layout.n_strays)
    cut = delimiter_warning(layout.csv.delimiter) if layout.shape == "csv" and layout.csv.is_guess else ""
    return tuple(filter(None, (found, cut)))


def _speaks_of_pictures(row: Row) -> bool:
    return any(isinstance(value, str) and PICTURE_NAME.search(value) for value in flattened(row).values())


def _says_something(row: Row, roles: Roles) -> bool:
    """Whether a row that names no picture is more than a line of dashes or an empty one."""
    return any(isinstance(value, str) and re.search(r"\w", value) for name, value in row.items() if name != roles.image)
