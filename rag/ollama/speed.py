"""How fast a model reads and writes on this machine: Ollama tells after each reply, and the last ones are kept."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

_KEPT = 5
_MIN_READ_TOKENS, _MIN_WRITTEN_TOKENS = 64, 8
"""Fewer tell more about the overhead than about the speed."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second; None where nothing was measured yet."""

    read: float | None = None
    written: float | None = None

    def reading_s(self, n_tokens: int) -> float | None:
        return n_tokens / self.read if self.read else None


@dataclass(slots=True)
class SpeedBook:
    """Speeds by server and model, kept in a file of the data folder so that the next program knows them too.

    Args:
        path: JSON; None keeps them in memory only.
    """

    path: Path | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _rows: dict[str, dict[str, list[float]]] | None = None

    def of(self, url: str, model: str) -> Speed:
        with self._lock:
            row = self._loaded().get(_key(url, model), {})
        return Speed(*(median(row[kind]) if row.get(kind) else None for kind in ("read", "written")))

    def read(self, url: str, model: str, n_tokens: int, seconds: float) -> None:
        """So many tokens that were not in the server's memory took so long to read."""
        if n_tokens >= _MIN_READ_TOKENS and seconds > 0:
            self._add(_key(url, model), "read", n_tokens / seconds)

    def written(self, url: str, model: str, n_tokens: int, seconds: float) -> None:
        if n_tokens >= _MIN_WRITTEN_TOKENS and seconds > 0:
            self._add(_key(url, model), "written", n_tokens / seconds)

    def _add(self, key: str, kind: str, value: float) -> None:
        with self._lock:
            row = self._loaded().setdefault(key, {})
            row[kind] = [*row.get(kind, []), round(value, 1)][-_KEPT:]
            self._save()

    def _loaded(self) -> dict[str, dict[str, list[float]]]:
        if self._rows is None:
            self._rows = _read(self.path)
        return self._rows

    def _save(self) -> None:
        """Written beside and moved: two programs that save at once leave one whole file."""
        if self.path is None:
            return
        beside = self.path.with_suffix(f".{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(self._rows, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            beside.replace(self.path)
        except OSError:  # a data folder that cannot be written to; the speed is measured again next time
            self.path = None


def _key(url: str, model: str) -> str:
    return f"{url.rstrip('/')} {model}"


def _read(path: Path | None) -> dict[str, dict[str, list[float]]]:
    try:
        held: Any = json.loads(path.read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError):
        return {}
    rows = held.items() if isinstance(held, dict) else ()
    return {
        key: {
            kind: [float(value) for value in values if isinstance(value, int | float) and value > 0]
            for kind, values in row.items()
            if isinstance(values, list)
        }
        for key, row in rows
        if isinstance(row, dict)
    }
