"""Agents with scripted models, and a generated client, each in an environment of its own."""

import os
import subprocess
import sys

import pytest

from tests.clients.conftest import HERE, RUN_S, printed
from tests.clients.test_javascript import LAST_CAR

pytestmark = pytest.mark.slow


def test_openai_agents_searches_within_its_default_limit(python, server, environment):
    program = python("openai-agents==0.24.0")
    made = printed([program, HERE / "python" / "agents_run.py", sys.executable], env=environment)
    assert LAST_CAR in made["text"]
    assert "An error occurred" not in made["text"]


@pytest.mark.parametrize(
    ("script", "packages"),
    [
        ("pydantic_ai_run.py", ["pydantic-ai-slim[mcp,openai]==2.68.0"]),
        # Its adapter wants the MCP SDK before 2, and websockets, and asks for neither.
        ("smolagents_run.py", ["smolagents[mcp]==1.26.0", "mcp==1.30.0", "websockets"]),
        ("haystack_run.py", ["haystack-ai==3.4.1", "mcp-haystack==2.1.1"]),
        ("crewai_run.py", ["crewai==1.15.30", "crewai-tools[mcp]==1.15.30"]),
    ],
)
def test_an_agent_searches_and_reads_what_was_found(python, server, script, packages):
    made = printed([python(*packages), HERE / "python" / script, server])
    assert "Evidence: good" in made["text"]
    assert LAST_CAR in made["text"]


def test_langchains_agent_searches_and_its_openai_client_chats(python, server):
    program = python(
        "langgraph==1.2.24", "langchain==1.5.2", "langchain-mcp-adapters==0.3.2", "langchain-openai==1.7.4"
    )
    made = printed([program, HERE / "python" / "langgraph_run.py", server])
    assert LAST_CAR in made["text"]
    assert made["status"] == "success"
    assert LAST_CAR in made["whole"]
    assert made["streamed"] == made["whole"]


def test_fastmcp_lists_and_searches(python, server):
    made = printed([python("fastmcp==4.2.3"), HERE / "python" / "fastmcp_run.py", server])
    assert made["tools"] == ["list_knowledge_bases", "facets", "search", "ask", "get_document"]
    assert made["text"].startswith("Evidence: none.")
    assert '"demo"' in made["bases"]


def test_a_generated_client_is_strictly_typed_and_asks(python, server, tmp_path):
    program = python("openapi-python-client==0.29.1", "mypy==2.4.1", "ruff==0.17.0")
    (tmp_path / "config.yml").write_text("content_type_overrides:\n  image/webp: application/octet-stream\n")
    where = ["--url", f"{server}/openapi.json", "--output-path", tmp_path / "generated"]
    how = ["--meta", "none", "--config", tmp_path / "config.yml", "--fail-on-warning"]
    subprocess.run(
        [program.parent / "openapi-python-client", "generate", *where, *how],
        check=True,
        timeout=RUN_S,
        env={**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"},
    )
    script = tmp_path / "asking.py"
    script.write_text((HERE / "python" / "generated_run.py").read_text())
    checked = subprocess.run(
        [program, "-m", "mypy", "--strict", "generated", "asking.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=RUN_S,
    )
    # The generator's own template of client.py is not strict; whatever is made of our document is.
    errors = [line for line in checked.stdout.splitlines() if "error:" in line]
    assert [line for line in errors if not line.startswith("generated/client.py")] == []
    made = printed([program, script, server], cwd=tmp_path)
    assert LAST_CAR in made["text"]
    assert (made["n"], made["names"]) == (3, ["demo"])
