"""Embedding models of Ollama, through the real client, against a server that speaks its protocol."""

import socket
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.embed import make_text_embedder
from rag.embed.ollama import BATCH, MAX_TOKENS, OllamaEmbedder
from rag.errors import ModelError
from tests.chat.server import Model, Script, default_vector, running

QWEN = "qwen3-embedding:0.6b"
QWEN_PROMPT = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"


@pytest.fixture
def server():
    with running() as fake:
        fake.models = {"tiny:latest": Model(), QWEN: Model(context_tokens=32_768)}
        yield fake


def embedder(server, model="tiny", timeout_s=5.0):
    return OllamaEmbedder(model, server.url, timeout_s=timeout_s)


def unit(vector):
    return np.array(vector, np.float32) / np.linalg.norm(vector)


def test_vectors_are_the_servers_normalised_and_in_order(server):
    texts = [f"{'a' * n} b" for n in range(2 * BATCH + 3)]
    vectors = embedder(server).embed(texts)
    np.testing.assert_allclose(vectors, [unit(default_vector(text)) for text in texts], atol=1e-6)
    assert vectors.dtype == np.float32
    sizes = sorted(len(body["input"]) for body in server.embeds)  # two are under way at a time
    assert sizes == [3, BATCH, BATCH]


def test_nothing_is_cut_by_the_server_in_silence(server):
    embedder(server).embed(["a"])
    assert server.embeds[0]["truncate"] is False


def test_no_texts_give_no_rows(server):
    assert embedder(server).embed([]).shape == (0, 4)


def test_an_empty_text_has_a_vector_and_is_not_sent_empty(server):
    assert np.linalg.norm(embedder(server).embed(["", " "]), axis=1) == pytest.approx(1.0)
    assert server.embeds[0]["input"] == ["-", "-"]


def test_a_question_to_qwen_has_the_instruction_of_its_card_and_a_document_has_none(server):
    qwen = embedder(server, QWEN)
    qwen.embed_query("which valve?")
    qwen.embed(["valve A"])
    assert [body["input"] for body in server.embeds] == [[QWEN_PROMPT + "which valve?"], ["valve A"]]


@pytest.mark.parametrize(
    ("model", "query", "text"),
    [
        ("nomic-embed-text", "search_query: ", "search_document: "),
        ("snowflake-arctic-embed2:568m", "query: ", ""),
        ("snowflake-arctic-embed:33m", "Represent this sentence for searching relevant passages: ", ""),
        ("hf.co/Qwen/Qwen3-Embedding-4B-GGUF:Q8_0", QWEN_PROMPT, ""),
        ("bge-m3", "", ""),
    ],
)
def test_each_family_gets_its_own_prompts(server, model, query, text):
    server.models[model] = Model()
    named = embedder(server, model)
    named.embed_query("x")
    named.embed(["x"])
    assert [body["input"] for body in server.embeds] == [[query + "x"], [text + "x"]]


def test_a_text_that_is_too_long_is_the_mean_of_its_parts(server):
    server.models["tiny:latest"].context_tokens = 2
    long = "aa bbb " * 2
    vectors = embedder(server).embed(["a", long, "c"])
    part = unit(default_vector("aa bbb "))
    np.testing.assert_allclose(vectors, [unit(default_vector("a")), part, unit(default_vector("c"))], atol=1e-6)


def test_the_end_of_a_text_that_is_too_long_counts(server):
    server.models["tiny:latest"].context_tokens = 4
    start = "a " * 50
    without, with_end = embedder(server).embed([start, start + "ccc " * 20])
    assert with_end[2] > without[2] + 0.1


def test_a_server_that_takes_no_text_at_all_is_an_error_and_no_endless_loop(server):
    server.script = Script(status=500, error="input (3000 tokens) is too large to process. increase the batch size")
    with pytest.raises(ModelError, match="takes no text at all"):
        embedder(server).embed(["a b c d"])


def test_the_fingerprint_is_the_servers_digest(server):
    assert embedder(server).fingerprint == "ollama:tiny@0123456789ab"
    server.models["tiny:latest"].digest = "sha256:fedcba9876543210"
    assert embedder(server).fingerprint == "ollama:tiny@fedcba987654"


