"""Bytes to pictures and back: one decoder for the whole program, strict about formats and sizes.

Formats are told by their first bytes and never by name (`rag.images.mime`); everything comes out as RGB, upright,
on white, or where light things would vanish there, on a dark ground.
"""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import numpy as np
from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.DdsImagePlugin import DdsImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.IcoImagePlugin import IcoImageFile
from PIL.ImageFile import ImageFile
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PcxImagePlugin import PcxImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.PpmImagePlugin import PpmImageFile
from PIL.PsdImagePlugin import PsdImageFile
from PIL.TgaImagePlugin import TgaImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from rag.errors import ImageError
from rag.images.ground import flattened
from rag.images.mime import EXTENSIONS, mime_of
from rag.images.quiet import silence_libtiff
from rag.installation import extra_command

MAX_PIXELS = 120_000_000
"""A 108-megapixel phone picture still opens; decoded it takes 4 bytes a pixel, so at most 480 MB."""

Opener: TypeAlias = Callable[[io.BytesIO], ImageFile]

# The plugin classes and not Image.open: that one applies Pillow's process-wide pixel limit, as a warning on stderr.
_OPENERS: dict[str, Opener] = {
    "image/png": PngImageFile,
    "image/jpeg": JpegImageFile,
    "image/webp": WebPImageFile,
    "image/gif": GifImageFile,
    "image/bmp": BmpImageFile,
    "image/tiff": TiffImageFile,
    "image/avif": AvifImageFile,
    "image/jp2": Jpeg2KImageFile,
    "image/vnd.microsoft.icon": IcoImageFile,
    "image/vnd.adobe.photoshop": PsdImageFile,
    "image/x-tga": TgaImageFile,
    "image/x-portable-anymap": PpmImageFile,
    "image/vnd.zbrush.pcx": PcxImageFile,
    "image/vnd.ms-dds": DdsImageFile,
}

_RISE = 2
_WARNINGS = threading.Lock()
DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    ArithmeticError,
    AttributeError,
    EOFError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Warning,
)
"""What Pillow's decoders raise on broken input; Warning is for programs that turn warnings into errors."""

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Sensors store 8 to 14 bits in 16-bit words; scaling by the word would leave those pictures black.
_GREY_TOPS = (255, 1023, 4095, 16383, 65535)


def image_size(data: bytes, *, max_pixels: int = MAX_PIXELS) -> tuple[int, int]:
    """(width, height) in pixels as stored, from the header alone: nothing is decoded and EXIF is not applied.

    Raises:
        ImageError: not one of these formats, a broken header, or more than `max_pixels`.
    """
    with open_image(data, max_pixels) as image:
        return image.size


def is_plain_jpeg(data: bytes) -> bool:
    """Whether it is a JPEG that a browser shows as `load_image` does even without its EXIF: RGB or grey, not turned.

    Raises:
        ImageError: as `image_size`.
    """
    with open_image(data, MAX_PIXELS) as image:
        return image.format == "JPEG" and image.mode in ("RGB", "L") and _orientation(image) == 1


def load_image(data: bytes, *, max_pixels: int = MAX_PIXELS, min_side_px: int | None = None) -> Image.Image:
    """Decodes a picture: RGB, turned upright by EXIF, alpha over white (light over dark), first frame of an animation.

    Args:
        data: of a kind that `mime_of` names.
        max_pixels: width x height above this is refused before anything is decoded.
        min_side_px: the caller needs no more than this for the shorter side. A JPEG is then decoded at the smallest
            of 1/1, 1/2, 1/4, 1/8 whose shorter side still has it, which is much faster. Other formats ignore it.

    Returns:
        An RGB image without metadata. Equal bytes give equal pixels.

    Raises:
        ImageError: not one of these formats, truncated or broken, or larger than `max_pixels`.
    """
    with open_image(data, max_pixels) as image:
        try:
            if min_side_px is not None:
                image.draft("RGB", (max(1, min_side_px), max(1, min_side_px)))
            load_pixels(image)
            # After load(): Pillow turns TIFFs by itself, and a PNG may keep its EXIF behind the pixels.
            turn = _UPRIGHT.get(_orientation(image))
            rgb = to_rgb(image)
        except DECODER_ERRORS as error:
            raise ImageError(f"{_kind(data)} picture cannot be decoded: {_reason(error)}") from error
    return rgb if turn is None else rgb.transpose(turn)


