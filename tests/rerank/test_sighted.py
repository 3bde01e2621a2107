"""A reranker that looks at pictures, in the retriever."""

from rag.errors import AssetError
from rag.ports import RerankerAbilities
from rag.types import Query
from tests.search.test_retriever import names, passage, picture, png, retriever

PICTURES = {"sunset.webp": png("red"), "sea.webp": png("blue")}


class Eyes:
    """Likes what is the picture that it was told to like; remembers what it was shown."""

    name, share = "eyes", 1.0

    def __init__(self, liked=b""):
        self.liked, self.shown = liked, []
        self.abilities = RerankerAbilities(sighted=self)

    def score(self, query, passages, *, deadline_s=None, trace=None):
        self.shown.append((query, None, [None] * len(passages)))
        return [0.0] * len(passages)

    def score_with_pictures(self, query, passages, *, image=None, pictures, deadline_s=None, trace=None):
        self.shown.append((query, image, list(pictures)))
        return [float(data is not None and data == self.liked) for data in pictures]


class Words:
    name, share, abilities = "words", 1.0, RerankerAbilities()

    def score(self, query, passages, *, deadline_s=None, trace=None):
        return [0.0] * len(passages)


def fetch(name):
    if name not in PICTURES:
        raise AssetError(f"picture {name} is not in the asset store")
    return PICTURES[name]


def rows():
    return [
        picture("sunset", "red", "pump", asset="sunset.webp"),
        picture("sea", "blue", "pump", asset="sea.webp"),
        picture("lost", "green", "pump", asset="lost.webp"),
        passage("note", "pump"),
    ]


def test_pictures_are_judged_by_what_is_to_be_seen():
    for name in ("sunset", "sea"):
        eyes = Eyes(PICTURES[f"{name}.webp"])
        found = retriever(rows(), reranker=eyes, asset=fetch).search(Query("pump"))
        assert names(found)[0] == name
        assert found.hits[0].rerank == 1.0


def test_a_picture_that_is_gone_is_left_to_its_words_and_that_is_said():
    eyes = Eyes()
    found = retriever(rows(), reranker=eyes, asset=fetch).search(Query("pump"))
    [(_, _, pictures)] = eyes.shown
    assert sorted(data for data in pictures if data) == sorted(PICTURES.values())
    assert any(
        "went by the words of 1 pictures that the asset store could not give" in note.text for note in found.notes
    )


def test_a_question_that_is_only_a_picture_is_reranked_too():
    eyes, asked = Eyes(PICTURES["sea.webp"]), png("red")
    found = retriever(rows(), reranker=eyes, asset=fetch).search(Query(image=asked))
    assert names(found)[0] == "sea"
    assert eyes.shown[0][:2] == ("", asked)


def test_nothing_is_fetched_for_a_reranker_of_words():
    def forbidden(name):
        raise AssertionError("it reads words only")

    assert Words().abilities.sighted is None
    found = retriever(rows(), reranker=Words(), asset=forbidden).search(Query("pump"))
    assert found.hits[0].rerank == 0.0


def test_without_an_asset_store_it_reads_words():
    eyes = Eyes()
    retriever(rows(), reranker=eyes).search(Query("pump"))
    assert eyes.shown[0][1] is None
    assert not retriever(rows(), reranker=eyes).search(Query(image=png("red"))).hits[0].rerank
    assert len(eyes.shown) == 1
