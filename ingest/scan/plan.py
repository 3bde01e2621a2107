"""What to list for the paths that were asked for: more than they name, so that captions find their pictures."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.paths import MEMBER, ancestors, identity, real_path


@dataclass(slots=True)
class ScanPlan:
    """The first pass of a scan.

    Attributes:
        wanted: identities of the given paths that exist; only what is in them is handed out.
        folders: to list with everything below; none lies in another.
        files: given files outside those folders, by the folder they are in: that is listed too, but not what is below.
        roots: identities of the folders by which sources are named.
        problems: given paths that do not exist, or are neither file nor folder, with the reason.
        empty: given folders without any entry: an unmounted disk looks like that, so they prove nothing.
    """

    wanted: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    files: dict[str, list[str]] = field(default_factory=dict)
    roots: set[str] = field(default_factory=set)
    problems: dict[str, str] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)


def make_plan(paths: Sequence[str | Path], known_roots: Iterable[str]) -> ScanPlan:
    """Sorts the given paths into folders and files, each once, whatever their order and nesting."""
    known = {real_path(root) for root in known_roots}
    plan = ScanPlan(roots={identity(root) for root in known})
    files: dict[str, str] = {}
    for path in dict.fromkeys(real_path(str(Path(path).absolute())) for path in paths):
        path = os.path.normpath(path)
        file = _on_disk(path)
        if problem := _problem(file):
            plan.problems[path] = problem
        else:
            files[path] = file
    folders = _outermost(file for file in files.values() if Path(file).is_dir())
    known_folders = {root for root in known if Path(root).is_dir()}
    new_roots = {folder for folder in folders if known_folders.isdisjoint(ancestors(folder))}
    tops: set[str] = set()
    for path, file in files.items():
        if Path(file).is_dir() and set(folders).isdisjoint(ancestors(file)):
            continue  # another spelling of a folder that is listed already
        plan.wanted.append(identity(path))
        top = next((above for above in ancestors(file) if above in known_folders or above in new_roots), None)
        if top is not None:
            tops.add(top)
        elif file not in plan.files.setdefault(posixpath.dirname(file), []):
            plan.files[posixpath.dirname(file)].append(file)
            plan.roots.add(identity(file))
        if Path(file).is_dir() and _is_empty(file):
            plan.empty.append(path)
    plan.roots |= {identity(root) for root in new_roots}
    plan.folders = _outermost(tops)
    return plan


def _on_disk(path: str) -> str:
    """The path itself, or the archive whose member it names."""
    if not os.path.lexists(path):
        for at in [i for i in range(len(path)) if path.startswith(MEMBER, i)]:
            if Path(path[:at]).is_file():
                return path[:at]
    return path


def _problem(path: str) -> str:
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        return "does not exist: check the spelling, and that its disk is there"
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    if stat.S_ISDIR(mode) or stat.S_ISREG(mode):
        return ""
    return "is neither a file nor a folder"


def _outermost(folders: Iterable[str]) -> list[str]:
    """The folders that lie in none of the others, by their real places."""
    kept: dict[str, str] = {}
    for folder in sorted(folders, key=lambda folder: (len(os.path.realpath(folder)), folder)):
        real = os.path.realpath(folder)
        if kept.keys().isdisjoint(ancestors(real)):
            kept[real] = folder
    return sorted(kept.values())


def _is_empty(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return False
