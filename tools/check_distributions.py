"""The wheel and the source distribution hold everything, and run outside the checkout.

`make test-install` calls it. What they depend on is taken from the environment of `make demo`, so that nothing is
downloaded twice: an environment is empty but for the wheel and a path to those packages.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = {"rag": "rag", "ingest": "ingest", "prompts": "rag/prompts", "examples": "rag/examples"}
"""Of the checkout, and what they are called in the wheel."""
ROOMS = ("rag/weights", "rag/serve/page", "rag/examples", "rag/prompts", "rag", "ingest")
"""What the wheel is listed by; a file is in the first that it lies below."""
_WAIT_S = 120


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
    """Every file of the checkout that belongs to the program, nothing else, and the same in both."""
    sizes, again = (
        {member.filename: member.file_size for member in zipfile.ZipFile(wheel).infolist()}
        for wheel in (direct, by_source)
    )
    if sizes.keys() != again.keys():
        raise SystemExit(f"error: the wheels differ in {', '.join(sorted(sizes.keys() ^ again.keys()))}")
    held = {name for name in sizes if ".dist-info/" not in name}
    if held != wanted():
        lacking, more = sorted(wanted() - held), sorted(held - wanted())
        raise SystemExit(f"error: the wheel lacks {lacking} and holds {more} that the checkout does not have")
    for room in (*ROOMS, ""):
        inside = [name for name in sizes if room == next((each for each in ROOMS if name.startswith(f"{each}/")), "")]
        print(f"    {room or 'metadata':16} {len(inside):4} files {sum(map(sizes.__getitem__, inside)) / 1e6:7.2f} MB")
    print(f"ok  {len(sizes)} files, {direct.stat().st_size / 1e6:.1f} MB packed")


def wanted() -> set[str]:
    """What the wheel has to hold beside its metadata."""
    return {
        f"{inside}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, inside in FOLDERS.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def check_run(wheel: Path, packages: Path, folder: Path) -> None:
    """Commands of an environment that has only the wheel, in a folder that has nothing."""
    run(sys.executable, "-m", "venv", folder / "empty")
    bin_folder = folder / "empty" / "bin"
    run(bin_folder / "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", wheel)
    (site,), (theirs,) = (sorted(env.glob("lib/python3*/site-packages")) for env in (folder / "empty", packages))
    (site / "packages-of-the-checkout.pth").write_text(f"{theirs}\n", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("RAG_", "PYTHON"))}
    environment |= {"RAG_DATA_DIR": str(folder / "data"), "RAG_CHAT": "extractive"}
    check_page([str(bin_folder / "rag"), "serve", "--demo", "--port", "0"], folder, environment)
    for command in (
        ("rag", "--help"),
        ("python", "-m", "rag", "models", "list"),
        ("rag", "demo"),
        ("python", "-m", "ingest", "status", "--kb", "demo"),
        ("rag", "doctor"),
    ):
        run(bin_folder / command[0], *command[1:], cwd=folder, env=environment)
    print(f"ok  {wheel.name} in an empty environment")


def check_page(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """The server answers with its page while the sample goes in; it is stopped in the middle of that."""
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, encoding="utf-8") as serving:
        timer = threading.Timer(_WAIT_S, serving.kill)
        timer.start()
        assert serving.stderr is not None
        said = ""
        try:
            for line in serving.stderr:
                said += line
                if found := re.search(r"serving at (http://\S+)", line):
                    with urllib.request.urlopen(found[1], timeout=_WAIT_S) as page:
                        if b"<html" in page.read():
                            return
                    break
        finally:
            timer.cancel()
            serving.terminate()
    raise SystemExit(f"error: {' '.join(command)} shows no page:\n{said}")


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
