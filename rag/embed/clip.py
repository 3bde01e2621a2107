"""Any CLIP-class model that transformers knows, from a local folder of safetensors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import torch
from PIL.Image import new as new_image

from rag.embed.clip_families import Words, is_composed
from rag.errors import ModelError
from rag.installation import extra_command
from rag.nn.clip_preprocess import pixels_like
from rag.nn.device import CPU, Placement
from rag.nn.model_folder import check_weights, folder_digest
from rag.nn.unit_vectors import unit_vectors
from rag.ports import ImageAbilities
from rag.types import MIN_STD

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.types import Vector, Vectors

Inputs: TypeAlias = Mapping[str, torch.Tensor]

_OF_EXTRA = ("sentencepiece", "protobuf")
"""The first SigLIP's tokenizer is a SentencePiece model, which transformers 5 still reads with Python."""


def load_clip(folder: Path, *, identity: str = "", placement: Placement = CPU) -> ClipEmbedder:
    """A `ClipEmbedder`, or its `ComposedClip` where the model was trained for that. Arguments and errors are its."""
    kind = ComposedClip if is_composed(folder, identity) else ClipEmbedder
    return kind(folder, identity=identity, placement=placement)


class ClipEmbedder:
    """Pictures and words in one space; thread-safe (inference only reads).

    CLIP and its conversions from OpenCLIP, SigLIP and SigLIP 2, Chinese-CLIP, AltCLIP, VisionTextDualEncoder, and
    whatever else of transformers has both halves.

    Args:
        folder: as `save_pretrained` of the model and of its processor (or tokenizer and image processor) wrote it.
        identity: fingerprint, where the caller knows it.
        placement: where it runs.

    Raises:
        ModelError: no such folder, no safetensors in it, a damaged model, or one without the two halves.
    """

    def __init__(self, folder: Path, *, identity: str = "", placement: Placement = CPU) -> None:
        check_weights(folder)
        self._placement = placement
        self._model, tokenizer, processor = _load(folder, "AutoModel", "AutoTokenizer", placement=placement)
        if not hasattr(self._model, "get_image_features") or not hasattr(self._model, "get_text_features"):
            raise ModelError(f"the model in '{folder}' ({type(self._model).__name__}) is no CLIP-class model")
        self.fingerprint = identity or f"{type(self._model).__name__}@{folder_digest(folder)[:12]}"
        with _loading(folder):
            self._prepare = _prepare_with(processor)
            self._words = Words(self._model, tokenizer)
            self._wanted_side_px = _wanted_side_px(processor)
            self.dim = len(self._text_features(["a"])[0])
            _try_out(lambda images: self._image_features(list(map(self._prepare, images))), self.dim)

    @property
    def background_std(self) -> float:
        """Nobody measured it for a model that the user brings."""
        return MIN_STD

    @property
    def min_cosine(self) -> None:
        """Nor this."""

    @property
    def wanted_side_px(self) -> int | None:
        """Twice that of the input."""
        return self._wanted_side_px

    @property
    def max_tokens(self) -> int:
        """Tokens of a text that are read, special tokens included."""
        return self._words.max_tokens

    @property
    def abilities(self) -> ImageAbilities:
        return ImageAbilities(cuts=self)

    def is_cut(self, text: str) -> bool:
        """Whether the end of the text is not read."""
        return self._words.is_cut(text)

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """(n, dim) float32, rows L2-normalised.

        Threads make inputs ahead of the model, of all pictures: 0.6 MB each where it sees 224 x 224 pixels.
        """
        with ThreadPoolExecutor(torch.get_num_threads(), thread_name_prefix="pixels") as threads:
            prepared = [threads.submit(self._prepare, image) for image in images]
            return unit_vectors(prepared, self._awaited_features, self.dim, self._placement)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, rows L2-normalised. A text longer than `max_tokens` is cut there."""
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # a batch is padded to its longest
        vectors = unit_vectors([texts[i] for i in by_length], self._text_features, self.dim, self._placement)
        return vectors[np.argsort(by_length)]

    def _awaited_features(self, prepared: Sequence[Future[Inputs]]) -> torch.Tensor:
        return self._image_features([inputs.result() for inputs in prepared])

    def _image_features(self, prepared: Sequence[Inputs]) -> torch.Tensor:
        batch = {name: torch.cat([inputs[name] for inputs in prepared]) for name in prepared[0]}
        return _pooled(self._model.get_image_features(**self._moved(batch)))

    @torch.inference_mode()
    def _text_features(self, texts: Sequence[str]) -> torch.Tensor:
        return _pooled(self._model.get_text_features(**self._moved(self._words(texts))))

    def _moved(self, inputs: Inputs) -> dict[str, torch.Tensor]:
        """Whole numbers, token ids and masks, stay such."""
        device, dtype = self._placement.device, self._placement.dtype
        return {name: x.to(device, dtype if x.is_floating_point() else x.dtype) for name, x in inputs.items()}


class ComposedClip(ClipEmbedder):
    """One that was trained to read a picture and what to change in it as one query: BGE-VL base and large.

    Source: Zhou et al., MegaPairs (2024); its published code adds the two features before normalising.
    """

    @property
    def abilities(self) -> ImageAbilities:
        return ImageAbilities(composed=self, cuts=self)

    def embed_composed(self, image: Image, text: str) -> Vector:
        """(dim,) float32, L2-normalised."""

        def features(images: Sequence[Image]) -> torch.Tensor:
            looks = self._image_features([self._prepare(image) for image in images])
            return looks.float() + self._text_features([text]).float()

        vector: Vector = unit_vectors([image], features, self.dim, self._placement)[0]
        return vector


def load_vision(folder: Path, architecture: str, dim: int) -> Callable[[Sequence[Image]], torch.Tensor]:
    """The image half alone, of a folder that has no other: pictures to (n, dim) features.

    Args:
        folder: as `save_pretrained` of the model and of its image processor wrote it.
        architecture: a class of transformers whose output has `image_embeds`.
        dim: of the features.

    Raises:
        ModelError: it cannot be loaded, or its features are others.
    """
    model, processor = _load(folder, architecture)

    def features(images: Sequence[Image]) -> torch.Tensor:
        embeds: torch.Tensor = model(**processor(images=list(images), return_tensors="pt")).image_embeds
        return embeds

    with _loading(folder):
        _try_out(features, dim)
    return features


def _load(folder: Path, architecture: str, *others: str, placement: Placement = CPU) -> list[Any]:
    """The model, whatever else is named, and the image processor."""
    import transformers
    from transformers.utils import logging

    logging.disable_progress_bar()
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    with _loading(folder):
        model, info = getattr(transformers, architecture).from_pretrained(
            folder, use_safetensors=True, dtype=placement.dtype, output_loading_info=True, **options
        )
        if missing := sorted(info["missing_keys"]):  # transformers would go on with random numbers
            raise ValueError(f"{len(missing)} tensors are missing, first {missing[0]}")
        halves = [getattr(transformers, name).from_pretrained(folder, **options) for name in others]
        # Pillow's everywhere: torchvision's processors, where it is installed, give other pixels.
        processor = transformers.AutoImageProcessor.from_pretrained(folder, backend="pil", **options)
        return [model.to(placement.device).eval(), *halves, processor]


@contextmanager
def _loading(folder: Path) -> Iterator[None]:
    """Whatever transformers stumbles over in a damaged folder becomes a ModelError."""
    try:
        yield
    except Exception as error:  # tokenizers raises nothing more precise, transformers a dozen kinds
        if _lacks_package(error):
            raise ModelError(
                f"the image model in '{folder}' needs the packages {' and '.join(_OF_EXTRA)} for its tokenizer. Type "
                f"{extra_command('full')}"
            ) from error
        reason = f"{type(error).__name__}: {error}"
        raise ModelError(f"the image model in '{folder}' cannot be loaded: {reason}") from error


def _lacks_package(error: Exception) -> bool:
    """Whether transformers says so, which it does in its text alone: a name is that of a package which is broken."""
    is_missing = isinstance(error, ImportError) and not error.name
    return is_missing and any(package in str(error).casefold() for package in _OF_EXTRA)


def _prepare_with(processor: Any) -> Callable[[Image], Inputs]:
    """One picture to the inputs of a batch of one; by our own steps where they are the processor's."""

    def by_processor(image: Image) -> Inputs:
        return dict(processor(images=[image], return_tensors="pt"))

    pixels = pixels_like(processor)
    if pixels is None:
        return by_processor
    return lambda image: (
        {"pixel_values": torch.from_numpy(pixels(image)[None])} if image.mode == "RGB" else by_processor(image)
    )


def _wanted_side_px(processor: Any) -> int | None:
    if area := getattr(processor, "max_num_patches", 0):  # NaFlex keeps the shape: of a square most is seen
        side_px: int = round(2 * processor.patch_size * area**0.5)
        return side_px
    return 2 * max(int(px) for _, px in processor.size) if processor.size else None


def _try_out(features: Callable[[Sequence[Image]], torch.Tensor], dim: int) -> None:
    """Raises something where a picture does not become a vector: better now than in the middle of an ingest."""
    with torch.inference_mode():
        shape = tuple(features([new_image("RGB", (32, 32))]).shape)
    if shape != (1, dim):
        raise ValueError(f"a picture becomes an array of shape {shape}, not (1, {dim})")


def _pooled(out: Any) -> torch.Tensor:
    features: torch.Tensor = out if isinstance(out, torch.Tensor) else out.pooler_output
    return features
