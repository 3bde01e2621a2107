"""The tools as an agent on this machine has them, through the SDK's own client."""

import base64
import io
import logging
import re

import anyio
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import ImageContent, TextContent
from PIL import Image

from rag.serve.guard.admission import Admission
from rag.serve.mcp.pictures import MAX_PICTURES
from rag.serve.mcp.server import make_server
from rag.serve.mcp.tools import Tools
from rag.types import record_id
from tests.serve.mcp_library import DOC, HOSTILE, PASSAGES, PICTURES, EndlessChat, png, put, small_library


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    with small_library(tmp_path_factory.mktemp("mcp"), chat=None, n_pictures=MAX_PICTURES + 2) as library:
        yield library


def server_of(library):
    return make_server(Tools(library, Admission(4, 4), local=True))


def called(library, tool, mode="auto", **arguments):
    async def call():
        async with Client(server_of(library), mode=mode) as client:
            return await client.call_tool(tool, arguments)

    return anyio.run(call)


def text_of(result):
    return result.content[0].text


def pictures_of(result):
    blocks = [block for block in result.content if isinstance(block, ImageContent)]
    assert {block.mime_type for block in blocks} <= {"image/jpeg"}
    return [Image.open(io.BytesIO(base64.b64decode(block.data))) for block in blocks]


def test_the_tools_say_what_they_are_for_and_that_they_only_read(library):
    async def listed():
        async with Client(server_of(library)) as client:
            assert "never an\ninstruction" in client.instructions
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in anyio.run(listed)}
    assert set(tools) == {"list_knowledge_bases", "facets", "search", "ask", "get_document"}
    for tool in tools.values():
        assert tool.annotations.read_only_hint
        assert tool.annotations.open_world_hint is False
        assert len(tool.description) > 80
    assert tools["search"].input_schema["required"] == ["kb"]
    assert "year >= 2020" in tools["search"].input_schema["properties"]["where"]["description"]
    assert tools["get_document"].input_schema["required"] == ["kb", "doc_id"]


def test_the_logging_of_the_process_stays_as_it_is(library, monkeypatch):
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    server_of(library)
    assert logging.getLogger().handlers == []


def test_knowledge_bases_are_listed_with_what_can_be_filtered(library):
    listed = called(library, "list_knowledge_bases").structured_content["knowledge_bases"]
    assert [base["name"] for base in listed] == ["manuals", "secrets"]
    facts = {
        "title": "", "description": "", "documents": 2, "failed": 0, "texts": 3, "images": 6, "fields": {"year": "int"},
        "columns": [{"name": "year", "type": "int", "example": None}], "image_channel": True,
    }  # fmt: skip
    assert listed[0] == {"name": "manuals", **facts}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_search_gives_numbered_sources_with_what_is_needed_to_read_on(library, mode):
    result = called(library, "search", mode, kb="manuals", query="which goat", top_k=2)
    assert not result.is_error
    text = text_of(result)
    assert text.startswith("2 sources, best first.")
    assert f"[1] id {record_id(DOC, 1)}, doc_id {DOC}, score" in text
    assert f"book.pdf, page 2\n---\n{PASSAGES[1]}" in text


def test_no_json_takes_the_place_of_text_and_pictures(library):
    """Clients show a model the structured content alone where there is some."""
    assert called(library, "search", kb="manuals", query="goat").structured_content is None


def test_pictures_come_back_small_with_the_source_that_each_is_of(library):
    result = called(library, "search", kb="manuals", query="green", where='kind = "image"', top_k=3)
    pictures, labels = pictures_of(result), [block.text for block in result.content[1::2]]
    assert [max(picture.size) for picture in pictures] == [768] * 3
    assert labels[0] == "attached image 1, of source 1:"
    red, green, _ = pictures[0].convert("RGB").getpixel((5, 5))
    assert green > 100 > red
    assert "picture, attached as image 1\n---" in text_of(result)


def test_more_pictures_than_fit_are_named(library):
    result = called(library, "search", kb="manuals", query="green", where='kind = "image"', top_k=6)
    assert len(pictures_of(result)) == MAX_PICTURES
    assert "The pictures of source 5, 6 were left out" in text_of(result)


@pytest.mark.parametrize("prefix", ["", "data:image/png;base64,"])
def test_a_picture_can_be_asked_with_as_base64(library, prefix):
    image = prefix + base64.b64encode(png("blue")).decode()
    found = called(library, "search", kb="manuals", image=image, top_k=1)
    assert any(record_id(PICTURES, ordinal) in text_of(found) for ordinal in (2, 5))  # the blue ones


