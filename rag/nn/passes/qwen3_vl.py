"""Qwen3-VL as transformers has it: prompts with pictures in them to the hidden state of their last token.

The embedder and the reranker of the family are this model with other prompts, see docs/decisions/020-qwen3-vl.md.

Source: Qwen3-VL technical report (2025); QwenLM/Qwen3-VL-Embedding, `src/models/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import torch
from PIL.Image import Resampling
from PIL.Image import new as new_image

from rag.errors import ModelError
from rag.nn.device import Placement
from rag.nn.marked_tokenizer import MarkedTokenizer
from rag.nn.model_folder import read_json

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

    Part: TypeAlias = "str | Image"
    """Of what the user says: words, or a picture between them."""

_MARKS = ("<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>")
_HEAD, _BETWEEN, _TAIL = "<|im_start|>", "<|im_end|>\n<|im_start|>", "<|im_end|>\n<|im_start|>assistant\n"
"""Around what the system and the user say."""
_SIDE_PX = 32
"""Of the square that becomes one token: 2 x 2 patches of 16 pixels."""
MIN_PIXELS, MAX_PIXELS = 4 * _SIDE_PX**2, 1800 * _SIDE_PX**2
"""Pictures are scaled to as many, and so to 4 to 1800 tokens; the published code's numbers."""
_MAX_RATIO = 200
"""Of the sides; transformers refuses pictures that are longer."""


@dataclass(frozen=True, slots=True, eq=False)
class Prompt:
    """What the model is given; its length is the number of tokens.

    Attributes:
        ids: with as many placeholders for each picture as it becomes tokens.
        pictures: in the order of the placeholders, of any size.
        n_cut: tokens of the last words that had no room.
    """

    ids: list[int]
    pictures: tuple[Image, ...]
    n_cut: int

    def __len__(self) -> int:
        return len(self.ids)


def is_qwen3_vl(folder: Path) -> bool:
    """Whether the folder's `config.json` names this architecture, whatever it was trained for."""
    return read_json(folder / "config.json").get("model_type") == "qwen3_vl"


