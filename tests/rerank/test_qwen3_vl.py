"""A real Qwen3-VL with random weights as a reranker, held to the family's recipe on the same folder."""

import io

import pytest
import torch
from PIL import Image
from transformers import Qwen3VLForConditionalGeneration

from rag.errors import ModelError
from rag.hub.names import LocalModel
from rag.nn.device import CPU
from rag.rerank import make_reranker, qwen3_vl
from rag.rerank.qwen3 import Qwen3Reranker
from rag.rerank.qwen3_vl import DEFAULT_INSTRUCTION, SYSTEM, Qwen3VLReranker
from rag.trace import Trace
from tests.embed import qwen3_vls
from tests.embed.qwen3_vls import IMAGE
from tests.rerank import qwen3s

QUERY = "how old is the bridge"
PASSAGES = [
    "the bridge was built in 1890",
    "cats like fish",
    " spaces ",
    "東京 🙂\n\nit is old",
    "a stone bridge " * 40,
]


def photo(width, height):
    return Image.effect_noise((width, height), 90).convert("RGB")


def png(image):
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


PICTURES = [photo(90, 200), photo(64, 64), photo(170, 40)]


@pytest.fixture(scope="module", params=[True, False], ids=["tied", "own head"])
def folder(request, tmp_path_factory):
    return qwen3_vls.save(tmp_path_factory.mktemp("tiny-qwen3-vl"), tied=request.param)


@pytest.fixture(scope="module")
def reranker(folder):
    return Qwen3VLReranker(folder)


@pytest.fixture(scope="module")
def recipe(folder):
    made = qwen3_vls.Recipe(folder, Qwen3VLForConditionalGeneration)

    def probability(query, passage, *pictures, instruction=DEFAULT_INSTRUCTION):
        user = f"<Instruct>: {instruction}<Query>:{query}\n<Document>:{passage}"
        return made.probability(SYSTEM, user, pictures)

    return probability


def test_words_get_the_scores_of_the_recipe(reranker, recipe):
    expected = [recipe(QUERY, passage) for passage in PASSAGES]
    assert max(expected) - min(expected) > 0.05
    assert reranker.score(QUERY, PASSAGES) == pytest.approx(expected, abs=1e-4)


def test_pictures_with_and_without_words_get_the_scores_of_the_recipe(reranker, recipe):
    passages = ["", "a stone bridge", "cats like fish", ""]
    expected = [
        recipe(QUERY, IMAGE, PICTURES[0]),
        recipe(QUERY, f"{IMAGE}a stone bridge", PICTURES[1]),
        recipe(QUERY, "cats like fish"),
        recipe(QUERY, IMAGE, PICTURES[2]),
    ]
    pictures = [png(PICTURES[0]), png(PICTURES[1]), None, png(PICTURES[2])]
    assert reranker.score_with_pictures(QUERY, passages, pictures=pictures) == pytest.approx(expected, abs=1e-4)
    assert abs(expected[1] - recipe(QUERY, "a stone bridge")) > 1e-3  # what is to be seen counts


@pytest.mark.parametrize("query", ["was it built of stone", ""])
def test_a_question_can_be_a_picture(reranker, recipe, query):
    expected = [
        recipe(f"{IMAGE}{query}", "cats like fish", PICTURES[0]),
        recipe(f"{IMAGE}{query}", IMAGE, PICTURES[0], PICTURES[1]),
    ]
    scores = reranker.score_with_pictures(
        query, ["cats like fish", ""], image=png(PICTURES[0]), pictures=[None, png(PICTURES[1])]
    )
    assert scores == pytest.approx(expected, abs=1e-4)


def test_packs_and_batches_change_nothing(reranker, monkeypatch):
    pictures = [png(PICTURES[0]), None, None, png(PICTURES[2]), None]
    whole = reranker.score_with_pictures(QUERY, PASSAGES, pictures=pictures)
    monkeypatch.setitem(qwen3_vl.PACK_TOKENS, "cpu", 150)
    assert reranker.score_with_pictures(QUERY, PASSAGES, pictures=pictures) == pytest.approx(whole, abs=1e-5)


