"""Ask a dump of documents and pictures, in words or with a picture, on your own machine.

    from rag import KnowledgeBase

    with KnowledgeBase.open("manuals") as kb:
        hits = kb.search("wiring of the pump", image="photo.jpg", where="year >= 2020", top_k=10)
        answer = kb.ask("Which valve is closed first?")

Names are loaded when they are first used, so that `import rag` costs nothing.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.config import Settings, load_settings
    from rag.errors import RagError
    from rag.knowledge_base import KnowledgeBase
    from rag.question import Question
    from rag.trace import Note
    from rag.types import (
        Answer,
        AnswerEvent,
        ChannelScore,
        Citation,
        Hit,
        Record,
        SearchResult,
        SourcesEvent,
        TokenEvent,
        Turn,
    )

    __version__: str

__all__ = [
    "Answer",
    "AnswerEvent",
    "ChannelScore",
    "Citation",
    "Hit",
    "KnowledgeBase",
    "Note",
    "Question",
    "RagError",
    "Record",
    "SearchResult",
    "Settings",
    "SourcesEvent",
    "TokenEvent",
    "Turn",
    "load_settings",
]

_HOMES = {
    "KnowledgeBase": "knowledge_base",
    "Note": "trace",
    "Question": "question",
    "RagError": "errors",
    "Settings": "config",
    "load_settings": "config",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return version("multimodal-rag")
    if name not in __all__:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    return getattr(import_module(f"rag.{_HOMES.get(name, 'types')}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
