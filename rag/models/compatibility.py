"""Was this knowledge base built with the models that the settings name?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rag.errors import FingerprintMismatch
from rag.ports import KbSpec

if TYPE_CHECKING:
    from rag.config import Settings
    from rag.models.registry import Models
    from rag.types import FieldType


def wanted_spec(settings: Settings, models: Models, fields: Mapping[str, FieldType]) -> KbSpec:
    """What a knowledge base with these fields is built with under these settings; loads the embedders."""
    text, image = models.text_embedder, models.image_embedder
    return KbSpec(
        text_model=text.fingerprint,
        text_dim=text.dim,
        image_model=image.fingerprint if image else "",
        image_dim=image.dim if image else 0,
        analyzer=settings.analyzer,
        fields=dict(fields),
        sparse_model=text.fingerprint if text.abilities.sparse else "",
    )


def require_same_models(name: str, built_with: KbSpec, wanted: KbSpec) -> None:
    """Refuses a knowledge base that other models built.

    Raises:
        FingerprintMismatch: names what differs and what to type.
    """
    differing = {key: label for key, label in _SPEC_LABELS.items() if getattr(built_with, key) != getattr(wanted, key)}
    if differing:
        facts = "; ".join(
            f"{label}: it has {_or_none(getattr(built_with, key))}, the settings name {_or_none(getattr(wanted, key))}"
            for key, label in differing.items()
        )
        raise FingerprintMismatch(
            f"knowledge base '{name}' was built differently. {facts}. {_remedy(built_with, set(differing))}, or build "
            f"it anew: 'rag kb drop {name}', then 'ingest PATH --kb {name}'{_renewal(name, set(differing))}"
        )


_SPEC_LABELS = {
    "text_model": "text model (RAG_TEXT_MODEL)",
    "sparse_model": "learned weights of words (RAG_TEXT_MODEL)",
    "image_model": "image model (RAG_IMAGE_MODEL)",
    "analyzer": "analyzer (RAG_ANALYZER)",
    "fields": "declared fields (--field)",
    "schema_version": "schema version",
}


def _or_none(value: object) -> str:
    return str(value) if value else "none"


def _renewal(name: str, differing: set[str]) -> str:
    """How to bring it to these settings without its dump, where that can be done."""
    if differing & {"fields", "schema_version"}:
        return ""
    return f". Or embed what it holds anew, with these settings: 'ingest reembed --kb {name}'"


def _remedy(built_with: KbSpec, differing: set[str]) -> str:
    """How to go on with the knowledge base as it is."""
    if differing != {"image_model"}:
        return "Give it the settings it was built with"
    if not built_with.image_model:
        return "Set RAG_IMAGE_MODEL to nothing ('RAG_IMAGE_MODEL=') to use it as before, without the pictures' pixels"
    from rag.embed import sight, tower

    for name, fingerprint in (("sight", sight.shipped_fingerprint()), ("tower", tower.shipped_fingerprint())):
        if built_with.image_model == fingerprint:
            return f"Set RAG_IMAGE_MODEL={name} to use it as before"
    return "Set RAG_IMAGE_MODEL to the folder of the model it was built with, if you have it"
