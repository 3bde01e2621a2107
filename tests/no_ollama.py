"""No test meets an Ollama that happens to run on the machine: all are told of one that is never there.

Attributes:
    REAL_URL: what `RAG_OLLAMA_URL` named, for `tests/ollama_server`; empty for none.
"""

import os

DEAD_URL = "http://127.0.0.1:9"
REAL_URL = os.environ.setdefault("TEST_OLLAMA_URL", os.environ.get("RAG_OLLAMA_URL", ""))  # workers inherit it
os.environ["RAG_OLLAMA_URL"] = DEAD_URL
