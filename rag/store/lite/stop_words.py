"""Words that hold a sentence together, by Snowball's lists; a Milvus server has them built in."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

ENGLISH = """
a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was
will with
""".split()
"""The server's own list for its analyzer `english`."""
_FILE = Path(__file__).parent / "stop_words.json"


def stop_words(language: str) -> list[str]:
    """In small letters; none where there is no list."""
    return _listed().get(language, [])


@cache
def _listed() -> dict[str, list[str]]:
    words: dict[str, list[str]] = json.loads(_FILE.read_text("utf-8"))
    return words
