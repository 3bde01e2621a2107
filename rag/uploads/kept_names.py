"""Which safe name each uploaded file of a knowledge base is kept under, so that no two share one."""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from pathlib import Path

from rag.uploads.json_file import write_json
from rag.uploads.names import digested, safe_name

log = logging.getLogger("rag.uploads")


def read_names(file: Path) -> dict[str, str]:
    """Safe names, each with its true one; those that are the same are left out. A damaged file is said, not fatal."""
    try:
        said = json.loads(file.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        log.error("%s is damaged, uploaded files are called by their safe names: %s", file, error)
        return {}
    return {str(safe): str(true) for safe, true in said.items()} if isinstance(said, dict) else {}


class KeptNames:
    """The names of one knowledge base's uploads. The same true name always gets the same safe one.

    Args:
        top: folder of the files.
        file: keeps the names that differ.
    """

    def __init__(self, top: Path, file: Path) -> None:
        self._top, self._file = top, file
        self._true = read_names(file)
        self._safe = {true: safe for safe, true in self._true.items()}
        self._there: dict[str, dict[str, dict[str, bool]]] = {}
        self._is_new = False

    def place(self, true: str) -> str:
        """The safe name for a true one: a path below the folder."""
        if true in self._safe:
            return self._safe[true]
        safe = self._free(safe_name(true), true)
        self._take(safe)
        if safe != true:
            self._true[safe], self._safe[true] = true, safe
            self._is_new = True
        return safe

    def save(self) -> None:
        if self._is_new:
            write_json(self._file, self._true)

    def _free(self, safe: str, true: str) -> str:
        """The name, with a digest in what of it is another file's, perhaps but for capitals."""
        folder = ""
        *above, last = safe.split("/")
        for part in above:
            if any(self._there_as(folder, part).values()):
                part = digested(part, part)
            folder = _joined(folder, part)
        path = _joined(folder, last)
        there = self._there_as(folder, last)
        is_own = path == true and there.get(last, False)
        return path if path not in self._true and (is_own or not there) else digested(path, true)

    def _there_as(self, folder: str, name: str) -> dict[str, bool]:
        """What has this name in any case: the name, and whether it is a file."""
        return self._names(folder).get(name.casefold(), {})

    def _names(self, folder: str) -> dict[str, dict[str, bool]]:
        if folder not in self._there:
            found: dict[str, dict[str, bool]] = {}
            with suppress(FileNotFoundError, NotADirectoryError), os.scandir(self._top / folder) as entries:
                for entry in entries:
                    found.setdefault(entry.name.casefold(), {})[entry.name] = not entry.is_dir()
            self._there[folder] = found
        return self._there[folder]

    def _take(self, safe: str) -> None:
        folder = ""
        *above, last = safe.split("/")
        for part in above:
            self._names(folder).setdefault(part.casefold(), {}).setdefault(part, False)
            folder = _joined(folder, part)
        self._names(folder).setdefault(last.casefold(), {})[last] = True


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
