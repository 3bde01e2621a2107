"""Requests that ask. See `cases`."""

import pytest

from tests.serve.openapi.cases import ASKING, MODES, N_CASES, N_SLOW_CASES, run


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("label", ASKING)
def test_no_request_breaks_the_server(server, label, mode):
    run(server, label, mode, N_CASES)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("label", ASKING)
def test_hundreds_of_requests_do_not(server, label, mode):
    run(server, label, mode, N_SLOW_CASES)
