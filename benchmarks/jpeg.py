"""How fast does a JPEG become the input of an image model?

    python -m benchmarks.jpeg [--json FILE]

Ours decodes no larger than the model needs (`load_image` with `min_side_px`) and looks the normalised values up; the
peer is what its model card says: decode, `convert("RGB")`, transformers' own Pillow processor. The model is CLIP's
usual one, 224 px. Vectors of both are compared by the vision tower that comes with the program.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import numpy as np
import torch
from PIL import Image, ImageDraw
from transformers import CLIPImageProcessorPil

from benchmarks.side_by_side import arguments, compare, report
from rag.embed import make_image_embedder, make_text_embedder
from rag.images.decode import load_image
from rag.nn.clip_preprocess import pixels_like
from rag.ports import ImageTextEmbedder

INPUT_PX = 224
TOWER_PX = 96
MEASURES = (((1280, 960), 24, 2.5), ((4032, 3024), 4, 9.0))
"""Size of the pictures, how many, ratio that is wanted."""


def main() -> None:
    given = arguments(__doc__).parse_args()
    torch.set_num_threads(given.threads)
    tower = make_image_embedder("tower", lambda: make_text_embedder("minilm"))
    assert tower is not None
    ours, theirs = _ours(), _theirs()
    results = []
    for size, n, wanted in MEASURES:
        files = [_jpeg(photo(*size, seed=seed)) for seed in range(n)]
        results.append(
            compare(
                f"{n} JPEGs of {size[0]} x {size[1]} to tensors",
                lambda files=files: torch.cat(list(map(ours, files))),
                "CLIPImageProcessorPil",
                lambda files=files: torch.cat(list(map(theirs, files))),
                agree=lambda a, b, files=files: _agreement(a, b, files, tower),
                wanted=wanted,
                rounds=given.rounds,
            )
        )
    report(results, given.json)


def photo(width: int, height: int, seed: int = 0) -> Image.Image:
    """Soft blots of colour, edges, and the grain of a sensor."""
    chance = np.random.default_rng(seed)
    blots = Image.fromarray(chance.integers(0, 256, (9, 12, 3), np.uint8))
    drawn = blots.resize((width, height), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(drawn)
    for _ in range(40):
        x, y = int(chance.integers(0, width)), int(chance.integers(0, height))
        colours = [tuple(map(int, chance.integers(0, 256, 3))) for _ in range(2)]
        draw.ellipse((x, y, x + width // 9, y + width // 9), fill=colours[0])
        draw.line((0, y, width, x), fill=colours[1], width=3)
    grain = chance.normal(0, 6, (height, width, 3))
    return Image.fromarray(np.clip(np.asarray(drawn) + grain, 0, 255).astype(np.uint8))


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=88)
    return file.getvalue()


def _ours() -> Callable[[bytes], torch.Tensor]:
    pixels = pixels_like(CLIPImageProcessorPil())
    assert pixels is not None
    return lambda data: torch.from_numpy(pixels(load_image(data, min_side_px=2 * INPUT_PX))[None])


def _theirs() -> Callable[[bytes], torch.Tensor]:
    processor = CLIPImageProcessorPil()

    def tensor(data: bytes) -> torch.Tensor:
        pixels: torch.Tensor = processor(images=Image.open(io.BytesIO(data)).convert("RGB"), return_tensors="pt")[
            "pixel_values"
        ]
        return pixels

    return tensor


def _agreement(ours: torch.Tensor, theirs: torch.Tensor, files: Sequence[bytes], tower: ImageTextEmbedder) -> str:
    pixels = float(torch.cosine_similarity(ours.flatten(1), theirs.flatten(1)).min())
    small = tower.embed_images([load_image(data, min_side_px=2 * TOWER_PX) for data in files])
    whole = tower.embed_images([load_image(data) for data in files])
    vectors = float((small * whole).sum(axis=1).min())
    assert pixels >= 0.999, f"pixels agree to a cosine of {pixels:.5f} only"
    assert vectors >= 0.999, f"vectors agree to a cosine of {vectors:.5f} only"
    return f"cosine of pixels >= {pixels:.5f}, of vectors >= {vectors:.5f}"


if __name__ == "__main__":
    main()
