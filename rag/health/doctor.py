"""`rag doctor`: is everything there, and what to do where it is not."""

from __future__ import annotations

import importlib.util
import platform
import shutil
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from rag.config import Settings, load_settings
from rag.errors import ChatError, FingerprintMismatch, ModelError, RagError
from rag.health.finding import Finding, Severity

if TYPE_CHECKING:
    from rag.chat.ollama import OllamaChat
    from rag.models.registry import Models
    from rag.ports import Store

MIN_FREE_BYTES = 2 * 1024**3
PACKAGES = ("multimodal-rag", "pymilvus", "milvus-lite", "rapidocr", "onnxruntime", "ollama")
_OF_FULL = ("torch", "transformers", "sentence-transformers")
_FIXED_TOKENS, _SOURCE_TOKENS, _SOURCES = 300, 150, 4
"""Of a prompt, about: what every question begins with, and a source."""
_NAMED = 5
_HOW_TO_SEE = "set RAG_IMAGE_MODEL=sight, or to the folder of a CLIP-class model, and ingest into a new knowledge base"


def diagnose(settings: Settings | None = None) -> list[Finding]:
    """Every check, each on its own: one that breaks is a finding, never the end."""
    settings = settings or load_settings()
    checks: list[Callable[[Settings], Iterator[Finding]]] = [_versions, _models, _readers, _store, _disk, _ollama]
    findings: list[Finding] = []
    for check in checks:
        name = check.__name__.strip("_")
        try:
            findings += check(settings)
        except RagError as error:
            findings.append(Finding(name, "error", str(error)))
        except Exception as error:  # noqa: BLE001 - a doctor that dies of one finding helps nobody
            findings.append(Finding(name, "error", f"{type(error).__name__}: {error}", "report this as a bug"))
    return findings


def _versions(settings: Settings) -> Iterator[Finding]:
    packages = [*PACKAGES, *(package for package in _OF_FULL if _is_installed(package))]
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    yield Finding("versions", "ok", f"Python {platform.python_version()}, {versions}")
    yield Finding("profile", "ok", f"{settings.profile}; data in {settings.data_dir}")


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package.replace("-", "_")) is not None


def _models(settings: Settings) -> Iterator[Finding]:
    from rag.health.inventory import list_models

    for row in list_models(settings):
        if row.problem:
            yield Finding("models", "error", f"{row.role}: {row.problem}")
        elif row.role == "image" and not row.name:
            yield Finding(
                "models",
                "warning",
                "image: none, the image channel is off; pictures are found by their captions and the words in them",
                _HOW_TO_SEE,
            )
        elif row.name and row.role not in ("chat", "caption"):  # those are Ollama's
            facts = (f"{row.dim}-d" if row.dim else "", f"sha256 {row.sha256}" if row.sha256 else "", row.path)
            known = ", ".join(filter(None, (row.fingerprint or row.name, *facts)))
            yield Finding("models", "ok", f"{row.role}: {known}")
        elif row.role in ("reranker", "OCR"):
            yield Finding("models", "info", f"{row.role}: {row.origin}")


def _readers(settings: Settings) -> Iterator[Finding]:
    from rag.health.readers import find_readers

    yield from find_readers()


def _store(settings: Settings) -> Iterator[Finding]:
    from rag.models.registry import Models
    from rag.models.store import open_store

    models = Models(settings)
    try:
        store = open_store(settings)
    except RagError as error:
        yield Finding("store", "error", str(error))
        return
    try:
        can = store.capabilities
        yield Finding("store", "ok", f"{store.uri}: Milvus {can.engine} {can.version}")
        for lacking in can.missing:
            yield Finding("store", "warning", lacking.text)
        for name in store.list_kbs():
            try:
                yield _knowledge_base(store, name)
                yield from _mismatch(store, name, settings, models)
                yield from _agreement(store, name)
            except RagError as error:
                yield Finding("store", "error", f"knowledge base '{name}': {error}")
    finally:
        store.close()


