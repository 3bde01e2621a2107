"""Writes compound files, which no library of Python does: the container of .doc, .ppt and .msg ([MS-CFB])."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

_SECTOR, _SMALL_SECTOR, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass(slots=True)
class _Entry:
    name: str
    kind: int  # 1 a folder, 2 a stream, 5 the root
    data: bytes = b""
    children: list[int] = field(default_factory=list)
    start: int = _END
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams; `a/b` is stream `b` of folder `a`."""
    entries = [_Entry("Root Entry", 5)]
    folders = {"": 0}
    for path, data in streams.items():
        folder, _, name = path.rpartition("/")
        if folder not in folders:
            folders[folder] = len(entries)
            entries[0].children.append(len(entries))
            entries.append(_Entry(folder, 1))
        entries[folders[folder]].children.append(len(entries))
        entries.append(_Entry(name, 2, data))
    for entry in entries:
        _link(entry, entries)
    sectors: list[bytes] = []
    fat: list[int] = []
    small, small_fat = bytearray(), []
    for entry in entries:
        if entry.kind == 2 and len(entry.data) >= _CUTOFF:
            entry.start = _chain(entry.data, sectors, fat)
        elif entry.kind == 2 and entry.data:
            n = -(-len(entry.data) // _SMALL_SECTOR)
            entry.start = len(small_fat)
            small_fat += [*range(entry.start + 1, entry.start + n), _END]
            small += entry.data.ljust(n * _SMALL_SECTOR, b"\0")
    entries[0].data = bytes(small)
    entries[0].start = _chain(entries[0].data, sectors, fat) if small else _END
    small_start = (
        _chain(struct.pack(f"<{len(small_fat)}I", *small_fat), sectors, fat, fill=b"\xff") if small_fat else _END
    )
    directory = _chain(b"".join(map(_record, entries)), sectors, fat)
    n_fat = 1
    while n_fat * _SECTOR // 4 < len(fat) + n_fat:
        n_fat += 1
    fat_at = list(range(len(sectors), len(sectors) + n_fat))
    fat += [_FAT] * n_fat
    packed = struct.pack(f"<{len(fat)}I", *fat).ljust(n_fat * _SECTOR, b"\xff")
    sectors += [packed[at : at + _SECTOR] for at in range(0, len(packed), _SECTOR)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHHHIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, n_fat, directory, 0)
    head += struct.pack("<IIIII", _CUTOFF, small_start, -(-4 * len(small_fat) // _SECTOR), _END, 0)
    head += struct.pack("<109I", *fat_at, *[_FREE] * (109 - n_fat))
    return head + b"".join(sectors)


def _chain(data: bytes, sectors: list[bytes], fat: list[int], fill: bytes = b"\0") -> int:
    start, n = len(sectors), max(1, -(-len(data) // _SECTOR))
    sectors += [data[at : at + _SECTOR].ljust(_SECTOR, fill) for at in range(0, n * _SECTOR, _SECTOR)]
    fat += [*range(start + 1, start + n), _END]
    return start


def _link(entry: _Entry, entries: list[_Entry]) -> None:
    """Children as a tree, ordered by the length of their names first."""
    order = sorted(entry.children, key=lambda n: (len(entries[n].name), entries[n].name.upper()))

    def tree(numbers: list[int]) -> int:
        if not numbers:
            return _FREE
        middle = len(numbers) // 2
        entries[numbers[middle]].left = tree(numbers[:middle])
        entries[numbers[middle]].right = tree(numbers[middle + 1 :])
        return numbers[middle]

    entry.child = tree(order)


def _record(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    body = name.ljust(64, b"\0") + struct.pack(
        "<HBBIII", len(name), entry.kind, 1, entry.left, entry.right, entry.child
    )
    return body + bytes(16 + 4 + 16) + struct.pack("<III", entry.start, len(entry.data), 0)
