"""The sample dump has what its questions and the tests of the program expect of it."""

from __future__ import annotations

import csv
import re
import zipfile
from collections import Counter
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageStat

from tools.skarrow.tests.committed import (
    BROKEN,
    COMMITTED,
    DUMP,
    EXAMPLES,
    LOCKED,
    PICTURES,
    files,
    is_broken,
    pdf_text,
)


def test_all_of_it_is_under_3_mb() -> None:
    assert sum(map(len, COMMITTED.values())) < 3_000_000


def test_there_are_30_to_45_documents_of_every_kind() -> None:
    consumed = {"archive/captions.csv", "workshop/splice.txt", "workshop/roof.json", "papers/old-papers.zip"}
    with zipfile.ZipFile(DUMP / "papers/old-papers.zip") as archive:
        inside = archive.namelist()
    names = [name for name in files(DUMP) if name not in consumed] + inside
    kinds = Counter(Path(name).suffix for name in names)
    assert 30 <= len(names) <= 45
    assert kinds.keys() == {".md", ".html", ".txt", ".pdf", *PICTURES}
    assert kinds[".pdf"] == 3
    assert len(inside) == 3


def test_exactly_one_picture_is_broken() -> None:
    pictures = {name: data for name, data in files(DUMP).items() if Path(name).suffix in PICTURES}
    assert [name for name, data in pictures.items() if is_broken(data)] == [BROKEN]


def test_exactly_one_pdf_is_locked() -> None:
    locked = []
    for path in sorted(DUMP.rglob("*.pdf")):
        try:
            pypdfium2.PdfDocument(path).close()
        except pypdfium2.PdfiumError as error:
            assert "password" in str(error)  # noqa: PT017 - the other files must not raise
            locked.append(path.relative_to(DUMP).as_posix())
    assert locked == [LOCKED]


def test_the_handbook_has_figures_with_captions_and_one_page_that_is_only_a_scan() -> None:
    pages = pdf_text((DUMP / "papers/handbook.pdf").read_bytes())
    assert [number for number, text in enumerate(pages, 1) if not text.strip()] == [6]
    assert re.findall(r"Figure \d:", "".join(pages)) == ["Figure 1:", "Figure 2:", "Figure 3:", "Figure 4:"]


def test_one_caption_has_no_picture_and_one_picture_has_no_caption() -> None:
    with (DUMP / "archive/captions.csv").open(newline="", encoding="utf-8") as table:
        named = {row["image"] for row in csv.DictReader(table)}
    pictures = {path.name for path in (DUMP / "archive").glob("*.jpg")}
    assert named - pictures == {"regatta-1908.jpg"}
    assert pictures - named == {"night.jpg"}


def test_a_picture_has_a_near_copy_in_another_size_and_format() -> None:
    with Image.open(DUMP / "archive/gannet.jpg") as image, Image.open(DUMP / "unsorted/IMG_2044.webp") as copy:
        assert (copy.width * 2, copy.height * 2) == image.size
        small = image.resize(copy.size)
        assert max(ImageStat.Stat(ImageChops.difference(small.convert("RGB"), copy.convert("RGB"))).mean) < 6


def test_one_picture_is_there_twice_byte_for_byte() -> None:
    data = files(DUMP)
    assert data["pages/img/ballast.jpg"] == data["site/img/stationmaster.jpg"]


def test_a_picture_of_the_archive_is_also_inside_the_handbook() -> None:
    with pypdfium2.PdfDocument(DUMP / "papers/handbook.pdf") as pdf:
        inside = [
            item.get_data(decode_simple=True)
            for item in pdf[4].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
            if isinstance(item, pypdfium2.PdfImage)
        ]
    assert [bytes(data) for data in inside] == [(DUMP / "archive/landslip-1953.jpg").read_bytes()]


def test_nobody_captioned_the_unsorted_pictures() -> None:
    words = b"".join(
        data for name, data in files(DUMP).items() if Path(name).suffix in {".md", ".html", ".csv", ".json"}
    )
    assert b"IMG_" not in words


def test_query_pictures_are_not_in_the_dump() -> None:
    assert set(files(EXAMPLES / "queries").values()).isdisjoint(files(DUMP).values())
