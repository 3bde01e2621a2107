from fakes import record

from rag.search.near_duplicates import group, is_same

SHAPE = {"width_px": 100, "height_px": 80}


def image(name, dhash, read="", **metadata):
    texts = [{"origin": "ocr", "text": read}] if read else []
    return record(name, read, "image", dhash=dhash, texts=texts, **{**SHAPE, **metadata})


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


def test_spaces_and_capitals_do_not_make_another_passage():
    assert is_same(record("a", "The Same\n  words."), record("b", "the same words."))
    assert not is_same(record("a", "1.5 bar"), record("b", "15 bar"))


def test_the_first_stays_and_lists_the_sources_of_the_others_once():
    copies = [image(name, "ff00") for name in "abca"]
    assert group([*copies, record("t", "text")], limit=10) == {0: ("dump/b", "dump/c"), 4: ()}


def test_what_is_the_same_as_one_that_is_kept_is_listed_even_behind_the_limit():
    items = [record("a", "same"), record("b", "other"), record("c", "third"), record("d", "same")]
    assert group(items, limit=2) == {0: ("dump/d",), 1: ()}


def test_flat_pictures_without_words_are_not_taken_for_each_other():
    assert not is_same(image("poppy", "0" * 16), image("ocean", "0" * 16))
