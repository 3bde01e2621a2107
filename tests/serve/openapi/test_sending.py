"""Requests that send, change or delete. See `cases`."""

import pytest

from tests.serve.openapi.cases import MODES, N_CASES, N_SLOW_CASES, SENDING, run


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("label", SENDING)
def test_no_request_breaks_the_server(server, label, mode):
    run(server, label, mode, N_CASES)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("label", SENDING)
def test_hundreds_of_requests_do_not(server, label, mode):
    run(server, label, mode, N_SLOW_CASES)
