"""What chat front ends send, on a real server: attached texts, their own tasks, links to sources."""

import json
import re

import httpx
import pytest
from pydantic import SecretStr

from rag.serve.app import create_app
from rag.types import record_id
from tests.serve.mcp_library import DOC, PASSAGES, PICTURES, small_library
from tests.serve.serving import serving

TOKEN, READER = "t" * 24, "r" * 24
BESIDE = '<context>\n<source id="1" name="note.txt">The bell is called Tuppence.</source>\n</context>\n\n'


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    tokens = {SecretStr(READER): ["manuals"]}
    folder = tmp_path_factory.mktemp("front-ends")
    with (
        small_library(folder, serve_token=SecretStr(TOKEN), serve_tokens=tokens) as library,
        serving(create_app(library)) as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        yield client


def ask(client, content, token=TOKEN, *before, **settings):
    body = {"model": "manuals", "messages": [*before, {"role": "user", "content": content}], **settings}
    answer = client.post("/v1/chat/completions", json=body, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    return answer.json() if not settings.get("stream") else answer.text


def test_an_attached_text_is_a_source_behind_ours_and_no_number_means_two_things(client):
    done = ask(client, f"### Task:\nAnswer.\n\n{BESIDE}What is the bell called, and which goat rides?")
    numbers = {source["source"]: source["number"] for source in done["rag"]["sources"]}
    assert numbers["note.txt"] == max(source["number"] for source in done["rag"]["sources"])
    assert 1 not in [source["number"] for source in done["rag"]["sources"]]
    assert f"Tuppence.” [{numbers['note.txt']}]" in done["rag"]["text"]
    titles = [each["url_citation"]["title"] for each in done["choices"][0]["message"]["annotations"]]
    assert titles[numbers["note.txt"] - 2] == "note.txt"  # Open WebUI shows its own first, then these


def test_tasks_are_answered_with_the_json_they_ask_for_whole_or_streamed(client):
    wanted = '### Form: { "tags": ["a"] }\n<chat_history>\nUSER: Which goat rides?\n</chat_history>'
    done = ask(client, wanted)
    assert json.loads(done["choices"][0]["message"]["content"]) == {"tags": ["Goat rides"]}
    assert [note["code"] for note in done["rag"]["notes"]] == ["chat_task"]
    assert done["choices"][0]["message"]["annotations"] == []
    chunks = [
        json.loads(line[6:]) for line in ask(client, wanted, stream=True).splitlines() if line.startswith("data: {")
    ]
    said = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert json.loads(said) == {"tags": ["Goat rides"]}


def test_wishes_are_said_not_to_be_followed_where_no_model_answers(client):
    done = ask(client, "Which goat rides?", TOKEN, {"role": "system", "content": "Answer in French."})
    assert "only a model could follow “Answer in French.”" in done["choices"][0]["message"]["content"]


def test_each_citation_is_a_link_that_shows_the_passage_without_a_token(client):
    done = ask(client, "which goat rides?")
    message = done["choices"][0]["message"]
    cited = message["annotations"][0]["url_citation"]
    assert message["content"][cited["start_index"] : cited["end_index"]] == "[1]"
    assert cited["title"] == "book.pdf, page 2"
    page = client.get(cited["url"])
    assert page.status_code == 200
    assert PASSAGES[1] in page.text
    assert "script" not in page.headers["content-security-policy"]


def test_a_picture_is_shown_by_its_link_and_other_links_open_nothing(client):
    done = ask(client, "green", rag={"where": 'kind = "image"'})
    url = next(each["url_citation"]["url"] for each in done["choices"][0]["message"]["annotations"])
    picture = re.search(r'src="([^"]+)"', client.get(url).text)[1].replace("&amp;", "&")
    shown = client.get(picture)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    path, _, query = url.partition("?")
    other = record_id(DOC, 0) if record_id(DOC, 0) not in path else record_id(PICTURES, 0)
    for wrong in (
        path,
        f"{path[:-32]}{other}?{query}",
        re.sub(r"until=\d+", "until=99999999999", url),
        f"{path}?until=1&key=x",
    ):
        assert client.get(wrong).status_code == 403


def test_a_stream_has_the_same_annotations_in_the_last_words(client):
    text = ask(client, "which goat rides?", stream=True)
    chunks = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    (found,) = [delta for delta in deltas if delta.get("annotations")]
    assert found["content"] is not None
    assert found["annotations"] == ask(client, "which goat rides?")["choices"][0]["message"]["annotations"]
