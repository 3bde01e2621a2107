import pytest

from ingest.records.language import LanguageWatch
from rag.embed import make_text_embedder

GERMAN = (
    "Die Pumpe wird vor der ersten Inbetriebnahme vollständig mit Öl gefüllt. Danach ist der Filter alle sechs "
    "Monate zu wechseln, bei starker Verschmutzung früher."
)
FRENCH = (
    "La pompe doit être remplie d'huile avant la première mise en service. Ensuite, le filtre est à remplacer tous "
    "les six mois, plus tôt en cas d'encrassement important."
)
CHINESE = "首次启动前，泵必须完全充满油。之后每六个月更换一次过滤器。关闭电动机并等待其冷却。" * 3
ENGLISH = (
    "The pump is filled with oil before it is first used. After that the filter is changed every six months, sooner "
    "where it gets very dirty. Mr Nakamura and Ms Jónsdóttir keep the log."
)
TABLE = "Model | Flow | Power\nPX-200 | 40 l/min | 1.5 kW\nPX-350 | 65 l/min | 2.2 kW\nTotal of all models: 105 l/min"
CODE = "def fill(pump, oil_litres=4):\n    while pump.level_mm < MAX_LEVEL_MM:\n        pump.pour(oil_litres)\n" * 2


@pytest.fixture
def watch():
    return LanguageWatch(make_text_embedder("minilm"))


@pytest.mark.parametrize("text", [GERMAN, FRENCH, CHINESE])
def test_other_languages_are_said_with_the_profile_to_use(watch, text):
    watch.see([text])
    assert "100% of the text is not English" in watch.note()
    assert "RAG_PROFILE=full" in watch.note()


@pytest.mark.parametrize("text", [ENGLISH, TABLE, CODE, "", "Szczecin", "12 34 56"])
def test_english_tables_code_and_short_names_are_not(watch, text):
    watch.see([text])
    assert watch.note() == ""


def test_most_of_the_text_counts_and_not_most_of_the_documents(watch):
    watch.see([GERMAN, FRENCH, ENGLISH * 9])
    assert watch.note() == ""


def test_a_model_of_many_languages_is_not_doubted():
    class Multilingual:
        fingerprint = "m3"

        def count_tokens(self, text):
            return 9 * len(text)

    watch = LanguageWatch(Multilingual())
    watch.see([CHINESE])
    assert watch.note() == ""