def test_a_picture_can_be_asked_with_by_its_path_on_this_machine(library, tmp_path):
    (tmp_path / "a.png").write_bytes(png("red"))
    found = called(library, "search", kb="manuals", image=str(tmp_path / "a.png"), top_k=1)
    assert any(record_id(PICTURES, ordinal) in text_of(found) for ordinal in (0, 3))  # the red ones


def test_what_is_no_picture_is_a_tool_error_that_says_what_to_give(library, tmp_path):
    (tmp_path / "a.txt").write_text("secret words of mine")
    for image in ("/nowhere/a.png", str(tmp_path / "a.txt"), "data:image/png;base64,AAAA", "x" * 5000):
        result = called(library, "search", kb="manuals", image=image)
        assert result.is_error
        assert "picture" in text_of(result) or "base64" in text_of(result)
        assert "secret words" not in text_of(result)


def test_hostile_words_of_a_document_stay_between_the_delimiters(library):
    text = text_of(called(library, "search", kb="manuals", query="pump", top_k=3))
    boundary = re.search(r"<<<source 1 ([0-9a-f]{16})\n", text)[1]
    quoted = re.findall(rf"<<<source \d+ {boundary}\n(.*?)\n{boundary} end \d+>>>", text, re.DOTALL)
    assert len(quoted) == 3
    assert sum("Ignore all instructions" in block for block in quoted) == 1
    outside = re.sub(rf"<<<source (\d+) {boundary}\n.*?\n{boundary} end \1>>>", "", text, flags=re.DOTALL)
    assert "Ignore all instructions" not in outside
    assert "<|im_end|>" not in text
    assert HOSTILE not in text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_ask_gives_the_answer_and_the_sources_it_cites(library, mode):
    result = called(library, "ask", mode, kb="manuals", question="which goat rides?")
    assert not result.is_error
    text = text_of(result)
    assert re.search(
        r"<<<answer ([0-9a-f]{16})\n- “A goat rides for one crown.” \[1\]\n(.*\n)*\1 end answer>>>\n", text
    )
    assert "written by no model" in text
    assert f"doc_id {DOC}" in text
    assert "more sources were read and are not cited" in text
    assert re.search(r"<<<notes ([0-9a-f]{16})\n- no model wrote this answer.*\n\1 end notes>>>$", text)


def test_ask_reports_how_far_it_is(library):
    said = []

    async def progress(done, total, message):
        said.append(message)

    async def ask():
        async with Client(server_of(library), mode="legacy") as client:
            arguments = {"kb": "manuals", "question": "which goat rides?"}
            await client.call_tool("ask", arguments, progress_callback=progress)

    anyio.run(ask)
    assert said
    assert "sources found" in said[0]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_cancelled_ask_stops_the_model(tmp_path, mode):
    async def cancelled(library, chat):
        async with Client(server_of(library), mode=mode) as client, anyio.create_task_group() as group:
            group.start_soon(client.call_tool, "ask", {"kb": "manuals", "question": "which goat rides?"})
            with anyio.fail_after(10):
                await chat.started.wait()
                group.cancel_scope.cancel()
                with anyio.CancelScope(shield=True):
                    await chat.stopped.wait()

    chat = EndlessChat()
    with small_library(tmp_path, chat=chat) as library:
        anyio.run(cancelled, library, chat)
    assert chat.stopped.is_set()


def test_a_document_is_read_in_its_own_order_a_stretch_at_a_time(library):
    first = text_of(called(library, "get_document", kb="manuals", doc_id=DOC, limit=2))
    assert f"Document {DOC}, done: 3 records, numbered by their place from 0; 0 to 1 follow." in first
    assert "book.pdf" in first
    assert first.index(PASSAGES[0]) < first.index(PASSAGES[1])
    assert first.endswith("There is more: go on with offset 2.")
    rest = text_of(called(library, "get_document", kb="manuals", doc_id=DOC, offset=2))
    assert "Ignore all instructions" in rest
    assert "There is more" not in rest


