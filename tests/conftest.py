"""Fixtures shared by all tests. Area fixtures live in `tests/<area>/conftest.py`."""

import signal

import tests.no_ollama  # noqa: F401 - before any test reads its settings

# A runner started in the background by a shell has SIGINT ignored, and so would everything the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)
