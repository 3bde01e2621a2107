"""Keeps Pillow and libtiff off stderr, which programs read as JSON."""

from __future__ import annotations

import ctypes
from functools import lru_cache
from importlib.util import find_spec

_HANDLERS = ("TIFFSetErrorHandler", "TIFFSetWarningHandler", "TIFFSetErrorHandlerExt", "TIFFSetWarningHandlerExt")


@lru_cache(maxsize=1)
def silence_libtiff() -> None:
    """libtiff writes what it finds odd in a file to stderr by itself; Pillow raises what matters of it anyhow.

    Pillow bundles libtiff and offers no way to its handlers. Where they cannot be reached (a Pillow with libtiff built
    into it), it goes on talking.
    """
    pillow = find_spec("PIL._imaging")
    try:
        library = ctypes.CDLL(pillow.origin if pillow else None)
        for name in _HANDLERS:
            set_handler = getattr(library, name)
            set_handler.argtypes, set_handler.restype = [ctypes.c_void_p], ctypes.c_void_p
            set_handler(None)
    except (AttributeError, OSError):
        return
