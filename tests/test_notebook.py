"""Results in notebooks and tables."""

import copy
import json
import pickle

import pytest
from fakes import record
from PIL import Image

import rag
from ingest.assets.writer import AssetStore
from rag import Answer, ChannelScore, Citation, Hit, Note, Record, SearchResult
from rag.notebook import as_html
from tests.serve.mcp_library import png

HOSTILE = "<img src=x onerror=alert(1)> & <b>$x$</b>"


@pytest.fixture
def hit(tmp_path):
    asset = AssetStore(str(tmp_path)).put(Image.new("RGB", (400, 200), "red"), png("red"), "image/png")
    metadata = {
        "asset": asset.id,
        "page": 2,
        "columns": {"year": 1999},
        "texts": [{"origin": "caption", "text": HOSTILE}],
    }
    seen = Record("r", "d", f"a/{HOSTILE}.png", "image", HOSTILE, metadata)
    return Hit(seen, 2.5, {"text": ChannelScore(0.5, 2.0, 1)}, 2.0, assets_uri=str(tmp_path))


def test_a_hit_gives_its_picture(hit):
    assert hit.picture().size == (400, 200)
    assert Hit(record("r", "words"), 1.0, {}, 1.0).picture() is None


def test_where_pictures_lie_is_handed_on_with_a_hit_but_not_in_its_json(hit):
    assert pickle.loads(pickle.dumps(hit)).picture().size == (400, 200)
    assert copy.deepcopy(hit) == hit
    assert "assets_uri" not in json.dumps(SearchResult((hit,)).to_dict())
    assert "earlier" not in Answer("x", (), (hit,), earlier=((1, hit),)).to_dict()


def test_notebooks_show_pictures_and_nothing_of_a_document_is_markup(hit):
    answer = Answer(f"{HOSTILE} [1]", (Citation(1, len(HOSTILE) + 1, 0),), (hit,), (Note("no_model", HOSTILE),))
    for shown in (hit, SearchResult((hit,), (Note("no_model", HOSTILE),)), answer):
        html = shown._repr_html_()
        assert "data:image/webp;base64," in html
        assert "<img src=x" not in html
        assert "<b>$" not in html
        assert "$x$" not in html
    link = answer._repr_html_().split('href="#')[1].split('"')[0]
    assert f'id="{link}"' in answer._repr_html_()


def test_a_picture_that_is_gone_is_left_out(hit, tmp_path):
    for stored in tmp_path.rglob("*.*"):
        stored.unlink()
    assert "<img" not in hit._repr_html_()


def test_other_things_have_no_form():
    with pytest.raises(TypeError):
        as_html(7)


def test_a_result_is_a_table_with_the_users_columns_behind(hit):
    pytest.importorskip("pandas")
    frame = SearchResult((hit, Hit(record("r", "words"), 1.0, {}, 1.0))).to_pandas()
    assert list(frame["score"]) == [2.5, 1.0]
    assert frame["columns.year"][0] == 1999
    assert next(iter(frame["page"])) == 2
    assert len(SearchResult(()).to_pandas()) == 0


def test_the_version_is_known_and_the_hints_count():
    from importlib.resources import files

    assert rag.__version__.count(".") == 2
    assert files("rag").joinpath("py.typed").is_file()
    assert files("ingest").joinpath("py.typed").is_file()
