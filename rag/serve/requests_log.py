"""Each request's id, and how the log is written: lines for people, or JSON for programs that collect it."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

HEADER = "X-Request-ID"
_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")
_current: ContextVar[str] = ContextVar("request_id", default="")
_FACTS = ("method", "route", "path", "status", "ms", "client")
"""What `rag.serve.guard.observer` knows of a request."""


def current_id() -> str:
    """Of the request that is being answered; empty outside of one. Threads that work for it have it, too."""
    return _current.get()


def begin(given: str) -> str:
    """Takes the id that a proxy or client gives, or makes one; nothing that could forge a line of the log is taken."""
    made = given if _ID.fullmatch(given) else secrets.token_hex(8)
    _current.set(made)
    return made


def set_up(form: Literal["text", "json"]) -> None:
    """Sends the log of the process to stderr: of others from warnings on, of this server all."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("rag.serve").setLevel(logging.INFO)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        return f"{line} [{current_id()}]" if current_id() else line


class _Json(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        said |= {name: getattr(record, name) for name in _FACTS if hasattr(record, name)}
        if current_id():
            said["request_id"] = current_id()
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
