"""Caption tables and sidecars as people and programs write them: every kind joins, what does not stays a document."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ingest.captions.join import CaptionReport
from ingest.scan.sources import scan


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(out, "PNG")
    return out.getvalue()


PNG = picture()


def read(folder: Path, files: Mapping[str, Any], *pictures: str) -> tuple[dict[str, list[str]], CaptionReport]:
    """Captions by name, the text of each document that is left, and the report."""
    for name, data in {**dict.fromkeys(pictures, PNG), **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = data if isinstance(data, bytes) else data.encode() if isinstance(data, str) else json.dumps(data).encode()
        path.write_bytes(raw)
    found: dict[str, list[str]] = {}
    with scan([folder]) as listed:
        for source in listed:
            is_picture = source.read() == PNG
            name = source.path.meant.removeprefix(f"{folder}/")
            found[name] = [text.text for text in source.given.texts] if is_picture else [source.read().decode()]
        return found, listed.captions


BOTH = {"a.png": ["A tinsmith"], "b.png": ["A cooper"]}


@pytest.mark.parametrize(
    "table",
    [
        "sep=;\nimage;year;caption\na.png;1911;A tinsmith\nb.png;1912;A cooper\n",
        "# exported 2024, by hand\n# tool, v2\nimage,caption\na.png,A tinsmith\nb.png,A cooper\n",
        "#image,caption\na.png,A tinsmith\nb.png,A cooper\n",
        "Picture archive, spring 2024,,\n\nimage,year,by,caption\na.png,1921,Ode,A tinsmith\nb.png,1922,Ode,A cooper\n",
        "Archive\n\nimage\tcaption\na.png\tA tinsmith\nb.png\tA cooper\n",
        ",image,caption\n0,a.png,A tinsmith\n1,b.png,A cooper\n",
        "fichier,légende,lieu\na.png,A tinsmith,Morvan\nb.png,A cooper,Beaune\n",
        "图片,说明\na.png,A tinsmith\nb.png,A cooper\n",
        "Datei;Bildunterschrift;Ort\na.png;A tinsmith;Ulm\nb.png;A cooper;Hof\n",
        "xx,yy,zz\na.png,A tinsmith,Morvan\nb.png,A cooper,Beaune\n",
        "image,caption\nhttps://x.org/p/a.png?w=9,A tinsmith\n%62.png,A cooper\n",
    ],
)
def test_every_way_to_begin_a_csv_joins_all_of_its_rows(tmp_path: Path, table: str) -> None:
    found, report = read(tmp_path, {"t.csv": table}, "a.png", "b.png")
    assert found == BOTH
    assert report.tables[0].n_joined == 2


ROWS = [{"image": "a.png", "caption": "A tinsmith", "year": 1}, {"image": "b.png", "caption": "A cooper", "year": 2}]


@pytest.mark.parametrize(
    "table",
    [
        {"version": "1.2", "exported": "2024-03-05", "items": ROWS},
        {"v": 1, "albums": [{"name": "x", "photos": ROWS}]},
        {"data": {"inner": {"rows": ROWS}}, "tags": [{"a": 1}, {"a": 2}, {"a": 3}]},
        {"info": {"v": 1}, "photos": {"a.png": "A tinsmith", "b.png": {"caption": "A cooper"}}},
        [{"id": n, "data": {"image": row["image"]}, "caption": row["caption"]} for n, row in enumerate(ROWS)],
        [
            {"data": {"image": row["image"]}, "annotations": [{"result": [{"value": {"text": [row["caption"]]}}]}]}
            for row in ROWS
        ],
        {
            f"{row['image']}99": {"filename": row["image"], "file_attributes": {"caption": row["caption"]}}
            for row in ROWS
        },
    ],
)
def test_rows_behind_any_key_and_nested_names_join(tmp_path: Path, table: Any) -> None:
    found, _ = read(tmp_path, {"export.json": table}, "a.png", "b.png")
    assert found == BOTH


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("x.json", {"file": "a.png", "caption": "A tinsmith"}),
        ("meta/rec1.json", {"file_name": "../a.png", "caption": "A tinsmith"}),
        ("meta/rec2.json", {"data": {"image": "a.png"}, "meta": {"caption": "A tinsmith"}}),
    ],
)
def test_an_object_about_one_picture_gives_it_its_caption(tmp_path: Path, name: str, row: Any) -> None:
    assert read(tmp_path, {name: row}, "a.png")[0] == {"a.png": ["A tinsmith"]}


TAKEOUT = {
    "title": "a.png",
    "description": "A tinsmith",
    "photoTakenTime": {"timestamp": "1"},
    "geoData": {"latitude": 1},
}


@pytest.mark.parametrize("suffix", ["", ".supplemental-metadata", ".supplemental-me", ".suppl", ".s", ".", ".meta"])
def test_takeout_sidecars_join_wherever_their_suffix_is_cut(tmp_path: Path, suffix: str) -> None:
    assert read(tmp_path, {f"a.png{suffix}.json": TAKEOUT}, "a.png")[0] == {"a.png": ["A tinsmith"]}


def test_takeout_counts_copies_elsewhere_and_cuts_long_names(tmp_path: Path) -> None:
    long = "a-very-long-name-of-a-picture-that-goes-on-for-ever-and-ever"
    files = {
        "a.png.supplemental-metadata(1).json": TAKEOUT,
        f"{long[:46]}.json": {**TAKEOUT, "title": f"{long}.png", "description": "Long"},
    }
    found, _ = read(tmp_path, files, "a.png", "a(1).png", f"{long}.png")
    assert found == {"a.png": [], "a(1).png": ["A tinsmith"], f"{long}.png": ["Long"]}


@pytest.mark.parametrize(
    "value",
    [{"name": "x", "icon": "a.png", "description": "A tool for pumps"}, {"items": [{"logo": 1}], "note": "A text"}],
)
def test_json_that_is_not_understood_stays_a_text(tmp_path: Path, value: Any) -> None:
    found, _ = read(tmp_path, {"package.json": value}, "a.png")
    assert found == {"a.png": [], "package.json": [json.dumps(value)]}


def test_an_open_quote_costs_no_other_row_and_is_named(tmp_path: Path) -> None:
    table = 'image,caption\na.png,"A 3 inch nail, on the quay\nb.png,A rope maker\nc.png,"Two, red\nlines"\n'
    found, report = read(tmp_path, {"t.csv": table}, "a.png", "b.png", "c.png")
    assert found == {"a.png": ["A 3 inch nail, on the quay"], "b.png": ["A rope maker"], "c.png": ["Two, red\nlines"]}
    assert report.tables[0].bad_rows == ["line 2: a quote is never closed: it was read to the end of its line"]
    assert next(report.warnings())[0].endswith("t.csv")


@pytest.mark.parametrize(
    ("name", "table", "rest"),
    [
        ("t.csv", "image;caption\na.png;A\nz.png;Lost words\n", "image;caption\nz.png;Lost words\n"),
        ("t.jsonl", '{"image": "a.png", "caption": "A"}\n{"image": "z.png", "caption": "Lost words"}\n', "Lost words"),
        ("t.json", [{"image": "a.png", "caption": "A"}, {"image": "z.png", "caption": "Lost words"}], "Lost words"),
    ],
)
def test_rows_that_join_no_picture_stay_a_document_and_the_others_do_not(
    tmp_path: Path, name: str, table: Any, rest: str
) -> None:
    found, report = read(tmp_path, {name: table}, "a.png")
    assert found["a.png"] == ["A"]
    assert rest in found[name][0]
    assert "a.png" not in found[name][0]
    assert report.captions_without_image.count == report.tables[0].n_rows_kept == 1


def test_a_table_whose_names_are_nowhere_is_said_not_to_be_understood(tmp_path: Path) -> None:
    table = "shop,about\nx,nothing here\ny,nothing at all\nz,more of it\nw,see c.png\n"
    _, report = read(tmp_path, {"t.csv": table}, "q.png")
    assert report.not_understood.count == 1


@pytest.mark.parametrize(
    ("codec", "table"),
    [
        ("gb18030", "图片,说明\na.png,老渔夫在补网\n"),
        ("cp932", "写真,説明\na.png,港の水門は毎朝\n"),
        ("cp1251", "Фото,Подпись\na.png,Мост через реку\n"),
    ],
)
def test_a_table_in_a_legacy_encoding_joins_and_the_guess_is_said(tmp_path: Path, codec: str, table: str) -> None:
    found, report = read(tmp_path, {"t.csv": table.encode(codec)}, "a.png")
    assert found == {"a.png": [table.split(",")[-1].strip()]}
    assert "a guess" in report.tables[0].guesses[0]


@pytest.mark.parametrize(("codec", "name"), [("gb18030", "照片/渔船"), ("cp932", "写真/漁船"), ("cp866", "Фото/Мост")])
def test_zip_names_of_other_countries_are_shown_and_matched_and_their_identity_stays(
    tmp_path: Path, codec: str, name: str
) -> None:
    base = name.rsplit("/", 1)[-1]
    raw = f"{name}.png".encode(codec)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("X" * len(raw), PNG)
        archive.writestr("t.csv", f"image,caption\n{base}.png,A fishing boat\n")
    found, report = read(tmp_path, {"x.zip": packed.getvalue().replace(b"X" * len(raw), raw)})
    assert found == {f"x.zip!/{name}.png": ["A fishing boat"]}
    assert report.guessed_names.count == 1
    with scan([tmp_path]) as items:
        (source,) = items
    assert source.path.identity == f"{tmp_path}/x.zip!/{raw.decode('cp437')}"
    assert source.path.source.endswith(f"x.zip!/{name}.png")


def test_a_note_finds_its_picture_by_name_anywhere_below_the_root_the_nearest_first(tmp_path: Path) -> None:
    read(tmp_path, {"notes/n.md": "x"}, "far/deep/p.png", "notes/img/p.png", "far/sub/q.png")
    with scan([tmp_path]) as items:
        note = next(item for item in items if item.path.identity.endswith("n.md"))
    for reference, path in {
        "p.png": "notes/img/p.png",
        "Q.PNG": "far/sub/q.png",
        "deep/p.png": "far/deep/p.png",
    }.items():
        found = note.resolve(f"**/{reference}")
        assert found is not None
        assert found.path == f"{tmp_path}/{path}"
    assert note.resolve("**/../../p.png") is None
    assert note.resolve("**/gone.png") is None


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">A tinsmith</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


@pytest.mark.parametrize("name", ["a.xmp", "a.png.xmp", "a.png.XMP"])
def test_xmp_beside_a_picture_is_about_it(tmp_path: Path, name: str) -> None:
    found, report = read(tmp_path, {name: XMP}, "a.png")
    assert (found, report.n_sidecars) == ({"a.png": ["A tinsmith"]}, 1)
    with scan([tmp_path]) as listed:
        assert [source.given.columns for source in listed] == [{"rating": 4}]


@pytest.mark.parametrize("body", ["<notes>words</notes>", "no XML at all"])
def test_xmp_that_is_none_stays_a_document(tmp_path: Path, body: str) -> None:
    found, report = read(tmp_path, {"a.xmp": body}, "a.png")
    assert (found, report.n_sidecars) == ({"a.png": [], "a.xmp": [body]}, 0)
