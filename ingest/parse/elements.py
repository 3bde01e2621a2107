"""What a parser gives: elements in reading order, small enough to cross a process boundary one at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Origin: TypeAlias = Literal[
    "caption", "alt", "heading", "context", "ocr", "vision model", "file name", "picture file", "place"
]
"""Where words about a picture come from.

`picture file`: a caption that its file holds, in IPTC, XMP, EXIF or PNG. `place`: where it was taken, by its file.
"""


@dataclass(frozen=True, slots=True)
class OriginText:
    """Words about a picture, and where they come from."""

    origin: Origin
    text: str


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """Facts about the whole document. A parser yields it at most once, first."""

    title: str = ""
    n_pages: int | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextElement:
    """A paragraph, list, table or heading's body. `page` counts from 1."""

    text: str
    heading_path: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class ImageElement:
    """A picture, still encoded.

    Attributes:
        data: encoded bytes, as found; figures and pages of PDFs are drawn, as PNG, or JPEG where they are photographs.
        name: what the document calls it: the linked path, or `page 3 figure 2`.
        texts: words about it that the document itself gives.
        is_page: a whole page without a text layer, drawn as a picture: its words come from OCR.
        linked_path: absolute path of the linked file, where the picture is a file of its own.
        is_file: it is the document itself, or a page of it: what the user says of the file is said of the picture.
    """

    data: bytes
    name: str
    texts: tuple[OriginText, ...] = ()
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    is_page: bool = False
    linked_path: str = ""
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """A linked picture that was found in the dump: its bytes and its absolute path."""

    data: bytes
    path: str


WarningCode: TypeAlias = Literal[
    "picture_missing",  # linked, but not in the dump, or not to be fetched
    "picture_broken",  # cannot be decoded, or is no picture
    "picture_trivial",  # tiny, blank, a background, a repetition
    "part_broken",  # a page, a sheet, a slide, a chapter that cannot be read
    "part_unread",  # of a kind that is not read
    "attachment_unread",
    "over_limit",  # beyond what is read of one document
    "encoding_guessed",  # nothing is left out, but letters may be wrong
    "remark",  # nothing is left out
]


@dataclass(frozen=True, slots=True)
class Warned:
    """Something of the document was left out, or is to be known of how it was read.

    Attributes:
        code: what it is, for programs.
        message: the same for people, with its reason and what to do.
        n: how many pictures or parts.
    """

    code: WarningCode
    message: str
    n: int = 1


Element: TypeAlias = DocumentInfo | TextElement | ImageElement | Warned
