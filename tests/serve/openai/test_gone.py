"""Clients that leave, and too many of them."""

import anyio
import openai
import pytest
from anyio import to_thread

from rag.chat.ollama import OllamaChat
from rag.serve.app import create_app
from tests.chat.server import Script
from tests.serve.mcp_library import small_library
from tests.serve.serving import serving

ASKED = [{"role": "user", "content": "When is the pump closed?"}]


@pytest.fixture(scope="module")
def url(fake, tmp_path_factory):
    """One question at a time; none waits."""
    folder, chat = tmp_path_factory.mktemp("gone"), OllamaChat("tiny", fake.url)
    small = small_library(folder, chat=chat, serve_running=1, serve_waiting=0)
    with small as library, serving(create_app(library)) as url:
        yield f"{url}/v1"


@pytest.fixture(autouse=True)
def endless(fake):
    fake.script = Script(pieces=["and "], endless=True)
    fake.disconnected.clear()
    fake.n_sent = 0


def client_of(url):
    return openai.AsyncOpenAI(base_url=url, api_key="any", max_retries=0, timeout=20)


def stopped(fake):
    return fake.disconnected.wait(60)


def test_a_stream_that_is_closed_stops_the_model(url, fake):
    async def run():
        async with client_of(url) as client:
            stream = await client.chat.completions.create(model="manuals", messages=ASKED, stream=True)
            async with stream:
                words = [chunk.choices[0].delta.content async for chunk, _ in _first(stream, 6)]
            assert words[0] == ""
            assert "and" in words[-1]
        assert await to_thread.run_sync(stopped, fake)

    anyio.run(run)


def test_a_client_that_leaves_before_its_answer_stops_the_model(url, fake):
    async def run():
        async with client_of(url) as client, anyio.create_task_group() as group:

            async def ask():
                await client.chat.completions.create(model="manuals", messages=ASKED)

            group.start_soon(ask)
            while not fake.n_sent:
                await anyio.sleep(0.01)
            group.cancel_scope.cancel()
        assert await to_thread.run_sync(stopped, fake)

    anyio.run(run)


def test_one_too_many_is_a_rate_limit_error_and_the_place_is_free_again_afterwards(url, fake):
    async def run():
        async with client_of(url) as client:
            stream = await client.chat.completions.create(model="manuals", messages=ASKED, stream=True)
            async with stream:
                assert [at async for _, at in _first(stream, 3)]  # the model writes
                with pytest.raises(openai.RateLimitError) as error:
                    await client.chat.completions.create(model="manuals", messages=ASKED)
                assert error.value.response.headers["retry-after"]
            assert await to_thread.run_sync(stopped, fake)
            fake.script = Script()
            patient = client.with_options(max_retries=10)  # the place may take a moment to be given back
            done = await patient.chat.completions.create(model="manuals", messages=ASKED)
            assert "[1]" in done.choices[0].message.content

    anyio.run(run)


async def _first(stream, n):
    for at in range(n):
        yield await anext(stream), at
