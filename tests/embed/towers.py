"""Towers as `save_pretrained` writes them."""

import torch
from transformers import CLIPImageProcessorPil, CLIPVisionConfig, CLIPVisionModelWithProjection


def save_tower(folder, *, locked_text, dim, **preprocessing):
    """A vision tower of two thin layers with random weights that squashes pictures to 64 px a side; its folder."""
    torch.manual_seed(0)
    config = CLIPVisionConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        image_size=64, patch_size=16, projection_dim=dim,
    )  # fmt: skip
    config.locked_text = locked_text
    CLIPVisionModelWithProjection(config).half().save_pretrained(folder)
    squashed = {"size": {"height": 64, "width": 64}, "do_center_crop": False}
    CLIPImageProcessorPil(**squashed | preprocessing).save_pretrained(folder)
    return folder
