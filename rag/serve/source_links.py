"""Addresses by which anybody who has one can see one source, for a while: front ends link to them without a token."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass

DAY_S = 86_400
DAYS = 7
_KEY_CHARS = 32


@dataclass(frozen=True, slots=True)
class SourceLinks:
    """Signs the address of a record and knows its own signatures.

    Attributes:
        secret: of the data folder.
    """

    secret: bytes

    def path(self, kb: str, record_id: str, now_s: float | None = None) -> str:
        """`/source/...` with an end and a signature; the same through a day."""
        today = int((time.time() if now_s is None else now_s) // DAY_S)
        until = (today + 1 + DAYS) * DAY_S
        return f"/source/{kb}/{record_id}?until={until}&key={self._key(kb, record_id, until)}"

    def opens(self, kb: str, record_id: str, until: int, key: str, now_s: float | None = None) -> bool:
        """Whether the signature is ours and its time has not passed."""
        is_ours = hmac.compare_digest(self._key(kb, record_id, until).encode(), key.encode("utf-8", "replace"))
        return is_ours and (time.time() if now_s is None else now_s) < until

    def _key(self, kb: str, record_id: str, until: int) -> str:
        message = f"source\0{kb}\0{record_id}\0{until}".encode()
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()[:_KEY_CHARS]
