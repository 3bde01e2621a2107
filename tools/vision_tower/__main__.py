"""`python -m tools.vision_tower` draws, trains and saves the vision tower. Run again, it goes on where it stopped."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import torch
import typer

from rag.embed.minilm import MiniLM
from tools.vision_tower.drawing.cache import Drawings, draw_all, plan_chunks
from tools.vision_tower.drawing.provenance import CACHE, claim, digest_of_drawing_code
from tools.vision_tower.training.model import save_tower
from tools.vision_tower.training.restyle import Restyle
from tools.vision_tower.training.texts import caption_vectors
from tools.vision_tower.training.train import CheckpointError, Plan, Trainer, background_std, to_pixels, train

if TYPE_CHECKING:
    from transformers import CLIPVisionModelWithProjection

_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4
"""Of glibc's malloc.h."""
SHIPPED = Path(__file__).parents[2] / "rag" / "weights" / "vision-tower"


def main(
    out: Annotated[Path, typer.Option(help="folder for the trained tower")] = SHIPPED,
    cache: Annotated[Path, typer.Option(help="folder for downloads, drawings and checkpoints (20 GB)")] = CACHE,
    items: Annotated[int, typer.Option(help="things to draw, each of them twice")] = 180_000,
    steps: Annotated[int, typer.Option(help="training steps")] = Plan().steps,
    seed: Annotated[int, typer.Option(help="of drawings and of training")] = 1,
) -> None:
    """Draw, train, save."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_num_threads(os.cpu_count() or 1)
    _keep_memory()
    folder, text = cache / f"drawings-{seed}", MiniLM()
    try:
        claim(folder, {"drawing code": digest_of_drawing_code(), "text model": text.fingerprint})
    except ValueError as error:
        raise SystemExit(str(error)) from error
    chunks = plan_chunks(folder, items)
    draw_all(chunks, cache / "downloads", seed)
    drawings = Drawings(chunks)
    vectors, rows = caption_vectors(drawings.captions, text, folder)
    checkpoint = folder / f"checkpoint-{items}-{steps}.pt"
    some = np.random.default_rng(seed).choice(len(drawings), 1024, replace=False)
    views, texts = to_pixels(drawings.views(some)[::2], device), torch.from_numpy(vectors[np.asarray(rows)[2 * some]])

    def save(tower: CLIPVisionModelWithProjection, folder: Path) -> None:
        spread = background_std(tower.eval(), views, texts.to(device))
        save_tower(tower, folder, locked_text=text.fingerprint, background_std=spread)
        tower.train()

    def keep(trainer: Trainer) -> None:
        save(trainer.tower, cache / "latest")

    plan = Plan(steps=steps, seed=seed)
    restyle = Restyle([chunk.family for chunk in chunks for _ in range(chunk.n_items)], drawings.captions)
    try:
        tower = train(plan, drawings, vectors, rows, restyle, checkpoint, device, on_save=keep)
    except CheckpointError as error:
        raise SystemExit(str(error)) from error
    save(tower, out)


def _keep_memory() -> None:
    """glibc gives large tensors back to the kernel at once and asks for them again: a third of a step on a CPU."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_M_MMAP_MAX, 0)
        libc.mallopt(_M_TRIM_THRESHOLD, -1)  # never


if __name__ == "__main__":
    typer.run(main)
