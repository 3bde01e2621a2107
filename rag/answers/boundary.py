"""The mark around quoted sources: one for a conversation, and not to be guessed by a document."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from itertools import count
from pathlib import Path

_CONSONANTS, _VOWELS = "bcdfghjklmnprstvwxyz", "aeiou"
_SYLLABLES = 6
"""A hundred each, so 40 bits; as letters they take a third of the tokens that hexadecimal digits take."""


def conversation_boundary(secret: bytes, conversation: str, texts: Iterable[str]) -> str:
    """A word that no text contains, the same whenever the same conversation is sent.

    A random one for each request would change the beginning of the prompt, and the server would read all of it again.

    Args:
        secret: of the data folder; who does not know it cannot foresee the word.
        conversation: what tells it from others, such as the knowledge base and the first question.
        texts: everything that will stand between such marks.
    """
    held = [text.lower() for text in texts]
    for attempt in count():
        mac = hmac.new(secret, f"{conversation}\0{attempt}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        number, word = int.from_bytes(mac[:16], "big"), ""
        for _ in range(_SYLLABLES):
            number, consonant = divmod(number, len(_CONSONANTS))
            number, vowel = divmod(number, len(_VOWELS))
            word += _CONSONANTS[consonant] + _VOWELS[vowel]
        if not any(word in text for text in held):
            return word
    raise AssertionError("unreachable")


def folder_secret(path: Path) -> bytes:
    """The secret of a data folder, made at its first use, readable by its owner only.

    Where the folder cannot be written to, the secret is new for each process: prompts are then read again once.
    """
    try:
        held = path.read_bytes()
        if len(held) >= 32:
            return held
    except OSError:
        pass
    secret = secrets.token_bytes(32)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secret)
        try:
            os.link(beside, path)  # fails where another process was first: then its secret counts
        except FileExistsError:
            if path.stat().st_size < 32:
                beside.replace(path)
                return secret
            return path.read_bytes()
        finally:
            beside.unlink(missing_ok=True)
    except OSError:  # read-only, or a file system without links
        return secret
    return secret
