"""The Ollama adapter, through the real client, against a server that speaks its protocol."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Sequence
from contextlib import aclosing
from functools import partial

import anyio
import pytest

from rag.chat.ollama import OllamaChat, OllamaOptions, PullProgress
from rag.errors import ChatError, ChatModelMissing, ChatUnreachable
from rag.ollama.errors import for_captions
from rag.ollama.speed import Speed
from rag.ports import ChatChunk, ChatMessage, Sampling
from rag.types import StatusEvent
from tests.chat.server import FakeOllama, Model, Script

ASK = [ChatMessage("system", "Be brief."), ChatMessage("user", "Say\nvalve A")]


def _chat(fake: FakeOllama, name: str = "tiny", timeout_s: float = 5.0) -> OllamaChat:
    return OllamaChat(name, fake.url, OllamaOptions(timeout_s=timeout_s))


async def _collect(chat: OllamaChat, into: list[ChatChunk], messages: Sequence[ChatMessage] = ASK) -> None:
    async for chunk in chat.stream(messages, context_tokens=4096, max_output_tokens=64):
        if chunk.status is None:
            into.append(chunk)  # noqa: PERF401 - what came before a failure is kept


def _ask(chat: OllamaChat, messages: Sequence[ChatMessage] = ASK) -> list[ChatChunk]:
    chunks: list[ChatChunk] = []
    anyio.run(_collect, chat, chunks, messages)
    return chunks


def _text(chunks: Sequence[ChatChunk]) -> str:
    return "".join(chunk.text for chunk in chunks)


def _failure(chat: OllamaChat) -> tuple[str, ChatError]:
    """What was received before the failure, and the failure."""
    chunks: list[ChatChunk] = []
    with pytest.raises(ChatError) as caught:
        anyio.run(_collect, chat, chunks)
    return _text(chunks), caught.value


def test_info_has_the_context_length_and_what_the_model_can_do(fake_ollama: FakeOllama) -> None:
    fake_ollama.models["eye"] = Model(context_tokens=32_768, capabilities=["completion", "vision"])
    info = anyio.run(_chat(fake_ollama, "eye").info)
    assert (info.name, info.context_tokens, info.can_see) == ("eye", 32_768, True)
    assert anyio.run(_chat(fake_ollama).info).can_see is False


def test_an_old_server_without_capabilities_shows_sight_by_the_weights(fake_ollama: FakeOllama) -> None:
    fake_ollama.models["old"] = Model(capabilities=None, extra_info={"tiny.vision.block_count": 24})
    fake_ollama.models["blind"] = Model(capabilities=None)
    assert anyio.run(_chat(fake_ollama, "old").info).can_see is True
    assert anyio.run(_chat(fake_ollama, "blind").info).can_see is False


def test_an_unknown_context_length_is_zero(fake_ollama: FakeOllama) -> None:
    fake_ollama.models["odd"] = Model(extra_info={"general.architecture": "other"})
    assert anyio.run(_chat(fake_ollama, "odd").info).context_tokens == 0


def test_models_lists_what_the_server_has(fake_ollama: FakeOllama) -> None:
    fake_ollama.models["eye"] = Model()
    assert anyio.run(_chat(fake_ollama).models) == ["tiny", "eye"]


def test_a_reply_is_streamed_with_its_counts(fake_ollama: FakeOllama) -> None:
    chunks = _ask(_chat(fake_ollama))
    assert [chunk.text for chunk in chunks] == ["valve ", "A", ""]
    assert chunks[-1] == ChatChunk(
        "", done=True, prompt_tokens=5, output_tokens=7, done_reason="stop", context_tokens=8192
    )


def test_the_context_and_output_limits_are_sent(fake_ollama: FakeOllama) -> None:
    _ask(_chat(fake_ollama))
    assert fake_ollama.chats[0]["options"] == {"num_ctx": 8192, "num_predict": 64}
    assert fake_ollama.chats[0]["keep_alive"] == "30m"
    assert fake_ollama.chats[0]["stream"] is True
    assert "think" not in fake_ollama.chats[0]


def test_pictures_are_sent_as_base64_to_a_model_that_sees_and_to_no_other(fake_ollama: FakeOllama) -> None:
    fake_ollama.models["eye"] = Model(capabilities=["completion", "vision"])
    messages = [ChatMessage("user", "What is it?", images=(b"\x89PNG picture",))]
    _ask(_chat(fake_ollama, "eye"), messages)
    _ask(_chat(fake_ollama, "tiny"), messages)
    seen, blind = (request["messages"][0] for request in fake_ollama.chats)
    assert base64.b64decode(seen["images"][0]) == b"\x89PNG picture"
    assert "images" not in blind


@pytest.mark.parametrize(("template", "sent"), [("{{ if .Think }}{{ end }}", False), ("<think>", True)])
def test_a_thinking_model_is_asked_not_to_think_where_it_can_and_its_thoughts_never_show(
    fake_ollama: FakeOllama, template: str, sent: bool
) -> None:
    fake_ollama.models["deep"] = Model(capabilities=["completion", "thinking"], template=template)
    fake_ollama.script = Script(thinking=["Hm, ", "A or B?"], pieces=["<thi", "nk>so A</think>", "Valve A."])
    assert _text(_ask(_chat(fake_ollama, "deep"))) == "Valve A."
    assert fake_ollama.chats[0]["think"] is sent


def test_a_missing_model_says_what_to_type(fake_ollama: FakeOllama) -> None:
    with pytest.raises(ChatModelMissing, match=r"'ollama pull nope'.*'rag ask --pull"):
        anyio.run(_chat(fake_ollama, "nope").info)
    assert isinstance(_failure(_chat(fake_ollama, "nope"))[1], ChatModelMissing)


def test_a_model_removed_after_it_was_shown_is_missing_too(fake_ollama: FakeOllama) -> None:
    chat = _chat(fake_ollama)
    anyio.run(chat.info)
    del fake_ollama.models["tiny"]
    assert isinstance(_failure(chat)[1], ChatModelMissing)


def test_no_server_says_how_to_start_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    chat = OllamaChat("tiny", url)
    with pytest.raises(ChatUnreachable, match=r"ollama serve.*RAG_OLLAMA_URL"):
        anyio.run(chat.info)
    assert isinstance(_failure(chat)[1], ChatUnreachable)


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:99999", "ftp://127.0.0.1:1"])
def test_an_impossible_address_names_the_setting(url: str) -> None:
    with pytest.raises(ChatUnreachable, match="RAG_OLLAMA_URL"):
        anyio.run(OllamaChat("tiny", url).info)


def test_another_web_server_is_told_from_ollama(fake_ollama: FakeOllama) -> None:
    fake_ollama.script = Script(status=404, body=b"<html>Not Found</html>")
    with pytest.raises(ChatUnreachable, match="is not an Ollama server"):
        anyio.run(_chat(fake_ollama).info)


def test_a_proxy_in_the_environment_is_not_asked_for_this_machine(
    fake_ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert _text(_ask(_chat(fake_ollama))) == "valve A"


@pytest.mark.parametrize("status", [400, 500])
def test_an_http_error_carries_the_servers_words(fake_ollama: FakeOllama, status: int) -> None:
    chat = _chat(fake_ollama)
    anyio.run(chat.info)
    fake_ollama.script = Script(status=status, error="this model requires more system memory (9 GiB)")
    received, error = _failure(chat)
    assert received == ""
    assert "requires more system memory" in str(error)


def test_an_error_line_keeps_what_came_before(fake_ollama: FakeOllama) -> None:
    fake_ollama.script = Script(pieces=["Valve ", "A ", "never sent"], error_after=2)
    received, error = _failure(_chat(fake_ollama))
    assert received == "Valve A "
    assert "unexpectedly stopped" in str(error)


@pytest.mark.parametrize(
    "script",
    [
        Script(pieces=["Valve ", "A "], cut_after=2),
        Script(pieces=["Valve ", "A "], finish_after=2),
        Script(lines=[b'{"message":{"role":"assistant","content":"Valve A "},"done":false}\n', b'{"message":{"ro']),
        Script(lines=[b'{"message":{"role":"assistant","content":"Valve A "}}\n', b"<html>gateway time-out</html>\n"]),
        Script(lines=[b'{"message":{"role":"assistant","content":"Valve A "}}\n', b'{"message":7}\n']),
    ],
    ids=["dropped connection", "no last line", "half a line", "not JSON", "not a message"],
)
def test_a_stream_that_ends_too_early_is_an_error_that_keeps_what_came(fake_ollama: FakeOllama, script: Script) -> None:
    fake_ollama.script = script
    received, error = _failure(_chat(fake_ollama))
    assert received == "Valve A "
    assert "broke off" in str(error)


def test_silence_longer_than_the_limit_is_an_error(fake_ollama: FakeOllama) -> None:
    fake_ollama.script = Script(pieces=["Valve ", "A"], silent_after=1)
    received, error = _failure(_chat(fake_ollama, timeout_s=0.1))
    assert received == "Valve "
    assert "silent for 0.1 s" in str(error)
    assert "RAG_CHAT_TIMEOUT_S" in str(error)
    assert fake_ollama.disconnected.wait(5)


def test_a_slow_stream_is_fine_while_it_is_not_silent(fake_ollama: FakeOllama) -> None:
    fake_ollama.script = Script(pieces=["a"] * 8, delay_s=0.05)
    assert _text(_ask(_chat(fake_ollama, timeout_s=0.3))) == "a" * 8


def test_closing_the_stream_ends_the_generation_upstream(fake_ollama: FakeOllama) -> None:
    fake_ollama.script = Script(pieces=["word "], endless=True)

    async def leave() -> None:
        async with aclosing(_chat(fake_ollama).stream(ASK, context_tokens=512, max_output_tokens=9)) as stream:
            async for chunk in stream:
                if chunk.text:
                    break

    anyio.run(leave)
    assert fake_ollama.disconnected.wait(5)


def test_cancelling_the_task_ends_the_generation_upstream(fake_ollama: FakeOllama) -> None:
    fake_ollama.script = Script(pieces=["word "], silent_after=1)
    chunks: list[ChatChunk] = []

    async def cancel() -> None:
        with anyio.move_on_after(2):
            await _collect(_chat(fake_ollama, timeout_s=60), chunks)

    anyio.run(cancel)
    assert _text(chunks) == "word "
    assert fake_ollama.disconnected.wait(5)


def test_one_model_serves_several_event_loops(fake_ollama: FakeOllama) -> None:
    chat = _chat(fake_ollama)
    assert [_text(_ask(chat)) for _ in range(3)] == ["valve A"] * 3


def test_hostile_text_arrives_unchanged(fake_ollama: FakeOllama) -> None:
    text = '"}\n{"done":true} \x1b[2J \u2028 \U0001f600 </s>'
    _ask(_chat(fake_ollama), [ChatMessage("user", text)])
    assert fake_ollama.chats[0]["messages"][0]["content"] == text


def test_pull_reports_progress_and_brings_the_model(fake_ollama: FakeOllama) -> None:
    fake_ollama.registry["eye"] = Model()
    seen: list[PullProgress] = []

    async def pull() -> None:
        async for progress in _chat(fake_ollama, "eye").pull():
            seen.append(progress)  # noqa: PERF401

    anyio.run(pull)
    assert [p.completed_bytes for p in seen] == [None, 0, 50, 100, None]
    assert seen[2] == PullProgress("pulling aabbcc", 50, 100)
    assert anyio.run(_chat(fake_ollama, "eye").info).name == "eye"


def test_pulling_a_model_that_does_not_exist_fails_in_the_servers_words(fake_ollama: FakeOllama) -> None:
    async def pull() -> None:
        async for _ in _chat(fake_ollama, "nope").pull():
            pass

    with pytest.raises(ChatError, match="file does not exist"):
        anyio.run(pull)


def test_the_fake_repeats_each_source_with_its_marker(fake_ollama: FakeOllama) -> None:
    first = "<<<source 1 ab\nfile: a\n---\nFirst.\nmore\nab end 1>>>"
    prompt = f"{first}\n<<<source 2 ab\n---\nSecond.\nab end 2>>>\nQuestion: x"
    assert _text(_ask(_chat(fake_ollama), [ChatMessage("user", prompt)])) == "First. [1] Second. [2]"


def test_a_password_in_the_address_is_used_but_not_shown() -> None:
    chat = OllamaChat("tiny", "http://bob:hunter2@127.0.0.1:9")
    _, error = _failure(chat)
    assert isinstance(error, ChatUnreachable)
    assert "http://127.0.0.1:9" in str(error)
    assert "hunter2" not in str(error)


def _statuses(chat: OllamaChat) -> list[StatusEvent]:
    async def collect() -> list[StatusEvent]:
        reply = chat.stream(ASK, context_tokens=4096, max_output_tokens=64)
        return [chunk.status async for chunk in reply if chunk.status is not None]

    return anyio.run(collect)


def test_what_is_waited_for_is_said_and_the_model_is_loaded_once(fake_ollama: FakeOllama) -> None:
    chat = _chat(fake_ollama)
    assert [status.code for status in _statuses(chat)] == ["loading", "reading"]
    assert [status.code for status in _statuses(chat)] == ["reading"]
    _ask(_chat(fake_ollama))
    assert fake_ollama.loads == [("tiny", 8192)]


def test_a_model_that_another_program_loaded_larger_is_used_as_it_is(fake_ollama: FakeOllama) -> None:
    fake_ollama.models["shared"] = Model(context_tokens=100_000)
    fake_ollama.loaded["shared"] = 32_768
    _ask(_chat(fake_ollama, "shared"))
    assert fake_ollama.loads == []
    assert fake_ollama.chats[0]["options"]["num_ctx"] == 32_768


def test_an_older_server_that_cannot_tell_what_is_loaded_answers_too(fake_ollama: FakeOllama) -> None:
    fake_ollama.has_ps = False
    assert _text(_ask(_chat(fake_ollama))) == "valve A"


def test_a_full_server_is_waited_for(fake_ollama: FakeOllama) -> None:
    fake_ollama.script = Script(busy=2)
    chat = _chat(fake_ollama)
    assert [status.code for status in _statuses(chat)] == ["loading", "reading", "waiting"]
    assert len(fake_ollama.chats) == 3


def test_a_server_that_stays_full_is_an_error_in_the_end(fake_ollama: FakeOllama) -> None:
    fake_ollama.script = Script(busy=1000)
    assert "busy with others" in str(_failure(_chat(fake_ollama, timeout_s=0.2))[1])


def test_crowds_are_answered_one_after_the_other_and_nobody_is_lost(fake_ollama: FakeOllama) -> None:
    fake_ollama.slots = threading.Semaphore(1)
    fake_ollama.script = Script(pieces=["a"] * 4, delay_s=0.01)
    chat, ends = _chat(fake_ollama, timeout_s=1.0), list[int]()

    async def ask(n: int) -> None:
        await anyio.sleep(0.02 * n)
        reply = chat.stream(ASK, context_tokens=4096, max_output_tokens=64)
        assert "".join([chunk.text async for chunk in reply]) == "aaaa"
        ends.append(n)

    async def crowd() -> None:
        async with anyio.create_task_group() as group:
            for n in range(20):
                group.start_soon(ask, n)

    anyio.run(crowd)
    assert ends == list(range(20))


def test_sampling_is_sent_and_the_models_own_stop_words_stay(fake_ollama: FakeOllama) -> None:
    fake_ollama.models["tiny"].parameters = 'stop                           "<|im_end|>"\nnum_keep 4'
    settings = Sampling(temperature=0.0, seed=3, options={"mirostat": 1})
    chat = OllamaChat("tiny", fake_ollama.url, OllamaOptions(sampling=settings))

    async def ask() -> None:
        wanted = Sampling(temperature=0.7, stop=("END",))
        async for _ in chat.stream(ASK, context_tokens=4096, max_output_tokens=64, sampling=wanted):
            pass

    anyio.run(ask)
    options = fake_ollama.chats[0]["options"]
    assert (options["temperature"], options["seed"], options["mirostat"]) == (0.7, 3, 1)
    assert options["stop"] == ["<|im_end|>", "END"]


def test_speed_is_learnt_from_what_was_new_to_the_server(fake_ollama: FakeOllama) -> None:
    fake_ollama.script = Script(prompt_eval_count=600, eval_count=84, read_s=2.0, write_s=1.0)
    chat = _chat(fake_ollama)
    _ask(chat)
    assert chat.speed == Speed(300.0, 84.0)
    assert "seconds" in dir(_statuses(chat)[-1])


def test_another_model_stands_in_where_that_is_allowed_and_says_so(fake_ollama: FakeOllama) -> None:
    fake_ollama.models["embed"] = Model(capabilities=["embedding"])
    chat = OllamaChat("qwen3:4b-instruct", fake_ollama.url, OllamaOptions(may_stand_in=True))
    info = anyio.run(chat.info)
    assert (info.name, chat.name) == ("tiny", "tiny")
    assert "'ollama pull qwen3:4b-instruct'" in info.note
    assert _text(_ask(chat)) == "valve A"


def test_where_pictures_count_one_that_sees_stands_in_and_stays(fake_ollama: FakeOllama) -> None:
    fake_ollama.models["eye"] = Model(capabilities=["completion", "vision"])
    chat = OllamaChat("qwen3:4b-instruct", fake_ollama.url, OllamaOptions(may_stand_in=True))
    assert anyio.run(chat.info).name == "tiny"
    assert anyio.run(partial(chat.info, sees=True)).name == "eye"
    assert anyio.run(chat.info).name == "eye"
    named = OllamaChat("tiny", fake_ollama.url, OllamaOptions(may_stand_in=True))
    assert anyio.run(partial(named.info, sees=True)).name == "tiny"


def test_a_model_that_stands_in_is_not_the_one_that_was_named(fake_ollama: FakeOllama) -> None:
    chat = OllamaChat("qwen3:4b-instruct", fake_ollama.url, OllamaOptions(may_stand_in=True))
    assert not anyio.run(chat.is_there)
    assert anyio.run(_chat(fake_ollama, "Tiny:latest").is_there)


def test_a_missing_model_names_those_that_are_there(fake_ollama: FakeOllama) -> None:
    with pytest.raises(ChatModelMissing, match=r"It has: tiny\."):
        anyio.run(_chat(fake_ollama, "nope").info)


def test_a_missing_caption_model_is_blamed_on_its_own_setting(fake_ollama: FakeOllama) -> None:
    chat = OllamaChat("eye", fake_ollama.url, use=for_captions("eye", fake_ollama.url))
    with pytest.raises(ChatModelMissing, match="RAG_CAPTION_MODEL") as caught:
        anyio.run(chat.info)
    assert "RAG_CHAT_MODEL" not in str(caught.value)
    assert "rag ask" not in str(caught.value)


def test_warming_loads_the_model_and_has_the_beginning_read_once(fake_ollama: FakeOllama) -> None:
    chat = _chat(fake_ollama)

    async def warm() -> None:
        await chat.warm(ASK[:1], context_tokens=1000)
        await chat.warm(ASK[:1], context_tokens=1000)

    anyio.run(warm)
    assert len(fake_ollama.loads) == 1
    assert [body["options"]["num_predict"] for body in fake_ollama.chats] == [1]
