from __future__ import annotations

import subprocess
import sys

import pytest

from ingest.parse.elements import DocumentInfo
from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.offices import CONTENT_TYPES, zipped
from tests.ingest.parse.pdfs import Page, Pdf, png, text


def test_documents_are_read_by_what_they_are(read: Read) -> None:
    assert read(Pdf([Page(text(40, 500, "in a pdf"))]).bytes(), "a.txt").texts == ["in a pdf"]
    assert len(read(png(), "a.html").images) == 1
    assert read("<!doctype html><p>in a page", "a.png").texts == ["in a page"]


@pytest.mark.parametrize("document", ["a.md", "a.html", "a.txt", "a.pdf"])
def test_document_info_comes_first_and_once(read: Read, document: str) -> None:
    data = Pdf([Page(text(40, 500, "x"))]).bytes() if document == "a.pdf" else b"# x\n\n<p>y"
    elements = read(data, document).elements
    assert not [e for e in elements[1:] if isinstance(e, DocumentInfo)]


def test_an_empty_file_is_an_error(read: Read) -> None:
    with pytest.raises(DocumentError, match="empty"):
        read(b"", "a.pdf")


def test_what_is_not_read_says_what_to_save_it_as(read: Read) -> None:
    with pytest.raises(DocumentError, match="office document of another kind: save it as PDF"):
        read(zipped({CONTENT_TYPES: b"<x/>", "visio/document.xml": b""}), "a.vsdx")


def test_an_archive_is_refused(read: Read) -> None:
    with pytest.raises(DocumentError, match="archive"):
        read(zipped({"a.txt": b"x"}), "a.zip")


def test_the_reason_for_an_empty_result_is_told(read: Read) -> None:
    with pytest.raises(DocumentError, match=r"'a\.png' left out: it is not in the dump"):
        read("![](a.png)", "a.md")


def test_heavy_libraries_are_loaded_only_when_needed() -> None:
    code = (
        "import sys; from ingest.parse import parse; list(parse(b'x', 'a.txt', resolve=lambda ref: None));"
        "heavy = {'pypdfium2', 'lxml', 'mammoth', 'openpyxl', 'pptx', 'markdown_it', 'PIL', 'numpy'};"
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
