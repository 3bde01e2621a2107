"""A linked picture by its name alone, as note-taking programs have it: `![[pump.png]]` lies anywhere in the vault."""

from __future__ import annotations

import os
import posixpath
import time
from collections.abc import Iterable
from functools import lru_cache
from itertools import takewhile

from ingest.paths import compare_key, identity, is_hidden

_MOST_FILES = 300_000
"""Of a dump, these are looked through; a vault of notes has fewer."""
_FRESH_S = 60
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".svg", ".heic", ".jfif")


def find_below(root: str, reference: str, folder: str) -> str | None:
    """A picture below `root` whose path ends as `reference` does: in or near `folder` first, then the least deep.

    Args:
        root: real path of a folder.
        reference: without the `**/`.
        folder: of the note, below `root`.
    """
    names = _pictures_below(root, int(time.monotonic() // _FRESH_S), os.getpid())
    found = names.get(compare_key(posixpath.basename(reference)), ())
    return nearest(found, reference, os.path.relpath(folder, root))


def nearest(paths: Iterable[str], reference: str, folder: str) -> str | None:
    """Of paths relative to one root, the one that a note in `folder` means by `reference`."""
    tail = "/" + compare_key(posixpath.normpath(reference)).lstrip("/")
    fitting = [path for path in paths if ("/" + compare_key(path)).endswith(tail)]

    def distance(path: str) -> tuple[int, int, str]:
        steps = zip(path.split("/")[:-1], folder.split("/"), strict=False)
        n_common = len(list(takewhile(lambda step: step[0] == step[1], steps)))
        return -n_common, path.count("/"), path

    return min(fitting, key=distance, default=None)


# Two values of the clock are at most a minute apart: a long-lived server sees what was added since.
@lru_cache(maxsize=4)
def _pictures_below(root: str, clock: int, process: int) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    n_files = 0
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        n_files += len(files)
        for name in files:
            if name.lower().endswith(_PICTURES) and not is_hidden(name):
                key = compare_key(name)
                path = os.path.relpath(posixpath.join(folder, name), root)
                found[key] = (*found.get(key, ()), identity(path))
        if n_files > _MOST_FILES:
            break
    return found
