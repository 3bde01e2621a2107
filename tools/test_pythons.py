"""`make test-pythons`: the tests on every Python that is here, each in an environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
TESTS = (
    "-m",
    "pytest",
    "-m",
    "not slow",
    "--numprocesses",
    "logical",
    "--maxprocesses",
    "4",
    "--dist",
    "loadfile",
    "-q",
)


def main(names: list[str]) -> int:
    """The number of Pythons on which something failed; those that are not here are named and passed over."""
    outcomes: dict[str, str] = {}
    for name in names:
        python = shutil.which(name)
        if python is None or _run([python, "-c", "import venv, ensurepip"]):
            outcomes[name] = "not here"
            continue
        folder = ROOT / f".venv-{Path(name).name}"
        environment = folder / "bin" / "python"
        install = [environment, "tools/install.py", "--environment", folder, ".[dev]"]
        steps = ([python, "-m", "venv", folder], install, [environment, *TESTS])
        outcomes[name] = "failed" if any(_run(step) for step in steps) else "passed"
    for name, outcome in outcomes.items():
        print(f"{name:12} {outcome}")
    if set(outcomes.values()) <= {"not here"}:
        print(f"error: none of {', '.join(names)} is here", file=sys.stderr)
        return 1
    return sum(outcome == "failed" for outcome in outcomes.values())


def _run(command: list[str | Path]) -> int:
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
