"""The sample dump is what its script draws, and what its questions expect of it."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
DUMP = EXAMPLES / "dump"
BROKEN, LOCKED = "unsorted/IMG_2045.jpg", "papers/sealed-tender.pdf"
PICTURES = {".png", ".jpg", ".webp"}
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (EXAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


COMMITTED = files(EXAMPLES)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the script writes today."""
    folder = tmp_path_factory.mktemp("examples")
    subprocess.run([sys.executable, ROOT / "tools/make_examples.py", "--out", folder], check=True, capture_output=True)
    return files(folder)


def assert_same_picture(old: bytes, new: bytes, name: str) -> None:
    """Another version of an encoder may write other bytes, and move a pixel's value a little, not more."""
    with Image.open(io.BytesIO(old)) as a, Image.open(io.BytesIO(new)) as b:
        assert a.size == b.size, name
        difference = ImageStat.Stat(ImageChops.difference(a.convert("RGB"), b.convert("RGB")))
    assert max(difference.mean) < 2, name


def pdf_text(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


def is_broken(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
    except OSError:
        return True
    return False


def assert_same_zip(old: bytes, new: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(old)) as a, zipfile.ZipFile(io.BytesIO(new)) as b:
        assert a.namelist() == b.namelist(), name
        for member in a.namelist():
            assert_same(a.read(member), b.read(member), f"{name}!/{member}")


def assert_same(old: bytes, new: bytes, name: str) -> None:
    """The same bytes, or else the same content."""
    suffix = Path(name).suffix
    if old == new:
        return
    if name.endswith(BROKEN):
        assert is_broken(new)
    elif name.endswith(LOCKED):
        assert b"/Encrypt" in new
    elif suffix in PICTURES:
        assert_same_picture(old, new, name)
    elif suffix == ".pdf":
        assert pdf_text(old) == pdf_text(new), name
    elif suffix == ".zip":
        assert_same_zip(old, new, name)
    else:
        assert old == new, name


def test_the_script_reproduces_every_committed_file(drawn: dict[str, bytes]) -> None:
    assert drawn.keys() == COMMITTED.keys()
    for name, old in COMMITTED.items():
        assert_same(old, drawn[name], name)


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


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q["question"] or q["image"])
def test_every_question_has_sources_that_exist(question: dict[str, Any]) -> None:
    assert question["question"] or question["image"]
    assert question["answer"]
    for source in question["sources"]:
        outer, _, member = source.partition("!/")
        assert (DUMP / outer).is_file()
        if member:
            with zipfile.ZipFile(DUMP / outer) as archive:
                assert member in archive.namelist()
    if question["image"]:
        with Image.open(EXAMPLES / question["image"]) as image:
            image.load()


@pytest.mark.parametrize("question", [q for q in QUESTIONS if "passage" in q["kind"]], ids=lambda q: q["question"])
def test_the_answer_to_a_question_about_a_text_is_in_it_word_for_word(question: dict[str, Any]) -> None:
    outer, _, member = question["sources"][0].partition("!/")
    data = (DUMP / outer).read_bytes()
    if member:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read(member)
    text = pdf_text(data)[question["page"] - 1] if question["page"] else data.decode()
    assert question["answer"] in " ".join(text.split())


def test_query_pictures_are_not_in_the_dump() -> None:
    assert set(files(EXAMPLES / "queries").values()).isdisjoint(files(DUMP).values())


def test_the_demo_asks_5_or_6_questions_one_of_each_kind_and_one_of_a_picture_without_words() -> None:
    demo = [question for question in QUESTIONS if question["demo"]]
    assert len(demo) in (5, 6)
    assert [question["sources"] for question in demo if question["needs_image_model"]] == [["unsorted/IMG_2033.png"]]
    assert {question["kind"] for question in demo} >= {
        "words find a picture nobody captioned",
        "words find a passage in a PDF",
        "a picture finds other pictures and their text",
    }
    assert len(QUESTIONS) >= 37
