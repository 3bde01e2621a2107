"""EfficientNet-Lite as a graph, held to torch."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch.nn import functional

from rag.errors import ModelError
from rag.nn.graphs.efficientnet import EfficientNet

STRIDES = [1, 2, 1]
KERNELS = [3, 5, 3]


def weights():
    torch.manual_seed(0)
    shapes = {"stem": (8, 3, 3, 3), "head": (24, 12, 1, 1)}
    for i, (width_in, grown, width_out) in enumerate([(8, 8, 8), (8, 16, 12), (12, 24, 12)]):
        if grown != width_in:
            shapes[f"blocks.{i}.expand"] = (grown, width_in, 1, 1)
        shapes[f"blocks.{i}.depthwise"] = (grown, 1, KERNELS[i], KERNELS[i])
        shapes[f"blocks.{i}.project"] = (width_out, grown, 1, 1)
    tensors = {f"{name}.weight": torch.randn(shape) * 0.4 for name, shape in shapes.items()}
    tensors |= {f"{name}.bias": torch.randn(shape[0]) for name, shape in shapes.items()}
    return tensors | {"classifier.weight": torch.randn(5, 24), "classifier.bias": torch.randn(5)}


def save(folder, tensors, image_px=30, strides=STRIDES):
    save_file(tensors, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"image_size": image_px, "strides": strides}))
    return folder


def by_torch(tensors, pixels):
    def conv(hidden, name, stride=1, groups=1):
        weight, side = tensors[f"{name}.weight"], hidden.shape[-1]
        kernel = weight.shape[-1]
        total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        hidden = functional.pad(hidden, [total // 2, total - total // 2] * 2)
        return functional.conv2d(hidden, weight, tensors[f"{name}.bias"], stride, groups=groups)

    hidden = functional.relu6(conv(pixels, "stem", 2))
    for i, stride in enumerate(STRIDES):
        before = hidden
        if f"blocks.{i}.expand.weight" in tensors:
            hidden = functional.relu6(conv(hidden, f"blocks.{i}.expand"))
        hidden = functional.relu6(conv(hidden, f"blocks.{i}.depthwise", stride, hidden.shape[1]))
        hidden = conv(hidden, f"blocks.{i}.project")
        hidden = hidden + before if hidden.shape == before.shape else hidden
    features = functional.relu6(conv(hidden, "head")).mean(dim=(2, 3))
    return features, functional.linear(features, tensors["classifier.weight"], tensors["classifier.bias"])


@pytest.mark.parametrize("image_px", [30, 32])
def test_features_and_classes_are_those_of_torch(tmp_path, image_px):
    tensors = weights()
    pixels = np.random.default_rng(0).standard_normal((3, 3, image_px, image_px), np.float32)
    seen = EfficientNet(save(tmp_path, tensors, image_px))(pixels)
    for ours, theirs in zip((seen.features, seen.logits), by_torch(tensors, torch.from_numpy(pixels)), strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-4)


def test_half_precision_weights_are_read(tmp_path):
    tensors = {name: tensor.half() for name, tensor in weights().items()}
    pixels = np.zeros((1, 3, 30, 30), np.float32)
    seen = EfficientNet(save(tmp_path, tensors))(pixels)
    _, expected = by_torch({name: tensor.float() for name, tensor in tensors.items()}, torch.from_numpy(pixels))
    np.testing.assert_allclose(seen.logits, expected.numpy(), atol=1e-4)


def test_another_number_of_blocks_is_refused(tmp_path):
    with pytest.raises(ValueError, match="describes 2 blocks, and the weights have 3"):
        EfficientNet(save(tmp_path, weights(), strides=[1, 2]))


def test_what_is_no_number_is_refused(tmp_path):
    tensors = weights()
    tensors["head.bias"][0] = torch.nan
    with pytest.raises(ValueError, match=r"head\.bias holds what is no number"):
        EfficientNet(save(tmp_path, tensors))


def test_a_size_out_of_bounds_is_refused(tmp_path):
    with pytest.raises(ModelError, match="image_size"):
        EfficientNet(save(tmp_path, weights(), image_px=0))
