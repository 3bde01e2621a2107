"""Pictures that agents send, and pictures that they are shown."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mcp_types import ImageContent

from rag.errors import AssetError, ImageError
from rag.images.decode import fit, load_image
from rag.serve.inputs.pictures import picture
from rag.trace import Note
from rag.types import Record

MAX_SIDE_PX = 768
"""Enough to read a chart's labels, at about 800 tokens a picture for the models behind common clients."""
MAX_PICTURES = 4
MAX_BYTES = 600_000
"""Of all pictures of one result: as base64 they are a third larger, and Claude Desktop refuses results over 1 MiB."""
_MAX_PATH_CHARS = 4096


@dataclass(frozen=True, slots=True)
class Shown:
    """Pictures that fit into one result.

    Attributes:
        jpegs: by the number of the source, in the order in which they are attached.
        left_out: numbers of the sources whose pictures did not fit.
        notes: which pictures could not be read.
    """

    jpegs: dict[int, bytes] = field(default_factory=dict)
    left_out: list[int] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def number_of(self, number: int) -> int | None:
        """The how-manieth picture, from 1, is that of this source; None if it is not attached."""
        return list(self.jpegs).index(number) + 1 if number in self.jpegs else None


def show(records: Iterable[tuple[int, Record]], asset: Callable[[str], bytes], side_px: int = MAX_SIDE_PX) -> Shown:
    """The pictures of numbered records, most wanted first, as JPEG (which every client reads) and downscaled.

    Args:
        records: with the numbers they go by.
        asset: gives a stored picture by its id; raises AssetError.
        side_px: of the longer side at most; 0: no pictures.
    """
    shown, n_bytes = Shown(), 0
    for number, record in records:
        name = record.metadata.get("asset")
        if record.kind != "image" or not name or side_px == 0:
            continue
        if len(shown.jpegs) == MAX_PICTURES:
            shown.left_out.append(number)
            continue
        try:
            data = _jpeg(asset(str(name)), side_px)
        except (AssetError, ImageError) as error:
            shown.notes.append(Note("picture_not_shown", f"the picture of source {number} cannot be shown: {error}"))
            continue
        if n_bytes + len(data) > MAX_BYTES:
            shown.left_out.append(number)
            continue
        shown.jpegs[number] = data
        n_bytes += len(data)
    return shown


def image_block(jpeg: bytes) -> ImageContent:
    return ImageContent(type="image", data=base64.b64encode(jpeg).decode(), mime_type="image/jpeg")


def given_picture(text: str, *, local: bool) -> bytes | Path | None:
    """The picture that a call brings: its bytes, or its path; None for an empty text.

    Args:
        text: base64, or a data: URL; with `local`, a path too.
        local: the caller is a program of this user on this machine, whose files it may name.

    Raises:
        ImageError: none of these, or not a usable picture.
    """
    if not text.strip():
        return None
    if local and not text.startswith("data:") and len(text) <= _MAX_PATH_CHARS:
        with suppress(OSError, ValueError, RuntimeError):  # no file can be called so: it is base64, or wrong
            path = Path(text).expanduser()
            if path.is_file():
                return path
    try:
        return picture(text)
    except ImageError as error:
        if local and len(text) <= _MAX_PATH_CHARS and not text.startswith("data:"):
            raise ImageError(f"there is no file '{text:.200}', and as base64 it cannot be used: {error}") from error
        raise


def _jpeg(data: bytes, side_px: int) -> bytes:
    out = io.BytesIO()
    fit(load_image(data, min_side_px=side_px), side_px).save(out, "JPEG", quality=80)
    return out.getvalue()
