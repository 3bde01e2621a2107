import pytest

from ingest.records.language import LanguageWatch
from rag.embed import make_text_embedder
from rag.ports import TextAbilities

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
    assert "about 100% of the prose is not English, it seems (a guess" in watch.note().text
    assert "RAG_PROFILE=full" in watch.note().text


XML = "".join(
    f'<Qxkzrwt:Jnvplm Hgbdt="{n}" Zzkrwq="vbnmplk"><ns2:Wrtzplk>{n}</ns2:Wrtzplk></Qxkzrwt:Jnvplm>\n' for n in range(9)
)
BASE64 = "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4qwzkplmvbNBKJHTyuPxzQ\n" * 9
JSON = '{"qwrtzKpl": {"vbnm_xcv": "Zxcvbnm", "jklmQ": [12.5, 13.25], "wrtzp.qk": "hgfdsPq"}, "lkjhg": null}\n' * 9
LOG = "2024-03-05T10:11:12Z qwrtzd[123]: xcvbnm.plk: jhgfdsConnect(0x7f3a) zxcv=qwrtz lkjh/pqrs mnbv:vcxy\n" * 9
GERMAN_TABLE = "| Grundwasserpumpe | Ölstandsanzeiger | Drehstromgenerator |\n" * 9


@pytest.mark.parametrize("text", [XML, BASE64, JSON, LOG, GERMAN_TABLE])
def test_what_is_written_for_programs_has_no_language(watch, text):
    watch.see([text, text.replace("\n", " ")])
    assert watch.note() is None


@pytest.mark.parametrize("text", [ENGLISH, TABLE, CODE, "", "Szczecin", "12 34 56"])
def test_english_tables_code_and_short_names_are_not(watch, text):
    watch.see([text])
    assert watch.note() is None


def test_most_of_the_text_counts_and_not_most_of_the_documents(watch):
    watch.see([GERMAN, FRENCH, ENGLISH * 9])
    assert watch.note() is None


def test_a_model_of_many_languages_is_not_doubted():
    class Multilingual:
        fingerprint = "m3"
        abilities = TextAbilities()

        def count_tokens(self, text):
            return 9 * len(text)

    watch = LanguageWatch(Multilingual())
    watch.see([CHINESE])
    assert watch.note() is None
