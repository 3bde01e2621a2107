"""Which kind of text a text is, by how it begins; the file's name only breaks ties."""

from __future__ import annotations

import re

from ingest.parse.kinds.formats import Format

_GAP = r"(?:\s|<!--.{0,4096}?-->|<\?.{0,400}?\?>|<!DOCTYPE[^>\[]{0,400}(?:\[.{0,4096}?\]\s*)?>)*"
_HTML_START = re.compile(
    r"(?:\s|<!--.{0,4096}?-->|<\?xml.{0,400}?\?>)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HTML_FRAGMENT = re.compile(
    r"(?:\s|<!--.{0,4096}?-->)*<(?:div|p|h[1-6]|table|article|section|main|ul|ol|figure|img|meta|title|header|nav)\b[^<>]*>",
    re.I | re.S,
)
_HTML_TAG = re.compile(r"<(?:/?[a-z][a-z0-9]*\b[^<>]{0,2000}|!--)>?", re.I)
_ROOT = re.compile(_GAP + r"<([A-Za-z_][\w.-]*(?::[\w.-]+)?)", re.I | re.S)
_MARKDOWN_SIGNS = tuple(
    re.compile(sign, re.MULTILINE)
    for sign in (
        r"^ {0,3}#{1,6} +\S",
        r"!\[[^\]\n]{0,500}\](?:\([^)\n]{1,500}\)|\[)",
        r"(?<!!)\[[^\]\n]{1,500}\]\([^)\n]{1,500}\)",
        r"^ {0,3}(?:```|~~~)",
        r"^ {0,3}\|?[ :]*-{3,}[ :]*\|[ :|-]*$",
        r"\*\*[^*\n]{1,200}\*\*",
        r"\A---\n(?:.*\n){1,60}?---\n",
    )
)
_HEADER = re.compile(r"(?:(?:From |>From )[^\n]*\n)?((?:[!-9;-~]{1,70}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,})(?:\n|\Z)")
_HEADER_NAME = re.compile(r"^([!-9;-~]{1,70}):", re.MULTILINE)
_MAIL_HEADERS = frozenset({
    "from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version", "delivered-to", "sender",
    "reply-to", "content-type", "in-reply-to", "references", "x-mailer", "cc", "bcc", "content-transfer-encoding",
})  # fmt: skip
_SURE_MAIL_HEADERS = frozenset({"message-id", "received", "mime-version", "return-path", "delivered-to"})
_WEB_ARCHIVE = re.compile(r"^(?:Snapshot-Content-Location:|From: <?Saved by )", re.I | re.M)
_RELATED = re.compile(r"^Content-Type:\s*multipart/related\b", re.I | re.M)
_CUE = re.compile(r"\s*(?:WEBVTT\b|\d+\s*\n\s*\d{1,2}:\d\d:\d\d[,.]\d{1,3}\s*-->|\[Script Info\])")
_TEX = re.compile(r"^[^%\n]*\\(?:documentclass|documentstyle|begin\{document\})", re.M)
_NOTEBOOK = re.compile(r'\s*\{.{0,4096}?"(?:cells|nbformat|worksheets)"\s*:', re.S)
_NOTEBOOK_CELL = re.compile(r'"(?:cell_type|nbformat)"\s*:')

_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd"})
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml"})
_TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".json", ".jsonl", ".ndjson"})
_MAIL_SUFFIXES = frozenset({".eml", ".emlx", ".mime", ".nws"})
_WEB_ARCHIVE_SUFFIXES = frozenset({".mht", ".mhtml"})
_TEX_SUFFIXES = frozenset({".tex", ".latex", ".ltx"})
_SUBTITLE_SUFFIXES = frozenset({".srt", ".vtt", ".sbv", ".ass", ".ssa"})
_XML_SUFFIXES = frozenset({
    ".xml", ".fb2", ".nxml", ".jats", ".dbk", ".docbook", ".tei", ".dita", ".ditamap", ".rss", ".atom", ".opml",
    ".fodt", ".fods", ".fodp", ".kml", ".gpx", ".xlf", ".xliff", ".tmx", ".ttml", ".dfxp",
})  # fmt: skip
_UNTYPED_SUFFIXES = frozenset({"", ".txt", ".text"})


def text_kind(text: str, suffix: str) -> Format:
    """The format of a text.

    Args:
        text: its first 64 KiB.
        suffix: of the file's name, in small letters, with the dot.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n")
    if _HTML_START.match(text):
        return Format.HTML
    if suffix not in _MARKDOWN_SUFFIXES and (mail := _mail(text, suffix)):
        return mail
    if suffix == ".ipynb" or (suffix in {"", ".json", ".txt"} and _is_notebook(text)):
        return Format.NOTEBOOK
    if marked_up := _xml(text, suffix):
        return marked_up
    if suffix in _TABLE_SUFFIXES:
        return Format.TABLE
    if suffix in _HTML_SUFFIXES and _HTML_TAG.search(text):
        return Format.HTML
    if suffix in _MARKDOWN_SUFFIXES:
        return Format.MARKDOWN
    if suffix in _TEX_SUFFIXES or (suffix in _UNTYPED_SUFFIXES and _TEX.search(text[:20_000])):
        return Format.TEX
    if suffix in _SUBTITLE_SUFFIXES or (suffix in _UNTYPED_SUFFIXES and _CUE.match(text)):
        return Format.SUBTITLES
    if suffix in _UNTYPED_SUFFIXES:
        if _HTML_FRAGMENT.match(text):
            return Format.HTML
        if sum(1 for sign in _MARKDOWN_SIGNS if sign.search(text)) >= 2:
            return Format.MARKDOWN
    return Format.TEXT


def _mail(text: str, suffix: str) -> Format | None:
    """A message begins with its headers; a text that merely has colons has others."""
    block = _HEADER.match(text.lstrip("\n")) if suffix != ".emlx" else _HEADER.match(text.partition("\n")[2])
    if block is None:
        return None
    names = {name.lower() for name in _HEADER_NAME.findall(block[1])}
    known = names & _MAIL_HEADERS
    is_sure = suffix in _MAIL_SUFFIXES | _WEB_ARCHIVE_SUFFIXES or bool(names & _SURE_MAIL_HEADERS)
    if len(known) < (1 if is_sure and suffix not in _UNTYPED_SUFFIXES else 2) or not (is_sure or len(known) > 2):
        return None
    if suffix in _WEB_ARCHIVE_SUFFIXES or (_WEB_ARCHIVE.search(block[1]) and _RELATED.search(block[1])):
        return Format.WEB_ARCHIVE
    return Format.MAIL


def _is_notebook(text: str) -> bool:
    return _NOTEBOOK.match(text) is not None and _NOTEBOOK_CELL.search(text) is not None


def _xml(text: str, suffix: str) -> Format | None:
    root = _ROOT.match(text)
    if root is None:
        return None
    name = root[1].rpartition(":")[2].lower()
    if name == "svg":
        return Format.SVG
    is_declared = text.lstrip().startswith("<?xml")
    if root[1] == "office:document" and is_declared:
        return Format.OPENDOCUMENT
    if suffix in _HTML_SUFFIXES or suffix in _MARKDOWN_SUFFIXES:
        return None
    return Format.XML if is_declared or suffix in _XML_SUFFIXES else None
