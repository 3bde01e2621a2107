"""Fills knowledge bases: `ingest_paths(kb, ["./dump"])`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.pipeline import ingest_paths as ingest_paths
    from ingest.report.ingest_report import IngestReport as IngestReport

__all__ = ["IngestReport", "ingest_paths"]

_HOMES = {"ingest_paths": "ingest.pipeline", "IngestReport": "ingest.report.ingest_report"}


def __getattr__(name: str) -> Any:
    # Late, so that worker processes, which import this package, do not load what only the main process needs.
    if name not in _HOMES:
        raise AttributeError(f"module 'ingest' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
