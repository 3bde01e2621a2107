"""Drawings for the benchmark: each made once, from its name, and kept."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import TypeVar

import numpy as np
from PIL import Image

import tools.vision_tower
from tools.vision_tower.drawing import held_out

Spec = TypeVar("Spec")

SEED = 20_261
MAX_TRIES = 200_000


class Drawer:
    """Keeps the drawings as PNG files for as long as the code that draws stays the same.

    Args:
        folder: None keeps nothing.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder / _digest_of_code() if folder else None

    def __call__(self, name: str, draw: Callable[[Spec, Random], Image.Image], spec: Spec) -> Image.Image:
        """The drawing of that name, style by the name."""
        path = self._folder / f"{name}.png" if self._folder else None
        if path and path.exists():
            return decoded(path)
        image = draw(spec, lot(name))
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            image.save(path, compress_level=1)
        return image


def _digest_of_code() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(tools.vision_tower.__path__[0]).glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def lot(name: str) -> Random:
    """The same in every process."""
    return Random(f"benchmark:{SEED}:{name}")


def unseen(imagine: Callable[[Random], Spec], rng: Random) -> Iterator[Spec]:
    """Things that training never drew in any style, none twice."""
    seen: set[str] = set()
    for _ in range(MAX_TRIES):
        spec = imagine(rng)
        if held_out(spec) and repr(spec) not in seen:
            seen.add(repr(spec))
            yield spec


def worn(image: Image.Image, rng: Random) -> Image.Image:
    """Of another size and slightly other proportions, with grain, saved as JPEG."""
    factor = rng.uniform(0.6, 1.4)
    image = image.resize((round(image.width * factor), round(image.height * factor * rng.uniform(0.95, 1.05))))
    grain = np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(0, 8), (image.height, image.width, 3))
    noisy = Image.fromarray(np.clip(np.asarray(image, np.float32) + grain, 0, 255).astype(np.uint8))
    return decoded(encoded(noisy, "JPEG", quality=rng.randint(40, 90)))


def encoded(image: Image.Image, form: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def decoded(file: bytes | Path) -> Image.Image:
    """RGB; what is transparent becomes white."""
    with Image.open(io.BytesIO(file) if isinstance(file, bytes) else file) as image:
        if image.mode == "RGB":
            return image.convert("RGB")
        layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