def test_the_factory_knows_the_folder_and_gives_the_instruction(folder, recipe):
    made = make_reranker(
        str(folder),
        lambda: pytest.fail("it needs no text embedder"),
        find=lambda name: LocalModel(name, folder, identity="org/name@1"),
        placement=lambda: CPU,
        instruction="Find fish.",
    )
    assert made.abilities.sighted is made
    assert made.name == "org/name@1"
    expected = recipe(QUERY, "cats like fish", instruction="Find fish.")
    assert made.score(QUERY, ["cats like fish"]) == pytest.approx([expected], abs=1e-4)


def test_a_reranker_of_words_is_not_sighted(tmp_path):
    assert Qwen3Reranker(qwen3s.save(tmp_path)).abilities.sighted is None


def test_a_picture_that_cannot_be_decoded_is_judged_by_its_words(reranker):
    trace = Trace()
    scores = reranker.score_with_pictures(
        QUERY, ["cats like fish", ""], pictures=[b"no picture", b"\x89PNG\r\n\x1a\n"], trace=trace
    )
    assert scores[0] == pytest.approx(reranker.score(QUERY, ["cats like fish"])[0], abs=1e-5)
    assert scores[1] is None
    assert list(map(str, trace.notes)) == ["the reranker could not read 2 pictures and went by their words"]


def test_a_question_whose_picture_cannot_be_decoded_goes_by_its_words(reranker):
    trace = Trace()
    plain = reranker.score(QUERY, PASSAGES[:2])
    nothing = [None, None]
    assert reranker.score_with_pictures(
        QUERY, PASSAGES[:2], image=b"none", pictures=nothing, trace=trace
    ) == pytest.approx(plain, abs=1e-6)
    assert reranker.score_with_pictures("", PASSAGES[:2], image=b"none", pictures=nothing) == nothing
    assert list(map(str, trace.notes)) == ["the reranker could not read the question's picture"]


def test_what_is_empty_is_not_scored(reranker):
    assert [score is None for score in reranker.score(QUERY, ["", "cats", " \n"])] == [True, False, True]
    assert reranker.score("", ["cats"]) == [None]
    assert reranker.score(QUERY, []) == []


def test_long_words_are_cut_at_their_end_and_that_is_said(folder):
    short, trace = Qwen3VLReranker(folder, max_tokens=200), Trace()
    one, other = short.score(QUERY, ["bridge " * 200, "bridge " * 200 + "fish"], trace=trace)
    assert one == pytest.approx(other, abs=1e-6)
    assert list(map(str, trace.notes)) == ["the reranker read only the beginning of 2 candidates (200 tokens)"]
    assert short.score("bridge " * 150, ["a"], trace=trace) == [None]
    assert "question is too long" in trace.notes[1].text


def test_without_time_nothing_is_scored_and_that_is_said(reranker):
    trace = Trace()
    assert reranker.score(QUERY, ["cats", "fish"], deadline_s=0.0, trace=trace) == [None, None]
    assert list(map(str, trace.notes)) == ["the reranker had no time for 2 of 2 candidates (RAG_RERANK_BUDGET_S)"]


def test_what_does_not_fit_into_memory_keeps_its_place_and_the_rest_is_scored(reranker, monkeypatch):
    whole, run = reranker.score(QUERY, PASSAGES), reranker._model.last_hidden

    def crowded(prompts):
        if sum(map(len, prompts)) > 180:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
        return run(prompts)

    trace = Trace()
    monkeypatch.setattr(reranker._model, "last_hidden", crowded)
    scores = reranker.score(QUERY, PASSAGES, trace=trace)
    assert scores == pytest.approx([*whole[:4], None], abs=1e-5)
    assert "1 of 5 candidates did not fit into the memory of cpu float32" in trace.notes[0].text


def test_what_is_no_number_is_no_score(reranker, monkeypatch):
    trace = Trace()
    monkeypatch.setattr(reranker._model, "last_hidden", lambda prompts: torch.full((len(prompts), 32), torch.nan))
    assert reranker.score(QUERY, ["cats", "fish"], trace=trace) == [None, None]
    assert "gave no number for 2 of 2" in trace.notes[0].text


def test_another_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"it has no token <.vision_start"):
        Qwen3VLReranker(qwen3s.save(tmp_path))
