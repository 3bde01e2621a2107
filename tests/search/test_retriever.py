import io

import pytest
from fakes import ColourEmbedder, FixedReader, MemoryStore, TopicEmbedder, record
from PIL import Image

from rag.errors import ImageError
from rag.ports import KbSpec, RerankerAbilities
from rag.rerank.maxsim import MaxSimReranker
from rag.search.retriever import Retriever, RetrieverOptions
from rag.trace import Note
from rag.types import EmbeddedRecord, Query

TEXTS, COLOURS = TopicEmbedder(), ColourEmbedder()
SPEC = KbSpec(TEXTS.fingerprint, TEXTS.dim, COLOURS.fingerprint, COLOURS.dim)
FILLER = [EmbeddedRecord(record(f"filler{i}", f"word{i}"), TEXTS.embed_query(f"word{i}"), None) for i in range(20)]


def passage(name, text):
    return EmbeddedRecord(record(name, text), TEXTS.embed_query(text), None)


def picture(name, colour, text="", **metadata):
    image = Image.new("RGB", (8, 8), colour)
    vector = TEXTS.embed_query(text) if text else None
    return EmbeddedRecord(record(name, text, "image", **metadata), vector, COLOURS.embed_images([image])[0])


def png(colour):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "PNG")
    return out.getvalue()


def retriever(rows, *, images=True, reranker=None, read="", lexical=True, asset=None, **options):
    return Retriever(
        MemoryStore(SPEC, [*FILLER, *rows], lexical=lexical),
        SPEC,
        text_embedder=TEXTS,
        image_embedder=COLOURS if images else None,
        reranker=reranker,
        reader=lambda: FixedReader(read) if read else None,
        options=RetrieverOptions(**options),
        asset=asset,
    )


def names(result):
    return [hit.record.id for hit in result.hits]


def test_words_find_the_passage_about_them():
    result = retriever([passage("p", "the pump leaks"), passage("b", "the bell rings")]).search(Query("pump", top_k=1))
    assert names(result) == ["p"]


def test_words_find_a_picture_that_has_no_words():
    rows = [picture("sunset", "red"), picture("lawn", "green"), picture("sea", "blue")]
    assert names(retriever(rows).search(Query("red", top_k=1))) == ["sunset"]


def test_a_picture_finds_pictures_of_its_kind():
    rows = [picture("sunset", "red"), picture("rose", (250, 10, 5)), picture("sea", "blue")]
    assert set(names(retriever(rows).search(Query(image=png("red"), top_k=2)))) == {"sunset", "rose"}


def test_words_inside_a_query_picture_are_read_and_searched():
    found = retriever([passage("p", "the pump leaks")], images=False, read="pump").search(
        Query(image=png("red"), top_k=1)
    )
    assert names(found) == ["p"]
    assert any("read in the picture: 'pump'" in note.text for note in found.notes)


def test_a_long_text_in_a_query_picture_is_cut_and_that_is_said():
    found = retriever([passage("p", "pump")], images=False, read="pump " * 200).search(Query(image=png("red"), top_k=1))
    assert names(found) == ["p"]
    assert any("only these first 600 characters are searched" in note.text for note in found.notes)


def test_words_and_a_picture_count_together():
    rows = [
        picture("red pump", "red", "pump"),
        picture("red bell", "red", "bell"),
        picture("blue pump", "blue", "pump"),
    ]
    assert names(retriever(rows).search(Query("pump", image=png("red"), top_k=1))) == ["red pump"]


def test_a_record_in_one_channel_only_can_win():
    rows = [passage("only text", "pump pump"), picture("both", "green", "goat")]
    assert names(retriever(rows).search(Query("pump", top_k=1))) == ["only text"]


def test_every_hit_explains_itself():
    hit = retriever([picture("p", "red", "pump")]).search(Query("red pump", top_k=1)).hits[0]
    assert hit.channels["image"].rank == 1
    assert hit.channels["text"].raw == pytest.approx(1.0, abs=0.15)
    assert hit.channels["lexical"].raw == 1.0
    assert hit.fused == hit.score
    assert hit.rerank is None


def test_how_far_pictures_spread_from_words_counts_in_the_image_channel_only(monkeypatch):
    rows = [picture("p", "red", "pump"), picture("sea", "blue")]
    narrow = retriever(rows).search(Query("red pump")).hits[0].channels
    monkeypatch.setattr(ColourEmbedder, "background_std", 0.9)
    wide = retriever(rows).search(Query("red pump")).hits[0].channels
    assert wide["image"].calibrated < narrow["image"].calibrated
    assert wide["text"] == narrow["text"]


