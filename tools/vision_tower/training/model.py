"""The tower's architecture and its folder, as transformers reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModelWithProjection
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

from tools.vision_tower.drawing.augment import SIDE_PX

if TYPE_CHECKING:
    from torch import Tensor, nn

MEAN, STD = (0.5, 0.5, 0.5), (0.25, 0.25, 0.25)


def make_tower(text_dim: int, *, width: int = 256, n_layers: int = 6) -> CLIPVisionModelWithProjection:
    """A ViT of 64 patches of 16 pixels; of 5 million parameters, if nothing else is wanted."""
    config = CLIPVisionConfig(
        image_size=SIDE_PX,
        patch_size=16,
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=n_layers,
        num_attention_heads=4,
        hidden_act="gelu",
        projection_dim=text_dim,
    )
    return CLIPVisionModelWithProjection(config)


def make_processor() -> CLIPImageProcessor:
    """The whole picture, squashed: documents have no middle that could stand for them."""
    side = {"height": SIDE_PX, "width": SIDE_PX}
    return CLIPImageProcessor(
        size=side, do_center_crop=False, resample=3, image_mean=list(MEAN), image_std=list(STD), do_convert_rgb=True
    )


def save_tower(tower: CLIPVisionModelWithProjection, folder: Path, *, locked_text: str, background_std: float) -> None:
    """Weights in half precision: half the size, and the vectors stay the same to four digits.

    Args:
        tower: trained.
        folder: gets `model.safetensors`, `config.json`, `preprocessor_config.json`.
        locked_text: fingerprint of the text model whose vectors it learnt to hit.
        background_std: standard deviation of its cosines between pictures and captions of other pictures.
    """
    half = make_tower(tower.config.projection_dim)
    half.load_state_dict(tower.state_dict())
    half.config.locked_text, half.config.background_std = locked_text, round(background_std, 4)
    half.half().save_pretrained(folder)
    make_processor().save_pretrained(folder)


def use_plain_attention(tower: CLIPVisionModelWithProjection) -> None:
    """For training on CPUs: with 65 tokens the fused kernel's backward pass takes three times as long."""
    ALL_ATTENTION_FUNCTIONS["plain"] = _plain_attention
    for module in (tower, tower.vision_model):
        module.config._attn_implementation = "plain"


def _plain_attention(
    module: nn.Module, query: Tensor, key: Tensor, value: Tensor, attention_mask: None, scaling: float, **_: Any
) -> tuple[Tensor, None]:
    weights = torch.softmax(query @ key.transpose(-1, -2) * scaling, dim=-1)
    return (weights @ value).transpose(1, 2), None