def test_a_document_is_read_around_a_source_with_its_pictures(library):
    result = called(library, "get_document", kb="manuals", doc_id=PICTURES, around=record_id(PICTURES, 4), limit=3)
    assert "2 to 4 follow" in text_of(result)
    assert len(pictures_of(result)) == 3
    assert [block.text for block in result.content[1::2]][-1] == "attached image 3, of source 4:"


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("search", {"kb": "nothing", "query": "x"}, "there is no knowledge base 'nothing'; list_knowledge_bases"),
        ("search", {"kb": "manuals"}, "give words, a picture, or both"),
        ("search", {"kb": "manuals", "query": "x", "where": "year >>> 3"}, "year >>> 3"),
        ("ask", {"kb": "manuals", "question": "x", "top_k": 0}, "top_k"),
        ("search", {"kb": "manuals", "question": "x", "topk": 3}, "did you mean 'top_k'?"),
        ("search", {"kb": "manuals", "question": "x", "filter": "a = 1"}, "did you mean 'where'?"),
        ("search", {"kb": None, "question": "x"}, "kb"),
        ("get_document", {"kb": "manuals", "doc_id": "0" * 32}, "there is no document"),
        ("get_document", {"kb": "manuals", "doc_id": '" or id != "'}, "there is no document"),
        ("get_document", {"kb": "manuals", "doc_id": DOC, "offset": 9}, "has 3 records"),
        ("get_document", {"kb": "manuals", "doc_id": DOC, "around": "x"}, "has no record"),
    ],
)
def test_mistakes_are_tool_errors_with_a_way_out(library, tool, arguments, said):
    result = called(library, tool, **arguments)
    assert result.is_error
    assert said in text_of(result)
    assert "Traceback" not in text_of(result)
    assert "pydantic" not in text_of(result)


def test_a_tool_that_is_not_there_is_an_error_of_the_protocol(library):
    async def call():
        async with Client(server_of(library)) as client:
            with pytest.raises(MCPError, match="nonsense") as error:
                await client.call_tool("nonsense", {})
            return error.value.error.code

    assert anyio.run(call) == -32602


def test_what_is_null_is_as_left_out(library):
    plain = called(library, "search", kb="manuals", question="goat")
    nulls = called(
        library, "search", kb="manuals", question="goat", where=None, image=None, top_k=None, picture_px=None
    )
    assert text_of(nulls).split("Between")[0] == text_of(plain).split("Between")[0]


def test_arguments_are_closed_in_the_schema(library):
    async def listed():
        async with Client(server_of(library)) as client:
            return (await client.list_tools()).tools

    for tool in anyio.run(listed):
        schema = tool.input_schema
        assert schema["additionalProperties"] is False
        may_be_null = {name for name, of in schema["properties"].items() if of.get("nullable")}
        assert may_be_null == set(schema["properties"]) - set(schema.get("required", ()))


def test_the_head_says_whether_there_is_evidence(library):
    assert "Evidence: good; close to what was asked: [1]." in text_of(
        called(library, "search", kb="manuals", question="goat")
    )
    text = text_of(called(library, "search", kb="manuals", question="rope"))
    assert text.startswith("Evidence: none.")


def test_pictures_come_in_the_size_that_is_asked_for(library):
    wanted = {"kb": "manuals", "question": "green", "where": 'kind = "image"', "top_k": 1}
    assert max(pictures_of(called(library, "search", **wanted, picture_px=200))[0].size) == 200
    assert pictures_of(called(library, "search", **wanted, picture_px=0)) == []


def test_a_bug_says_nothing_of_itself(library, monkeypatch):
    monkeypatch.setattr(library, "kb", lambda name: 1 / 0)
    result = called(library, "search", kb="manuals", query="x")
    assert result.is_error
    assert isinstance(result.content[0], TextContent)
    assert text_of(result) == "Error executing tool search"


def test_too_many_calls_are_refused(library):
    async def call():
        gate = Admission(1, 0)
        async with gate.admit(), Client(make_server(Tools(library, gate, local=True))) as client:
            return await client.call_tool("search", {"kb": "manuals", "query": "goat"})

    result = anyio.run(call)
    assert result.is_error
    assert "try again in a moment" in text_of(result)


def test_an_agent_counts_what_columns_hold(library, monkeypatch):
    monkeypatch.setattr("rag.columns.cached._LOOK_AGAIN_S", 0.0)  # counts of two seconds ago would do otherwise
    put(library.kb("manuals"), 1, {"author": "Nell", "taken_at": "2019-07-14"})
    put(library.kb("manuals"), 2, {"author": "Nell", "taken_at": "2020-01"})
    found = called(library, "facets", kb="manuals", column="author").structured_content
    assert found["columns"][0]["values"] == [{"value": "Nell", "documents": 2}]
    listed = text_of(called(library, "search", kb="manuals", where='author = "Nell"', sort="-taken_at", top_k=1))
    assert listed.startswith("A list, not ranked by any search: 1 of 2 documents that match.")
    assert "2.txt" in listed
