"""The kinds of files that are told apart."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """`TABLE` is CSV, TSV, JSON or JSON lines: captions, or else data. `COMPOUND` is what Office wrote before 2007."""

    IMAGE = "image"
    SVG = "drawing"
    MARKDOWN = "markdown"
    HTML = "html"
    WEB_ARCHIVE = "web archive"
    PDF = "pdf"
    WORD = "word"
    SLIDES = "slides"
    WORKBOOK = "workbook"
    BINARY_WORKBOOK = "binary workbook"
    COMPOUND = "compound file"
    OPENDOCUMENT = "opendocument"
    RTF = "rtf"
    EBOOK = "e-book"
    MAIL = "mail"
    NOTEBOOK = "notebook"
    XML = "xml"
    TEX = "tex"
    SUBTITLES = "subtitles"
    MEDIA = "sound or video"
    TEXT = "text"
    TABLE = "table"
    ARCHIVE = "archive"
    UNSUPPORTED = "unsupported"
