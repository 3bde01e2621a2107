"""`rag mcp` as a client starts it: a process that is talked to over stdin and stdout."""

import json
import os
import signal
import subprocess
import sys

import anyio
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp_types import ImageContent

from tests.serve.mcp_library import PICTURES, small_library

COMMAND = [sys.executable, "-m", "rag", "mcp"]


@pytest.fixture
def environment(tmp_path):
    with small_library(tmp_path):
        pass
    return {**os.environ, "RAG_DATA_DIR": str(tmp_path)}


def test_an_agent_lists_and_reads_over_stdio(environment):
    async def talk():
        server = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=environment)
        async with Client(server, mode="legacy", read_timeout_seconds=60) as client:
            listed = await client.call_tool("list_knowledge_bases", {})
            document = await client.call_tool("get_document", {"kb": "manuals", "doc_id": PICTURES})
            wrong = await client.call_tool("get_document", {"kb": "manuals", "doc_id": "0"})
            return listed, document, wrong

    listed, document, wrong = anyio.run(talk)
    assert [base["name"] for base in listed.structured_content["knowledge_bases"]] == ["manuals", "secrets"]
    assert sum(isinstance(block, ImageContent) for block in document.content) == 3
    assert wrong.is_error
    assert "there is no document '0'" in wrong.content[0].text


def test_it_ends_well_when_the_client_does(environment):
    ended = subprocess.run(COMMAND, input="", capture_output=True, text=True, env=environment, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_ctrl_c_ends_it_at_once(environment):
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        print(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}), file=process.stdin, flush=True)
        assert process.stdout.readline()  # it is up
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == -signal.SIGINT


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "1"], "--host and --port go with --http"),
        (["--http", "--host", "0.0.0.0"], "no token is set"),
    ],
)
def test_what_cannot_be_served_is_said_at_the_start(environment, arguments, said):
    ended = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, env=environment, timeout=60)
    assert ended.returncode == 2
    assert said in " ".join(ended.stderr.replace("│", " ").split())
    assert "Traceback" not in ended.stderr
