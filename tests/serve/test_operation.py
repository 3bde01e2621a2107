"""What those who run a server see: ids, the log, metrics."""

import json
import logging
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr
from starlette.testclient import TestClient

from rag.chat.ollama import OllamaChat
from rag.serve import requests_log
from rag.serve.app import create_app
from tests.chat.server import Script
from tests.serve.mcp_library import small_library

ASKED = {"kb": "manuals", "question": "When is the pump closed?"}


@pytest.fixture(scope="module")
def client(fake, tmp_path_factory):
    folder = tmp_path_factory.mktemp("operation")
    with small_library(folder, chat=OllamaChat("tiny", fake.url)) as library:
        yield TestClient(create_app(library), base_url="http://127.0.0.1", raise_server_exceptions=False)


def sample(client, name):
    """Values of a metric by its labels."""
    text = client.get("/metrics").text
    return {labels: float(value) for labels, value in re.findall(rf"^{name}({{.*}})? (\S+)$", text, re.MULTILINE)}


def test_the_log_as_json_has_the_facts_of_a_request():
    record = logging.LogRecord("rag.serve", logging.INFO, "x.py", 1, "GET %s", ("/v1/kb",), None)
    record.status, record.client = 200, "10.0.0.7"
    requests_log.begin("id-1")
    said = json.loads(requests_log._Json().format(record))
    assert (said["level"], said["message"], said["request_id"]) == ("info", "GET /v1/kb", "id-1")
    assert (said["status"], said["client"]) == (200, "10.0.0.7")
    assert said["time"].endswith("+00:00")


def test_metrics_count_phases_tokens_failures_and_documents(client, fake):
    fake.script = Script(prompt_eval_count=100, eval_count=7)
    client.post("/v1/search", json=ASKED)
    client.post("/v1/ask", json=ASKED)
    client.post("/v1/ask", json={**ASKED, "stream": True})
    fake.script = Script(status=500, error="out of memory")
    client.post("/v1/ask", json=ASKED)
    phases = sample(client, "rag_phase_duration_seconds_count")
    assert phases['{phase="search"}'] == 4
    assert phases['{phase="model_first_token"}'] == phases['{phase="model"}'] == 2
    assert sample(client, "rag_model_tokens_total") == {'{direction="read"}': 200, '{direction="written"}': 14}
    assert sample(client, "rag_model_failures_total")['{reason="chat_failed"}'] == 1
    assert sample(client, "rag_answers_total")['{ending="complete",writer="quotes"}'] == 1
    assert sample(client, "rag_documents")['{state="done"}'] == 3
    assert sample(client, "rag_knowledge_bases") == {"": 2}
    assert sample(client, "rag_http_request_duration_seconds_count")['{method="POST",route="/v1/ask"}'] == 3
    text = client.get("/metrics").text
    assert "process_resident_memory_bytes" in text
    assert "rag_build_info{" in text
    assert "_created" not in text


def test_the_log_and_the_metrics_hold_nothing_of_a_question(client, caplog, fake):
    fake.script = Script()
    caplog.set_level(logging.DEBUG)
    client.post("/v1/ask", json={"kb": "manuals", "question": "my private question"})
    assert "private" not in caplog.text
    assert "private" not in client.get("/metrics").text


def test_metrics_need_a_token_where_there_is_one(fake, tmp_path):
    with small_library(tmp_path, serve_token=SecretStr("t" * 24)) as library:
        assert TestClient(create_app(library), base_url="http://127.0.0.1").get("/metrics").status_code == 401


def test_what_is_no_json_is_refused_in_json_by_mcp_too(client):
    refused = client.post("/mcp", content=b"x", headers={"content-type": "text/plain"})
    assert (refused.status_code, refused.json()["error"]["type"]) == (415, "unsupported_media_type")


def test_the_interface_is_described_at_docs_without_anything_from_elsewhere(client):
    page = client.get("/docs")
    assert page.status_code == 200
    for path in ("/v1/ask", "/v1/kb/{kb}/documents", "/v1/chat/completions"):
        assert path in page.text
    assert 'id="AskRequest"' in page.text
    assert not re.search(r"<script|https?://|<img", page.text)
    css = re.search(r'href="(/page/[^"]+)"', page.text)[1]
    assert client.get(css).status_code == 200
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_dashboard_and_the_alerts_name_metrics_that_there_are(client):
    folder = Path(requests_log.__file__).parents[2] / "docs" / "operation"
    written = (folder / "dashboard.json").read_text() + (folder / "alerts.yml").read_text()
    assert len(json.loads((folder / "dashboard.json").read_text())["panels"]) == 12
    assert yaml.safe_load((folder / "alerts.yml").read_text())["groups"][0]["rules"]
    named = set(re.findall(r"\b(?:rag|process)_[a-z_]+\b", written)) - {"rag_"}
    there = client.get("/metrics").text
    assert {name for name in named if not re.search(rf"^(?:# TYPE )?{name}[{{ ]", there, re.MULTILINE)} == set()


UNIT = Path(__file__).parents[2] / "docs" / "operation" / "rag.service"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_systemd_knows_every_line_of_the_unit(tmp_path):
    def complaints():
        verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60)
        return [line for line in (verified.stdout + verified.stderr).splitlines() if "rag.service" in line]

    unit = tmp_path / "rag.service"
    unit.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/rag/bin/rag", sys.executable), encoding="utf-8")
    assert complaints() == []
    unit.write_text(unit.read_text(encoding="utf-8").replace("ProtectHome=", "ProtectHomes="), encoding="utf-8")
    assert any("ProtectHomes" in line for line in complaints())


def test_the_unit_leaves_the_program_what_it_reads_of_the_machine():
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    assert not any(line.startswith("ProcSubset=pid") for line in lines)
