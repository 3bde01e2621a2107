"""Subnormal floats as zero, for the thread that asks.

The bits for it are in a control register of the processor that each thread has of its own. C's `fesetenv` writes the
register from a struct whose layout the platform's ABI fixes; Python has no other way to it.
"""

from __future__ import annotations

import contextlib
import ctypes
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Layout:
    """Of `fenv_t`: its size, where the control register is in it, and the bits for zero."""

    n_bytes: int
    offset: int
    bits: int


_FLUSH_AND_READ = 0x8040
"""MXCSR: flush to zero (bit 15), denormals are zero (bit 6)."""
_FZ = 1 << 24
"""FPCR of Arm: flush to zero, in and out."""
_LAYOUTS = {
    ("linux", "x86_64"): _Layout(32, 28, _FLUSH_AND_READ),  # glibc and musl: x87's 28 bytes, then MXCSR
    ("linux", "aarch64"): _Layout(8, 0, _FZ),
    ("darwin", "x86_64"): _Layout(16, 4, _FLUSH_AND_READ),
    ("darwin", "arm64"): _Layout(16, 8, _FZ),  # FPSR, then FPCR
}


@contextlib.contextmanager
def flushed_subnormals() -> Iterator[None]:
    """Takes subnormal floats for zero on this thread meanwhile; does nothing where the platform is not known."""
    layout = _LAYOUTS.get((sys.platform, platform.machine()))
    if layout is None:
        yield
        return
    libc = ctypes.CDLL(None)
    before = ctypes.create_string_buffer(layout.n_bytes)
    libc.fegetenv(before)
    after = bytearray(before.raw)
    word = slice(layout.offset, layout.offset + 4)
    after[word] = (int.from_bytes(after[word], "little") | layout.bits).to_bytes(4, "little")
    libc.fesetenv(ctypes.create_string_buffer(bytes(after), layout.n_bytes))
    try:
        yield
    finally:
        libc.fesetenv(before)
