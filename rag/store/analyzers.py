"""How the lexical channel takes text apart: the names that RAG_ANALYZER may have, and Milvus's own parameters for them.

Source: https://milvus.io/docs/analyzer-overview.md, its pages on the stemmer, stop and removepunct filters and the icu
tokenizer, and what the server's own parser of them accepts (stop words must be a list, whatever the pages show).
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from rag.errors import ConfigError
from rag.installation import extra_command
from rag.store.capabilities import parse_version
from rag.store.lite.stop_words import ENGLISH, stop_words

if TYPE_CHECKING:
    from rag.ports import Capabilities, KbSpec

EVERYWHERE = ("english", "standard", "chinese")
"""Known to every Milvus, the server's built-in ones."""
WITH_STOP_WORDS = (
    "danish", "dutch", "finnish", "french", "german", "hungarian", "italian", "norwegian", "portuguese", "russian",
    "spanish", "swedish",
)  # fmt: skip
"""Languages whose stems and stop words a server and the embedded engine know. Early versions of 2.5 have stop words of
English alone, and take the name of another list for a word that no text has."""
STEMMED = (*WITH_STOP_WORDS, "greek", "romanian", "tamil", "turkish")
ICU = "icu"
"""Finds words in nearly any writing, also where none is between spaces (Thai, Japanese, Khmer); no stems."""
NAMES = (*EVERYWHERE, *STEMMED, ICU)
_ICU_FROM = (2, 5, 11)

_LITE: Mapping[str, Mapping[str, Any]] = {
    "english": {"tokenizer": "standard", "filter": ["lowercase", {"type": "stop", "stop_words": ENGLISH}]},
    "standard": {"type": "standard"},
    "chinese": {"tokenizer": "jieba"},
}
"""Lite knows two tokenizers, and of filters a given list of stop words; stems are `rag.store.lite.stemming`'s. English
goes without: stems find more (R@10 of the channel 0.930 -> 0.955 on 200 charts), but what is fused with the other
channels loses by it (R@1 0.855 -> 0.850)."""


def analyzer_params(analyzer: str, capabilities: Capabilities) -> dict[str, Any]:
    """What the text field's `analyzer_params` are, for a name that `check_analyzer` lets pass."""
    if capabilities.engine == "lite":
        return dict(_LITE[analyzer]) if analyzer in _LITE else _stemmed(analyzer, stop_words(analyzer))
    if analyzer in EVERYWHERE:
        return {"type": analyzer}
    if analyzer == ICU:
        return {"tokenizer": "icu", "filter": ["lowercase", "removepunct"]}
    return _stemmed(analyzer, [f"_{analyzer}_"] if analyzer in WITH_STOP_WORDS else [])


def _stemmed(language: str, stop: list[str]) -> dict[str, Any]:
    """The lists hold whole words, so they come before the stems."""
    filters = [{"type": "stop", "stop_words": stop}] if stop else []
    return {"tokenizer": "standard", "filter": ["lowercase", *filters, {"type": "stemmer", "language": language}]}


def check_analyzer(spec: KbSpec, capabilities: Capabilities) -> None:
    """Refuses an analyzer that is not known, or that this Milvus lacks and would have to use.

    Raises:
        ConfigError: naming those that can be had here.
    """
    if spec.analyzer not in NAMES:
        raise ConfigError(f"analyzer {spec.analyzer!r} is not known; set RAG_ANALYZER to one of {', '.join(NAMES)}")
    if spec.sparse_model:  # with learned weights of words, no analyzer is asked
        return
    if spec.analyzer in EVERYWHERE:
        if spec.analyzer == "chinese" and capabilities.engine == "lite" and not find_spec("jieba"):
            raise ConfigError(
                "analyzer 'chinese': the embedded store needs the package jieba for it; install it with "
                f"{extra_command('chinese')}, or set RAG_ANALYZER=standard"
            )
        return
    possible: tuple[str, ...] = EVERYWHERE
    if capabilities.engine == "lite":
        if spec.analyzer in STEMMED:
            return
        possible = (*EVERYWHERE, *STEMMED)
        lack = "the embedded store lacks it; a Milvus server has it from 2.5.11 (RAG_STORE_URI)"
    elif not capabilities.lexical:
        lack = f"Milvus {capabilities.version} lacks it; 2.5 or later has it"
    elif spec.analyzer == ICU and parse_version(capabilities.version) < _ICU_FROM:
        lack, possible = f"Milvus {capabilities.version} lacks it; 2.5.11 or later has it", (*EVERYWHERE, *STEMMED)
    else:
        return
    raise ConfigError(f"analyzer {spec.analyzer!r}: {lack}. Or set RAG_ANALYZER to one of {', '.join(possible)}")
