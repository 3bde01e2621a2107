"""`python -m tools.vision_tower` draws, trains and saves the vision tower. Run again, it goes on where it stopped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import torch
import typer
from platformdirs import user_cache_path

from rag.embed.minilm import MiniLM
from tools.vision_tower.cache import Drawings, draw_all, plan_chunks
from tools.vision_tower.model import save_tower
from tools.vision_tower.texts import caption_vectors
from tools.vision_tower.train import Plan, Trainer, train

CACHE = user_cache_path("rag", appauthor=False) / "vision-tower"
SHIPPED = Path(__file__).parents[2] / "rag" / "weights" / "vision-tower"


def main(
    out: Annotated[Path, typer.Option(help="folder for the trained tower")] = SHIPPED,
    cache: Annotated[Path, typer.Option(help="folder for downloads, drawings and checkpoints (20 GB)")] = CACHE,
    items: Annotated[int, typer.Option(help="things to draw, each of them twice")] = 150_000,
    steps: Annotated[int, typer.Option(help="training steps")] = Plan.steps,
    seed: Annotated[int, typer.Option(help="of drawings and of training")] = 1,
) -> None:
    """Draw, train, save."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_num_threads(os.cpu_count() or 1)
    folder = cache / f"drawings-{seed}"
    chunks = plan_chunks(folder, items)
    draw_all(chunks, cache / "downloads", seed)
    drawings, text = Drawings(chunks), MiniLM()
    vectors, rows = caption_vectors(drawings.captions, text, folder / f"captions-{items}.npy")
    checkpoint = cache / f"checkpoint-{seed}-{items}-{steps}.pt"

    def keep(trainer: Trainer) -> None:
        save_tower(trainer.tower, cache / "latest", text.fingerprint)

    plan = Plan(steps=steps, seed=seed)
    save_tower(train(plan, drawings, vectors, rows, checkpoint, device, on_save=keep), out, text.fingerprint)


if __name__ == "__main__":
    typer.run(main)
