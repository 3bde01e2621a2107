"""`rag demo`: the sample dump goes in, questions go out, everything by the commands that a user would type."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from rag.cli import console
from rag.cli.ask import print_answer
from rag.errors import RagError
from rag.knowledge_base import KnowledgeBase
from rag.question import Question
from rag.system import module_command
from rag.trace import Note


class DemoFailed(RagError):
    """The demo could not be run to its end."""


def examples_folder() -> Path:
    """Where the sample dump is: inside the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "examples"
    return inside if inside.is_dir() else package.parent / "examples"


def run_demo(kb: str) -> None:
    """Ingests `examples/dump` and asks the questions that are marked for the demo.

    Raises:
        DemoFailed: the samples are missing or nothing could be ingested.
    """
    folder = examples_folder()
    ingest_samples(kb)
    known: set[Note] = set()
    with KnowledgeBase.open(kb) as base:
        for row in demo_questions(folder):
            image = folder / row["image"] if row["image"] else None
            console.say(f"\n--- {row['kind']}\n$ {_command(row['question'], image, kb)}")
            known.update(print_answer(base, Question.of(row["question"], image, top_k=5), known=known).notes)
    console.say(
        f'\nNow yours: rag serve (a page), rag ask "..." --kb {kb}, rag chat --kb {kb}, or ingest PATH --kb NAME'
    )


def ingest_samples(kb: str) -> None:
    """Brings a knowledge base up to date with `examples/dump`.

    Raises:
        DemoFailed: the samples are missing or nothing could be ingested.
    """
    dump = samples()
    console.say(f"$ ingest {_short(dump)} --kb {kb}")
    sys.stdout.flush()
    code = subprocess.run(module_command("ingest", str(dump), "--kb", kb), check=False).returncode
    if code not in (0, 3):
        raise DemoFailed(f"the ingest of the sample dump ended with exit code {code}")
    if code == 3:
        console.say("(The two failures are part of the sample: a cut-off picture and an encrypted PDF.)")


def samples() -> Path:
    """The sample dump.

    Raises:
        DemoFailed: it is missing.
    """
    dump = examples_folder() / "dump"
    if not dump.is_dir():
        raise DemoFailed(f"the sample dump is not at {dump}; run this in a checkout, or reinstall the package")
    return dump


def demo_questions(folder: Path) -> list[dict[str, Any]]:
    """The questions marked `demo` in `questions.jsonl`."""
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["demo"]]


def _command(question: str, image: Path | None, kb: str) -> str:
    words = [f'"{question}"'] if question else []
    picture = ["--image", _short(image)] if image else []
    return " ".join(["rag", "ask", *words, *picture, "--kb", kb])


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
