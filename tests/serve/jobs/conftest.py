"""Servers whose ingest is a stand-in."""

from __future__ import annotations

from contextlib import contextmanager

import httpx
import pytest

from tests.serve.uploading import app_with


@pytest.fixture
def start(library, serve):
    """`with start("hangs") as http:` a client of a server whose ingest does that."""

    @contextmanager
    def started(way="works", library=library, **settings):
        with serve(app_with(library, way, **settings)) as url, httpx.Client(base_url=url, timeout=60) as http:
            yield http

    return started
