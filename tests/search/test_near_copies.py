"""Two revisions of a manual are enough before something else is heard."""

from fakes import record

from rag.search import near_copies
from rag.search.near_copies import AMONG, _are_near, spread

VALVE = "The safety valve of the boiler lifts at 9 bar and is tested every Friday in spring, revision {} by the stoker."


def copies(n):
    return [record(f"v{at}", VALVE.format(at)) for at in range(n)]


def others(n):
    return [record(f"o{at}", " ".join(f"word{at}x{i}" for i in range(20))) for at in range(n)]


def test_of_near_copies_two_are_among_the_first_ten_and_none_is_lost():
    records = [*copies(12), *others(20)]
    order = spread(range(32), records, [0] * 32)
    assert sorted(order) == list(range(32))
    assert [index for index in order[:AMONG] if index < 12] == [0, 1]
    assert order[AMONG : AMONG + 10] == list(range(2, 12))


def test_where_there_are_no_others_the_order_stays():
    assert spread(range(12), copies(12), [0] * 12) == list(range(12))


def test_what_is_equal_to_the_letter_takes_no_room():
    records = [record(f"c{at}", VALVE.format(0)) for at in range(5)] + copies(3)[1:] + others(20)
    order = spread(range(27), records, [0] * 27)
    assert order[:6] == [0, 1, 2, 3, 4, 5]
    assert order.index(6) == 4 + AMONG  # four of the five copies take no room


def test_short_texts_and_pictures_are_not_copies_of_each_other():
    short = [record(f"s{at}", f"Clause {at} holds.") for at in range(5)]
    pictures = [record(f"p{at}", VALVE.format(at), kind="image") for at in range(5)]
    assert spread(range(10), [*short, *pictures], [0] * 10) == list(range(10))


def test_nothing_is_moved_behind_what_is_of_a_lower_tier():
    records = [*copies(4), *others(20)]
    order = spread(range(24), records, [1] * 4 + [0] * 20)
    assert order == list(range(24))


def test_a_thousand_candidates_are_compared_with_the_first_ten_alone(monkeypatch):
    compared = []

    def counted(words, others):
        compared.append(1)
        return _are_near(words, others)

    monkeypatch.setattr(near_copies, "_are_near", counted)
    spread(range(1000), copies(1000), [0] * 1000)
    spread(range(1000), others(1000), [0] * 1000)
    assert len(compared) <= AMONG * 2000
