import pytest
import requests

from tests.serve.mcp_library import small_library
from tests.serve.serving import serving
from tests.serve.uploading import app_with


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with small_library(tmp_path_factory.mktemp("openapi")) as library:
        app = app_with(library)
        with serving(app) as url:
            yield app, url, requests.Session()
