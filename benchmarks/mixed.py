"""Does the image channel help where pictures have no captions? Retrieval over a mixed dump, without the tower and with.

    python -m benchmarks.mixed [--real FOLDER] [--image-model NAME_OR_FOLDER] [--items N] [--cache DIR] [--json FILE]

The dump is drawn: pictograms, scenes, charts, pages, diagrams and maps that training never saw, under names that say
nothing. It is ingested twice by the program itself, once with the image channel off and once with `--image-model`; the
words in them are read by OCR both times. The same questions are asked of both. A question is answered by any of a set
of files (all pie charts, for "a pie chart"); R@k is the share of questions with one of them among the first k, MRR the
mean of one over the rank of the first of them. Several wordings of one question are averaged and count as one.

The user's knowledge bases and stores are left alone; other settings count, and those that are not as the program comes
are printed.

FOLDER of `--real` holds `images/` and `questions.jsonl` (rows with `image` and `question`), people's questions about
real charts. Those pictures join the dump, and are asked about in it and in a dump of their own.

Drawings and what OCR read are kept in `--cache`, so that a second model is measured sooner.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.mixed_questions import Question
from benchmarks.mixed_ranks import HEAD, Found, Row, rows, search_dump
from rag import load_settings
from rag.config import origins
from tools.vision_tower.drawing.provenance import CACHE

if TYPE_CHECKING:
    from benchmarks.vision_tower.drawn import Pictograms

ITEMS = 80
RANKINGS = ("fused", "reranked")


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions to one dump, and where the answers stood without the image channel and with it."""

    dump: str
    questions: Sequence[Question]
    without: Sequence[Found]
    with_: Sequence[Found]


def main() -> None:
    arguments = _arguments()
    from tools.vision_tower.drawing.pictograms.family import Pictograms  # here: '--help' needs no renderers

    pictograms = Pictograms(arguments.cache / "downloads")
    asked = measure(pictograms, arguments.image_model, arguments.items, arguments.real, arguments.cache)
    tables = {ranking: _table(asked, ranking) for ranking in RANKINGS}
    for ranking, table in tables.items():
        print(f"{ranking}\n{HEAD}", *(row.line() for row in table), "", sep="\n")
    if arguments.json:
        kept = {"tables": {name: [asdict(row) for row in table] for name, table in tables.items()}, "asked": asked}
        arguments.json.write_text(json.dumps(kept, indent=1, default=_plain) + "\n", encoding="utf-8")


def measure(pictograms: Pictograms, image_model: str, items: int, real: Path | None, cache: Path) -> list[Asked]:
    """Draws the dumps, ingests each twice, and asks.

    Args:
        items: pictures of each family at most.
        real: folder of real charts and questions about them.
        cache: keeps drawings and what OCR read.
    """
    from benchmarks import mixed_dump, mixed_questions
    from benchmarks.vision_tower.drawer import Drawer, lot
    from tools.vision_tower.drawing.scenes import family as scenes

    charts = mixed_dump.real(real / "images") if real else []
    drawn = mixed_dump.drawings(pictograms, items, Drawer(cache / "benchmark"))
    with tempfile.TemporaryDirectory() as scratch:
        bench = _Bench(Path(scratch), image_model, cache / "mixed-notes")
        for name, value in bench.changed().items():
            print(f"setting {name}: {value}", file=sys.stderr)
        names = mixed_dump.written([*drawn, *charts], Path(scratch) / "mixed", lot("mixed/names"))
        questions = mixed_questions.questions(names, pictograms, scenes)
        if not real:
            return [bench.ask("mixed", questions)]
        path = real / "questions.jsonl"
        asked = [bench.ask("mixed", [*questions, *mixed_questions.of_people(names, path)])]
        names = mixed_dump.written(charts, Path(scratch) / "real", lot("mixed/names"))
        return [*asked, bench.ask("real", mixed_questions.of_people(names, path))]


@dataclass(frozen=True, slots=True)
class _Bench:
    folder: Path
    image_model: str
    notes: Path

    def kept_apart(self) -> dict[str, Any]:
        """Settings that would let the user's data in, or another machine."""
        return {"data_dir": self.folder / "data", "store_uri": "", "asset_uri": "", "caption_model": ""}

    def changed(self) -> dict[str, str]:
        """Settings that are the user's: name to value and where it is from."""
        flags = {**self.kept_apart(), "image_model": self.image_model}
        settings = load_settings(**flags)
        usual = {"flag", "default", f"profile {settings.profile}"}
        places = origins(**flags)
        return {name: f"{getattr(settings, name)} ({place})" for name, place in places.items() if place not in usual}

    def ask(self, dump: str, questions: Sequence[Question]) -> Asked:
        """Args: dump: a folder of pictures in the folder."""
        found = [
            self._search(dump, questions, way, model) for way, model in (("without", ""), ("with", self.image_model))
        ]
        return Asked(dump, questions, *found)

    def _search(self, dump: str, questions: Sequence[Question], way: str, model: str) -> list[Found]:
        start = time.perf_counter()
        settings = load_settings(image_model=model, **self.kept_apart())
        found = search_dump(self.folder / dump, questions, f"{dump}_{way}", settings, self.notes)
        seconds = time.perf_counter() - start
        print(f"{dump} dump {way} the tower: {len(questions)} questions, {seconds:.0f} s", file=sys.stderr)
        return found


def _table(asked: Sequence[Asked], ranking: str) -> list[Row]:
    """The mixed dump's groups and total, then the real charts alone."""
    mixed, *alone = (rows(one.questions, one.without, one.with_, attrgetter(ranking)) for one in asked)
    return [*mixed, *(replace(row, group="real charts alone in a dump") for table in alone for row in table)]


def _plain(value: Asked | frozenset[str]) -> object:
    return sorted(value) if isinstance(value, frozenset) else asdict(value)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--image-model", default="sight", help="as RAG_IMAGE_MODEL (default: what comes with the program)"
    )
    parser.add_argument("--items", type=int, default=ITEMS, help=f"pictures of each family at most (default: {ITEMS})")
    parser.add_argument("--real", type=Path, help="folder of real charts and questions about them")
    parser.add_argument("--cache", type=Path, default=CACHE, help="keep downloads, drawings and read words here")
    parser.add_argument("--json", type=Path, help="write the table there, and where every answer stood")
    return parser.parse_args()


if __name__ == "__main__":
    main()