def test_prompts_are_part_of_the_fingerprint(server, monkeypatch):
    before = embedder(server, QWEN).fingerprint
    assert before.startswith(f"ollama:{QWEN}@0123456789ab+prompts-")
    monkeypatch.setattr("rag.embed.ollama.PROMPTS", {"qwen3-embedding": ("Query: ", "")})
    assert embedder(server, QWEN).fingerprint != before


def test_a_model_without_a_digest_in_the_list_is_not_used_under_a_made_up_name(server):
    server.models["tiny:latest"].digest = ""
    with pytest.raises(ModelError, match="does not list 'tiny'"):
        _ = embedder(server).fingerprint


def test_the_server_is_asked_once_for_what_does_not_change(server):
    one = embedder(server)
    assert [(one.dim, one.max_tokens, one.fingerprint) for _ in range(3)] == [
        (4, MAX_TOKENS, "ollama:tiny@0123456789ab")
    ] * 3
    assert [path for path, _ in server.requests] == ["/api/embed", "/api/show", "/api/tags"]


@pytest.mark.parametrize(
    ("model", "context_tokens", "most"),
    [("tiny", 512, 512), ("tiny", 32_768, MAX_TOKENS), ("tiny", 0, MAX_TOKENS), ("nomic-embed-text", 512, 506)],
)
def test_the_limit_is_the_models_without_its_prompt_and_what_every_server_gives(server, model, context_tokens, most):
    server.models[model] = Model(context_tokens=context_tokens)
    assert embedder(server, model).max_tokens == most


def test_tokens_are_estimated_on_the_safe_side(server):
    assert embedder(server).count_tokens("the pump starts") == 4
    assert server.requests == []


def test_no_server_says_what_to_type():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://user:secret@127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ModelError, match=r"at http://127.*'ollama serve'.*RAG_TEXT_MODEL=minilm") as caught:
        OllamaEmbedder("tiny", url).embed(["a"])
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("ask", ["dim", "fingerprint", "max_tokens"])
def test_a_missing_model_says_what_to_type(server, ask):
    with pytest.raises(ModelError, match="Type 'ollama pull missing'"):
        getattr(embedder(server, "missing"), ask)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (Script(status=404, body=b"404 page not found"), "not an Ollama server .*check RAG_OLLAMA_URL"),
        (Script(status=401, error="unauthorized"), "OLLAMA_API_KEY"),
        (Script(status=500, error="this model does not support embeddings"), "does not support embeddings"),
        (Script(embeddings=[]), "1 texts became an array"),
        (Script(embeddings=[[1.0], [2.0]]), "1 texts became an array"),
        (Script(embeddings=[[float("nan"), 1.0]]), "no Ollama server's answer"),
        (Script(embeddings=[[]]), "1 texts became an array"),
    ],
)
def test_an_answer_that_is_no_vectors_is_a_model_error(server, script, message):
    server.script = script
    with pytest.raises(ModelError, match=message):
        embedder(server).embed(["a"])


def test_vectors_of_different_lengths_are_a_model_error(server):
    server.script = Script(embeddings=[[1.0], [1.0, 2.0]])
    with pytest.raises(ModelError, match="no Ollama server's answer"):
        embedder(server).embed(["a", "b"])


def test_a_silent_server_is_given_up(server):
    server.script = Script(delay_s=1.0)
    with pytest.raises(ModelError, match=r"silent for 0\.1 s.*RAG_CHAT_TIMEOUT_S"):
        embedder(server, timeout_s=0.1).embed(["a"])


def test_threads_share_one(server):
    one = embedder(server)
    with ThreadPoolExecutor(4) as threads:
        rows = list(threads.map(one.embed_query, ["a", "b", "c"] * 8))
    np.testing.assert_allclose(rows, [unit(default_vector(text)) for text in "abc" * 8], atol=1e-6)


def test_its_name_begins_with_ollama(server):
    made = make_text_embedder(f"ollama:{QWEN}", ollama_url=server.url)
    assert isinstance(made, OllamaEmbedder)
    assert made.fingerprint.startswith(f"ollama:{QWEN}@")
