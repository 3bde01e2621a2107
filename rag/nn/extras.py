"""What only models of a hub need comes with the extra `full`; here is what is said where it is missing."""

from __future__ import annotations

import importlib.util
import os

from rag.errors import ModelError
from rag.installation import extra_command

_PACKAGES = ("torch", "transformers")


def missing_of_full() -> list[str]:
    """Which packages of the extra are not installed. Nothing is imported."""
    return [package for package in _PACKAGES if importlib.util.find_spec(package) is None]


def require_full(what: str, instead: str) -> None:
    """Refuses what the base installation cannot run.

    Args:
        what: needs the extra.
        instead: the setting that does without.

    Raises:
        ModelError: the extra is not installed.
    """
    if missing := missing_of_full():
        lacking = " and ".join(missing)
        raise ModelError(
            f"{what} needs {lacking}, which come with the extra 'full': {extra_command('full')}, or {instead}"
        )


def use_torch_threads(n_threads: int) -> None:
    """torch takes this many threads from now on, but never more than cores; 0: as many as cores."""
    if n_threads:
        import torch

        torch.set_num_threads(min(n_threads, os.cpu_count() or n_threads))
