"""Names of collections, and which of them belong together.

A knowledge base is one generation of collections. The first is `manuals_texts`, `manuals_images`, `manuals_documents`;
what a re-embedding builds beside it is `manuals_texts_g2` and so on. The alias `manuals_live` names the manifest of the
generation that answers; there is none as long as that is the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rag.errors import ConfigError
from rag.ports import KB_NAME, KbSpec, checked_name
from rag.system import FOLDS_CASE, names_device
from rag.types import Space

SPACES: tuple[Space, ...] = ("texts", "images")
MANIFEST = "documents"
DROPPING = "dropping"
"""What the manifest is renamed to when its knowledge base is dropped."""
NEXT = ".next"
"""Ends the name by which the generation in the making is reached. No knowledge base's name has a dot."""

_OURS = re.compile(rf"({KB_NAME})_({'|'.join((*SPACES, MANIFEST, DROPPING))})(?:_g(\d+))?")


@dataclass(frozen=True, slots=True)
class Collections:
    """One generation of a knowledge base: its number, from 1, and what it was built with."""

    kb: str
    generation: int
    spec: KbSpec

    def name(self, part: str) -> str:
        """Of the collection of a space, or of the manifest."""
        return collection_name(self.kb, part, self.generation)

    def dim(self, space: Space) -> int:
        """0 where there is no such collection."""
        return self.spec.text_dim if space == "texts" else self.spec.image_dim

    @property
    def manifest(self) -> str:
        return self.name(MANIFEST)

    @property
    def spaces(self) -> tuple[Space, ...]:
        return tuple(space for space in SPACES if self.dim(space))


def collection_name(kb: str, part: str, generation: int = 1) -> str:
    """`manuals`, `texts` is `manuals_texts`; in its second generation `manuals_texts_g2`.

    Raises:
        ConfigError: a knowledge base cannot have this name.
    """
    return f"{checked_name(kb)}_{part}" + (f"_g{generation}" if generation > 1 else "")


def live_alias(kb: str) -> str:
    """Names the manifest of the generation that answers, if that is not the first."""
    return f"{checked_name(kb)}_live"


def parse_collection(name: str) -> tuple[str, str, int] | None:
    """Knowledge base, part and generation of a collection; None for a name that we do not give."""
    match = _OURS.fullmatch(name)
    return (match[1], match[2], int(match[3] or 1)) if match else None


def require_folder_of_its_own(kb: str, others: Callable[[], Iterable[str]]) -> None:
    """A new knowledge base keeps its files apart from those of others, which its name has to do on this system.

    Raises:
        ConfigError: it cannot.
    """
    if names_device(kb):
        raise ConfigError(
            f"{kb!r} is a device to Windows and cannot name a folder: choose another name, such as {kb}_1"
        )
    for other in others() if FOLDS_CASE else ():
        if other != kb and other.lower() == kb.lower():
            raise ConfigError(
                f"there is a knowledge base {other!r} already, and files on this system are one for both spellings: "
                f"choose another name, or --kb {other}"
            )
