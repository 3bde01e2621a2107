import io

import numpy as np
import pytest
from fakes import ColourEmbedder, FixedReader, NamedColours, TopicEmbedder
from PIL import Image

from rag.ports import ImageAbilities, KbSpec, TextAbilities
from rag.search.query_encoder import MAX_READ_LINES, READ_SIDE_PX, QueryEncoder
from rag.trace import Trace
from rag.types import Query

TEXTS, COLOURS = TopicEmbedder(), ColourEmbedder()
SPEC = KbSpec(TEXTS.fingerprint, TEXTS.dim, COLOURS.fingerprint, COLOURS.dim)
SPARSE_SPEC = KbSpec(TEXTS.fingerprint, TEXTS.dim, sparse_model=TEXTS.fingerprint)


class SparseTopics(TopicEmbedder):
    """The length of each word is its weight; its first letter, its token."""

    @property
    def abilities(self):
        return TextAbilities(sparse=self)

    def embed_sparse(self, texts):
        return [{ord(word[0]): float(len(word)) for word in text.split()} for text in texts]

    def embed_sparse_query(self, text):
        return self.embed_sparse([text])[0]


class Composed(ColourEmbedder):
    """Reads a picture and words as one query."""

    def __init__(self):
        self.asked = []
        self.abilities = ImageAbilities(composed=self)

    def embed_composed(self, image, text):
        self.asked.append((image.size, text))
        return np.array([0, 0, 0, 1], np.float32)


class Hasty(ColourEmbedder):
    """Reads three words."""

    def __init__(self):
        self.abilities = ImageAbilities(cuts=self)

    def is_cut(self, text):
        return len(text.split()) > 3


def png(colour):
    out = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(out, "PNG")
    return out.getvalue()


def encode(query, *, texts=TEXTS, images=COLOURS, spec=SPEC, read=""):
    reader = FixedReader(read) if read else None
    return QueryEncoder(spec, texts, images, lambda: reader).encode(query, Trace())


def test_a_model_of_composed_queries_gets_picture_and_words_together():
    model = Composed()
    forms = encode(Query("the same but in blue", image=png("red")), images=model)
    assert model.asked == [((8, 6), "the same but in blue")]
    np.testing.assert_array_equal(forms.image, [0, 0, 0, 1])


@pytest.mark.parametrize("query", [Query("blue"), Query(image=png("red"))])
def test_it_is_not_asked_for_words_or_a_picture_alone(query):
    model = Composed()
    assert encode(query, images=model).image is not None
    assert model.asked == []


def test_for_other_models_the_picture_leads_and_words_that_say_more_narrow_it():
    forms = encode(Query("what is this, but in blue?", image=png("red")))
    red, blue = COLOURS.embed_images([Image.new("RGB", (8, 6), "red")])[0], COLOURS.embed_texts(["blue"])[0]
    np.testing.assert_allclose(forms.image, red, rtol=1e-5)
    np.testing.assert_allclose(forms.narrowing.image, blue, rtol=1e-5)
    assert forms.narrowing.words == "blue"


def test_words_that_only_point_at_a_picture_take_no_vote():
    forms = encode(Query("What is this, and where was it taken?", image=png("red")))
    assert (forms.narrowing, forms.text, forms.lexical) == (None, None, None)


def test_a_question_that_leans_on_others_is_narrowed_by_them():
    forms = encode(Query("and the bell?", recalled="and the bell? (pump)"))
    assert (forms.lexical, forms.narrowing.lexical) == ("bell", "bell pump")
    assert forms.words == "and the bell? (pump)"
    assert encode(Query("who? (pump)", spoken="Which pump? Who?")).words == "Which pump? Who?"


def test_where_the_knowledge_base_has_learned_weights_the_lexical_form_is_such():
    assert encode(Query("bell pump"), texts=SparseTopics(), spec=SPARSE_SPEC).lexical == {98: 4.0, 112: 4.0}


def test_where_it_has_none_the_lexical_form_is_words_whatever_the_model_can():
    assert encode(Query("bell pump"), texts=SparseTopics()).lexical == "bell pump"


def test_words_that_a_picture_shows_are_weighed_too():
    query = Query("bell", image=png("red"))
    forms = encode(query, texts=SparseTopics(), spec=SPARSE_SPEC, read="ropes")
    assert (forms.lexical, forms.narrowing.lexical) == ({114: 5.0}, {98: 4.0})


def test_a_question_without_known_tokens_has_no_lexical_form():
    class Mute(SparseTopics):
        def embed_sparse_query(self, text):
            return {}

    forms = encode(Query("bell"), texts=Mute(), spec=SPARSE_SPEC, images=None)
    assert set(forms.by_channel()) == {"text"}


def test_a_question_that_the_image_model_does_not_read_to_its_end_is_said():
    def notes(text, images):
        trace = Trace()
        QueryEncoder(SPEC, TEXTS, images, lambda: None).encode(Query(text), trace)
        return trace.notes

    (note,) = notes("a red pump on a green lawn", Hasty())
    assert "longer than what the image model reads" in note.text
    assert note.code == "question_cut"
    assert notes("a red pump", Hasty()) == notes("a red pump on a green lawn", COLOURS) == []


def test_of_a_large_page_only_a_small_picture_and_its_first_lines_are_read():
    seen = []

    class Reader(FixedReader):
        def read(self, image, *, max_lines=None):
            seen.append((image.size, max_lines))
            return super().read(image) * max_lines

    out = io.BytesIO()
    Image.new("RGB", (6000, 3000), "red").save(out, "JPEG")
    trace = Trace()
    QueryEncoder(SPEC, TEXTS, COLOURS, lambda: Reader("a line")).encode(Query(image=out.getvalue()), trace)
    assert seen == [((READ_SIDE_PX, READ_SIDE_PX // 2), MAX_READ_LINES)]
    assert any("only these first" in note.text for note in trace.notes)


def test_what_a_model_takes_a_picture_for_is_told_and_not_searched_for():
    forms = encode(Query(image=png("red")), images=NamedColours())
    assert forms.looks_like == (("red", 0.9),)
    assert (forms.image == COLOURS.embed_images([Image.new("RGB", (8, 6), "red")])[0]).all()
    assert (forms.words, forms.text, forms.lexical) == ("", None, None)
