"""Clients that no one here wrote, each pinned, in an environment of its own, on a real `rag serve` of the samples."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
import venv
from contextlib import contextmanager
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE_PORT = 8799
PAGE = f"http://127.0.0.1:{PAGE_PORT}"
INSTALL_S, RUN_S = 600, 180


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    """Of the program, with the samples' knowledge base `demo` in it."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("RAG_")},
        "RAG_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "RAG_CHAT": "extractive",
        "RAG_SERVE_ORIGINS": json.dumps([PAGE]),
        "PYTHONPATH": str(HERE.parents[1]),
    }


@pytest.fixture(scope="session")
def server(environment):
    """The address of a running `rag serve` of the samples."""
    with serving(environment, "--demo") as url:
        until_filled(url)
        yield url


@contextmanager
def serving(environment, *arguments):
    """The address of a `rag serve` that runs meanwhile."""
    command = [sys.executable, "-m", "rag", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            lines = iter(process.stderr.readline, "")
            url = next((found[1] for line in lines if (found := re.search(r"serving at (\S+)/", line))), "")
            assert url, "the server ended at once"
            yield url
        finally:
            process.terminate()
            process.stderr.read()


def until_filled(url):
    end = time.monotonic() + INSTALL_S
    while time.monotonic() < end:
        with urllib.request.urlopen(f"{url}/v1/jobs") as answer:
            states = [job["state"] for job in json.load(answer)["jobs"]]
        if states and states[0] in ("done", "failed"):
            return
        time.sleep(1)
    raise AssertionError("the samples are not in")


@pytest.fixture(scope="session")
def node(tmp_path_factory):
    """A folder with the JavaScript clients and their packages."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("there is no Node here")
    folder = tmp_path_factory.mktemp("js")
    shutil.copytree(HERE / "js", folder, dirs_exist_ok=True)
    installed = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--silent"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=INSTALL_S,
    )
    if installed.returncode:
        pytest.skip(f"npm cannot install: {installed.stderr[-300:]}")
    return folder


@pytest.fixture(scope="session")
def python(tmp_path_factory):
    """`python("name==1", ...)` gives the interpreter of a new environment with these packages."""

    def made(*packages):
        folder = tmp_path_factory.mktemp("venv")
        venv.create(folder, with_pip=True)
        program = folder / "bin" / "python"
        command = [program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
        installed = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_S)
        if installed.returncode:
            pytest.skip(f"pip cannot install: {installed.stderr[-300:]}")
        return program

    return made


def printed(command, **more):
    """The last line of JSON that a program prints; frameworks print frames of their own behind it."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_S, **more)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    return json.loads([line for line in done.stdout.splitlines() if line.startswith("{")][-1])
