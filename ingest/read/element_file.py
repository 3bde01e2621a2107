"""What a worker found in a document, in a file: a thousand pages cross to the main process one element at a time.

One JSON line an element; a picture's encoded bytes follow its line. Nothing in it is executed when it is read: the
worker that wrote it has handled hostile bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TypeAlias

from ingest.parse.elements import DocumentInfo, OriginText, TextElement, Warned


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that has been decoded once and put into the asset store.

    Attributes:
        sha256: of its original bytes.
        asset: its copy in the asset store, which may be smaller and of another type.
        mime, size_bytes, width_px, height_px: its own, upright.
        dhash: 16 hex digits.
        texts: words about it that the document or the user gives.
        heading_path: of the place where it stands.
        page: from 1.
        is_page: a whole page without a text layer.
        file: where its pixels are to be read from,
        offset: at this place,
        length: in so many bytes, encoded.
    """

    sha256: str
    asset: str
    mime: str
    size_bytes: int
    width_px: int
    height_px: int
    dhash: str
    texts: tuple[OriginText, ...]
    heading_path: tuple[str, ...]
    page: int | None
    is_page: bool
    file: str = ""
    offset: int = 0
    length: int = 0

    def read(self) -> bytes:
        """The encoded pixels."""
        with Path(self.file).open("rb") as file:
            file.seek(self.offset)
            return file.read(self.length)


Found: TypeAlias = DocumentInfo | TextElement | Picture | Warned
_KINDS: dict[str, Callable[..., Found]] = {kind.__name__: kind for kind in (DocumentInfo, TextElement, Picture, Warned)}


def write_element(out: IO[bytes], element: Found, pixels: bytes = b"") -> None:
    """Appends an element; `pixels` are those of a picture."""
    line = json.dumps([type(element).__name__, asdict(element), len(pixels)], ensure_ascii=True)
    out.write(line.encode("ascii") + b"\n" + pixels)


def read_elements(path: str) -> Iterator[Found]:
    """The elements in order; one is held at a time, and pixels are left in the file."""
    with Path(path).open("rb") as file:
        while line := file.readline():
            name, values, length = json.loads(line)
            if name == Picture.__name__:
                values |= {"file": path, "offset": file.tell(), "length": length}
                file.seek(length, 1)
            yield _KINDS[name](**_tuples(values))


def _tuples(values: dict[str, object]) -> dict[str, object]:
    """JSON has lists only."""
    texts, path = values.get("texts"), values.get("heading_path")
    if isinstance(texts, list):
        values["texts"] = tuple(OriginText(**text) for text in texts)
    if isinstance(path, list):
        values["heading_path"] = tuple(path)
    return values
