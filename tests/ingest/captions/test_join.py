"""Captions meet their pictures: by every form of table, and the report says what was understood as what."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ingest.captions.join import CaptionReport, Given
from ingest.parse.elements import OriginText
from ingest.scan.sources import scan


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(out, "PNG")
    return out.getvalue()


PNG = picture()


class Dump:
    """A folder to fill and to scan."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def add(self, files: Mapping[str, bytes | str]) -> Dump:
        for name, data in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)
        return self

    def pictures(self, *names: str) -> Dump:
        return self.add(dict.fromkeys(names, PNG))

    def scan(self, *paths: str) -> tuple[dict[str, Given], CaptionReport]:
        """What was given by relative path, and the report."""
        with scan([self.folder / path for path in paths] or [self.folder]) as listed:
            given = {source.path.identity.removeprefix(f"{self.folder}/"): source.given for source in listed}
            return given, listed.captions


@pytest.fixture
def dump(tmp_path: Path) -> Dump:
    return Dump(tmp_path / "dump")


def captions(given: Given) -> list[str]:
    return [text.text for text in given.texts]


def test_a_csv_gives_captions_and_typed_columns(dump: Dump) -> None:
    dump.pictures("images/a.png", "images/b.png").add(
        {
            "captions.csv": "image,caption,year,price,code,good,note\n"
            "images/a.png,A red square,2020,-3.5,007,true,1e5\n"
            'images/b.png,"Two, red\nsquares",12,0.25,12,FALSE,\n'
        }
    )

    given, report = dump.scan()

    assert given == {
        "images/a.png": Given(
            (OriginText("caption", "A red square"),),
            {"year": 2020, "price": -3.5, "code": "007", "good": True, "note": "1e5"},
        ),
        "images/b.png": Given(
            (OriginText("caption", "Two, red\nsquares"),), {"year": 12, "price": 0.25, "code": "12", "good": False}
        ),
    }
    (table,) = report.tables
    assert (table.source, table.encoding, table.image_column) == ("dump/captions.csv", "utf-8", "image")
    assert (table.caption_columns, table.other_columns) == (("caption",), ("year", "price", "code", "good", "note"))
    assert (table.n_rows, table.n_joined, table.n_bad_rows) == (2, 2, 0)


