"""What a Milvus can do, from its own version."""

from __future__ import annotations

import re

from rag.errors import StoreError
from rag.ports import Capabilities
from rag.trace import Note

OLDEST = (2, 3, 0)
_LEXICAL = (2, 5, 0)
_SPARSE = (2, 4, 0)
_INVERTED = (2, 4, 0)
_FULL_LIKE = (2, 4, 0)
_JSON_INDEX = (2, 6, 0)


def parse_version(text: str) -> tuple[int, int, int]:
    """`v2.3.5-lite` (which is what the server of the PyPI package calls itself) is (2, 3, 5)."""
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return (int(match[1]), int(match[2]), int(match[3] or 0)) if match else (0, 0, 0)


def lite_capabilities(version: str) -> Capabilities:
    """What the embedded engine can do; `version` is what it answers, `milvus_lite-3.2.2`."""
    return Capabilities(
        engine="lite",
        version=version.removeprefix("milvus_lite-"),
        lexical=True,
        sparse=True,
        json_index=False,
        missing=(
            Note("one_machine", "The embedded store is for the processes of one machine and user."),
            Note("no_json_index", "In the embedded store filters on columns that are not declared read every row."),
            Note(
                "no_stemming",
                "The embedded store's lexical channel takes English words as they are: 'pumps' does not find 'pump'. "
                "Words of 16 other languages have their stems (RAG_ANALYZER).",
            ),
        ),
    )


def server_capabilities(version: str) -> Capabilities:
    """What a server can do.

    Raises:
        StoreError: it is older than 2.3.
    """
    known = parse_version(version)
    if known < OLDEST:
        raise StoreError(f"the Milvus server is version {version}; 2.3 or later is needed. Upgrade it.")
    missing: list[Note] = []
    if known < _LEXICAL:
        unless = "" if known < _SPARSE else " unless the text model makes learned sparse vectors (RAG_PROFILE=full)"
        off = f"the lexical channel is off{unless}, exact words count less."
        text = f"Milvus {version} has no BM25 (2.5 or later does): {off}"
        missing.append(Note("no_bm25", text))
    if known < _SPARSE:
        text = f"Milvus {version} has no sparse vectors (2.4 or later does): no learned sparse channel."
        missing.append(Note("no_sparse_vectors", text))
    if known < _FULL_LIKE:
        text = f"Milvus {version} only knows like 'prefix%': other patterns are checked row by row, slowly."
        missing.append(Note("no_full_like", text))
    if known < _JSON_INDEX:
        text = f"Milvus {version} has no index for JSON keys: filters on columns that are not declared read every row."
        missing.append(Note("no_json_index", text))
    return Capabilities(
        engine="server",
        version=version,
        lexical=known >= _LEXICAL,
        sparse=known >= _SPARSE,
        json_index=known >= _JSON_INDEX,
        missing=tuple(missing),
    )


def full_like(capabilities: Capabilities) -> bool:
    """Whether `like` knows more than `prefix%`."""
    return capabilities.engine == "lite" or parse_version(capabilities.version) >= _FULL_LIKE


def has_inverted(capabilities: Capabilities) -> bool:
    """Whether scalar fields can have an INVERTED index; before, words have Trie and numbers STL_SORT."""
    return capabilities.engine == "lite" or parse_version(capabilities.version) >= _INVERTED
