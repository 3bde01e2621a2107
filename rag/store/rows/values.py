"""What may be written: text that is Unicode, metadata that is JSON, vectors that point somewhere."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import StoreError

if TYPE_CHECKING:
    from rag.types import Vector

MAX_METADATA_BYTES = 60_000
MAX_TEXT_BYTES = 65_535
"""VARCHAR's limit: bytes on the server, characters on Lite. Bytes everywhere, so that a store can be moved."""
MAX_JSON_BYTES = 65_536
MAX_JSON_DEPTH = 64
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Lone surrogates (file names that are not UTF-8) become U+FFFD: nothing else can carry them."""
    return _SURROGATES.sub("\ufffd", text)


def checked_text(text: str, what: str, owner: str) -> str:
    """Text that fits a VARCHAR field.

    Raises:
        StoreError: it is longer than 65,535 bytes of UTF-8.
    """
    cleaned = clean_text(text)
    n_bytes = len(cleaned.encode())
    if n_bytes > MAX_TEXT_BYTES:
        raise StoreError(f"{owner}: its {what} has {n_bytes:,} bytes; at most {MAX_TEXT_BYTES:,} fit. Split it.")
    return cleaned


def checked_metadata(metadata: Mapping[str, Any], owner: str) -> dict[str, Any]:
    """Metadata as JSON that every engine gives back as it was.

    Whole numbers beyond 64 bits become their digits, tuples become lists.

    Raises:
        StoreError: something is not JSON (NaN included), or it is over 60,000 bytes.
    """
    try:
        cleaned: dict[str, Any] = _json(metadata, 0)
    except ValueError as error:
        raise StoreError(f"{owner}: its metadata {error}") from None
    n_bytes = json_size(cleaned)
    if n_bytes > MAX_METADATA_BYTES:
        raise StoreError(
            f"{owner}: its metadata has {n_bytes:,} bytes of JSON; at most {MAX_METADATA_BYTES:,} are kept. "
            "Leave long texts out of the columns."
        )
    return cleaned


def json_size(value: Any) -> int:
    """Bytes of UTF-8 that a clean JSON value takes."""
    return len(json.dumps(value, ensure_ascii=False).encode())


def _json(value: Any, depth: int) -> Any:
    if depth > MAX_JSON_DEPTH:
        raise ValueError(f"is nested more than {MAX_JSON_DEPTH} levels deep")
    if isinstance(value, str):
        return clean_text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < 2**63 else str(int(value))
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"has the number {value}, which JSON does not know")
        return float(value)
    if isinstance(value, list | tuple):
        return [_json(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        if any(not isinstance(key, str) for key in value):
            raise ValueError("has a key that is not text")
        return {clean_text(key): _json(item, depth + 1) for key, item in value.items()}
    raise ValueError(f"has a value of type {type(value).__name__}, which JSON does not know")


def checked_vector(vector: Vector, dim: int, owner: str) -> Vector:
    """A vector that can be searched.

    Args:
        vector: (dim,), any float type.
        dim: what the collection holds.
        owner: the record, for the message.

    Raises:
        StoreError: another shape, NaN or Inf, or no length. One NaN row would make an engine give up its whole index
            in silence.
    """
    array = np.asarray(vector, dtype=np.float32)
    if array.shape != (dim,):
        raise StoreError(f"{owner}: its vector has shape {array.shape}, the collection holds ({dim},)")
    if not np.isfinite(array).all():
        raise StoreError(f"{owner}: its vector has NaN or Inf")
    norm = float(np.linalg.norm(array.astype(np.float64)))
    if not 1e-6 < norm < 1e18:
        raise StoreError(f"{owner}: its vector has length {norm:g}; a cosine needs a direction")
    return array
