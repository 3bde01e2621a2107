"""How much a request may hold, and how many may be inside."""

import anyio
import anyio.lowlevel
import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from rag.serve.guard import limits
from rag.serve.guard.admission import Admission, TooBusy
from rag.serve.guard.limits import BodyLimit, Turns


async def size(request):
    return PlainTextResponse(str(len(await request.body())))


APP = Starlette(
    routes=[Route("/v1/search", size, methods=["POST"]), Route("/v1/kb/a/documents", size, methods=["POST"])]
)


def post(app, path, **kwargs):
    async def run():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return await client.post(path, **kwargs)

    return anyio.run(run)


async def pieces(n):
    for _ in range(n):
        yield b"x" * 100


@pytest.mark.parametrize("path", ["/v1/search", "/v1/kb/a/documents"])
def test_a_body_has_a_bound(path):
    app = BodyLimit(APP, 1000, max_upload_bytes=2000, max_held_bytes=1000)
    limit = 2000 if path.endswith("documents") else 1000
    assert post(app, path, content=b"x" * limit).text == str(limit)
    assert post(app, path, content=b"x" * (limit + 1)).status_code == 413


def test_a_body_that_does_not_say_its_size_is_counted():
    app = BodyLimit(APP, 1000, max_upload_bytes=1000, max_held_bytes=2000)
    assert post(app, "/v1/search", content=pieces(10)).text == "1000"
    refused = post(app, "/v1/search", content=pieces(11))
    assert refused.status_code == 413
    assert "larger than 0 MiB" in refused.text


def test_all_bodies_together_have_a_bound():
    go_on = anyio.Event()

    async def waits(request):
        await request.body()
        await go_on.wait()
        return PlainTextResponse("done")

    async def run():
        limit = BodyLimit(Starlette(routes=[Route("/v1/search", waits, methods=["POST"])]), 1000, 1000, 1500)
        said = []

        async def post(n):
            async def receive():
                return {"type": "http.request", "body": b"x" * n}

            said.append(await sent(limit, receive)())

        for n in (1000, 1001):
            async with anyio.create_task_group() as group:
                group.start_soon(post, n)
                group.start_soon(post, 600)
                await anyio.wait_all_tasks_blocked()
                go_on.set()
        return said

    assert anyio.run(run) == [429, 200, 413, 200]


def test_a_nonsense_length_is_refused():
    assert post(BodyLimit(APP, 10, 10, 10), "/v1/search", headers={"content-length": "-5"}).status_code == 413


def test_so_many_run_so_many_wait_and_the_rest_is_refused():
    async def run():
        gate, inside, most, refused = Admission(2, 3), 0, 0, 0

        async def ask():
            nonlocal inside, most, refused
            try:
                async with gate.admit():
                    inside += 1
                    most = max(most, inside)
                    await anyio.sleep(0.01)
                    inside -= 1
            except TooBusy:
                refused += 1

        async with anyio.create_task_group() as group:
            for _ in range(9):
                group.start_soon(ask)
        return most, refused, gate.n_inside

    assert anyio.run(run) == (2, 4, 0)


def test_one_that_is_cancelled_gives_its_place_back():
    async def run():
        gate = Admission(1, 1)
        async with gate.admit():
            with anyio.move_on_after(0.01):
                async with gate.admit():
                    raise AssertionError("there is only one place")
            assert gate.n_inside == 1
        async with gate.admit():
            return gate.n_inside

    assert anyio.run(run) == 1


def test_too_many_requests_are_told_to_come_again():
    gate = Admission(1, 0)
    gate.n_inside = 1
    refused = post(Turns(APP, gate), "/v1/search", content=b"x")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert post(Turns(APP, gate), "/v1/kb/a/documents", content=b"x").text == "1"


def sent(app, receive):
    """The status of an answer to a POST of /v1/search whose body `receive` gives."""
    said = []

    async def send(message):
        said.append(message)

    async def run():
        scope = {"type": "http", "method": "POST", "path": "/v1/search", "query_string": b"", "headers": []}
        await app(scope, receive, send)
        return said[0]["status"]

    return run


def test_a_client_that_is_slow_to_say_what_it_wants_keeps_nobody_waiting():
    async def run():
        gate, rest = Admission(1, 1), anyio.Event()
        app = Turns(APP, gate)
        pieces = iter([{"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.request"}])

        async def slowly():
            piece = next(pieces)
            if not piece.get("more_body"):
                await rest.wait()
            return piece

        async def at_once():
            return {"type": "http.request", "body": b"x"}

        async with anyio.create_task_group() as group:
            group.start_soon(sent(app, slowly))
            while not gate.n_inside:
                await anyio.lowlevel.checkpoint()
            with anyio.fail_after(1):
                first = await sent(app, at_once)()
            assert gate.n_inside == 1
            rest.set()
        return first, gate.n_inside

    assert anyio.run(run) == (200, 0)


@pytest.mark.parametrize(("pause_s", "status"), [(0.001, 200), (0.03, 408)])
def test_a_body_that_only_drips_in_is_given_up(monkeypatch, pause_s, status):
    monkeypatch.setattr(limits, "PATIENCE_S", 0.1)
    monkeypatch.setattr(limits, "MIN_BYTES_PER_S", 1000)
    n_left = 20

    async def drips():
        nonlocal n_left
        n_left -= 1
        await anyio.sleep(pause_s)
        return {"type": "http.request", "body": b"x", "more_body": n_left > 0}

    assert anyio.run(sent(BodyLimit(APP, 1000, 1000, 1000), drips)) == status


def test_an_answer_may_take_longer_than_a_question(monkeypatch):
    monkeypatch.setattr(limits, "PATIENCE_S", 0.01)

    async def later(request):
        await request.body()
        with anyio.move_on_after(0.1):
            await request.receive()
        return PlainTextResponse("at last")

    app = Starlette(routes=[Route("/v1/search", later, methods=["POST"])])
    came = iter([{"type": "http.request", "body": b"x"}])

    async def receive():
        for part in came:
            return part
        return await anyio.sleep_forever()

    assert anyio.run(sent(BodyLimit(app, 1000, 1000, 1000), receive)) == 200
