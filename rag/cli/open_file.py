"""Opens a file with the program that the desktop has for it, when a person asks for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from rag.errors import RagError
from rag.types import Hit

_VIEWABLE = frozenset(".png .jpg .jpeg .webp .gif .bmp .tif .tiff .pdf .txt .md .csv .tsv .html .htm".split())
"""Documents that are looked at. Everything else (scripts, .desktop files, ...) might be run instead of shown."""


def open_file(path: Path) -> None:
    """Shows a document or picture; returns at once.

    Raises:
        RagError: a kind of file that might be executed, no such file, or no program that opens files here.
    """
    path = path.resolve()
    if path.suffix.lower() not in _VIEWABLE or not path.is_file():
        raise RagError(
            f"{path} is no picture or document that can be opened from here; open it yourself if you trust it"
        )
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606 - a checked document, by the person's own command
    else:
        _open_with("open" if sys.platform == "darwin" else "xdg-open", path)


def _open_with(name: str, path: Path) -> None:
    program = shutil.which(name)
    if program is None:
        raise RagError(f"this machine has no '{name}' to open files with; the file is {path}")
    # An absolute path is never taken for an option, and without a shell a name is only a name.
    process = subprocess.Popen(
        [program, str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=process.wait, daemon=True).start()


def saved_asset(hit: Hit, asset: Callable[[str], bytes], folder: Path) -> Path | None:
    """The picture of a hit as a file in `folder`, or None if it has none. Its name is its content's digest.

    Args:
        hit: what was found.
        asset: encoded picture by id, such as `StoredAssets.get`.
        folder: a private one.
    """
    name = str(hit.record.metadata.get("asset") or "")
    if not name:
        return None
    data = asset(name)
    path = folder / Path(name).name
    path.write_bytes(data)
    return path