def _knowledge_base(store: Store, name: str) -> Finding:
    counts = store.kb(name).counts()
    indexes = "; ".join(
        f"{collection}: " + ", ".join(f"{key} {value}" for key, value in facts.items())
        for collection, facts in store.kb(name).index_info().items()
    )
    failed = counts.documents.get("failed", 0)
    message = (
        f"knowledge base '{name}': {counts.documents.get('done', 0)} documents, {counts.texts} texts, "
        f"{counts.images} images. {indexes}"
    )
    if failed:
        return Finding("store", "info", f"{message} {failed} documents failed.", f"ingest status --kb {name}")
    return Finding("store", "ok", message)


def _agreement(store: Store, name: str) -> Iterator[Finding]:
    """A store that came back from a damaged write may have rolled back records that the manifest counts."""
    from rag.store.agreement import without_records

    broken = [document.source for document in without_records(store.kb(name), thorough=True)]
    if broken:
        named = ", ".join(broken[:_NAMED]) + (", ..." if len(broken) > _NAMED else "")
        message = f"knowledge base '{name}': records of {len(broken)} documents are missing: {named}"
        yield Finding("store", "error", message, f"ingest their folders into '{name}' again: that reads them anew")


def _mismatch(store: Store, name: str, settings: Settings, models: Models) -> Iterator[Finding]:
    """A knowledge base that other models built refuses every question; better to hear it here."""
    from rag.models.compatibility import require_same_models, wanted_spec

    spec = store.spec(name)
    try:
        require_same_models(name, spec, wanted_spec(settings, models, spec.fields))
    except FingerprintMismatch as error:
        yield Finding("store", "warning", str(error))
    except ModelError:  # a finding of its own, under 'models'
        return


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = next(parent for parent in (settings.data_dir, *settings.data_dir.parents) if parent.exists())
    free = shutil.disk_usage(folder).free
    message = f"{free / 1024**3:.1f} GiB free in {folder}"
    if free < MIN_FREE_BYTES:
        yield Finding("disk", "warning", message, "free some space, or set RAG_DATA_DIR to a larger disk")
    else:
        yield Finding("disk", "ok", message)
    assets = Path(settings.asset_uri)
    if "://" not in settings.asset_uri:
        yield Finding("disk", "ok", f"pictures in {assets}{'' if assets.exists() else ' (not there yet)'}")


def _ollama(settings: Settings) -> Iterator[Finding]:
    if settings.chat == "extractive":
        yield Finding("ollama", "info", "not used: RAG_CHAT is 'extractive', answers quote the sources")
        return
    import anyio

    from rag.models.ollama import answering_model

    chat = answering_model(settings)
    try:
        info = anyio.run(chat.info)
    except ChatError as error:
        severity: Severity = "error" if settings.chat == "ollama" else "warning"
        yield Finding("ollama", severity, str(error), "until then, answers quote the sources")
        return
    sees = "sees pictures" if info.can_see else "cannot see pictures"
    yield Finding("ollama", "ok", f"{info.name} at {chat.url}: {sees}, context {info.context_tokens} tokens")
    if info.note:
        yield Finding("ollama", "warning", info.note)
    yield _speed(chat)


def _speed(chat: OllamaChat) -> Finding:
    """How long people wait for the first word, by what was measured while they asked."""
    speed = chat.speed
    if speed.read is None:
        return Finding("ollama", "info", "speed: not measured yet; it is while questions are answered")
    n_tokens = _FIXED_TOKENS + _SOURCES * _SOURCE_TOKENS
    written = f", writes {speed.written:,.0f}" if speed.written else ""
    return Finding(
        "ollama",
        "ok",
        f"reads {speed.read:,.0f} tokens a second{written}: first word after about {n_tokens / speed.read:.0f} s with "
        f"{_SOURCES} sources, and after what is new in a follow-up",
    )
