"""The commands as a user types them: separate processes, the embedded store, the real text model."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from rag.cli import app as cli
from rag.errors import ConfigError, FilterSyntaxError, StoreLocked
from tests.chat.server import running

NOTES = "# Pumps\n\nThe bilge pump has serial number 4711.\n\n# Bells\n\nFive strokes of the bell mean fire.\n"
TABLE = "image,caption,year\nsign.png,A sign at the harbour,1999\n"
DIRTY = "image,caption,year\nsign.png,A sign,circa 1900\n"


@pytest.fixture(scope="module")
def dump(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dump")
    (folder / "notes.md").write_text(NOTES)
    (folder / "captions.csv").write_text(TABLE)
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    sign = Image.new("RGB", (480, 120), "white")
    ImageDraw.Draw(sign).text((20, 40), "NO SWIMMING AFTER DUSK", fill="black", font=ImageFont.load_default(size=32))
    sign.save(folder / "sign.png")
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    base = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    return {**base, "RAG_DATA_DIR": str(tmp_path_factory.mktemp("data")), "RAG_CHAT": "extractive"}


@pytest.fixture(scope="module")
def run(environment, tmp_path_factory):
    def call(*words, **extra):
        return subprocess.run(
            [sys.executable, "-m", *words],
            capture_output=True,
            text=True,
            timeout=240,
            cwd=tmp_path_factory.getbasetemp(),
            env={**environment, **extra},
        )

    return call


@pytest.fixture(scope="module")
def ingested(run, dump):
    done = run("ingest", str(dump), "--kb", "harbour", "--field", "year:int", "--json")
    assert done.returncode == 3, done.stderr
    return json.loads(done.stdout)


def test_ingest_reports_what_went_in_and_what_failed(ingested, dump):
    assert ingested["documents"] == 3
    assert ingested["new"] == 2
    assert [failure["source"] for failure in ingested["failed"]] == [f"{dump.name}/broken.png"]


@pytest.mark.usefixtures("ingested")
def test_a_second_ingest_embeds_nothing(run, dump):
    again = json.loads(run("ingest", str(dump), "--kb", "harbour", "--json").stdout)
    assert (again["new"], again["replaced"], again["unchanged"]) == (0, 0, 2)


@pytest.mark.usefixtures("ingested")
def test_search_prints_hits_and_explains_them(run):
    done = run("rag", "search", "bilge pump number", "--kb", "harbour", "--top-k", "1", "--explain")
    assert done.returncode == 0
    assert "notes.md" in done.stdout.splitlines()[0]
    assert "4711" in done.stdout
    assert "deviations above its background" in done.stdout


@pytest.mark.usefixtures("ingested")
def test_words_inside_a_picture_are_found(run):
    found = json.loads(run("rag", "search", "may I swim at night", "--kb", "harbour", "--json").stdout)
    assert found["hits"][0]["record"]["source"].endswith("sign.png")


@pytest.mark.usefixtures("ingested")
def test_a_filter_keeps_only_what_matches(run):
    command = ("rag", "search", "harbour", "--kb", "harbour", "--json", "--where")
    assert [
        hit["record"]["metadata"]["columns"]["year"] for hit in json.loads(run(*command, "year < 2000").stdout)["hits"]
    ] == [1999]
    assert json.loads(run(*command, "year > 2000").stdout)["hits"] == []


@pytest.mark.usefixtures("ingested")
def test_a_broken_filter_points_at_the_place(run):
    done = run("rag", "search", "x", "--kb", "harbour", "--where", "year < < 3")
    assert done.returncode == 2
    assert "       ^" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("ingested")
def test_ask_without_a_model_quotes_and_says_so(run):
    done = run("rag", "ask", "What do five strokes of the bell mean?", "--kb", "harbour")
    assert done.returncode == 0
    assert "fire" in done.stdout
    assert "[1]" in done.stdout
    assert "no model wrote this answer" in done.stderr


@pytest.mark.usefixtures("ingested")
def test_ask_with_a_model_streams_its_words_and_lists_the_cited_sources(run):
    with running() as server:
        done = run(
            "rag", "ask", "What do five strokes mean?", "--kb", "harbour", "--json",
            RAG_CHAT="ollama", RAG_OLLAMA_URL=server.url, RAG_CHAT_MODEL="tiny",
        )  # fmt: skip
    answer = json.loads(done.stdout)
    assert answer["model"] == "tiny"
    assert answer["citations"]
    assert answer["hits"]


@pytest.mark.usefixtures("ingested")
def test_a_missing_ollama_is_an_error_only_where_it_was_asked_for(run):
    done = run("rag", "ask", "bell", "--kb", "harbour", RAG_CHAT="ollama", RAG_OLLAMA_URL="http://127.0.0.1:9")
    assert done.returncode == 1
    assert "ollama serve" in done.stderr


@pytest.mark.parametrize("name", ["RAG_STORE_URI", "RAG_ASSET_URI", "RAG_OLLAMA_URL"])
def test_config_show_hides_a_password_in_an_address(run, name):
    done = run("rag", "config", "show", "--json", **{name: "http://bob:hunter2@127.0.0.1:9"})
    assert {"setting": name.removeprefix("RAG_").lower(), "value": "http://127.0.0.1:9", "from": "environment"} in (
        json.loads(done.stdout)
    )
    assert "hunter2" not in done.stdout + done.stderr


@pytest.mark.usefixtures("ingested")
def test_status_names_the_failure(run):
    shown = run("ingest", "status", "--kb", "harbour").stdout
    assert "broken.png" in shown


@pytest.mark.usefixtures("ingested")
def test_kb_list_show_and_doctor_know_the_knowledge_base(run):
    assert json.loads(run("rag", "kb", "list", "--json").stdout)[0]["name"] == "harbour"
    shown = json.loads(run("rag", "kb", "show", "harbour", "--json").stdout)
    assert shown["fields"] == {"year": "int"}
    assert shown["indexes"]["harbour_texts"]["index_type"] == "IVF_FLAT"
    columns = json.loads(run("rag", "kb", "show", "harbour", "--columns", "--json").stdout)
    assert columns[0]["name"] == "year"
    assert columns[0]["types"] == ["int"]
    assert "year " in run("rag", "kb", "show", "harbour", "--columns").stdout
    report = json.loads(run("rag", "doctor", "--json").stdout)
    assert any("knowledge base 'harbour'" in finding["message"] for finding in report)
    assert all(
        finding["remedy"] for finding in report if finding["severity"] == "warning" and finding["check"] == "models"
    )


@pytest.mark.usefixtures("ingested")
def test_doctor_warns_of_a_knowledge_base_that_the_settings_cannot_search(run):
    def warned(**settings):
        report = json.loads(run("rag", "doctor", "--json", **settings).stdout)
        return [f["message"] for f in report if "'harbour' was built differently" in f["message"]]

    assert warned() == []
    assert "RAG_ANALYZER" in warned(RAG_ANALYZER="standard")[0]


def test_a_value_that_does_not_fit_its_declared_type_is_said(run, dump, tmp_path):
    (tmp_path / "captions.csv").write_text(DIRTY)
    (tmp_path / "sign.png").write_bytes((dump / "sign.png").read_bytes())
    done = json.loads(run("ingest", str(tmp_path), "--kb", "dirty", "--field", "year:int", "--json").stdout)
    assert any("declared as int but holds 'circa 1900'" in warning for warning in done["warnings"])


def test_a_knowledge_base_is_described_emptied_and_dropped_and_that_is_asked_first(run, dump, environment):
    uploaded = Path(environment["RAG_DATA_DIR"]) / "uploads" / "gone" / "notes.md"
    uploaded.parent.mkdir(parents=True)
    uploaded.write_text("The pump is closed.")
    assert run("ingest", str(dump / "notes.md"), str(uploaded), "--kb", "gone").returncode == 0
    assert run("rag", "kb", "describe", "gone", "--title", "Old pumps").stdout == "gone: Old pumps\n"
    assert run("rag", "kb", "empty", "gone").returncode != 0
    assert run("rag", "kb", "drop", "gone").returncode != 0
    assert uploaded.exists()
    assert "2 documents of 'gone' are deleted" in run("rag", "kb", "empty", "gone", "--yes").stderr
    assert not uploaded.parent.exists()
    shown = json.loads(run("rag", "kb", "show", "gone", "--json").stdout)
    assert (shown["documents"], shown["texts"], shown["title"]) == (0, 0, "Old pumps")
    assert run("rag", "kb", "drop", "gone", "--yes").returncode == 0
    done = run("rag", "search", "x", "--kb", "gone")
    assert done.returncode == 1
    assert "ingest PATH --kb gone" in done.stderr


def test_config_show_says_where_a_value_comes_from_and_hides_secrets(run):
    done = run("rag", "config", "show", "--json", RAG_STORE_TOKEN="root:hunter2", RAG_CANDIDATES="7")
    rows = {row["setting"]: row for row in json.loads(done.stdout)}
    assert rows["candidates"] == {"setting": "candidates", "value": "7", "from": "environment"}
    assert "hunter2" not in done.stdout


def test_help_is_quick_and_needs_no_model(run):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "rag", "--help"], capture_output=True, text=True, check=True
    )
    assert "search" in done.stdout
    assert "pydantic" not in done.stderr
    assert "torch" not in done.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [(ConfigError("x"), 2), (FilterSyntaxError("x"), 2), (StoreLocked("x"), 1), (KeyboardInterrupt(), 130)],
)
def test_exit_codes_mean_something(error, code, capsys):
    def fails(**_):
        raise error

    assert cli.run(fails) == code
    assert "Traceback" not in capsys.readouterr().err


def test_the_reference_is_what_the_commands_say():
    done = subprocess.run(
        [sys.executable, "tools/make_cli_reference.py", "--check"], cwd=cli.__file__.rsplit("/rag/", 1)[0]
    )
    assert done.returncode == 0


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_gets_no_complaint(environment, tmp_path, unbuffered):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        done = subprocess.run(
            [sys.executable, "-m", "rag", "config", "show"],
            env=environment | {"PYTHONUNBUFFERED": unbuffered},
            stdout=gone, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")
