"""Open WebUI itself, driven in Chromium. It is large: RAG_TEST_OPEN_WEBUI names the `open-webui` of an environment with
`pip install open-webui==0.12.4` on Python 3.11. Where RAG_OLLAMA_URL names a server with the model of
RAG_TEST_OLLAMA_MODEL, an answer is stopped, too."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import rag
from tests.clients.conftest import serving
from tests.no_ollama import REAL_URL

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
TOKEN = "a-token-of-a-test"
PORT, START_S, WAIT_MS, READ_MS = 8781, 900, 120_000, 8000
MODEL = os.environ.get("RAG_TEST_OLLAMA_MODEL", "smollm2")
PICTURE = Path(rag.__file__).parents[1] / "examples" / "queries" / "blue-car.jpg"


@pytest.fixture(scope="module")
def notes(environment, tmp_path_factory):
    """The address of a server with a token, the knowledge base `notes`, and a language model where there is one."""
    folder = tmp_path_factory.mktemp("notes")
    (folder / "cat.txt").write_text("The lighthouse cat is called Marble. She came by boat in the spring.\n")
    chat = {"RAG_CHAT": "ollama", "RAG_OLLAMA_URL": REAL_URL, "RAG_CHAT_MODEL": MODEL} if REAL_URL else {}
    data = {"RAG_DATA_DIR": str(tmp_path_factory.mktemp("notes-data")), "RAG_SERVE_TOKEN": TOKEN}
    theirs = {**environment, **chat, **data}
    subprocess.run([sys.executable, "-m", "ingest", folder, "--kb", "notes"], check=True, env=theirs)
    with serving(theirs) as url:
        yield url


@pytest.fixture(scope="module")
def page(server, notes, tmp_path_factory):
    """A page of a fresh Open WebUI whose connections are our servers, for chats and for vectors of attached files."""
    program, chromium = os.environ.get("RAG_TEST_OPEN_WEBUI", ""), shutil.which("chromium")
    if not program or chromium is None:
        pytest.skip("RAG_TEST_OPEN_WEBUI names no open-webui, or there is no Chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    settings = {
        "DATA_DIR": str(tmp_path_factory.mktemp("open-webui")),
        "OPENAI_API_BASE_URLS": f"{server}/v1;{notes}/v1",
        "OPENAI_API_KEYS": f"-;{TOKEN}",
        "RAG_OPENAI_API_BASE_URL": f"{server}/v1",
        "RAG_OPENAI_API_KEY": "-",
        "RAG_EMBEDDING_ENGINE": "openai",
        "RAG_EMBEDDING_MODEL": "demo",
        "ENABLE_OLLAMA_API": "False",
        "WEBUI_AUTH": "False",
        "WEBUI_SECRET_KEY": "of-a-test",
        "OFFLINE_MODE": "true",
    }
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(PORT)]
    log = tmp_path_factory.mktemp("log") / "open-webui.log"
    with (
        log.open("w") as out,
        subprocess.Popen(command, env={**os.environ, **settings}, stdout=out, stderr=out) as process,
    ):
        try:
            until_there(f"http://127.0.0.1:{PORT}/health")
            with sync_api.sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 1200, "height": 1000})
                page.set_default_timeout(WAIT_MS)
                yield page
                browser.close()
        finally:
            process.terminate()


def until_there(url):
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(2)
    raise AssertionError("Open WebUI did not start")


def new_chat(page, model="demo"):
    page.goto(f"http://127.0.0.1:{PORT}/?models={model}")
    page.wait_for_selector("#chat-input")
    page.get_by_role("dialog").first.wait_for(timeout=5000) if page.get_by_role("dialog").count() else None
    page.keyboard.press("Escape")


def ask(page, words):
    page.click("#chat-input")
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def test_a_question_has_its_source_as_a_chip_a_title_and_follow_ups(page):
    new_chat(page)
    ask(page, "When does the last car go down in summer?")
    page.get_by_text("Last car down 21:20").first.wait_for()
    page.get_by_text("1 Source", exact=True).wait_for()
    page.get_by_text("What else does IMG_2035.jpg say?").first.wait_for()
    page.wait_for_function(r"document.body.innerText.includes('the last car go down in summer\n')")  # the title


def test_an_attached_file_answers_under_its_own_name_and_the_next_question_is_free_of_it(page, tmp_path):
    (tmp_path / "note.txt").write_text("The harbour cat is called Tuppence. The shed key hangs behind the clock.\n")
    new_chat(page)
    page.set_input_files("input[type=file] >> nth=0", tmp_path / "note.txt")
    page.get_by_text("note.txt").first.wait_for()
    page.wait_for_timeout(READ_MS)  # it shows no end of its reading a file
    ask(page, "What is the harbour cat called?")
    line = page.locator("li", has_text="called Tuppence").first
    line.wait_for()
    line.get_by_text("note.txt").wait_for()  # the chip
    ask(page, "When does the last car go down in summer?")
    line = page.locator("li", has_text="Last car down 21:20").first
    line.wait_for()
    line.get_by_text("IMG_2035.jpg").last.wait_for()


def test_a_picture_alone_finds_what_is_like_it_and_its_chip_opens_the_source(page):
    new_chat(page)
    page.set_input_files("input[type=file] >> nth=0", PICTURE)
    page.wait_for_timeout(READ_MS)  # it shows no end of its reading a file
    ask(page, "")
    page.get_by_text("dump/archive/gannet.jpg is").first.wait_for()
    page.get_by_text("Sources").last.click()
    with page.expect_popup() as opened:
        page.locator("button", has_text="gannet").first.click()
        page.locator("a[href*='/source/demo/']").first.click()
    assert "Car 1, Gannet" in opened.value.inner_text("body")


def test_a_system_prompt_is_a_wish_and_what_is_left_out_is_said(page):
    new_chat(page)
    page.get_by_label("Controls").click()
    page.get_by_placeholder("Enter system prompt").fill("Answer in French. You are a pirate.")
    ask(page, "When does the last car go down in summer?")
    page.get_by_text("Last car down 21:20").first.wait_for()
    page.get_by_text("only a model could follow “Answer in French.”").wait_for()
    page.get_by_text("of the system message only wishes for language, length, tone and form are followed").wait_for()


def test_a_wish_for_the_answer_before_is_no_question(page):
    new_chat(page)
    ask(page, "When does the last car go down in summer?")
    page.get_by_text("Last car down 21:20").first.wait_for()
    page.get_by_label("Regenerate").first.click()
    page.get_by_text("More Concise").click()
    page.get_by_text("“More Concise” is about the answer before.").wait_for()


@pytest.mark.skipif(bool(REAL_URL), reason="the model writes in its own words")
def test_a_server_with_a_token_answers(page):
    new_chat(page, "notes")
    ask(page, "What is the lighthouse cat called?")
    page.get_by_text("called Marble").last.wait_for()


@pytest.mark.skipif(not REAL_URL, reason="RAG_OLLAMA_URL names no server; tools/ollama/README.md tells how to get one")
def test_an_answer_is_stopped_and_the_next_question_is_answered(page):
    new_chat(page, "notes")
    ask(page, "Tell a very long story about the lighthouse cat")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_label("Regenerate").first.wait_for()
    ask(page, "What is the lighthouse cat called?")
    page.get_by_role("button", name="Stop", exact=True).wait_for(state="hidden", timeout=4 * WAIT_MS)
    page.get_by_text("cat.txt").last.wait_for()
