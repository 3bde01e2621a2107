"""What is said of addresses that lead nowhere."""

import pytest

from rag.serve.not_here import not_here


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/chat/completions", "/v1/chat/completions"),
        ("/models", "/v1/models"),
        ("/models/demo", "/v1/models/demo"),
        ("/responses", "/v1/responses"),
        ("/v1/v1/models", "one /v1"),
        ("/v1/completions", "of OpenAI's API there is /v1/models, /v1/chat/completions"),
        ("/v1/images/generations", "of OpenAI's API"),
        ("/v1/audio/speech", "of OpenAI's API"),
        ("/api/chat", "Ollama's protocol"),
        ("/nowhere", "/docs lists"),
        ("/v1/kbs", "/docs lists"),
    ],
)
def test_the_right_address_is_named(path, said):
    assert said in not_here(path)
