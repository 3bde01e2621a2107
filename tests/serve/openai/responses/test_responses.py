"""The Responses API and embeddings through the official client of OpenAI, on a real server."""

import base64

import httpx
import openai
import pytest

from rag.serve.app import create_app
from tests.serve.mcp_library import png, small_library
from tests.serve.serving import serving

RED = f"data:image/png;base64,{base64.b64encode(png('red')).decode()}"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with small_library(tmp_path_factory.mktemp("responses")) as library, serving(create_app(library)) as url:
        yield url


@pytest.fixture(scope="module")
def client(url):
    with openai.OpenAI(base_url=f"{url}/v1", api_key="-", max_retries=0, timeout=30) as client:
        yield client


def test_a_response_has_its_words_and_what_they_cite(client):
    done = client.responses.create(model="manuals", input="Which goat rides?")
    assert (done.status, done.object) == ("completed", "response")
    assert done.output_text.startswith("- “A goat rides for one crown.” [1]\n\n")
    (cited,) = [each for each in done.output[0].content[0].annotations if each.title == "book.pdf, page 2"]
    assert done.output_text[cited.start_index : cited.end_index] == "[1]"
    assert httpx.get(cited.url).status_code == 200
    assert done.usage.total_tokens == done.usage.input_tokens + done.usage.output_tokens
    assert done.rag["sources"][0]["source"] == "book.pdf"


def test_its_stream_is_put_together_by_the_client_to_the_same(client):
    with client.responses.stream(model="manuals", input="Which goat rides?") as stream:
        events = list(stream)
        final = stream.get_final_response()
    kinds = [event.type for event in events]
    assert kinds[:2] == ["response.created", "response.in_progress"]
    assert kinds[-1] == "response.completed"
    assert "response.output_text.annotation.added" in kinds
    assert [event.sequence_number for event in events if hasattr(event, "sequence_number")] == sorted(
        event.sequence_number for event in events if hasattr(event, "sequence_number")
    )
    whole = client.responses.create(model="manuals", input="Which goat rides?")
    assert final.output_text == whole.output_text
    assert final.output[0].content[0].annotations == whole.output[0].content[0].annotations


def test_the_input_may_be_a_conversation_with_instructions_and_pictures(client):
    before = client.responses.create(model="manuals", input="Which goat rides?")
    done = client.responses.create(
        model="manuals",
        instructions="Answer in French. Never cite.",
        input=[
            {"role": "user", "content": "Which goat rides?"},
            *[item.model_dump() for item in before.output],
            {
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "What is this?"},
                    {"type": "input_image", "image_url": RED, "detail": "auto"},
                ],
            },
        ],
    )
    assert done.rag["sources"][0]["kind"] == "image"
    assert "wishes_not_followed" in [note["code"] for note in done.rag["notes"]]


@pytest.mark.parametrize(
    ("settings", "param"),
    [
        ({"previous_response_id": "resp_1"}, "previous_response_id"),
        ({"text": {"format": {"type": "json_object"}}}, "text.format"),
        ({"tool_choice": "required", "tools": []}, "tool_choice"),
        ({"max_output_tokens": 0}, "max_output_tokens"),
        ({"extra_body": {"rag": {"wher": "x"}}}, "rag.wher"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_refused_by_name(client, settings, param):
    with pytest.raises(openai.BadRequestError) as error:
        client.responses.create(model="manuals", input="goat", **settings)
    assert error.value.param == param


def test_a_model_that_is_not_there_is_not_found(client):
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model="gpt-4o", input="goat")
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="text-embedding-3-small", input="goat")


def test_embeddings_come_as_numbers_or_as_bytes_and_are_the_text_models(client, url):
    made = client.embeddings.create(model="manuals", input=["goat", "pump"])
    plain = client.embeddings.create(model="manuals", input="goat", encoding_format="float")
    assert made.data[0].embedding == pytest.approx(plain.data[0].embedding)
    assert [each.index for each in made.data] == [0, 1]
    own = httpx.post(f"{url}/v1/embed/text", json={"texts": ["goat"]}).json()
    assert (made.model, plain.data[0].embedding) == (own["model"], own["vectors"][0])
    assert client.embeddings.create(model=made.model, input="x").data


@pytest.mark.parametrize("wrong", [{"input": [[1, 2]]}, {"input": "x", "dimensions": 3}, {"input": []}])
def test_embeddings_of_other_kinds_are_refused(client, wrong):
    with pytest.raises(openai.BadRequestError):
        client.embeddings.create(model="manuals", **wrong)


def test_what_else_openai_has_is_not_found_with_what_there_is(client, url):
    with pytest.raises(openai.NotFoundError, match="/v1/chat/completions"):
        client.completions.create(model="manuals", prompt="goat")
    with openai.OpenAI(base_url=url, api_key="-", max_retries=0) as wrong:
        with pytest.raises(openai.NotFoundError, match="ends with /v1"):
            wrong.chat.completions.create(model="manuals", messages=[{"role": "user", "content": "goat"}])
        with pytest.raises(openai.NotFoundError, match="ends with /v1"):
            wrong.models.list()
