"""The wheel and the source distribution hold everything, and run outside the checkout.

`make test-install` calls it. What they depend on is taken from the environment of `make demo`, so that nothing is
downloaded twice: an environment is empty but for the wheel and a path to those packages.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
WANTED = (
    "rag/weights/minilm/model.safetensors", "rag/weights/minilm/tokenizer.json", "rag/weights/minilm/config.json",
    "rag/weights/vision-tower/model.safetensors", "rag/examples/questions.jsonl",
    "rag/examples/dump/papers/handbook.pdf",
    "rag/serve/page/index.html",
)  # fmt: skip
"""What is easily forgotten; prompts are asked for by their folder below."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, default=ROOT / ".venv", help="environment that has the dependencies")
    packages = parser.parse_args().packages.resolve()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        run(sys.executable, "-m", "venv", folder / "builder")
        builder = folder / "builder" / "bin"
        run(builder / "pip", "install", "--quiet", "--disable-pip-version-check", "hatchling", "pip")
        run(builder / "hatchling", "build", "-d", folder / "dist", cwd=ROOT)
        (direct,), (source,) = (folder / "dist").glob("*.whl"), (folder / "dist").glob("*.tar.gz")
        (folder / "again").mkdir()
        run(builder / "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", source,
            "--wheel-dir", folder / "again")  # fmt: skip
        (by_source,) = (folder / "again").glob("*.whl")
        check_contents(direct, by_source)
        check_run(by_source, packages, folder)
    print("ok  the wheel, and the one made of the source distribution, hold the same and run outside the checkout")


def check_contents(direct: Path, by_source: Path) -> None:
    names, again = (set(zipfile.ZipFile(wheel).namelist()) for wheel in (direct, by_source))
    lacking = sorted({*WANTED} - names)
    if lacking or not any(name.startswith("rag/prompts/") for name in names):
        raise SystemExit(f"error: the wheel lacks {', '.join(lacking) or 'rag/prompts'}")
    if names != again:
        raise SystemExit(f"error: the wheels differ in {', '.join(sorted(names ^ again))}")
    print(f"ok  {len(names)} files, {direct.stat().st_size / 1e6:.1f} MB")


def check_run(wheel: Path, packages: Path, folder: Path) -> None:
    """Commands of an environment that has only the wheel, in a folder that has nothing."""
    run(sys.executable, "-m", "venv", folder / "empty")
    bin_folder = folder / "empty" / "bin"
    run(bin_folder / "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", wheel)
    (site,), (theirs,) = (sorted(env.glob("lib/python3*/site-packages")) for env in (folder / "empty", packages))
    (site / "packages-of-the-checkout.pth").write_text(f"{theirs}\n", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("RAG_", "PYTHON"))}
    environment |= {"RAG_DATA_DIR": str(folder / "data"), "RAG_CHAT": "extractive"}
    for command in (
        ("rag", "--help"),
        ("python", "-m", "rag", "models", "list"),
        ("ingest", site / "rag" / "examples" / "dump" / "notes", "--kb", "notes"),
        ("python", "-m", "ingest", "status", "--kb", "notes"),
        ("rag", "ask", "What goes into the crab soup?", "--kb", "notes"),
        ("rag", "doctor"),
    ):
        run(bin_folder / command[0], *command[1:], cwd=folder, env=environment)
    print(f"ok  {wheel.name} in an empty environment")


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise SystemExit(
            f"error: {' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )


if __name__ == "__main__":
    main()
