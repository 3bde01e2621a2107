import base64
import io
import json
import subprocess
import sys

import anyio
from llama_index.core.schema import ImageNode, MetadataMode, QueryBundle, TextNode
from PIL import Image

from rag.integrations.llamaindex import MultimodalRetriever


def test_a_passage_is_a_text_node_with_its_score_and_metadata(kb):
    [found] = MultimodalRetriever(kb, k=1).retrieve("Which valve is closed first?")
    [hit] = kb.search("Which valve is closed first?", top_k=1)
    assert type(found.node) is TextNode
    assert (found.node.node_id, found.node.text, found.score) == (hit.record.id, hit.record.text, hit.score)
    assert found.metadata["source"] == "dump/pump.md"
    assert json.loads(json.dumps(found.metadata)) == found.metadata


def test_a_picture_is_asked_with_its_path_and_found_with_its_pixels(kb, picture):
    [found] = MultimodalRetriever(kb, k=1).retrieve(QueryBundle("", image_path=str(picture)))
    assert isinstance(found.node, ImageNode)
    with Image.open(io.BytesIO(base64.b64decode(found.node.image))) as image:
        assert image.size == (64, 64)
        assert Image.MIME[image.format] == found.node.image_mimetype


def test_the_async_twin_finds_the_same(kb, picture):
    retriever = MultimodalRetriever(kb, k=2, where='kind = "image"')
    query = QueryBundle("red", image_path=str(picture))
    assert anyio.run(retriever.aretrieve, query) == retriever.retrieve(query)


def test_a_model_reads_where_a_passage_is_from_but_no_scores(kb):
    [found] = MultimodalRetriever(kb, k=1).retrieve("Which valve is closed first?")
    for mode in (MetadataMode.LLM, MetadataMode.EMBED):
        assert found.node.get_content(mode).splitlines()[:2] == ["source: dump/pump.md", "title: Pump"]
        assert "score" not in found.node.get_content(mode)


def test_a_picture_that_is_gone_is_a_note(kb, picture, monkeypatch):
    monkeypatch.setattr(type(kb), "assets_uri", str(picture.parent / "nowhere"))
    [found] = MultimodalRetriever(kb, k=1).retrieve(QueryBundle("", image_path=str(picture)))
    assert found.node.image is None
    assert "ingest its document again" in found.metadata["notes"][-1]["text"]


def test_the_filter_and_the_number_of_nodes_are_the_retrievers(kb):
    assert len(MultimodalRetriever(kb, k=2).retrieve("valve")) == 2
    kinds = {found.metadata["kind"] for found in MultimodalRetriever(kb, where='kind = "text"').retrieve("valve")}
    assert kinds == {"text"}


def test_the_adapter_brings_no_heavy_package():
    code = "import sys, rag.integrations.llamaindex; print({'nltk', 'tiktoken', 'torch', 'pandas'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
