"""An ingest ends when its server is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.uploads import Uploads

SERVER = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-m", "rag.serve.uploads.tethered", str(os.getpid()), "http.server", "0"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
print(child.pid, flush=True)
time.sleep(600)
"""


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child that its parent ended")
def test_what_a_killed_server_ran_is_told_to_stop() -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        child = int(server.stdout.readline())
        until_s = time.monotonic() + 30
        while b"http.server" not in Path(f"/proc/{child}/cmdline").read_bytes() and time.monotonic() < until_s:
            time.sleep(0.05)
        time.sleep(1)
        assert runs(child)
        server.send_signal(signal.SIGKILL)
        while runs(child) and time.monotonic() < until_s:
            time.sleep(0.05)
        assert not runs(child)


def test_what_an_upload_left_behind_is_cleared_at_the_next_start(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = [uploads.incoming() / f"{pid}-x" for pid in (ended.pid, os.getpid())]
    kept = [uploads.incoming() / f"{os.getppid()}-y", uploads.incoming() / "other"]
    for folder in (*left, *kept):
        folder.mkdir()
    uploads.sweep()
    assert sorted(uploads.incoming().iterdir()) == sorted(kept)
