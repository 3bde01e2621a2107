"""What people call a knowledge base, and say of it: its name is in every address and id, and stays."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.uploads.json_file import write_json

log = logging.getLogger("rag.uploads")

MAX_TITLE_CHARS = 200
MAX_DESCRIPTION_CHARS = 4000


@dataclass(frozen=True, slots=True)
class About:
    """`title` empty: it is called by its name."""

    title: str = ""
    description: str = ""


def read_about(data_dir: Path, kb: str) -> About:
    """A damaged file is said, not fatal."""
    file = _file(data_dir, kb)
    try:
        said = json.loads(file.read_bytes())
        return About(str(said.get("title", "")), str(said.get("description", "")))
    except FileNotFoundError:
        return About()
    except (ValueError, AttributeError) as error:
        log.error("%s is damaged, the knowledge base is called by its name: %s", file, error)
        return About()


def write_about(data_dir: Path, kb: str, about: About) -> None:
    """Raises OSError: the disk is full or failed."""
    write_json(_file(data_dir, kb), asdict(about))


def drop_about(data_dir: Path, kb: str) -> None:
    _file(data_dir, kb).unlink(missing_ok=True)


def _file(data_dir: Path, kb: str) -> Path:
    return data_dir / "about" / f"{kb}.json"
