"""Office documents for tests, and ways to damage them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pptx
from PIL import Image

CONTENT_TYPES = "[Content_Types].xml"


def png(colour: str = "red", size: tuple[int, int] = (64, 48)) -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    buffer.seek(0)
    return buffer


def word(write: Callable[[Any], object], *, title: str = "", author: str = "") -> bytes:
    """A Word document that `write` fills."""
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = title, author
    write(document)
    return _saved(document)


def slides(write: Callable[[Any], object], *, title: str = "", author: str = "") -> bytes:
    """A presentation that `write` fills."""
    deck = pptx.Presentation()
    deck.core_properties.title, deck.core_properties.author = title, author
    write(deck)
    return _saved(deck)


def workbook(write: Callable[[Any], object], *, title: str = "") -> bytes:
    """A workbook that `write` fills; its first sheet is called Sheet."""
    book = openpyxl.Workbook()
    book.properties.title = title
    write(book)
    return _saved(book)


def titled(deck: Any, title: str, layout: int = 5) -> Any:
    """A new slide; layout 5 has a title alone, 1 also a list."""
    slide = deck.slides.add_slide(deck.slide_layouts[layout])
    slide.shapes.title.text = title
    return slide


def rewritten(document: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """With every part as `change` gives it back; without those for which it gives None."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (data := change(name, old.read(name))) is not None:
                new.writestr(name, data)
    return out.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
