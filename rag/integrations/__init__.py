"""Adapters for agent frameworks, each with its extra, which bears the framework's name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rag.installation import extra_command


@contextmanager
def needs(package: str, extra: str) -> Iterator[None]:
    """Around the imports of a package: where it is missing, the error names the extra to install.

    A package that is there but cannot be imported speaks for itself.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if not f"{package}.".startswith(f"{error.name}."):
            raise
        message = f"the package {package} is not installed. Type {extra_command(extra)}"
        raise ModuleNotFoundError(message, name=error.name) from error
