"""`make` installs with it: by uv where that can be had, which is a fraction of pip's work, and by pip where not.

A uv that is on the machine is used as it is set up there. Otherwise it is fetched for this one installation, asks where
pip's settings say, and is gone afterwards; where they say something that uv understands otherwise, pip does the work.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

UV = "uv==0.13.9"
NO_MATTER = {"disable-pip-version-check", "no-cache-dir", "no-input", "progress-bar", "quiet", "root-user-action",
             "default-timeout", "timeout"}  # fmt: skip
"""Settings of pip that change nothing of what is installed, or from where."""


def main(arguments: list[str] | None = None) -> int:
    """The exit code of whoever installed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environment", type=Path, default=Path(".venv"))
    parser.add_argument("--constraint", default="constraints.txt")
    parser.add_argument("project", help="the folder and extras, as in '.[full]'; it is installed editable")
    options = parser.parse_args(arguments)
    wanted = ["--constraint", options.constraint, "--editable", options.project]
    if by_uv(options.environment, wanted):
        return 0
    return _run([_pip(options.environment), "install", "--quiet", "--disable-pip-version-check", *wanted])


def by_uv(environment: Path, wanted: list[str]) -> bool:
    """Whether uv was there, or could be fetched, and has installed what is wanted; if not, that is said on stderr."""
    if found := shutil.which("uv"):
        return _installs(found, environment, wanted, {})
    config = subprocess.run([_pip(environment), "config", "list"], capture_output=True, encoding="utf-8", check=False)
    settings = settings_of_uv(config.stdout)
    if isinstance(settings, str):
        _say(f"note: pip has the setting '{settings}', so pip installs, not uv")
        return False
    # Beside what is installed, so that files are linked and not copied.
    with tempfile.TemporaryDirectory(prefix=".uv-", dir=environment) as folder:
        fetch = ["install", "--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps", "--only-binary"]
        if _run([_pip(environment), *fetch, ":all:", "--target", folder, UV]):
            _say(f"note: {UV} could not be had, so pip installs")
            return False
        settings["UV_CACHE_DIR"] = str(Path(folder, "cache").resolve())
        return _installs(str(Path(folder, "bin", "uv")), environment, wanted, settings)


def settings_of_uv(config: str) -> dict[str, str] | str:
    """Where uv is to look, from what `pip config list` prints; or the name of a setting that it has no equal for."""
    settings = {}
    for line in filter(None, config.splitlines()):
        name, _, value = line.partition("=")
        name, value = name.rpartition(".")[2], str(ast.literal_eval(value))
        if name == "index-url":
            settings["UV_DEFAULT_INDEX"] = value
        elif name == "cert":
            settings["SSL_CERT_FILE"] = value
        elif name == "find-links":  # a folder that is not there is an error to uv and none to pip
            places = [place for place in value.split() if "://" in place or Path(place).is_dir()]
            settings["UV_FIND_LINKS"] = ",".join(places)
        elif name not in NO_MATTER:
            return name
    return settings


def _installs(uv: str, environment: Path, wanted: list[str], settings: dict[str, str]) -> bool:
    command = [uv, "pip", "install", "--quiet", "--python", str(environment / "bin" / "python"), *wanted]
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):  # every later start would compile again
        command.insert(3, "--compile-bytecode")
    done = _run(command, settings) == 0
    if not done:
        _say("note: uv could not install, its words are above; now pip tries")
    return done


def _pip(environment: Path) -> str:
    return str(environment / "bin" / "pip")


def _run(command: list[str], settings: dict[str, str] | None = None) -> int:
    return subprocess.run(command, env=os.environ | (settings or {}), check=False).returncode


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
