"""Documents inside documents: the attachments of a message, read by the same parsers as files of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from ingest.parse.clean import one_line
from ingest.parse.elements import DocumentInfo, Element, ImageElement, TextElement, Warned
from ingest.parse.pictures import Resolve
from rag.errors import DocumentError

MAX_DEPTH = 4
"""A message in a message in a message; deeper ones are counted."""


class Parse(Protocol):
    """`ingest.parse.parse`, which knows of this module."""

    def __call__(self, data: bytes, name: str, *, resolve: Resolve, depth: int) -> Iterator[Element]: ...


class Attachments:
    """Reads what a document carries.

    Args:
        parse: the reader of documents.
        depth: how many documents the carrying one is inside of.
    """

    def __init__(self, parse: Parse, depth: int) -> None:
        self._parse = parse
        self._depth = depth

    def read(self, data: bytes, name: str, *, heading: str = "Attachment") -> Iterator[Element]:
        """Its elements, under a heading with its name; a warning where it cannot be read."""
        name = one_line(name) or "without a name"
        top = (f"{heading}: {name}",)
        if self._depth >= MAX_DEPTH:
            said = f"attachment '{name}' left out: it is inside {self._depth} others; save it and ingest it"
            yield Warned("attachment_unread", said)
            return
        try:
            for element in self._parse(data, name, resolve=_nothing, depth=self._depth + 1):
                yield from _under(element, top, name)
        except DocumentError as error:
            yield Warned("attachment_unread", f"attachment '{name}' left out: {error}")
        except Exception as error:  # noqa: BLE001 - an attachment's fault costs the attachment
            said = f"attachment '{name}' left out: it cannot be parsed ({type(error).__name__}: {error})"
            yield Warned("attachment_unread", said)


def _under(element: Element, top: tuple[str, ...], name: str) -> Iterator[Element]:
    if isinstance(element, TextElement | ImageElement):
        yield replace(element, heading_path=(*top, *element.heading_path), page=None)
    elif isinstance(element, Warned):
        yield replace(element, message=f"attachment '{name}': {element.message}")
    elif isinstance(element, DocumentInfo) and element.title and element.title not in name:
        yield TextElement(element.title, top)


def _nothing(_: str) -> None:
    """What an attachment links is not in the dump."""
