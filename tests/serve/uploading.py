"""Uploads for tests: forms as bytes, an app whose ingest is a stand-in, events read from a stream."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from rag.serve.app import create_app
from rag.serve.jobs.queue import Jobs

FAKE = Path(__file__).with_name("fake_ingest.py")
STREAM = {"Accept": "text/event-stream"}
BOUNDARY = "----frontier"
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def app_with(library, way="works", **settings):
    """The server, but `fake_ingest.py` stands for the ingest."""
    app = create_app(library, library.settings.model_copy(update=settings))
    app.state.jobs = Jobs(library, (sys.executable, str(FAKE), way))
    return app


def form(*files, end=True):
    """A form as bytes, each file `(name, content)`; names go in as they are."""
    parts = []
    for name, content in files:
        raw = name if isinstance(name, bytes) else name.encode("utf-8", "surrogatepass")
        head = b'--%s\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\n' % (BOUNDARY.encode(), raw)
        parts.append(head + content + b"\r\n")
    return b"".join(parts) + (f"--{BOUNDARY}--\r\n".encode() if end else b"")


def events_of(text):
    """`[(name, data)]` of a stream of events."""
    found = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":"))
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def said(library):
    """What stand-ins said: `[(word, kb, pid)]`."""
    log = next(library.settings.data_dir.rglob("said.log"), Path("none"))
    return [tuple(line.split()) for line in log.read_text().splitlines()] if log.exists() else []


def until(holds, seconds=10):
    """Waits for something that another thread or process is about to do."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def incoming(library):
    """What is still on its way."""
    return list((library.settings.data_dir / "uploads").glob(".incoming/*"))
