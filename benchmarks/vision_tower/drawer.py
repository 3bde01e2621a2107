"""Drawings for the benchmark: each made once, from its name, and kept."""

from __future__ import annotations

import hashlib
import io
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from typing import TypeVar

import numpy as np
from PIL import Image

from tools.vision_tower.drawing.family import held_out
from tools.vision_tower.drawing.provenance import digest_of_drawing_code

Spec = TypeVar("Spec")

SEED = 20_261
MAX_TRIES = 200_000


class Drawer:
    """Keeps the drawings as PNG files for as long as the code that draws stays the same.

    Args:
        folder: None keeps nothing.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder / digest_of_drawing_code() if folder else None

    def __call__(self, name: str, draw: Callable[[Spec, Random], Image.Image], spec: Spec) -> Image.Image:
        """The drawing of that name, style by the name."""
        path = self._folder / f"{name}-{_digest(spec)}.png" if self._folder else None
        if path and path.exists():
            return decoded(path)
        image = draw(spec, lot(name))
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(f".partial-{os.getpid()}")
            image.save(partial, "PNG", compress_level=1)
            partial.replace(path)
        return image


def _digest(spec: object) -> str:
    """A name may come to stand for another thing: when a model is asked for more of them, say."""
    return hashlib.sha256(repr(spec).encode()).hexdigest()[:12]


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


def of_many_kinds(specs: Iterable[Spec], most: int) -> Iterator[Spec]:
    """At most that many of a kind: where a kind has many attributes, most things kept out of training are of it."""
    taken: Counter[str] = Counter()
    for spec in specs:
        kind = getattr(spec, "kind", "")
        taken[kind] += 1
        if not kind or taken[kind] <= most:
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
