"""What the README promises, walked through where the extra `full` is not installed.

`python tools/base_journeys.py` with the Python of a base installation; `--hide-full` hides the extra's packages from
the commands where they are installed, which shows the same but for what pip would install.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

OF_FULL = ("torch", "transformers", "sentence_transformers", "triton", "sklearn", "scipy", "sympy")
SAMPLE = ("pages/history.md", "unsorted/IMG_2041.png", "archive/harbour.jpg", "notes/sounds.txt")
"""Of the sample dump: a page, a picture with words in it, one without, a note."""
HIDE = """
import sys
from importlib.machinery import PathFinder

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in {hidden!r} else super().find_spec(name, path, target)

sys.meta_path[:] = [Without if finder is PathFinder else finder for finder in sys.meta_path]
"""
_WAIT_S = 120


class Journeys:
    """The commands in one folder of their own, with one knowledge base.

    Args:
        folder: empty.
        hidden: packages that the commands must not find.
    """

    def __init__(self, folder: Path, hidden: tuple[str, ...]) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
        self.environment = kept | {"RAG_DATA_DIR": str(folder / "data"), "RAG_CHAT": "extractive", "NO_COLOR": "1"}
        if hidden:
            (folder / "hide").mkdir()
            (folder / "hide" / "sitecustomize.py").write_text(HIDE.format(hidden=set(hidden)), encoding="utf-8")
            paths = [str(folder / "hide"), str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
            self.environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))

    def run(self, *command: str, given: str = "", fails: bool = False, **settings: str) -> str:
        """What the command prints; it has to succeed, or to fail without a traceback."""
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.folder,
            env=self.environment | settings,
            input=given,
            capture_output=True,
            encoding="utf-8",
            timeout=5 * _WAIT_S,
            check=False,
        )
        said = f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        require((done.returncode != 0) == fails and "Traceback" not in done.stderr, said)
        return done.stderr if fails else done.stdout

    def json(self, *command: str, **settings: str) -> Any:
        return json.loads(self.run(*command, "--json", **settings))

    def ingest(self) -> None:
        dump = self.folder / "dump"
        for name in SAMPLE:
            (dump / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(examples_folder() / "dump" / name, dump / name)
        self.run("ingest", str(dump), "--kb", "base")

    def search(self) -> None:
        self._finds("IMG_2041.png", "search", "At what wind speed do they stop running?")
        self._finds("harbour.jpg", "search", "--image", str(self.folder / "dump" / "archive" / "harbour.jpg"))

    def ask(self) -> None:
        answer = self.json("rag", "ask", "At what wind speed do they stop running?", "--kb", "base")
        require("70" in answer["text"], f"rag ask answers {answer['text']!r}")

    def chat(self) -> None:
        said = self.run(
            "rag", "chat", "--kb", "base", "--no-history", given="At what wind speed do they stop?\n/quit\n"
        )
        require("70" in said, f"rag chat says {said!r}")

    def serve(self) -> None:
        """The page, and a question over HTTP."""
        with Serving(self) as url:
            page = urllib.request.urlopen(url, timeout=_WAIT_S).read()
            require(b"<html" in page, f"the page is {page[:100]!r}")
            body = json.dumps({"kb": "base", "text": "At what wind speed do they stop?"}).encode()
            request = urllib.request.Request(f"{url}/v1/search", body, {"Content-Type": "application/json"})
            found = json.load(urllib.request.urlopen(request, timeout=_WAIT_S))
            require("IMG_2041.png" in json.dumps(found), f"POST /v1/search gives {found}")

    def reembed(self) -> None:
        """Without the image model, and back."""
        for model in ("", "sight"):
            self.run("ingest", "reembed", "--kb", "base", RAG_IMAGE_MODEL=model)
        self.search()

    def look_after(self) -> None:
        findings = self.json("rag", "doctor")
        require(all(finding["severity"] != "error" for finding in findings), f"rag doctor finds {findings}")
        self.run("rag", "models", "list")
        self.run("rag", "models", "check", RAG_DEVICE="cpu", RAG_DTYPE="bfloat16")

    def full_is_named(self) -> None:
        """A model of a hub is refused in a sentence that holds the command."""
        model = self.folder / "model"
        model.mkdir()
        (model / "config.json").write_text('{"architectures": ["BertModel"]}', encoding="utf-8")
        for setting in ("RAG_TEXT_MODEL", "RAG_IMAGE_MODEL", "RAG_RERANKER"):
            said = self.run("rag", "search", "a", "--kb", "base", fails=True, **{setting: str(model)})
            require(re.search(r"pip install .*\[full\]", said) is not None, f"with {setting} it says {said!r}")

    def _finds(self, source: str, *command: str) -> None:
        hits = self.json("rag", *command, "--kb", "base")["hits"]
        require(bool(hits) and source in json.dumps(hits[0]), f"{command} does not find {source} first: {hits[:1]}")


class Serving:
    """`rag serve` on a free port; a context manager that gives its address."""

    def __init__(self, journeys: Journeys) -> None:
        command = [sys.executable, "-m", "rag", "serve", "--port", "0"]
        self._process = subprocess.Popen(
            command, cwd=journeys.folder, env=journeys.environment, stderr=subprocess.PIPE, encoding="utf-8"
        )

    def __enter__(self) -> str:
        timer = threading.Timer(_WAIT_S, self._process.kill)
        timer.start()
        assert self._process.stderr is not None
        said = ""
        for line in self._process.stderr:
            said += line
            if found := re.search(r"serving at (http://\S+)", line):
                timer.cancel()
                return found[1].rstrip("/")
        raise SystemExit(f"rag serve did not start: {said}")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate(timeout=_WAIT_S)


def examples_folder() -> Path:
    spec = importlib.util.find_spec("rag")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    return package / "examples" if (package / "examples").is_dir() else package.parent / "examples"


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SystemExit(f"error: {otherwise}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hide-full", action="store_true", help="hide the packages of the extra 'full'")
    hide = parser.parse_args().hide_full
    there = [package for package in OF_FULL if importlib.util.find_spec(package)]
    require(hide or not there, f"this is no base installation: {', '.join(there)} came with it")
    with tempfile.TemporaryDirectory() as folder:
        walk = Journeys(Path(folder), OF_FULL if hide else ())
        steps: tuple[Callable[[], None], ...] = (
            walk.ingest, walk.search, walk.ask, walk.chat, walk.serve, walk.reembed, walk.look_after, walk.full_is_named
        )  # fmt: skip
        for step in steps:
            step()
            print(f"ok  {step.__name__}", flush=True)


if __name__ == "__main__":
    main()
