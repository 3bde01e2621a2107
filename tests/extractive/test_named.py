"""Which of what a question names the sources have, and who speaks of another."""

from rag.extractive.named import Named
from rag.types import Hit, Record


def hit(text: str) -> Hit:
    return Hit(Record("a", "a", "a.md", "text", text), 1.0, {}, 1.0)


def test_what_no_source_has_is_not_asked_of_any() -> None:
    named = Named.of("What do E21 and E99 mean?", [hit("E21: the fan."), hit("E24: the lamp.")])
    assert [each.text for each, _ in named.certain] == ["E21"]
    assert [named.n_held(text) for text in ("E21 again", "E24")] == [1, 0]


def test_one_of_its_kind_is_another() -> None:
    named = Named.of("What is /etc/a.conf for, and E21?", [hit("/etc/a.conf and E21")])
    assert named.names_another("see /etc/b.conf")
    assert named.names_another("E24 is the lamp")
    assert not named.names_another("E21 sets /etc/a.conf in 10 minutes, KX-44/A too")


def test_a_word_with_its_number_is_weak() -> None:
    named = Named.of("How many beds has Heron 5?", [hit("Heron 5: 40")])
    assert (named.n_held("Heron 5"), named.n_weak("Heron 5: 40"), named.n_weak("Heron 6: 43")) == (0, 1, 0)
