"""Does a model fit into this machine's memory? Said before it is loaded, not after the machine has come to a stop."""

from __future__ import annotations

from pathlib import Path

_GIB = 1024**3
_ROOM = 1.15
"""A loaded model takes more than its file: its context and its buffers."""


def free_bytes() -> int | None:
    """Memory that can be had without swapping; None where the system does not say (only Linux does, in a file)."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        return None
    return None


def too_large(name: str, model_bytes: int | None, free: int | None) -> str:
    """What to say of a model that is larger than the free memory; empty where it fits or nobody knows."""
    if not model_bytes or free is None or model_bytes * _ROOM <= free:
        return ""
    return (
        f"'{name}' is {model_bytes / _GIB:.1f} GiB and {free / _GIB:.1f} GiB of memory are free: it will be slow or "
        "not load at all unless a graphics card holds it; a smaller model in RAG_CHAT_MODEL fits"
    )
