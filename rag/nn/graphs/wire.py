"""The few messages of ONNX that a forward pass needs, as the bytes of their protocol buffers.

The package `onnx` writes the same bytes, but it is larger than all that it would write here. The tests hold these
bytes to it.

Source: onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), whose field numbers these are.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

Attribute: TypeAlias = int | float | Sequence[int]
Dims: TypeAlias = Sequence[int | str]
"""Numbers, or names of what differs from call to call."""

FLOAT, INT32, INT64 = 1, 6, 7
"""Element types (`TensorProto.DataType`)."""

_VARINT, _BYTES, _FIXED32 = 0, 2, 5
_FLOAT_ATTRIBUTE, _INT_ATTRIBUTE, _INTS_ATTRIBUTE = 1, 2, 7
_EXTERNAL = 1


def model(graph: bytes, opsets: Mapping[str, int], *, ir_version: int) -> bytes:
    """`ModelProto`. `opsets` are versions of operator sets by domain; the empty domain is ONNX itself."""
    imports = b"".join(_message(8, _text(1, domain) + _int(2, version)) for domain, version in opsets.items())
    return _int(1, ir_version) + _text(2, "multimodal-rag") + _message(7, graph) + imports


def graph(
    name: str, *, nodes: Iterable[bytes], tensors: Iterable[bytes], inputs: Iterable[bytes], outputs: Iterable[bytes]
) -> bytes:
    """`GraphProto`; the nodes stand in an order in which they can be computed."""
    parts = ((1, nodes), (5, tensors), (11, inputs), (12, outputs))
    return _text(2, name) + b"".join(_message(field, part) for field, many in parts for part in many)


def node(
    kind: str, inputs: Iterable[str], outputs: Iterable[str], attributes: Mapping[str, Attribute], domain: str = ""
) -> bytes:
    """`NodeProto`; an input that is left out has an empty name."""
    ends = b"".join(_text(1, name) for name in inputs) + b"".join(_text(2, name) for name in outputs)
    settings = b"".join(_message(5, _attribute(name, value)) for name, value in attributes.items())
    return ends + _text(4, kind) + settings + _text(7, domain)


def value(name: str, kind: int, dims: Dims) -> bytes:
    """`ValueInfoProto` of an input or output of the graph."""
    shape = b"".join(_message(1, _int(1, dim) if isinstance(dim, int) else _text(2, dim)) for dim in dims)
    return _text(1, name) + _message(2, _message(1, _int(1, kind) + _message(2, shape)))


def int64_tensor(name: str, values: Sequence[int]) -> bytes:
    """`TensorProto` of one dimension, its values inside."""
    raw = struct.pack(f"<{len(values)}q", *values)
    return _int(1, len(values)) + _int(2, INT64) + _text(8, name) + _message(9, raw)


def float_scalar(name: str, value: float) -> bytes:
    """`TensorProto` of no dimension, its float32 inside."""
    return _int(2, FLOAT) + _text(8, name) + _message(9, struct.pack("<f", value))


def external_tensor(name: str, dims: Sequence[int], file: str, offset: int, n_bytes: int) -> bytes:
    """`TensorProto` of float32 whose values are in a file, little-endian, row by row."""
    where = {"location": file, "offset": str(offset), "length": str(n_bytes)}
    entries = b"".join(_message(13, _text(1, key) + _text(2, text)) for key, text in where.items())
    return b"".join(_int(1, dim) for dim in dims) + _int(2, FLOAT) + _text(8, name) + entries + _int(14, _EXTERNAL)


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _int(3, value) + _int(20, _INT_ATTRIBUTE)
    if isinstance(value, float):
        return _text(1, name) + _key(2, _FIXED32) + struct.pack("<f", value) + _int(20, _FLOAT_ATTRIBUTE)
    return _text(1, name) + b"".join(_int(8, item) for item in value) + _int(20, _INTS_ATTRIBUTE)


def _int(field: int, value: int) -> bytes:
    return _key(field, _VARINT) + _varint(value)


def _text(field: int, value: str) -> bytes:
    return _message(field, value.encode())


def _message(field: int, value: bytes) -> bytes:
    return _key(field, _BYTES) + _varint(len(value)) + value


def _key(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _varint(value: int) -> bytes:
    """Seven bits a byte, lowest first; a negative number as its 64 bits."""
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