def test_a_score_that_a_channel_did_not_return_is_completed():
    rows = [picture(f"red{i}", "red", "goat") for i in range(3)] + [passage("p", "pump")]
    hits = retriever(rows, n_candidates=2).search(Query("red goat", top_k=20)).hits
    completed = [hit for hit in hits if hit.channels["text"].rank is None]
    assert completed == [] or all(hit.channels["text"].raw is not None for hit in completed)
    assert all(hit.channels["image"].raw is None for hit in hits if hit.record.id.startswith("filler"))


def test_a_channel_that_is_off_is_said():
    result = retriever([passage("p", "pump")], images=False, lexical=False).search(Query("pump"))
    assert {note.code for note in result.notes} == {"image_channel_off", "no_bm25"}
    assert set(result.hits[0].channels) == {"text"}


def test_the_reranker_reorders_and_its_score_is_kept():
    rows = [passage("p", "pump rope rope rope"), passage("q", "pump")]
    result = retriever(rows, images=False, reranker=MaxSimReranker(TEXTS)).search(Query("pump", top_k=2))
    assert names(result)[0] == "q"
    assert result.hits[0].rerank == pytest.approx(1.0)


def test_a_reranker_that_fails_leaves_the_fused_order_and_says_so():
    class Broken:
        name, share, abilities = "broken", 1.0, RerankerAbilities()

        def score(self, query, passages, *, deadline_s=None, trace=None):
            raise RuntimeError("no memory")

    rows = [passage("p", "pump"), passage("b", "bell")]
    result = retriever(rows, images=False, reranker=Broken()).search(Query("pump", top_k=1))
    assert names(result) == ["p"]
    assert Note("reranker_failed", "the reranker 'broken' failed (no memory); the fused order stands") in result.notes


class Backwards:
    """Likes what came last."""

    name, share, abilities = "backwards", 1.0, RerankerAbilities()

    def __init__(self):
        self.seen = []

    def score(self, query, passages, *, deadline_s=None, trace=None):
        self.seen = list(passages)
        return list(range(len(passages)))


class BackwardsInProse(Backwards):
    abilities = RerankerAbilities(prose_only=True)


def test_a_reranker_for_prose_moves_passages_and_leaves_pictures_where_they_are():
    rows = [passage("p1", "pump"), passage("p2", "pump pump"), picture("red pump", "red", "pump")]
    fused = retriever(rows).search(Query("red pump", top_k=50))
    judge = BackwardsInProse()
    hits = retriever(rows, reranker=judge).search(Query("red pump", top_k=50)).hits
    assert {hit.record.id: hit.rerank is None for hit in hits if hit.record.kind == "image"} == {"red pump": True}
    assert "pump" in judge.seen
    assert len(judge.seen) == RetrieverOptions().n_reranked - 1
    assert names(fused)[0] == "red pump"
    assert fused.hits[0].fused == next(hit.fused for hit in hits if hit.record.id == "red pump")
    assert [hit.record.id for hit in hits if hit.rerank is not None] != [
        id_ for id_ in names(fused) if id_ != "red pump"
    ]


def test_a_question_that_leans_on_others_is_judged_with_them_pictures_too():
    class Attentive(BackwardsInProse):
        share = 0.25

        def score(self, query, passages, *, deadline_s=None, trace=None):
            self.query = query
            return super().score(query, passages, deadline_s=deadline_s, trace=trace)

    rows = [passage("p1", "pump"), picture("red pump", "red", "pump")]
    judge = Attentive()
    asked = Query("and red?", top_k=50, recalled="and red? (pump)", spoken="Which pump? and red?")
    hits = {hit.record.id: hit for hit in retriever(rows, reranker=judge).search(asked).hits}
    assert judge.query == "Which pump? and red?"
    assert hits["red pump"].rerank is not None
    alone = retriever(rows, reranker=judge).search(Query("red pump", top_k=50)).hits
    assert next(hit for hit in alone if hit.record.id == "red pump").rerank is None


def test_where_a_reranker_judged_nothing_the_fused_order_and_scores_stand():
    rows = [picture("sunset", "red", "pump"), picture("rose", (250, 10, 5), "pump")]
    judge = BackwardsInProse()
    found = retriever(rows, reranker=judge, n_reranked=2).search(Query("red pump", top_k=2))
    assert judge.seen == []
    assert [hit.score for hit in found.hits] == [hit.fused for hit in found.hits]
    assert retriever(rows, reranker=Backwards(), n_reranked=2).search(Query("red pump", top_k=2)).hits[0].rerank == 1


