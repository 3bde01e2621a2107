"""Writes what Office wrote before 2007, and Outlook's messages: as little of them as a reader needs."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from benchmarks.reading.compound import compound
from benchmarks.reading.truth import Block, Heading, Table

_PAGE = 512


def word_97(blocks: Sequence[Block]) -> bytes:
    """A .doc ([MS-DOC]): one piece of text, styles, and a row of properties for each paragraph."""
    text, about = "", []  # of each paragraph: its end, and its properties
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    text += cell + "\x07"
                    about.append((len(text), _paragraph(0, b"\x16\x24\x01")))
                text += "\x07"
                about.append((len(text), _paragraph(0, b"\x16\x24\x01\x17\x24\x01" + _row(len(row)))))
        else:
            text += block.text + "\r"
            about.append((len(text), _paragraph(block.level if isinstance(block, Heading) else 0)))
    start = 0x400
    pages, ends = _pages(about, start)
    raw = text.encode("utf-16-le")
    first_page = -(-(start + len(raw)) // _PAGE)
    styles = _styles()
    edges = struct.pack(f"<{len(ends) + 1}I", start, *ends)
    numbers = struct.pack(f"<{len(pages)}I", *range(first_page, first_page + len(pages)))
    piece = struct.pack("<IIHIH", 0, len(text), 0, start, 0)
    table = {0xA2: styles, 0x102: edges + numbers, 0x1A2: b"\x02" + struct.pack("<I", len(piece)) + piece}
    head = bytearray(start)
    struct.pack_into("<HHHHHH", head, 0, 0xA5EC, 0xC1, 0, 0x409, 0, 0x1200)
    struct.pack_into("<II", head, 0x18, start, start + len(raw))
    struct.pack_into("<I", head, 0x4C, len(text))
    stream = b""
    for at, part in table.items():
        struct.pack_into("<II", head, at, len(stream), len(part))
        stream += part
    body = (bytes(head) + raw).ljust(first_page * _PAGE, b"\0") + b"".join(pages)
    return compound({"WordDocument": body.ljust(4096, b"\0"), "1Table": stream.ljust(4096, b"\0")})


def _paragraph(style: int, properties: bytes = b"") -> bytes:
    return struct.pack("<H", style) + properties


def _row(n_cells: int) -> bytes:
    edges = struct.pack(f"<{n_cells + 1}h", *range(0, 1000 * (n_cells + 1), 1000))
    operand = bytes([n_cells]) + edges + bytes(20 * n_cells)
    return b"\x08\xd6" + struct.pack("<H", len(operand) + 1) + operand


def _styles() -> bytes:
    """Number n is heading n, 0 the plain one."""
    sheet = struct.pack("<H", 18) + bytes(18)
    return sheet + b"".join(struct.pack("<HH", 10, sti) + bytes(8) for sti in range(10))


def _pages(about: Sequence[tuple[int, bytes]], start: int) -> tuple[list[bytes], list[int]]:
    """Pages of properties, and where in the stream each ends."""
    pages, ends, first, at = [], [], start, 0
    while at < len(about):
        runs: list[tuple[int, bytes]] = []
        size = 5
        while at < len(about) and size + 17 + len(about[at][1]) + 3 < _PAGE:
            size += 17 + len(about[at][1]) + 3
            runs.append(about[at])
            at += 1
        page, place = bytearray(_PAGE), _PAGE - 1
        struct.pack_into(f"<{len(runs) + 1}I", page, 0, first, *(start + 2 * end for end, _ in runs))
        for number, (_, body) in enumerate(runs):
            body = body + b"\0" * (len(body) % 2)
            place = (place - len(body) - 2) // 2 * 2
            page[place : place + 2 + len(body)] = bytes([0, len(body) // 2]) + body
            page[4 * (len(runs) + 1) + 13 * number] = place // 2
        page[-1] = len(runs)
        first = start + 2 * runs[-1][0]
        pages.append(bytes(page))
        ends.append(first)
    return pages, ends


def powerpoint_97(slides: Sequence[Sequence[Block]], notes: Mapping[int, str] | None = None) -> bytes:
    """A .ppt ([MS-PPT]): titles and texts in the outline of the document."""
    parts: list[bytes] = []
    listed = b""
    for number, slide in enumerate(slides):
        listed += _record(0x03F3, struct.pack("<IIIII", number + 2, 0, 0, 256 + number, 0))
        for block in slide:
            assert not isinstance(block, Table)
            listed += _record(0x0F9F, struct.pack("<I", 0 if isinstance(block, Heading) else 1))
            listed += _record(0x0FA0, block.text.encode("utf-16-le"))
        parts.append(_record(0x03EE, _record(0x03EF, bytes(24)), container=True))
    for number, words in (notes or {}).items():
        box = _record(
            0xF00D, _record(0x0F9F, struct.pack("<I", 2)) + _record(0x0FA0, words.encode("utf-16-le")), container=True
        )
        group = _record(0xF003, _record(0xF004, box, container=True), container=True)
        atom = _record(0x03F1, struct.pack("<II", 256 + number, 0))
        parts.append(
            _record(
                0x03F0, atom + _record(0x040C, _record(0xF002, group, container=True), container=True), container=True
            )
        )
    document = _record(0x03E8, _record(0x0FF0, listed, container=True), container=True)
    stream, places = b"", []
    for part in (document, *parts):
        places.append(len(stream))
        stream += part
    directory = len(stream)
    stream += _record(0x1772, struct.pack("<I", 1 | len(places) << 20) + struct.pack(f"<{len(places)}I", *places))
    edit = len(stream)
    stream += _record(0x0FF5, struct.pack("<IIIIIII", 0, 0, 0, directory, 1, len(places), 0))
    user = _record(0x0FF6, struct.pack("<III", 0x14, 0xE391C05F, edit) + bytes(12))
    return compound({"PowerPoint Document": stream.ljust(4096, b"\0"), "Current User": user})


def _record(kind: int, body: bytes, *, container: bool = False) -> bytes:
    return struct.pack("<HHI", 0xF if container else 0, kind, len(body)) + body


def outlook(fields: Mapping[str, str], attachments: Mapping[str, bytes] | None = None) -> bytes:
    """A .msg ([MS-OXMSG]) with a subject, a body and a sender, by `subject`, `body`, `sender`, `to`."""
    tags = {"subject": 0x0037, "body": 0x1000, "sender": 0x0C1A, "headers": 0x007D}
    attachments = attachments or {}
    streams = {f"__substg1.0_{tags[name]:04X}001F": value.encode("utf-16-le") for name, value in fields.items()}
    head = bytes(8) + struct.pack("<IIII", 0, len(attachments), 0, len(attachments)) + bytes(8)
    streams["__properties_version1.0"] = head + b"".join(
        _property(tags[name], 0x001F, len(value.encode("utf-16-le")) + 2) for name, value in fields.items()
    )
    for number, (name, data) in enumerate(attachments.items()):
        folder = f"__attach_version1.0_#{number:08X}"
        wide = name.encode("utf-16-le")
        streams[f"{folder}/__substg1.0_3707001F"] = wide
        streams[f"{folder}/__substg1.0_37010102"] = data
        streams[f"{folder}/__properties_version1.0"] = bytes(8) + b"".join(
            (_property(0x3707, 0x001F, len(wide) + 2), _property(0x3701, 0x0102, len(data)), _property(0x3705, 3, 1))
        )
    return compound(streams)


def _property(tag: int, kind: int, value: int) -> bytes:
    return struct.pack("<HHIII", kind, tag, 6, value, 0)
