"""Requests made from the OpenAPI document: none breaks the server, and none is answered with a trace."""

from __future__ import annotations

import base64

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.serve.mcp_library import DOC, PICTURES, png

READING = [
    "GET /healthz",
    "GET /metrics",
    "GET /readyz",
    "GET /v1/assets/{asset}",
    "GET /v1/jobs",
    "GET /v1/jobs/{job}",
    "GET /v1/jobs/{job}/events",
    "GET /v1/kb",
    "GET /v1/kb/{kb}",
    "GET /v1/kb/{kb}/columns",
    "GET /v1/kb/{kb}/facets",
    "GET /v1/kb/{kb}/documents",
    "GET /v1/kb/{kb}/documents/{doc_id}",
    "GET /v1/kb/{kb}/documents/{doc_id}/original",
    "GET /v1/kb/{kb}/files",
    "GET /v1/models",
    "GET /v1/models/{model}",
]
ASKING = ["POST /v1/ask", "POST /v1/chat/completions", "POST /v1/responses", "POST /v1/search"]
SENDING = [
    "DELETE /v1/jobs/{job}",
    "DELETE /v1/kb/{kb}",
    "DELETE /v1/kb/{kb}/documents",
    "DELETE /v1/kb/{kb}/documents/{doc_id}",
    "PATCH /v1/kb/{kb}",
    "POST /v1/embed/image",
    "POST /v1/embed/text",
    "POST /v1/embeddings",
    "POST /v1/jobs/{job}/cancel",
    "POST /v1/jobs/{job}/retry",
    "POST /v1/kb/{kb}/documents",
    "POST /v1/kb/{kb}/warm",
    "POST /v1/similarity",
]
"""Named here, so that a new one is not left out; a file of tests each, so that processes share them."""
N_CASES, N_SLOW_CASES = 20, 300
"""Requests an operation and mode: bounded by count, so that a busy machine tries as many as an idle one."""
TRACES = ("Traceback", 'File "', "site-packages", "milvus_lite")
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]

pictures = st.sampled_from([None, base64.b64encode(png("red")).decode(), "data:image/png;base64,AAAA", "%%%"])
filters = st.sampled_from(
    ["", "year >= 2020", 'kind = "image"', "year in (1, 2)", 'source like "%.pdf"', "not (year = 1)"]
)
"""What fuzzing rarely meets by itself, but has to, to come past the first check."""


def run(server, label, mode, n_cases):
    app, url, session = server
    operation = schemathesis.openapi.from_dict(app.openapi()).find_operation_by_label(label)
    if mode is GenerationMode.NEGATIVE and not (operation.body or list(operation.iter_parameters())):
        pytest.skip("there is nothing to be wrong about")

    @settings(max_examples=n_cases, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(data=st.data(), case=operation.as_strategy(generation_mode=mode))
    def tried(data, case):
        point_at_what_exists(data, case)
        answer = case.call(base_url=url, session=session, timeout=20)
        assert answer.status_code < 500, (answer.status_code, answer.text)
        assert not any(trace in answer.text for trace in TRACES), answer.text
        if answer.status_code >= 400 and case.method != "HEAD":
            assert set(answer.json()["error"]) >= {"type", "message"}

    tried()


def point_at_what_exists(data, case):
    """Half of the cases ask for something that is there."""
    here = st.just("manuals")
    places = {
        "kb": here,
        "model": here,
        "doc_id": st.sampled_from([DOC, PICTURES]),
        "image": pictures,
        "where": filters,
    }
    for part in (case.body, case.path_parameters, case.query):
        for name in sorted(places.keys() & part.keys()) if isinstance(part, dict) else ():
            if data.draw(st.booleans()):
                part[name] = data.draw(places[name])
