"""Pictures, drawings and sound, for the damaged copies: what they show is not words."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator

from PIL import Image

from benchmarks.reading.truth import Document, Paragraph, Writer

_PILLOW = {"AVIF": "avif", "JPEG2000": "jp2", "ICO": "ico", "TGA": "tga", "PPM": "ppm", "PCX": "pcx", "DDS": "dds"}


def documents(n: int) -> Iterator[Document]:
    """`n` of each kind."""
    for number in range(n):
        picture = _noise(number)
        for kind, suffix in _PILLOW.items():
            yield Document(kind, f"a.{suffix}", _saved(picture, kind))
        pages = [_noise(number + 10 * page).convert("RGB") for page in range(3)]
        yield Document("TIFF of three pages", "a.tif", _saved(pages[0], "TIFF", pages[1:]))
        yield Document("GIF of three frames", "a.gif", _saved(pages[0], "GIF", pages[1:]))
        words = [Writer(number).sentence() for _ in range(5)]
        texts = "".join(f'<text x="10" y="{20 * line}">{text}</text>' for line, text in enumerate(words, start=1))
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200"><rect width="9" height="9"/>{texts}</svg>'
        yield Document("SVG", "a.svg", svg.encode(), [Paragraph(text) for text in words])
        yield Document("MP3 tags", "a.mp3", tagged(words[0]), [Paragraph(words[0])])


def _noise(seed: int) -> Image.Image:
    return Image.frombytes("RGB", (64, 64), random.Random(seed).randbytes(64 * 64 * 3))


def _saved(picture: Image.Image, kind: str, more: list[Image.Image] | None = None) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **({"save_all": True, "append_images": more} if more else {}))
    return out.getvalue()


def tagged(title: str) -> bytes:
    """An MP3's ID3 tag with a title, and a few silent frames."""
    body = b"\x03" + title.encode()
    frame = b"TIT2" + len(body).to_bytes(4, "big") + b"\0\0" + body
    size = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + frame + (b"\xff\xfb\x90\x00" + bytes(413)) * 8
