"""CLIP's vision transformer as a graph, held to transformers."""

import numpy as np
import pytest
import torch
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

from rag.nn.graphs.vit import VisionTransformer


@pytest.mark.parametrize("activation", ["gelu", "quick_gelu"])
@pytest.mark.parametrize("image_px", [32, 36])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16], ids=str)
def test_features_are_those_of_transformers(tmp_path, activation, image_px, dtype):
    torch.manual_seed(0)
    config = CLIPVisionConfig(
        hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, image_size=image_px,
        patch_size=8, projection_dim=24, hidden_act=activation,
    )  # fmt: skip
    CLIPVisionModelWithProjection(config).to(dtype).save_pretrained(tmp_path)
    reference = CLIPVisionModelWithProjection.from_pretrained(tmp_path, dtype=torch.float32).eval()
    pixels = np.random.default_rng(0).standard_normal((3, 3, image_px, image_px), np.float32)
    with torch.inference_mode():
        expected = reference(torch.from_numpy(pixels)).image_embeds.numpy()
    np.testing.assert_allclose(VisionTransformer(tmp_path)(pixels), expected, atol=1e-5)