ROWS = [{"file": "a.png", "title": "One", "n": 1}, {"file": "b.png", "title": "Two", "n": 2}]
FORMS: dict[str, str] = {
    "t.csv": "file,title,n\na.png,One,1\nb.png,Two,2\n",
    "semicolons.csv": "file;title;n\na.png;One;1\nb.png;Two;2\n",
    "t.tsv": "file\ttitle\tn\na.png\tOne\t1\nb.png\tTwo\t2\n",
    "list.json": json.dumps(ROWS),
    "wrapped.json": json.dumps({"data": ROWS}, indent=1),
    "object.json": json.dumps({row["file"]: {"title": row["title"], "n": row["n"]} for row in ROWS}),
    "t.jsonl": "\n".join(json.dumps(row) for row in ROWS),
    "coco.json": json.dumps(
        {
            "info": {},
            "images": [{"id": 7, "file_name": "a.png", "n": 1}, {"id": 9, "file_name": "b.png", "n": 2}],
            "annotations": [{"image_id": 7, "caption": "One"}, {"image_id": 9, "caption": "Two"}],
        }
    ),
    "coco_annotations_first.json": json.dumps(
        {
            "annotations": [{"image_id": 7, "caption": "One"}, {"image_id": 9, "caption": "Two"}],
            "images": [{"id": 7, "file_name": "a.png", "n": 1}, {"id": 9, "file_name": "b.png", "n": 2}],
        }
    ),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_every_form_of_table_says_the_same(dump: Dump, name: str, encoding: str) -> None:
    dump.pictures("a.png", "b.png").add({name: FORMS[name].encode(encoding)})

    given, report = dump.scan()

    assert {path: (captions(one), one.columns) for path, one in given.items()} == {
        "a.png": (["One"], {"n": 1}),
        "b.png": (["Two"], {"n": 2}),
    }
    assert len(report.tables) == 1


def test_captions_that_only_come_after_many_rows_of_facts_are_found(dump: Dump) -> None:
    pictures = [{"id": i, "file_name": f"{i}.png", "coco_url": f"http://x.org/a/b/{i}.jpg"} for i in range(700)]
    table = {"images": pictures, "annotations": [{"image_id": 3, "caption": "Three"}]}
    dump.pictures("3.png").add({"c.json": json.dumps(table)})

    given, report = dump.scan()

    assert given["3.png"] == Given((OriginText("caption", "Three"),), {"coco_url": "http://x.org/a/b/3.jpg"})
    assert report.captions_without_image.count == 0


@pytest.mark.parametrize("captions_first", [False, True])
def test_captions_for_an_id_that_no_picture_has_are_counted(dump: Dump, captions_first: bool) -> None:
    pictures = [{"id": 7, "file_name": "a.png"}, {"id": 8}]
    words = [{"image_id": 7, "caption": "One"}, {"image_id": "9/b.png", "caption": "Lost"}]
    words += [{"image_id": 8, "caption": "Lost too"}, {"caption": "Nobody's"}, {"image_id": 9, "bbox": [1, 2]}]
    parts = {"images": pictures, "annotations": words}
    dump.pictures("a.png", "b.png").add(
        {"c.json": json.dumps({key: parts[key] for key in sorted(parts, reverse=not captions_first)})}
    )

    given, report = dump.scan()

    assert {path: captions(one) for path, one in given.items()} == {"a.png": ["One"], "b.png": [], "c.json": []}
    assert report.captions_without_image.count == 3
    assert report.captions_without_image.examples[0] == "dump/c.json: image_id 9/b.png"
    assert report.tables[0].n_bad_rows == 0


def test_an_object_of_names_to_captions(dump: Dump) -> None:
    dump.pictures("a.png", "b.png").add({"c.json": json.dumps({"a.png": "One", "b": ["Two", "Zwei"]})})

    given, _ = dump.scan()

    assert {path: captions(one) for path, one in given.items()} == {"a.png": ["One"], "b.png": ["Two", "Zwei"]}


def test_lists_of_sentences_as_research_sets_have_them(dump: Dump) -> None:
    row = {"filename": "a.png", "sentences": [{"raw": "A square."}, {"raw": "Red."}], "split": "train"}
    dump.pictures("a.png").add({"dataset.json": json.dumps({"images": [row], "dataset": "x"})})

    given, _ = dump.scan()

    assert captions(given["a.png"]) == ["A square.", "Red."]
    assert given["a.png"].columns == {"split": "train"}


def test_a_table_without_header_and_with_numbered_captions(dump: Dump) -> None:
    dump.pictures("a.png").add({"tokens.txt": "a.png#0\tA red square\na.png#1\tSomething red here\n"})

    given, report = dump.scan()

    assert captions(given["a.png"]) == ["A red square", "Something red here"]
    assert report.tables[0].n_pictures_with_several == 1


def test_a_file_that_is_no_unicode_is_read_as_cp1252_and_the_report_says_so(dump: Dump) -> None:
    dump.pictures("a.png").add({"c.csv": "image,caption\na.png,Gr\xf6\xdfe \x80\n".encode("latin-1")})

    given, report = dump.scan()

    assert captions(given["a.png"]) == ["Größe €"]
    assert report.tables[0].encoding == "cp1252"


@pytest.mark.parametrize(
    "name",
    [
        "images/a.png",
        "./images/a.png",
        "images\\a.png",
        "a.png",
        "A.PNG",
        "a",
        "a.jpg",
        "/home/someone/else/images/a.png",
        "C:\\Users\\me\\a.png",
        "https://example.org/x/a.png?size=2",
        "other/images/a.png",
    ],
)
def test_a_picture_is_found_however_the_row_names_it(dump: Dump, name: str) -> None:
    dump.pictures("data/images/a.png", "data/images/b.png").add({"data/c.csv": f"file,caption\n{name},Found\n"})

    given, _ = dump.scan()

    assert captions(given["data/images/a.png"]) == ["Found"]
    assert captions(given["data/images/b.png"]) == []


def test_numbers_name_pictures_too(dump: Dump) -> None:
    dump.pictures("12.png", "13.png").add(
        {"c.json": json.dumps([{"id": 12, "text": "Twelve"}, {"id": 13, "text": "T"}])}
    )

    given, report = dump.scan()

    assert captions(given["12.png"]) == ["Twelve"]
    assert report.tables[0].image_column == "id"


def test_names_made_on_a_mac_meet_names_made_elsewhere(dump: Dump) -> None:
    dump.pictures("cafe\u0301.png").add({"c.csv": "image,caption\ncaf\u00e9.png,Coffee\n"})

    given, _ = dump.scan()

    assert captions(given["cafe\u0301.png"]) == ["Coffee"]


def test_a_name_that_two_pictures_have_goes_to_the_one_by_the_table(dump: Dump) -> None:
    dump.pictures("one/a.png", "two/a.png").add({"one/c.csv": "image,caption\na.png,First\n"})

    given, report = dump.scan()

    assert captions(given["one/a.png"]) == ["First"]
    assert captions(given["two/a.png"]) == []
    assert report.ambiguous.count == 0


def test_a_name_that_nothing_tells_apart_is_reported_and_given_to_none(dump: Dump) -> None:
    dump.pictures("one/a.png", "two/a.png", "b.png").add({"c.csv": "image,caption\na.png,Which?\nb.png,B\n"})

    given, report = dump.scan()

    assert captions(given["one/a.png"]) == captions(given["two/a.png"]) == []
    assert report.ambiguous.examples == ["dump/c.csv: a.png (may be one/a.png, two/a.png)"]


def test_names_that_point_outside_the_dump_find_nothing(dump: Dump) -> None:
    (dump.folder.parent / "secret.png").write_bytes(PNG)
    dump.pictures("a.png").add({"c.csv": "image,caption\n../secret.png,No\na.png,Yes\n"})

    given, report = dump.scan()

    assert list(given) == ["a.png", "c.csv"]
    assert report.captions_without_image.examples == ["dump/c.csv: ../secret.png"]


def test_rows_without_picture_and_pictures_without_row_are_reported(dump: Dump) -> None:
    dump.pictures("in/a.png", "in/b.png", "elsewhere/c.png").add(
        {"c.csv": "image,caption\nin/a.png,A\nin/gone.png,G\n"}
    )

    _, report = dump.scan()

    assert (report.captions_without_image.count, report.captions_without_image.examples) == (
        1,
        ["dump/c.csv: in/gone.png"],
    )
    assert report.images_without_caption.examples == ["dump/in/b.png"]


def test_two_rows_for_one_picture_keep_both_captions_in_order_and_the_first_columns(dump: Dump) -> None:
    dump.pictures("a.png").add({"c.csv": "image,caption,who\na.png,First,Ann\na.png,Second,Bob\na.png,First,Cy\n"})

    given, report = dump.scan()

    assert given["a.png"] == Given((OriginText("caption", "First"), OriginText("caption", "Second")), {"who": "Ann"})
    assert report.tables[0].n_pictures_with_several == 1


@pytest.mark.parametrize(
    ("header", "captioned"),
    [
        ("image,title,summary", ("title", "summary")),
        ("image,alt_text,year", ("alt_text",)),
        ("image,imageCaption,caption_id", ("imageCaption",)),
        ("image,Beschreibung,k", ("Beschreibung",)),
        ("image,question,answer", ()),
    ],
)
def test_caption_columns_are_told_by_name_or_else_by_what_reads_like_sentences(
    dump: Dump, header: str, captioned: tuple[str, ...]
) -> None:
    dump.pictures("a.png").add({"c.csv": f"{header}\na.png,Some words of description here,x1\n"})

    _, report = dump.scan()

    assert report.tables[0].caption_columns == captioned


def test_alt_text_keeps_its_origin(dump: Dump) -> None:
    dump.pictures("a.png").add({"c.csv": "image,alt\na.png,Red\n"})

    assert dump.scan()[0]["a.png"].texts == (OriginText("alt", "Red"),)


@pytest.mark.parametrize("name", ["photo.txt", "photo.png.txt", "photo.json", "photo.png.json"])
def test_a_sidecar_describes_the_picture_beside_it(dump: Dump, name: str) -> None:
    text = json.dumps({"title": "A pump", "year": 1999}) if name.endswith("json") else "A pump\n"
    dump.pictures("photo.png", "other.png").add({name: text})

    given, report = dump.scan()

    assert sorted(given) == ["other.png", "photo.png"]
    assert captions(given["photo.png"]) == ["A pump"]
    assert given["photo.png"].columns == ({"year": 1999} if name.endswith("json") else {})
    assert given["other.png"] == Given()
    assert report.n_sidecars == 1
    assert [(source.endswith(name), picture) for source, picture in report.sidecars.items()] == [(True, "photo.png")]


def test_a_sidecar_comes_before_a_table(dump: Dump) -> None:
    dump.pictures("a.png").add({"a.json": '{"caption": "S", "n": 1}', "c.csv": "image,caption,n,m\na.png,T,2,3\n"})

    given, _ = dump.scan()

    assert captions(given["a.png"]) == ["S", "T"]
    assert given["a.png"].columns == {"n": 1, "m": 3}


def test_files_that_name_no_picture_stay_documents(dump: Dump) -> None:
    dump.pictures("a.png").add(
        {
            "prices.csv": "item,price\napple,3\npear,4\n",
            "package.json": '{"name": "x", "version": "1"}',
            "notes.txt": "words, and more words\nand words again",
            "missing.csv": "image,caption\nx1.png,One\nx2.png,Two\n",
            "years.csv": "a,b\nred,1\na,2\nblue,3\ngreen,4\n",
        }
    )

    given, report = dump.scan()

    assert sorted(given) == ["a.png", "missing.csv", "notes.txt", "package.json", "prices.csv", "years.csv"]
    assert report.tables == []
    assert report.not_joined.examples == ["dump/missing.csv"]
    assert report.captions_without_image.count == 0


def test_a_table_in_an_archive_sees_only_that_archive(dump: Dump) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("pics/a.png", PNG)
        archive.writestr("c.csv", "image,caption\na.png,Inside\nb.png,Outside\n")
    dump.pictures("a.png", "b.png").add({"x.zip": packed.getvalue()})

    given, report = dump.scan()

    assert {path: captions(one) for path, one in given.items()} == {
        "a.png": [],
        "b.png": [],
        "x.zip!/pics/a.png": ["Inside"],
        "x.zip!/c.csv": [],
    }
    assert report.captions_without_image.examples == ["dump/x.zip!/c.csv: b.png"]


def test_a_table_beside_an_archive_finds_pictures_in_it_but_prefers_those_outside(dump: Dump) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.png", PNG)
        archive.writestr("b.png", PNG)
    dump.pictures("b.png").add({"x.zip": packed.getvalue(), "c.csv": "image,caption\na.png,A\nb.png,B\n"})

    given, _ = dump.scan()

    assert {path: captions(one) for path, one in given.items()} == {
        "b.png": ["B"],
        "x.zip!/a.png": ["A"],
        "x.zip!/b.png": [],
    }


def test_a_part_of_a_known_dump_keeps_the_captions_that_lie_outside_the_part(dump: Dump) -> None:
    dump.pictures("images/a.png").add({"annotations/c.csv": "image,caption\na.png,A\n"})

    with scan([dump.folder / "images"], roots=[str(dump.folder)]) as items:
        (source,) = items

    assert (source.path.source, captions(source.given)) == ("dump/images/a.png", ["A"])


def test_a_table_given_by_itself_brings_its_pictures(dump: Dump) -> None:
    dump.pictures("a.png", "b.png").add({"c.csv": "image,caption\na.png,A\n"})

    given, _ = dump.scan("c.csv")

    assert {path: captions(one) for path, one in given.items()} == {"a.png": ["A"]}


HOSTILE: dict[str, bytes] = {
    "a field without end": b'image,caption\na.png,A\nb.png,"' + b"x" * 3_000_000,
    "one line without end": b"image,caption\na.png,A\n" + b"y" * 3_000_000,
    "NUL bytes": b"image,caption\na.png,A\nb\0.png,\0B\n",
    "ragged rows": b"image,caption\na.png,A\nb.png\n,,,,,,\nc.png,C,extra,extra\n\n",
    "repeated and empty names": b"image,caption,,caption,image\na.png,A,x,y,z\n",
    "a thousand columns": b"image,caption" + b",c" * 1000 + b"\na.png,A" + b",1" * 1000 + b"\n",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_csv_still_gives_its_good_rows(dump: Dump, case: str) -> None:
    dump.pictures("a.png").add({"c.csv": HOSTILE[case]})

    given, _ = dump.scan()

    assert captions(given["a.png"])[0] == "A"
    assert len(given["a.png"].to_json()) < 20_000


@pytest.mark.parametrize(
    "data",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        '[{"image": "a.png", "caption": "A"}, ' + "[" * 5000,
        '[{"image": "a.png", "n": 1' + "0" * 10_000 + "}]",
        '[{"image": "a.png", "caption": "A"}, nonsense',
        '{"image": "a.png"',
        "\ufeff",
        "null",
        '{"images": 3, "annotations": {"x": [1]}, "image_id": []}',
        '{"images": [1, null, {"file_name": 3}], "annotations": [null, {"image_id": {}, "caption": []}]}',
    ],
)
def test_hostile_json_never_ends_the_scan(dump: Dump, data: str) -> None:
    dump.pictures("a.png").add({"c.json": data, "a.json": data, "d.jsonl": f"{data}\n{data}\n"})

    given, _ = dump.scan()

    assert "a.png" in given


def test_values_that_a_store_would_refuse_are_made_plain(dump: Dump) -> None:
    row = (
        '{"image": "a.png", "caption": "x \\ud83d\\ude00 \\ud800 y\\u0000", "nan": NaN, "big": 99999999999999999999,'
        ' "deep": ' + '{"k":' * 20 + "1" + "}" * 20 + ', "list": [1, Infinity, "\\udfff"]}'
    )
    dump.pictures("a.png").add({"c.jsonl": row + "\n" + row})

    given = dump.scan()[0]["a.png"]

    assert captions(given) == ["x 😀 \ufffd y"]
    assert given.columns["big"] == "99999999999999999999"
    assert given.columns["list"] == [1, None, "\ufffd"]
    assert "nan" not in given.columns
    json.dumps(given.columns, allow_nan=False).encode("utf-8")


def test_columns_are_bounded_so_that_a_record_can_be_stored(dump: Dump) -> None:
    row: dict[str, Any] = {"image": "a.png", "caption": "A", "small": 1, **{f"c{i}": "v" * 1000 for i in range(100)}}
    dump.pictures("a.png").add({"c.json": json.dumps([row])})

    given = dump.scan()[0]["a.png"]

    assert given.columns["small"] == 1
    assert len(json.dumps(given.columns)) < 20_000


def test_given_is_the_same_text_whatever_the_order_of_columns() -> None:
    one = Given((OriginText("caption", "x"),), {"a": 1, "b": {"c": 2, "d": 3}})
    two = Given((OriginText("caption", "x"),), {"b": {"d": 3, "c": 2}, "a": 1})

    assert one.to_json() == two.to_json()
    assert one.to_json() != Given((OriginText("alt", "x"),), {"a": 1, "b": {"c": 2, "d": 3}}).to_json()


def test_the_report_is_json(dump: Dump) -> None:
    dump.pictures("a.png").add({"c.csv": "image,caption\na.png,A\ngone.png,G\n"})

    assert json.loads(json.dumps(dump.scan()[1].to_dict()))["captions_without_image"]["count"] == 1
