"""Walks folders in a fixed order. What cannot be read is a problem, never an end."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from ingest.archives.containers import HEAD_BYTES, archive_format, is_archive_name
from ingest.archives.spool import ArchiveRef
from ingest.catalog.listing import Listing, Problem
from ingest.paths import DumpPath, is_hidden
from ingest.scan.members import list_archive


def list_folder(top: str, listing: Listing, *, deep: bool = True, leave_out: Collection[str] = ()) -> Iterator[Problem]:
    """Lists the files below a folder; without `deep`, those directly in it, but for `leave_out`."""
    real_top = os.path.realpath(top)
    pending = [top]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield from listing.problem(listing.path(folder), f"folder cannot be read: {_reason(error)}", transient=True)
            continue
        below: list[str] = []
        for entry in found:
            if is_hidden(entry.name):
                listing.skip("hidden", listing.path(entry.path))
            elif entry.is_dir(follow_symlinks=False):
                below.append(entry.path)
            elif entry.path not in leave_out:
                yield from _list_entry(entry, real_top, listing)
        if deep:
            pending.extend(reversed(below))


def list_file(path: DumpPath, listing: Listing) -> Iterator[Problem]:
    """Lists one regular file, or the members of the archive that it is."""
    try:
        size_bytes = Path(path.raw).stat().st_size
        with Path(path.raw).open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        yield from listing.problem(path, f"cannot be read: {_reason(error)}", transient=True)
        return
    kind = archive_format(head, path.raw, lambda: Path(path.raw).open("rb"))  # noqa: SIM115
    if kind is None and is_archive_name(path.raw):
        listing.incomplete.append(path.identity)  # damaged, so it says nothing about the members it had
    if not size_bytes:
        listing.skip("empty", path)
    elif kind is None:
        yield from listing.add(path, head, size_bytes)
    elif listing.concerns(path):
        yield from list_archive(ArchiveRef(path.raw, kind), path, head, size_bytes, listing)


def _list_entry(entry: os.DirEntry[str], real_top: str, listing: Listing) -> Iterator[Problem]:
    reason = ""
    if entry.is_symlink():
        reason = _no_file_behind(entry.path, real_top)
    elif not entry.is_file(follow_symlinks=False):
        reason = "pipe, socket or device"
    path = listing.path(entry.path)
    if reason:
        listing.skip(reason, path)
    else:
        yield from list_file(path, listing)


def _no_file_behind(link: str, real_top: str) -> str:
    """Why a link is not followed; empty for a link to a file below `real_top`."""
    target = os.path.realpath(link)
    if target != real_top and not target.startswith(real_top.rstrip("/") + "/"):
        return "link that leads out of the folder"
    if Path(target).is_dir():
        return "link to a folder (its files are read where they lie)"
    return "" if Path(target).is_file() else "link that leads nowhere"


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
