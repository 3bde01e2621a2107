"""PDFs written by hand, so that a test can say exactly what is in them, broken parts included."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 400, 600
_BOLD = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>"


def text(x: float, y: float, words: str, size: float = 10, font: str = "F1") -> bytes:
    """A line of Helvetica (F2: bold) with its baseline at (x, y), in points from the lower left corner."""
    escaped = words.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
    return b"BT /%s %g Tf %g %g Td (%s) Tj ET\n" % (font.encode(), size, x, y, escaped)


def place(name: str, x: float, y: float, width: float, height: float) -> bytes:
    """Paints the XObject `name` (a picture) into a box."""
    return b"q %g 0 0 %g %g %g cm /%s Do Q\n" % (width, height, x, y, name.encode())


def bars(x: float, y: float, n: int = 6) -> bytes:
    """A bar chart of paths, 25 points a bar."""
    return b"".join(b"0 0 1 rg %g %g 20 %g re f\n" % (x + 25 * k, y, 30 + 12 * k) for k in range(n))


def ruled(x: float, y: float, widths: list[float], heights: list[float]) -> bytes:
    """The lines of a table whose upper left corner is at (x, y)."""
    across, down = sum(widths), sum(heights)
    ys = [y - sum(heights[:n]) for n in range(len(heights) + 1)]
    xs = [x + sum(widths[:n]) for n in range(len(widths) + 1)]
    return b"".join(
        [b"%g %g m %g %g l S\n" % (x, at, x + across, at) for at in ys]
        + [b"%g %g m %g %g l S\n" % (at, y, at, y - down) for at in xs]
    )


def stream(head: bytes, data: bytes) -> bytes:
    """A stream object, for `raw_objects`."""
    return _stream(head, data)


@dataclass
class Page:
    content: bytes = b""
    rotate: int = 0
    extra: bytes = b""


@dataclass
class Pdf:
    """Objects are numbered from 1: catalog, page tree, font, then the pictures, then each page and its content."""

    pages: list[Page]
    pictures: dict[str, Image.Image] = field(default_factory=dict)
    title: str = ""
    outline: list[tuple[str, int]] = field(default_factory=list)
    raw_objects: dict[str, bytes] = field(default_factory=dict)
    trailer: bytes = b""
    root: bytes = b""
    fonts: bytes = b""

    def bytes(self) -> bytes:
        objects: list[bytes] = [
            b"",
            b"",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ]
        names = b""
        for name, image in self.pictures.items():
            objects.append(_picture(image))
            names += b"/%s %d 0 R " % (name.encode(), len(objects))
        for name, raw in self.raw_objects.items():
            objects.append(raw.replace(b"SELF", b"%d 0 R" % (len(objects) + 1)))
            names += b"/%s %d 0 R " % (name.encode(), len(objects))
        kids = []
        for page in self.pages:
            objects.append(_stream(b"", page.content))
            content = len(objects)
            objects.append(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Rotate %d /Contents %d 0 R %s"
                b"/Resources << /Font << /F1 3 0 R /F2 %s %s >> /XObject << %s >> >> >>"
                % (WIDTH, HEIGHT, page.rotate, content, page.extra, _BOLD, self.fonts, names)
            )
            kids.append(len(objects))
        root = b"/Type /Catalog /Pages 2 0 R " + self.root
        if self.outline:
            first = len(objects) + 2
            objects.append(b"<< /First %d 0 R /Last %d 0 R >>" % (first, first + len(self.outline) - 1))
            root += b" /Outlines %d 0 R" % len(objects)
            for n, (title, page_number) in enumerate(self.outline):
                following = b"/Next %d 0 R" % (first + n + 1) if n + 1 < len(self.outline) else b""
                objects.append(
                    b"<< /Title (%s) /Parent %d 0 R /Dest [%d 0 R /Fit] %s >>"
                    % (title.encode(), first - 1, kids[page_number - 1], following)
                )
        objects[0] = b"<< %s >>" % root
        objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids))
        trailer = self.trailer
        if self.title:
            objects.append(b"<< /Title (%s) >>" % self.title.encode())
            trailer += b" /Info %d 0 R" % len(objects)
        return _assemble(objects, trailer)


def encrypted() -> bytes:
    """Asks for a password: its check values fit none."""
    entry = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >>" % (b"o" * 32, b"u" * 32)
    return Pdf([Page(text(50, 500, "secret"))], trailer=entry + b" /ID [(0123456789abcdef) (0123456789abcdef)]").bytes()


def chart(width: int = 300, height: int = 200, color: str = "red") -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).ellipse((width // 8, height // 8, width * 7 // 8, height * 7 // 8), fill=color)
    return image


def png(image: Image.Image | None = None) -> bytes:
    buffer = io.BytesIO()
    (image or chart()).save(buffer, "PNG")
    return buffer.getvalue()


def _picture(image: Image.Image) -> bytes:
    head = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8" % image.size
    )
    return _stream(head, image.convert("RGB").tobytes())


def _stream(head: bytes, data: bytes) -> bytes:
    packed = zlib.compress(data)
    return b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (head, len(packed), packed)


def _assemble(objects: list[bytes], trailer: bytes) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)