class Qwen3VL:
    """Thread-safe (inference only reads).

    Args:
        folder: holds configuration, tokenizer, preprocessing and safetensors, as published.
        architecture: class of transformers: `Qwen3VLModel`, or `Qwen3VLForConditionalGeneration` where `answers` are
            wanted.
        placement: where it runs.
        answers: words of one token each.

    Attributes:
        dim: of the hidden state.
        max_positions: tokens of a prompt that the model has positions for.

    Raises:
        ModelError: a file is missing or damaged, or does not fit the others.
    """

    wanted_side_px = 2 * int(MAX_PIXELS**0.5)
    """Of a square twice of what is seen; of other shapes more."""

    def __init__(self, folder: Path, architecture: str, placement: Placement, answers: Sequence[str] = ()) -> None:
        self._tokenizer = MarkedTokenizer(folder, _MARKS)
        self._placement = placement
        try:
            model, self._processor = _load(folder, architecture, placement)
            words = [self._tokenizer.single(word) for word in answers]
            if words:
                self._answers = model.lm_head.weight[words].detach().float().clone()
            self._model = model.model if words else model
            text = self._model.config.text_config
            self.dim, self.max_positions = int(text.hidden_size), int(text.max_position_embeddings)
            self._template = [self._tokenizer.marked(part) for part in (_HEAD, _BETWEEN, _TAIL)]
            self._template[-1] += self._tokenizer.ending
            self._vision = self._tokenizer.marked("<|vision_start|><|image_pad|><|vision_end|>")
            self._image_token = self._vision[1]
            if self._image_token != self._model.config.image_token_id:
                raise ValueError("its tokenizer and its configuration do not agree on the token of pictures")
            # Better now than in the middle of an ingest: preprocessing that does not fit shows at the first picture.
            self.last_hidden([self.prompt("", [new_image("RGB", (64, 64)), "a"], 100)])
        except ModelError:
            raise
        except Exception as error:  # transformers raises a dozen kinds
            reason = f"{type(error).__name__}: {error}"
            raise ModelError(f"the Qwen3-VL model in '{folder}' cannot be loaded: {reason}") from error

    def prompt(self, system: str, user: Sequence[Part], max_tokens: int) -> Prompt:
        """One turn of the system and one of the user, in the words of the family's chat template.

        Words that spell out a mark of the template are plain text: they can neither end a turn nor be a picture.

        Args:
            system: the instruction.
            user: words and pictures; words that follow each other are tokenised as one text, as in the template.
            max_tokens: of the prompt; the last words are cut at their end, nothing else is.
        """
        head, between, tail = self._template
        pictures = tuple(part for part in user if not isinstance(part, str))
        said = self._encoded(_joined(["user\n", *user]))
        ids = [*head, *self._tokenizer.plain([f"system\n{system}"])[0], *between, *chain.from_iterable(said)]
        n_too_many = len(ids) + len(tail) - max_tokens
        n_cut = max(0, min(n_too_many, len(said[-1]))) if isinstance(user[-1], str) else 0
        return Prompt(ids[: len(ids) - n_cut] + tail, pictures, n_cut)

    @torch.inference_mode()
    def last_hidden(self, prompts: Sequence[Prompt]) -> Tensor:
        """(n_prompts, dim) float32 on the device, of the last layer after its norm at each prompt's last token."""
        lengths = torch.tensor([len(prompt) for prompt in prompts])
        mask = torch.arange(int(lengths.max())) < lengths[:, None]  # padded on the right
        ids = torch.zeros(mask.shape, dtype=torch.long)
        ids[mask] = torch.tensor(list(chain.from_iterable(prompt.ids for prompt in prompts)))
        inputs = {"input_ids": ids, "attention_mask": mask.long(), **self._seen(prompts)}
        inputs["mm_token_type_ids"] = ((ids == self._image_token) & mask).long()
        moved = {name: tensor.to(self._placement.device) for name, tensor in inputs.items()}
        hidden: Tensor = self._model(**moved, use_cache=False).last_hidden_state
        return hidden[torch.arange(len(prompts)), lengths - 1].float()

    @torch.inference_mode()
    def answer_logits(self, prompts: Sequence[Prompt]) -> Tensor:
        """(n_prompts, n_answers) float32 on the device, of each answer as the next token."""
        logits: Tensor = self.last_hidden(prompts) @ self._answers.T
        return logits

    def _encoded(self, parts: Sequence[Part]) -> list[list[int]]:
        """Ids of each part."""
        texts = iter(self._tokenizer.plain([part for part in parts if isinstance(part, str)]))
        return [next(texts) if isinstance(part, str) else self._placeholders(part) for part in parts]

    def _placeholders(self, picture: Image) -> list[int]:
        start, image, end = self._vision
        width, height = size_seen(*picture.size)
        return [start, *[image] * (width * height // _SIDE_PX**2), end]

    def _seen(self, prompts: Sequence[Prompt]) -> dict[str, Tensor]:
        """Patches of all pictures of a batch; nothing where it has none."""
        pictures = [scaled(picture) for prompt in prompts for picture in prompt.pictures]
        if not pictures:
            return {}
        made = self._processor(images=pictures, do_resize=False, return_tensors="pt")
        return {
            "pixel_values": made["pixel_values"].to(self._placement.dtype),
            "image_grid_thw": made["image_grid_thw"],
        }


def scaled(picture: Image) -> Image:
    """RGB, of the size that the model sees."""
    return picture.convert("RGB").resize(size_seen(*picture.size), Resampling.BICUBIC)


def size_seen(width: int, height: int) -> tuple[int, int]:
    """(width, height) in pixels to which the model's makers scale a picture of that size.

    Both are multiples of 32; the shape is kept as well as that allows, up to a ratio of 200.
    """
    from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import smart_resize

    short = min(width, height)
    sides = min(height, _MAX_RATIO * short), min(width, _MAX_RATIO * short)
    tall, wide = smart_resize(*sides, factor=_SIDE_PX, min_pixels=MIN_PIXELS, max_pixels=MAX_PIXELS)
    return int(wide), int(tall)


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Words that follow each other become one text: where tokens begin depends on what stands before."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _load(folder: Path, architecture: str, placement: Placement) -> tuple[Any, Any]:
    """The model and its image processor."""
    import transformers
    from transformers.utils import logging

    logging.disable_progress_bar()
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    model, info = getattr(transformers, architecture).from_pretrained(
        folder, use_safetensors=True, dtype=placement.dtype, output_loading_info=True, **options
    )
    if missing := sorted(info["missing_keys"]):  # transformers would go on with random numbers
        raise ValueError(f"{len(missing)} tensors are missing, first {missing[0]}")
    # Pillow's everywhere: torchvision's processors, where it is installed, give other pixels.
    processor = transformers.AutoImageProcessor.from_pretrained(folder, backend="pil", **options)
    return model.to(placement.device).eval(), processor
