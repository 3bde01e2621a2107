"""Vectors, likeness, pictures and the state of the server over HTTP."""

import base64
import io

import numpy as np
import pytest
from PIL import Image
from pydantic import SecretStr
from starlette.testclient import TestClient

from rag.errors import ModelError
from rag.serve.app import create_app
from tests.serve.mcp_library import FakeModels, png, small_library

RED, BLUE = (base64.b64encode(png(colour)).decode() for colour in ("red", "blue"))


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with small_library(tmp_path_factory.mktemp("models")) as library:
        yield TestClient(create_app(library), base_url="http://127.0.0.1")


def asset_of(client, kb="manuals"):
    found = client.post("/v1/search", json={"kb": kb, "image": RED}).json()
    return found["sources"][0]["asset"]


@pytest.mark.parametrize("kind", ["document", "query"])
def test_texts_get_the_text_models_vectors(client, kind):
    made = client.post("/v1/embed/text", json={"texts": ["pump", "goat bell"], "kind": kind}).json()
    assert np.allclose(made["vectors"], FakeModels.text_embedder.embed(["pump", "goat bell"]))
    assert (made["model"], made["dim"]) == ("topics@1", 5)


def test_words_get_vectors_in_the_pictures_space_too(client):
    made = client.post("/v1/embed/text", json={"texts": ["red"], "space": "image"}).json()
    seen = client.post("/v1/embed/image", json={"images": [RED]}).json()
    assert made["model"] == seen["model"] == "colours@1"
    assert np.allclose(made["vectors"], seen["vectors"])


def test_large_pictures_are_made_small_one_by_one(client, monkeypatch):
    """Decoded side by side, what fits into one request would fill the memory."""
    sizes = []

    def embed_images(images):
        sizes.extend(image.size for image in images)
        return np.zeros((len(images), FakeModels.image_embedder.dim), np.float32)

    monkeypatch.setattr(FakeModels.image_embedder, "embed_images", embed_images)
    large = base64.b64encode(png("red", 4000)).decode()
    assert client.post("/v1/embed/image", json={"images": [large, large]}).status_code == 200
    assert max(max(size) for size in sizes) <= 1024


def test_words_and_pictures_are_compared(client):
    asked = {"a": [{"text": "red"}, {"image": BLUE}], "b": [{"image": RED}, {"text": "blue"}]}
    cosines = np.array(client.post("/v1/similarity", json=asked).json()["cosines"])
    assert np.allclose([cosines[0, 0], cosines[1, 1]], 1.0, atol=1e-5)
    assert cosines[0, 1] < 0.9


def test_words_alone_are_compared_by_the_text_model(client):
    made = client.post("/v1/similarity", json={"a": [{"text": "pump"}], "b": [{"text": "pump"}]}).json()
    assert made["model"] == "topics@1"


@pytest.mark.parametrize("item", [{}, {"text": "a", "image": RED}])
def test_an_item_is_either(client, item):
    assert client.post("/v1/similarity", json={"a": [item], "b": [{"text": "x"}]}).status_code == 422


def test_a_picture_comes_as_stored_and_smaller(client):
    asset = asset_of(client)
    whole, small = (client.get(f"/v1/assets/{asset}", params=p) for p in ({}, {"size": 256}))
    assert Image.open(io.BytesIO(whole.content)).size[0] >= 600
    assert max(Image.open(io.BytesIO(small.content)).size) == 256
    assert "immutable" in whole.headers["cache-control"]
    again = client.get(f"/v1/assets/{asset}", headers={"if-none-match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("asset", "params", "status"),
    [
        ("0" * 64 + ".webp", {}, 404),
        ("../../../../etc/passwd", {}, 404),
        ("..%2f..%2fmilvus.db", {}, 404),
        ("0" * 64 + ".svg", {}, 404),
        ("0" * 64 + ".webp", {"size": 257}, 422),
        ("0" * 64 + ".webp", {"kb": "../secrets"}, 422),
        ("0" * 64 + ".webp", {"kb": "none"}, 404),
    ],
)
def test_only_ids_name_pictures(client, asset, params, status):
    assert client.get(f"/v1/assets/{asset}", params=params).status_code == status


def test_a_picture_of_another_knowledge_base_is_not_there(tmp_path):
    token = "s" * 24
    with small_library(tmp_path) as library:
        asset = asset_of(TestClient(create_app(library), base_url="http://127.0.0.1"))
        settings = library.settings.model_copy(update={"serve_tokens": {SecretStr(token): ["secrets"]}})
        other = TestClient(
            create_app(library, settings), base_url="http://127.0.0.1", headers={"authorization": f"Bearer {token}"}
        )
        for params in ({}, {"kb": "manuals"}, {"kb": "secrets"}):
            assert other.get(f"/v1/assets/{asset}", params=params).status_code == 404


def test_without_an_image_model_it_is_said(tmp_path):
    with small_library(tmp_path) as library:
        library.models.image_embedder = None
        refused = TestClient(create_app(library), base_url="http://127.0.0.1").post(
            "/v1/embed/image", json={"images": [RED]}
        )
    assert refused.status_code == 422
    assert "RAG_IMAGE_MODEL" in refused.json()["error"]["message"]


def test_ready_means_that_the_models_are_loaded_and_the_store_answers(tmp_path):
    with small_library(tmp_path) as library:
        app = create_app(library)
        early = TestClient(app, base_url="http://127.0.0.1")  # without its start, nothing loads
        assert early.get("/healthz").status_code == 200
        assert early.get("/readyz").status_code == 503
        with TestClient(app, base_url="http://127.0.0.1") as client:
            assert app.state.warm.wait(5)
            assert client.get("/readyz").json() == {"status": "ready"}
            library.store.close()
            assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("error", [ModelError("/home/ada/weights is not a model"), RuntimeError("no kernel image")])
def test_a_model_that_cannot_be_loaded_is_said_and_is_no_secret_of_the_disk(tmp_path, monkeypatch, caplog, error):
    def broken(self):
        raise error

    monkeypatch.setattr(FakeModels, "reranker", property(broken))
    with small_library(tmp_path) as library:
        app = create_app(library)
        with TestClient(app, base_url="http://127.0.0.1") as client:
            assert app.state.warm.wait(5)
            answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"][:27]) == (503, "a model cannot be loaded; t")
    assert str(error) in caplog.text


def test_metrics_count_by_route_and_name_nothing(client):
    client.get("/v1/assets/" + "0" * 64 + ".webp?kb=manuals")
    client.request("BREW", "/v1/no/such/route")
    text = client.get("/metrics").text
    assert 'rag_http_requests_total{method="GET",route="/v1/assets/{asset}",status="404"}' in text
    assert 'method="OTHER",route="other"' in text
    assert "manuals" not in text


def test_nothing_of_a_request_is_logged(client, caplog):
    caplog.set_level("DEBUG", logger="rag")
    client.post("/v1/search", json={"kb": "manuals", "text": "my private question", "where": 'source = "x"'})
    client.get("/v1/kb/manuals", headers={"authorization": "Bearer hunter2hunter2"})
    client.get("/v1/no/such?token=hunter2hunter2")  # of what is refused the path is logged, without this
    assert "POST /v1/search 200" in caplog.text
    assert "GET /v1/no/such 404" in caplog.text
    for secret in ("private", "hunter2", "manuals"):
        assert secret not in caplog.text


def test_the_document_and_no_page_that_loads_from_elsewhere(client):
    assert client.get("/openapi.json").json()["openapi"].startswith("3.")
    assert client.get("/redoc").status_code == 404
