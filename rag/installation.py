"""How more is installed into this very installation: from a checkout, a wheel or an index, with pip or with uv."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

NAME = "multimodal-rag"
CONSTRAINTS = "constraints.txt"


def install_command(*arguments: str) -> str:
    """What to type, in any folder, so that pip or uv installs this where the program runs."""
    # Environments that uv made have no pip.
    there = find_spec("pip") is not None
    installer = [sys.executable, "-m", "pip", "install"] if there else ["uv", "pip", "install", "-p", sys.executable]
    command = [*installer, *arguments]
    return subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)


def extra_command(extra: str) -> str:
    """What to type to have an extra of pyproject.toml, from where the program was installed from."""
    return install_command(*_origin(f"[{extra}]"))


def repair_command() -> str:
    """What to type where something that comes with the program is missing or damaged."""
    return install_command("--force-reinstall", "--no-deps", *_origin(""))


def _origin(extra: str) -> list[str]:
    """Where it was installed from, as arguments of an installer: PEP 610 tells, and nothing means an index."""
    origin = _direct_url()
    url = str(origin.get("url", ""))
    if not url:
        return [f"{NAME}{extra}"]
    if "dir_info" not in origin:
        kind = f"{origin['vcs_info']['vcs']}+" if "vcs_info" in origin else ""
        return [f"{NAME}{extra} @ {kind}{url}"]
    folder = Path(url2pathname(urlsplit(url).path))
    constraints = ["-c", str(folder / CONSTRAINTS)] if (folder / CONSTRAINTS).is_file() else []
    editable = ["-e"] if origin["dir_info"].get("editable") else []
    return [*constraints, *editable, f"{folder}{extra}"]


def _direct_url() -> dict[str, Any]:
    try:
        text = distribution(NAME).read_text("direct_url.json")
    except PackageNotFoundError:  # run from a folder that nobody installed
        return {}
    found: dict[str, Any] = json.loads(text) if text else {}
    return found
