"""The asset store: every picture once, small enough to show, named by its content.

A write is a whole file under its final name or nothing, so several writers and a kill do no harm.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsspec.implementations.local import LocalFileSystem

from ingest.assets.jpegs import bare_jpeg
from rag.images.assets import StoredAssets, is_asset_id
from rag.images.decode import encode_webp, fit, image_size, is_plain_jpeg
from rag.images.mime import EXTENSIONS

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_SIDE_PX = 1600
"""Longer side of a stored picture: a full screen, and more than vision models look at."""

QUALITY = 80
"""Of photographs. OCR reads charts at 50 as well as at 90 (0.98 to 0.99 of the characters); 80 is for the eye."""

FLAT_COLOURS = 4096
"""A picture of at most so many colours is drawn, not photographed: without loss it is half the size (200 charts:
2.0 MB against 3.8 MB at quality 80, 3.6 MB as PNG) and its small text stays sharp. A photograph would be larger."""

LOSSLESS_EFFORT = 50

JPEG_BYTES_A_PIXEL = 0.3
"""A JPEG of at most so many is kept: coding it anew costs 40 ms a megapixel and quality, and saves little disk."""

BROWSER_MIMES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
"""Types every browser shows: an original of one of these may be kept as it is."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A stored picture: sizes are of what is stored, which may be smaller than the original."""

    id: str
    mime: str
    size_bytes: int
    width_px: int
    height_px: int


class AssetStore(StoredAssets):
    """Pictures and notes of one folder or bucket. Safe for several threads and processes; can be pickled."""

    def put(self, image: Image, original: bytes, mime: str) -> Asset:
        """Stores a picture once; equal input gives the equal asset.

        Args:
            image: the decoded picture, RGB.
            original: the bytes it was decoded from.
            mime: type of `original`.

        Returns:
            What is stored: a WebP of at most 1600 pixels on the longer side, or the original where that is small; a
            JPEG without its metadata.
        """
        kept = _kept(original) if mime == "image/jpeg" else None
        if kept is not None:
            data, stored_mime, shown = kept, mime, image
        else:
            shown = fit(image, MAX_SIDE_PX)
            data, stored_mime = _compact(shown), "image/webp"
            small = mime in BROWSER_MIMES - {"image/jpeg"} and max(image_size(original)) <= MAX_SIDE_PX
            if small and len(original) <= len(data):
                data, stored_mime, shown = original, mime, image
        asset = f"{hashlib.sha256(data).hexdigest()}.{EXTENSIONS[stored_mime]}"
        self._write(self._path(asset), data)
        return Asset(asset, stored_mime, len(data), *shown.size)

    def ids(self) -> Iterator[str]:
        """Every stored picture, sorted."""
        for path in sorted(self._fs.find(f"{self._root}/images")):
            name = path.rsplit("/", 1)[-1]
            if is_asset_id(name):
                yield name

    def delete(self, ids: Iterable[str]) -> None:
        """Ids that are not there are fine."""
        for asset in ids:
            self._remove(self._path(asset))

    def note_get(self, key: str) -> str | None:
        """The text kept under a key, or None. Notes are a cache: any may be missing at any time."""
        try:
            return bytes(self._fs.cat_file(self._note_path(key))).decode()
        except FileNotFoundError:
            return None

    def note_put(self, key: str, text: str) -> None:
        """Keeps a small text (OCR, a caption) under any key; the last one wins."""
        self._write(self._note_path(key), text.encode("utf-8", "replace"), replace=True)

    def _note_path(self, key: str) -> str:
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self._root}/notes/{digest[:2]}/{digest[2:4]}/{digest}.txt"

    def _write(self, path: str, data: bytes, *, replace: bool = False) -> None:
        # A length that differs is what a power cut left of an earlier write.
        if not replace and self._fs.exists(path) and self._fs.size(path) == len(data):
            return
        if not isinstance(self._fs, LocalFileSystem):
            self._fs.pipe_file(path, data)  # an object appears whole or not at all
            return
        folder = path.rsplit("/", 1)[0]
        temporary = f"{folder}/.{uuid.uuid4().hex}.tmp"
        self._fs.makedirs(folder, exist_ok=True)
        try:
            self._fs.pipe_file(temporary, data)
            os.replace(temporary, path)  # noqa: PTH105
        except BaseException:
            self._remove(temporary)
            raise

    def _remove(self, path: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._fs.rm_file(path)


def _kept(jpeg: bytes) -> bytes | None:
    """A JPEG as it is stored without decoding, or None where it is too large or would not be shown as it is meant."""
    width, height = image_size(jpeg)
    if max(width, height) > MAX_SIDE_PX or not is_plain_jpeg(jpeg):
        return None
    bare = bare_jpeg(jpeg)
    return bare if bare is not None and len(bare) <= JPEG_BYTES_A_PIXEL * width * height else None


def _compact(image: Image) -> bytes:
    if image.getcolors(FLAT_COLOURS) is not None:
        return encode_webp(image, MAX_SIDE_PX, LOSSLESS_EFFORT, lossless=True)
    return encode_webp(image, MAX_SIDE_PX, QUALITY)
