"""What is committed of the sample dump, and readers for it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
DUMP = EXAMPLES / "dump"
BROKEN, LOCKED = "unsorted/IMG_2045.jpg", "papers/sealed-tender.pdf"
PICTURES = {".png", ".jpg", ".webp"}
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (EXAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


COMMITTED = files(EXAMPLES)


def pdf_text(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


def is_broken(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
    except OSError:
        return True
    return False
