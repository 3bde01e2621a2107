"""`python -m tools.photographs` makes what reads photographs in the default profile, `rag/weights/photographs`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.embed.minilm import MiniLM
from rag.nn.model_folder import folder_digest
from tools.photographs.weights import VARIANTS, convert
from tools.photographs.words import write_texts, write_words

SHIPPED = Path(__file__).parents[2] / "rag" / "weights" / "photographs"


def main(
    out: Annotated[Path, typer.Option(help="folder of the reader")] = SHIPPED,
    variant: Annotated[str, typer.Option(help=f"of EfficientNet: {', '.join(VARIANTS)}")] = "lite0",
) -> None:
    """Fetches and converts what is not there yet, and fits the things' words to the text model."""
    if not (out / "model.safetensors").is_file():
        convert(VARIANTS[variant], out)
    if not (out / "things.json").is_file():
        write_texts(out)
    write_words(out, MiniLM())
    typer.echo(f"DIGEST in rag/embed/sight.py: {folder_digest(out)}")


typer.run(main)
