"""What RAG_ANALYZER becomes on each engine, and what is refused where."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from milvus_lite.analyzer.factory import create_analyzer

from rag.errors import ConfigError
from rag.installation import extra_command
from rag.ports import KbSpec
from rag.store import analyzers
from rag.store.analyzers import NAMES, STEMMED, WITH_STOP_WORDS, analyzer_params, check_analyzer
from rag.store.capabilities import lite_capabilities, server_capabilities
from rag.store.lite.stop_words import stop_words

LITE = lite_capabilities("milvus_lite-3.2.2")
SERVER = server_capabilities("v2.6.4")
TINY = KbSpec("words@1", 4)


@pytest.mark.parametrize("name", ["english", "standard", "chinese"])
def test_built_in_ones_go_by_their_name_on_a_server_and_are_known_to_lite(name: str) -> None:
    assert analyzer_params(name, SERVER) == {"type": name}
    if name == "chinese":
        pytest.importorskip("jieba", reason="the extra 'chinese' is not installed")
    assert create_analyzer(analyzer_params(name, LITE)).tokenize("The pumps")


def test_a_language_has_its_stop_words_removed_before_its_stems_are_taken() -> None:
    assert analyzer_params("german", SERVER) == {
        "tokenizer": "standard",
        "filter": [
            "lowercase",
            {"type": "stop", "stop_words": ["_german_"]},
            {"type": "stemmer", "language": "german"},
        ],
    }


def test_a_language_without_a_list_of_stop_words_has_stems_alone() -> None:
    assert analyzer_params("turkish", SERVER)["filter"] == ["lowercase", {"type": "stemmer", "language": "turkish"}]


def test_words_in_any_writing_come_without_punctuation() -> None:
    assert analyzer_params("icu", SERVER) == {"tokenizer": "icu", "filter": ["lowercase", "removepunct"]}


@pytest.mark.parametrize("name", NAMES)
def test_a_new_server_takes_every_name(name: str) -> None:
    check_analyzer(replace(TINY, analyzer=name), SERVER)
    assert analyzer_params(name, SERVER)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("icu", "chinese")])
def test_the_embedded_store_takes_every_name_but_icu(name: str) -> None:
    check_analyzer(replace(TINY, analyzer=name), LITE)
    assert analyzer_params(name, LITE)
    with pytest.raises(ConfigError, match="one of english, standard, chinese, danish"):
        check_analyzer(replace(TINY, analyzer="icu"), LITE)


def test_the_embedded_store_is_given_the_words_that_a_server_knows_by_name() -> None:
    [lowercase, stop, stemmer] = analyzer_params("german", LITE)["filter"]
    assert (lowercase, stemmer) == ("lowercase", {"type": "stemmer", "language": "german"})
    assert {"und", "der", "nicht"} <= set(stop["stop_words"])
    assert all(stop_words(language) for language in WITH_STOP_WORDS)
    assert analyzer_params("turkish", LITE) == analyzer_params("turkish", SERVER)


@pytest.mark.parametrize("capabilities", [server_capabilities("v2.3.5"), server_capabilities("v2.4.9")])
@pytest.mark.parametrize("name", [*STEMMED, "icu"])
def test_what_an_engine_lacks_is_refused_with_what_it_has(name, capabilities) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigError, match=r"2\.5.*RAG_ANALYZER to one of english, standard, chinese$"):
        check_analyzer(replace(TINY, analyzer=name), capabilities)


def test_chinese_without_its_package_names_the_extra_where_the_engine_is_embedded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(analyzers, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=re.escape(extra_command("chinese"))):
        check_analyzer(replace(TINY, analyzer="chinese"), LITE)
    check_analyzer(replace(TINY, analyzer="chinese"), SERVER)


def test_icu_wants_a_later_server_than_stems_do() -> None:
    server = server_capabilities("v2.5.4")
    check_analyzer(replace(TINY, analyzer="german"), server)
    with pytest.raises(ConfigError, match=r"2\.5\.11 or later.*german"):
        check_analyzer(replace(TINY, analyzer="icu"), server)


def test_learned_weights_of_words_ask_no_analyzer_but_a_name_must_be_one() -> None:
    check_analyzer(replace(TINY, analyzer="german", sparse_model="m3@1"), LITE)
    with pytest.raises(ConfigError, match="klingon"):
        check_analyzer(replace(TINY, analyzer="klingon", sparse_model="m3@1"), LITE)