def fit(image: Image.Image, max_side_px: int) -> Image.Image:
    """The image itself when its longer side is within `max_side_px`, otherwise a smaller copy of the same shape."""
    longer = max(image.size)
    if longer <= max_side_px:
        return image
    width, height = (max(1, round(side * max_side_px / longer)) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def encode_webp(image: Image.Image, max_side_px: int, quality: int, *, lossless: bool = False) -> bytes:
    """WebP bytes of the image, made smaller where its longer side is over `max_side_px`.

    Args:
        image: RGB.
        max_side_px: bound of the longer side, in pixels; WebP itself ends at 16,383.
        quality: 0 to 100; with `lossless` it is effort, not loss.
        lossless: keep every pixel.
    """
    out = io.BytesIO()
    effort = 4 if lossless else 2  # of a photograph, 4 takes twice as long for 2 % fewer bytes
    fit(image, max_side_px).save(out, "WEBP", quality=quality, lossless=lossless, method=effort)
    return out.getvalue()


def dhash(image: Image.Image) -> str:
    """Difference hash for near-identical pictures: 16 hex digits, one bit a pair of neighbours in a 9 x 8 grey image.

    A bit is set where brightness rises by more than 2 of 255: on the flat ground of charts a plain comparison gives
    noise. Of 200 charts, 97.5 % are within 4 bits of their own copy (3/4 size, JPEG 75) and all within 6; no two
    different ones are within 6.

    Source: Krawetz, Kind of Like That (2013).
    """
    # The gap lets Pillow average blocks of pixels first: 12 megapixels take 30 ms and not 250.
    small = image.resize((9, 8), Image.Resampling.LANCZOS, reducing_gap=8.0)
    grey = np.asarray(small.convert("L"), dtype=np.int16)
    return np.packbits(grey[:, 1:] - grey[:, :-1] > _RISE).tobytes().hex()


def open_image(data: bytes, max_pixels: int) -> ImageFile:
    """The picture with its header read and nothing decoded. Raises ImageError."""
    mime = mime_of(data)
    if mime is None:
        raise ImageError(
            "not a picture this program opens (PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF, HEIC, JPEG 2000 ...)"
        )
    try:
        with quietly():
            image = _opener(mime)(io.BytesIO(data))
    except DECODER_ERRORS as error:
        raise ImageError(f"{_kind(data)} picture cannot be opened: {_reason(error)}") from error
    width, height = image.size
    if width * height > max_pixels:
        image.close()
        raise ImageError(
            f"{_kind(data)} picture has {width} x {height} = {width * height:,} pixels, the limit is {max_pixels:,}; "
            "save it smaller and ingest it again"
        )
    return image


def _opener(mime: str) -> Opener:
    if mime != "image/heic":
        return _OPENERS[mime]
    try:
        from pi_heif.as_plugin import HeifImageFile  # type: ignore[import-untyped]
    except ModuleNotFoundError as error:
        raise ImageError(f"a HEIC picture needs one more package: {extra_command('heic')}") from error
    opener: Opener = HeifImageFile
    return opener


@contextmanager
def quietly() -> Iterator[None]:
    """Pillow warns of odd metadata, which is none of the user's business and must not decide whether a picture opens.

    One thread at a time, because the filters are the whole process's; of pixels only TIFFs' are read in here.
    """
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def load_pixels(image: ImageFile) -> None:
    """Decodes the current frame. Nothing is written to stderr. Raises any of `DECODER_ERRORS`."""
    if image.format != "TIFF":
        image.load()
        return
    silence_libtiff()
    with quietly():  # a TIFF's tags are read as it is decoded
        image.load()


def _orientation(image: Image.Image) -> int:
    """EXIF's orientation, 1 to 8; 1 where EXIF is missing or broken."""
    try:
        with quietly():
            value = image.getexif().get(_ORIENTATION, 1)
    except DECODER_ERRORS:
        return 1
    return value if isinstance(value, int) else 1


def to_rgb(image: Image.Image) -> Image.Image:
    """A decoded picture as RGB; what is transparent on white, or where that would hide it, on a darker ground."""
    if image.mode.startswith(("I", "F")):
        return _scaled_grey(image).convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    return flattened(image if image.mode == "RGBA" else image.convert("RGBA"))


def _scaled_grey(image: Image.Image) -> Image.Image:
    """16-bit, 32-bit and float grey to 8 bit without clipping: by bit depth, or by the values' own range."""
    grey = np.nan_to_num(np.asarray(image, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(grey.min()), float(grey.max())
    if not image.mode.startswith("F") and low >= 0 and high <= _GREY_TOPS[-1]:
        low, high = 0.0, float(next(top for top in _GREY_TOPS if top >= high))
    scaled = (grey - low) * (255.0 / max(high - low, 1e-12))
    return Image.fromarray(np.rint(scaled).astype(np.uint8))


def _kind(data: bytes) -> str:
    return EXTENSIONS.get(mime_of(data) or "", "").upper().replace("JPG", "JPEG")


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
