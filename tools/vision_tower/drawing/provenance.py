"""Where drawings are kept, and for how long they are as good as new ones: while what made them stays the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_cache_path

CACHE = user_cache_path("rag", appauthor=False) / "vision-tower"
"""Of the training and the benchmarks: what one downloaded is not downloaded again by another."""
MADE_BY = "made-by.json"


def digest_of_drawing_code(folder: Path = Path(__file__).parent) -> str:
    """Of all that decides what is drawn and told, the pins of the pictogram sets included."""
    digest = hashlib.sha256()
    for name in sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")):
        if name.endswith((".py", ".toml")):
            digest.update(f"{name}\n".encode() + (folder / name).read_bytes())
    return digest.hexdigest()[:12]


def claim(folder: Path, made_by: Mapping[str, str]) -> None:
    """Makes the folder, or finds that what is in it was made by the same.

    Raises:
        ValueError: it was made by something else, or nobody knows by what.
    """
    note = folder / MADE_BY
    if not folder.exists():
        folder.mkdir(parents=True)
        note.write_text(json.dumps(made_by, indent=1) + "\n", encoding="utf-8")
    found = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    for name, wanted in made_by.items():
        if found.get(name) != wanted:
            raise ValueError(
                f"{folder} was made by {name} {found.get(name, 'unknown')}, this is {wanted}. "
                "Delete the folder to draw and train anew, or name another one with --cache."
            )
