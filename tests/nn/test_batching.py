import torch

from rag.nn.batching import TOKENS_A_BATCH, run_by_length
from rag.nn.device import CPU
from rag.nn.text_parts import fitting_parts, halves


def batches_of(items):
    """Results (the items doubled) and the batches that made them."""
    seen = []

    def run(batch):
        seen.append(list(batch))
        return [2 * item for item in batch]

    return run_by_length(items, lambda item: item, run, CPU), seen


def test_results_come_in_the_order_of_the_items():
    items = torch.randperm(300, generator=torch.Generator().manual_seed(0)).tolist()
    results, _ = batches_of(items)
    assert results == [2 * item for item in items]


def test_what_goes_together_is_of_about_the_same_length_and_the_longest_goes_first():
    _, seen = batches_of([3, 100, 2, 90, 8, 9, 70, 15])
    assert seen == [[100, 90, 70], [15, 9, 8], [3, 2]]


def test_a_batch_with_its_padding_has_at_most_so_many_tokens():
    _, seen = batches_of([1000 - n % 400 for n in range(64)])
    assert all(max(batch) * len(batch) <= TOKENS_A_BATCH for batch in seen)
    assert len(seen) <= 64 // 4


def test_an_item_that_is_longer_than_a_batch_goes_alone():
    _, seen = batches_of([3 * TOKENS_A_BATCH, 3 * TOKENS_A_BATCH])
    assert [len(batch) for batch in seen] == [1, 1]


def test_nothing_gives_nothing_and_items_without_tokens_are_no_trouble():
    assert batches_of([]) == ([], [])
    assert batches_of([0, 0]) == ([0, 0], [[0, 0]])


def test_a_text_is_cut_behind_a_space_and_no_letter_is_lost():
    assert halves("one two three") == ("one ", "two three")
    assert halves("ab") == ("a", "b")
    text = "one two three  four" * 7
    parts = fitting_parts(text, lambda part: len(part.split()) <= 2)
    assert "".join(parts) == text
    assert all(len(part.split()) <= 2 for part in parts)


def test_a_single_character_is_a_part_even_where_it_does_not_fit():
    assert fitting_parts("abc", lambda part: False) == ["a", "b", "c"]
    assert fitting_parts("", lambda part: False) == [""]
