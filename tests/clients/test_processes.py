"""Programs that fork after a search, as multiprocessing does by default on Linux before Python 3.14."""

import os
import sys

import pytest

from tests.clients.conftest import HERE, printed

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")]


def test_a_forked_child_searches_with_its_parents_knowledge_base_and_with_its_own(server, environment):
    made = printed([sys.executable, HERE / "python" / "forked.py"], env=environment)
    assert made == {"theirs": [10, 10, 10], "own": [10, 10, 10]}
