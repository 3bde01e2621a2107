import pytest

from rag.text.accents import unaccented


@pytest.mark.parametrize(
    ("text", "plain"),
    [("pump", "pump"), ("Málaga", "Malaga"), ("Bu\u0308cher", "Bucher"), ("ﬁn", "fin"), ("Straße", "Straße")],
)
def test_marks_are_taken_off(text, plain):
    assert unaccented(text) == plain
