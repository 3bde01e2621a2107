"""Batch norms folded into convolutions compute the same."""

import torch
from torch import nn

from tools.photographs.weights import BATCH_NORM_EPS, folded


def layer(state, conv, norm, width_in, width_out, kernel=1, groups=1):
    module = nn.Conv2d(width_in, width_out, kernel, groups=groups, bias=False)
    after = nn.BatchNorm2d(width_out, eps=BATCH_NORM_EPS)
    for tensor in (after.weight, after.bias, after.running_mean):
        nn.init.normal_(tensor)
    nn.init.uniform_(after.running_var, 0.5, 2.0)
    state[f"{conv}.weight"] = module.weight.detach()
    state |= {f"{norm}.{name}": tensor for name, tensor in after.state_dict().items()}
    return nn.Sequential(module, after).eval()


def test_a_folded_convolution_computes_what_it_did_with_its_norm():
    torch.manual_seed(0)
    state = {"_fc.weight": torch.randn(2, 6), "_fc.bias": torch.randn(2)}
    wanted = {
        "stem": layer(state, "_conv_stem", "_bn0", 3, 4, 3),
        "blocks.0.depthwise": layer(state, "_blocks.0._depthwise_conv", "_blocks.0._bn1", 4, 4, 3, groups=4),
        "blocks.0.project": layer(state, "_blocks.0._project_conv", "_blocks.0._bn2", 4, 5),
        "head": layer(state, "_conv_head", "_bn1", 5, 6),
    }
    weights = folded(state)
    assert weights.keys() == {f"{name}.{part}" for name in (*wanted, "classifier") for part in ("weight", "bias")}
    for name, module in wanted.items():
        weight = weights[f"{name}.weight"]
        groups = 4 if "depthwise" in name else 1
        pixels = torch.randn(1, weight.shape[1] * groups, 8, 8)
        ours = nn.functional.conv2d(pixels, weight, weights[f"{name}.bias"], groups=groups)
        torch.testing.assert_close(ours, module(pixels), atol=1e-4, rtol=1e-4)
