"""Every Python block of docs/agents.md, run as a user would copy it."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chat import server

BLOCKS = re.findall(
    r"^```python\n(.*?)^```$",
    (Path(__file__).parents[2] / "docs" / "agents.md").read_text(encoding="utf-8"),
    re.DOTALL | re.MULTILINE,
)
MODEL = "qwen3:4b-instruct"
QUESTION = "Which valve is closed first?"


class _CallsToolsFirst(server._Handler):
    """A model that calls the first tool it is offered with the user's question, then repeats what the tool said."""

    def _chat(self, body: dict[str, Any], script: server.Script) -> None:
        for message in body["messages"]:
            message.setdefault("content", "")  # a message that only calls a tool has none
        if not body.get("tools") or body["messages"][-1]["role"] == "tool":
            super()._chat(body, script)
            return
        call = {"name": body["tools"][0]["function"]["name"], "arguments": {"query": body["messages"][-1]["content"]}}
        self._start()
        self._line({"message": {"role": "assistant", "content": "", "tool_calls": [{"function": call}]}, "done": False})
        self._done(body, script)


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[server.FakeOllama]:
    monkeypatch.setattr(server, "_Handler", _CallsToolsFirst)
    with server.running() as fake:
        fake.models[MODEL] = server.Model(capabilities=["completion", "tools"])
        yield fake


@pytest.fixture
def run(
    data_dir: Path, picture: Path, ollama: server.FakeOllama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    """Runs the one block that contains some words, and gives what it printed."""
    settings = {"RAG_DATA_DIR": str(data_dir), "RAG_OCR": "false", "RAG_OLLAMA_URL": ollama.url}
    for name, value in (settings | {"OLLAMA_HOST": ollama.url}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photo.jpg").write_bytes(picture.read_bytes())

    def run(words: str) -> str:
        [block] = [block for block in BLOCKS if words in block]
        exec(compile(block, "docs/agents.md", "exec"), {"__name__": "__main__"})
        gc.collect()  # what a library left open is reported here, not in somebody else's test
        return str(capsys.readouterr().out)

    return run


def test_every_block_is_run_here():
    words = Path(__file__).read_text(encoding="utf-8")
    marks = re.findall(r'run\("(.*?)"\)', words)
    assert [sum(mark in block for mark in marks) for block in BLOCKS] == [1] * len(BLOCKS)


def test_search_and_ask(run):
    lines = run("for citation in answer.citations").splitlines()
    assert "dump/pump.md" in lines[0]
    assert any(line.startswith("dump/red.png") for line in lines)
    assert "[1] dump/pump.md" in lines


def test_async_questions(run):
    first, second, *_ = run("asyncio.gather").splitlines()
    assert "Pump [1]" in first
    assert "Bell [1]" in second


def test_streaming(run):
    sources, *text = run("astream(").splitlines()
    assert sources.startswith("['dump/pump.md'")
    assert "Pump [1]" in text[0]


def test_the_langchain_retriever(run):
    out = run("langchain import MultimodalRetriever")
    assert out.startswith("dump/pump.md")
    assert re.search(r"^dump/red.png [0-9a-f]{64}\.\w+$", out, re.MULTILINE)


def test_the_llamaindex_retriever(run):
    out = run("llama_index.core.schema")
    assert "dump/pump.md" in out.splitlines()[0]
    assert out.splitlines()[-1].startswith("ImageNode image/")


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # ChatOllama cannot be closed
def test_the_agent_searches_reads_the_passage_as_a_quotation_and_answers(run, ollama):
    out = run("create_agent")
    first, second = ollama.chats
    assert first["options"]["num_ctx"] == 16_384
    assert [tool["function"]["name"] for tool in first["tools"]] == ["search_documents"]
    said = second["messages"][-1]
    assert said["role"] == "tool"
    quoted = server._SOURCE.findall(said["content"])
    assert "Valve A is closed first" in quoted[0][2]
    outside = server._SOURCE.sub("", said["content"])
    assert "Valve A" not in outside
    assert "Valve A" not in json.dumps(second["messages"][:-1])
    answer, *read = out.splitlines()
    assert answer.startswith("Pump [1]")
    assert read[0] == "read: dump/pump.md"
