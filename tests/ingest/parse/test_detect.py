from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ingest.parse import Format, detect
from ingest.parse.detect import unsupported
from tests.ingest.parse import pdfs


def encoded(format_: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, format_)
    return buffer.getvalue()


def zipped(*names: str, mimetype: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_pictures_are_pictures_whatever_they_are_called(format_: str) -> None:
    assert detect(encoded(format_), "notes.txt") is Format.IMAGE


def test_a_pdf_named_txt_is_a_pdf() -> None:
    assert detect(pdfs.Pdf([pdfs.Page()]).bytes(), "a.txt") is Format.PDF
    assert detect(b"\n\njunk before the header" + pdfs.Pdf([pdfs.Page()]).bytes(), "a") is Format.PDF


def test_a_text_about_pdf_headers_is_text() -> None:
    assert detect(b"A file that begins with %PDF-1.7 is a PDF.", "a.txt") is Format.TEXT


def test_text_named_png_is_text() -> None:
    assert detect(b"just words", "a.png") is Format.TEXT


@pytest.mark.parametrize(
    ("data", "name", "format_"),
    [
        ("<!DOCTYPE html><p>x", "a.txt", Format.HTML),
        ("\ufeff  <!-- c -->\n<html><p>x", "a.md", Format.HTML),
        ('<?xml version="1.0"?><html xmlns="x">', "a.xml", Format.HTML),
        ("<p>fragment", "a", Format.HTML),
        ("<p>fragment", "a.html", Format.HTML),
        ("<p>fragment", "a.py", Format.TEXT),
        ("no tags at all", "a.html", Format.TEXT),
        ("a < b", "a.txt", Format.TEXT),
        ("<div align=center>\n\n# Readme", "README.md", Format.MARKDOWN),
        ("plain words", "a.md", Format.MARKDOWN),
        ("# Title\n\n![x](y.png)", "notes", Format.MARKDOWN),
        ("# a comment\nx = 1", "a.txt", Format.TEXT),
        ("# Title\n\n![x](y.png)", "a.py", Format.TEXT),
        ("a,b\n1,2", "a.csv", Format.TABLE),
        ('{"a": 1}', "a.json", Format.TABLE),
        ('{"a": 1}', "a.txt", Format.TEXT),
        ("<?xml version='1.0'?>\n<svg xmlns='x'/>", "a.txt", Format.SVG),
        ("<?xml version='1.0'?>\n<!DOCTYPE article [<!ENTITY a 'b'>]>\n<article/>", "a.txt", Format.XML),
        ("<FictionBook/>", "a.fb2", Format.XML),
        ("From: a@b.org\nSubject: x\nDate: y\n\nbody", "a.txt", Format.MAIL),
        ("Message-ID: <1@x>\r\nFrom: a\r\n\r\nbody", "1234.V8.host:2,S", Format.MAIL),
        ("Subject: a letter\n\nDear Sir,", "a.txt", Format.TEXT),
        ("From: Bob\nTo: Ann\n\nA play in two acts", "a.txt", Format.TEXT),
        ("From: Bob\nX-Of: y\n\nbody", "a.eml", Format.MAIL),
        ("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n", "a.mht", Format.WEB_ARCHIVE),
        ('{"cells": [{"cell_type": "code"}]}', "a.ipynb", Format.NOTEBOOK),
        ('{"cells": [{"cell_type": "code"}]}', "a.json", Format.NOTEBOOK),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nwords", "a.txt", Format.SUBTITLES),
        ("1\n00:00:01,000 --> 00:00:02,000\nwords", "a", Format.SUBTITLES),
        ("\\documentclass{article}", "a.txt", Format.TEX),
        ("% a comment\n\\section{A}", "a.tex", Format.TEX),
    ],
)
def test_text_formats_go_by_content_first_and_extension_second(data: str, name: str, format_: Format) -> None:
    assert detect(data.encode(), name) is format_
    assert detect(data.encode("utf-16"), name) is format_


def test_zip_and_tar_are_archives() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    for data in (zipped("a.png"), buffer.getvalue(), gzip.compress(b"x")):
        assert detect(data, "x.bin") is Format.ARCHIVE


@pytest.mark.parametrize(
    ("data", "format_"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, Format.COMPOUND),
        (zipped("a", mimetype="application/vnd.oasis.opendocument.text"), Format.OPENDOCUMENT),
        (zipped("[Content_Types].xml", "xl/workbook.bin"), Format.BINARY_WORKBOOK),
        (b"\0\0\0\x18ftypheic" + b"\0" * 20, Format.IMAGE),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif" + b"\0" * 20, Format.IMAGE),
        (b"\0\0\0\x18ftypisom" + b"\0" * 20, Format.MEDIA),
        (b"RIFF\0\0\0\0WAVEfmt ", Format.MEDIA),
        (b"\xff\xfb\x90\x64" + b"\0" * 100, Format.MEDIA),
        ("Ärger".encode("utf-16"), Format.TEXT),
        (b"7z\xbc\xaf\x27\x1c\0\0", Format.ARCHIVE),
        (b"{\\rtf1 x}", Format.RTF),
    ],
)
def test_binary_formats_go_by_content(data: bytes, format_: Format) -> None:
    assert detect(data, "a.txt") is format_


def test_office_documents_are_told_by_their_parts() -> None:
    assert detect(zipped("[Content_Types].xml", "word/document.xml"), "x.zip") is Format.WORD
    assert detect(zipped("[Content_Types].xml", "ppt/presentation.xml"), "x.zip") is Format.SLIDES
    assert detect(zipped("[Content_Types].xml", "xl/workbook.xml"), "x.zip") is Format.WORKBOOK
    assert detect(zipped("a", mimetype="application/epub+zip"), "x.zip") is Format.EBOOK
    assert detect(zipped("word/notes.txt", "ppt/x.txt"), "x.docx") is Format.ARCHIVE


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (zipped("[Content_Types].xml", "visio/document.xml"), "office document of another kind"),
        (b"\xd7\xcd\xc6\x9a" + b"\0" * 100, "Windows metafile"),
        (b"\x01\0\0\0" + b"\0" * 36 + b" EMF" + b"\0" * 100, "Windows metafile"),
        (b"%!PS-Adobe-3.0", "PostScript"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + b"\0" * 100, "JPEG XL"),
        (b"!BDN" + b"\0" * 100, "Outlook data file"),
        (zipped("Index/Document.iwa", "preview.jpg"), "Pages, Numbers or Keynote"),
        (zipped("META-INF/MANIFEST.MF", "a.class"), "program"),
        (bytes(range(256)), "unknown kind"),
    ],
)
def test_unsupported_files_say_what_they_are_and_what_to_make_of_them(data: bytes, what: str) -> None:
    assert detect(data, "a.txt") is Format.UNSUPPORTED
    assert what in unsupported(data)
    assert ":" in unsupported(data)


def test_a_zip_cut_short_is_left_to_whoever_opens_archives() -> None:
    assert detect(zipped("word/document.xml", "[Content_Types].xml")[:40], "a.docx") is Format.ARCHIVE


@settings(deadline=None)  # the first guess loads the tables of chardet
@given(st.binary(), st.sampled_from(["a.txt", "a.md", "a.html", "a.png", "a.csv", "", "\0"]))
def test_detect_never_fails(data: bytes, name: str) -> None:
    assert detect(data, name) in Format