def test_a_reranker_out_of_time_is_said():
    rows = [passage(f"p{i}", "pump") for i in range(3)]
    slow = MaxSimReranker(TEXTS)
    result = retriever(rows, images=False, reranker=slow, rerank_budget_s=-1.0).search(Query("pump", top_k=3))
    assert any("had no time for" in note.text for note in result.notes)
    assert len(result) == 3


def test_every_fusion_finds_the_same_clear_winner():
    for fusion in ("calibrated", "rrf", "weighted"):
        rows = [passage("p", "pump"), passage("b", "bell")]
        assert names(retriever(rows, images=False, fusion=fusion).search(Query("pump", top_k=1))) == ["p"]


def test_copies_of_a_picture_become_one_hit_with_all_its_paths():
    same = {"dhash": "00ff00ff00ff00ff", "width_px": 8, "height_px": 8}
    others = [picture(colour, colour) for colour in ("blue", "green", "navy")]
    rows = [picture("a", "red", **same), picture("b", "red", **same), *others]
    result = retriever(rows).search(Query("red", top_k=5))
    assert names(result)[0] in {"a", "b"}
    assert {result[0].record.source, *result[0].also} == {"dump/a", "dump/b"}


def test_bytes_that_are_no_picture_are_refused():
    with pytest.raises(ImageError):
        retriever([]).search(Query(image=b"no picture"))


def test_an_empty_knowledge_base_finds_nothing():
    empty = retriever([])
    empty._kb.rows = {}
    assert names(empty.search(Query("pump"))) == []


def test_results_are_json():
    import json

    result = retriever([picture("p", "red", "pump")], reranker=MaxSimReranker(TEXTS)).search(Query("red pump"))
    assert json.loads(json.dumps(result.to_dict()))["hits"][0]["record"]["id"] == "p"


def test_asking_for_more_hits_does_not_change_what_a_hit_is_worth():
    rows = [passage(f"p{i}", "pump " * (1 + i % 3)) for i in range(15)]
    few, many = (retriever(rows, n_candidates=20).search(Query("pump", top_k=k)).hits for k in (3, 200))
    assert [(hit.record.id, hit.fused) for hit in few] == [(hit.record.id, hit.fused) for hit in many[:3]]


def test_a_question_that_no_channel_understands_is_said_to_be_one():
    found = retriever([passage("p", "pump")], images=False).search(Query(image=png("red")))
    assert not found.hits
    assert any("no channel could be searched" in note.text for note in found.notes)


def columned(name, **columns):
    return EmbeddedRecord(record(name, "pump", columns=columns), TEXTS.embed_query("pump"), None)


@pytest.mark.parametrize(
    ("where", "notes"),
    [
        ("yaer = 2020", ["no record has a column 'yaer'; there are: author, year"]),
        ("columns.yaer = 2020 and not month > 3 or yaer in (1, 2)", ["'yaer'; there are", "'month'; there are"]),
        ("geo.lat > 3", ["'geo'; there are"]),
        ("exists(rare) and year = 1", []),  # a record has it, though not one of the first
        ("year = 1999", []),
        ("page = 999", []),
        ("source = 'absent'", []),
        ("not yaer = 1", []),
    ],
)
def test_a_column_that_no_record_has_is_named_where_a_filter_finds_nothing(where, notes):
    rows = [columned("a", year=2020), columned("b", year=2021, author="Ann")]
    rows += [EmbeddedRecord(record("c", "rope", columns={"rare": 1}), TEXTS.embed_query("rope"), None)]
    result = retriever(rows, n_candidates=2).search(Query("pump", where=where))
    said = [note.text for note in result.notes if note.code == "unknown_column"]
    assert [words in note for words, note in zip(notes, said, strict=True)] == [True] * len(notes)


def test_names_of_columns_are_shown_harmless_and_not_all():
    rows = [columned(f"r{i}", **{f"c{i:02}": i, "\x1b[31mred\n": 1}) for i in range(15)]
    (note,) = [n for n in retriever(rows).search(Query("pump", where="yaer = 1")).notes if n.code == "unknown_column"]
    assert note.text.isprintable()
    assert note.text.endswith(", ...")


def test_without_any_records_no_column_is_blamed():
    empty = Retriever(
        MemoryStore(SPEC), SPEC, text_embedder=TEXTS, image_embedder=None, reranker=None, reader=lambda: None,
        options=RetrieverOptions(),
    )  # fmt: skip
    assert not [n for n in empty.search(Query("pump", where="yaer = 1")).notes if n.code == "unknown_column"]
