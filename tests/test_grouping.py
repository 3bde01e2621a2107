from fakes import record

from rag.grouping import group, is_same
from rag.types import Hit

SHAPE = {"width_px": 100, "height_px": 80}


def image(name, dhash, read="", **metadata):
    texts = [{"origin": "ocr", "text": read}] if read else []
    return record(name, read, "image", dhash=dhash, texts=texts, **{**SHAPE, **metadata})


def hit(item, score=1.0):
    return Hit(item, score, {}, score)


def test_a_resized_copy_is_the_same_picture():
    assert is_same(image("a", "ffffffffffffffff"), image("b", "fffffffffffffff0", width_px=50, height_px=40))


def test_charts_that_look_alike_but_say_other_things_are_different():
    a, b = image("a", "ff00", "rain in 2019 by month"), image("b", "ff00", "sunshine in 2021 by week")
    assert not is_same(a, b)


def test_a_different_shape_is_a_different_picture():
    assert not is_same(image("a", "ff00"), image("b", "ff00", width_px=300))


def test_pictures_without_a_hash_are_never_merged_by_it():
    assert not is_same(image("a", ""), image("b", ""))


def test_the_same_stored_picture_is_the_same():
    assert is_same(image("a", "", asset="x.webp"), image("b", "", asset="x.webp"))


def test_equal_passages_of_two_documents_merge_but_not_within_one():
    a, b = record("a", "same words"), record("b", "same words")
    assert is_same(a, b)
    assert not is_same(a, a)


def test_the_best_hit_stays_and_lists_the_others_once():
    copies = [hit(image(name, "ff00"), score) for name, score in (("a", 3.0), ("b", 2.0), ("c", 1.0))]
    kept = group([*copies, hit(record("t", "text"))])
    assert [h.record.id for h in kept] == ["a", "t"]
    assert kept[0].also == ("dump/b", "dump/c")


def test_flat_pictures_without_words_are_not_taken_for_each_other():
    assert not is_same(image("poppy", "0" * 16), image("ocean", "0" * 16))
