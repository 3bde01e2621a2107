"""A server is there from the first request on, and ends."""

import httpx

from rag.serve.app import create_app


def test_a_server_answers_and_ends(library, serve):
    with serve(create_app(library)) as url:
        assert httpx.get(f"{url}/healthz").json() == {"status": "ok"}
        found = httpx.post(f"{url}/v1/search", json={"kb": "manuals", "text": "pump"}, timeout=10).json()
        assert found["sources"][0]["text"] == "The pump is closed before the bell rings."
