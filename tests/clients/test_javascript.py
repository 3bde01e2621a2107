"""OpenAI's client, Vercel's AI SDK, MCP's client and generated types, under Node and in a browser's page."""

import functools
import http.server
import json
import shutil
import subprocess
import threading

import pytest

from tests.clients.conftest import PAGE, PAGE_PORT, RUN_S, printed

pytestmark = pytest.mark.slow
LAST_CAR = "Last car down 21:20"


def test_openais_client_chats_streams_responds_and_embeds(node, server):
    made = printed(["node", "openai.mjs", server], cwd=node)
    assert LAST_CAR in made["whole"]
    assert made["streamed"] == made["whole"] == made["response"] == made["again"]
    assert made["annotations"][0]["url_citation"]["title"] == "dump/unsorted/IMG_2035.jpg"
    assert made["events"] > 6
    assert made["dims"] == [384, 384]
    assert made["wrong"][0] == 404
    assert "/v1/chat/completions" in made["wrong"][1]


def test_vercels_ai_sdk_answers_with_sources_by_its_default_and_by_chat(node, server):
    made = printed(["node", "ai-sdk.mjs", server], cwd=node)
    for way in ("responses", "chat"):
        assert LAST_CAR in made[way]["text"]
        assert LAST_CAR in made[way]["streamed"]
        assert "only a model could follow “Answer in French.”" in made[way]["streamed"]
        assert made[way]["sources"][0]["title"] == "dump/unsorted/IMG_2035.jpg"
        assert made[way]["why"] == "stop"
        assert made[way]["usage"]["totalTokens"] > 0


def test_mcps_client_searches(node, server):
    made = printed(["node", "mcp.mjs", server], cwd=node)
    assert made["tools"] == ["list_knowledge_bases", "facets", "search", "ask", "get_document"]
    assert "Evidence: good" in made["text"]
    assert "image" in made["kinds"]
    assert made["nonsense"] == -32602
    assert made["misspelt"] == [True, "there is no 'topk' here; did you mean 'top_k'?"]


def test_types_are_generated_and_a_question_is_asked_in_strict_mode(node, server):
    generate = ["npx", "openapi-typescript", f"{server}/openapi.json", "-o", "api.d.ts"]
    subprocess.run([*generate, "--default-non-nullable", "false"], cwd=node, check=True, timeout=RUN_S)
    (node / "node.d.ts").write_text("declare const process: { argv: string[] };\n")
    options = "--strict --target es2022 --module nodenext --skipLibCheck --outDir out".split()
    checked = subprocess.run(
        ["npx", "tsc", *options, "node.d.ts", "typed.ts"], cwd=node, capture_output=True, text=True, timeout=RUN_S
    )
    assert checked.returncode == 0, checked.stdout
    made = printed(["node", "out/typed.js", server], cwd=node)
    assert LAST_CAR in made["text"]
    assert made["source"] == "dump/unsorted/IMG_2035.jpg"


def test_openais_client_works_in_a_page_of_another_origin_and_pictures_are_shown(node, server):
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("there is no Chromium here")
    site = node / "site"
    site.mkdir(exist_ok=True)
    (site / "index.html").write_text('<!doctype html><body><script type="module" src="page.js"></script></body>')
    subprocess.run(
        ["npx", "esbuild", "page.js", "--bundle", "--format=esm", "--outfile=site/page.js", "--log-level=error"],
        cwd=node,
        check=True,
        timeout=RUN_S,
    )
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", PAGE_PORT), handler) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        with sync_api.sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(f"{PAGE}/index.html?server={server}")
            page.wait_for_selector("body[data-made]", state="attached", timeout=RUN_S * 1000)
            made = json.loads(page.get_attribute("body", "data-made"))
            browser.close()
        served.shutdown()
    assert "error" not in made, made
    assert made["models"] == ["demo"]
    assert LAST_CAR in made["streamed"]
    assert LAST_CAR in made["response"]
    assert made["size"] > 50
