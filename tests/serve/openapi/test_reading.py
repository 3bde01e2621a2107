"""Requests that only read. See `cases`."""

import pytest

from tests.serve.openapi.cases import ASKING, MODES, N_CASES, N_SLOW_CASES, READING, SENDING, run


def test_every_operation_is_tried(server):
    paths = server[0].openapi()["paths"]
    tried = {*READING, *ASKING, *SENDING}
    assert {f"{method.upper()} {path}" for path, item in paths.items() for method in item} == tried


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("label", READING)
def test_no_request_breaks_the_server(server, label, mode):
    run(server, label, mode, N_CASES)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("label", READING)
def test_hundreds_of_requests_do_not(server, label, mode):
    run(server, label, mode, N_SLOW_CASES)
