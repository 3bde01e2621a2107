"""Does each kind stay found beside the others? Photographs, drawings, real charts and texts, alone and in one dump.

    python -m benchmarks.kinds_beside PHOTOGRAPHS --real CHARTS [--items N] [--captions N] [--no-ocr] [--json FILE]

PHOTOGRAPHS is as `benchmarks.photographs` wants it, CHARTS as `benchmarks.mixed` does; drawings are those of the
latter, without pictograms, and texts are the sample's. Everything is ingested and searched by the program, and the
fused order counts. A question is answered by any of a set of files; R@k is the share with one among the first k.
`--no-ocr` ingests without reading words in pictures: fifty times faster, and what pixels alone can do.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from benchmarks import mixed_dump, mixed_questions
from benchmarks.mixed_dump import Thing
from benchmarks.mixed_questions import Question
from benchmarks.mixed_ranks import Found, measures, search_dump
from benchmarks.vision_tower.drawer import Drawer
from rag import Settings, load_settings
from rag.cli.demo import examples_folder
from tools.vision_tower.drawing.provenance import CACHE

ITEMS = 40
TEXTS = ("words find a passage", "words find a passage in a PDF")
HEAD = f"{'':32} {'n':>5}  alone R@1  R@10 | beside R@1  R@10 | change in R@10"


@dataclass(frozen=True, slots=True)
class Kind:
    """Files by name, names of all kinds being different, and what is asked about them."""

    name: str
    files: Mapping[str, Thing]
    questions: Sequence[Question]


def main() -> None:
    arguments = _arguments()
    charts = _charts(arguments.real)
    drawings = _drawings(arguments.items, Drawer(arguments.cache / "benchmark"), charts.files)
    kinds = [_photographs(arguments.photographs, arguments.captions), drawings, charts, _texts()]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        settings = load_settings(
            data_dir=folder / "data", store_uri="", asset_uri="", caption_model="", ocr=not arguments.no_ocr
        )
        alone = [found for kind in kinds for found in _asked([kind], folder, kind.name, settings, arguments.cache)]
        beside = _asked(kinds, folder, "all", settings, arguments.cache)
    questions = [question for kind in kinds for question in kind.questions]
    table = _table(questions, alone, beside)
    print(HEAD, *(_line(group, row) for group, row in table.items()), sep="\n")
    if arguments.json:
        arguments.json.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def _asked(kinds: Sequence[Kind], folder: Path, name: str, settings: Settings, cache: Path) -> list[Found]:
    dump = folder / name
    for kind in kinds:
        for file, thing in kind.files.items():
            path = dump / kind.name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            thing.save(path)
    notes = cache / "mixed-notes" if settings.ocr else folder / "notes"
    return search_dump(dump, [each for kind in kinds for each in kind.questions], name, settings, notes)


def _photographs(folder: Path, n_captions: int) -> Kind:
    rows = [json.loads(line) for line in (folder / "captions.jsonl").open(encoding="utf-8")]
    files = [folder / row["image"] for row in rows]
    questions = [
        Question("photographs, by a caption", caption, frozenset({file.name}))
        for row, file in zip(rows, files, strict=True)
        for caption in row["captions"][:n_captions]
    ]
    return Kind("photographs", {file.name: _copy(file) for file in files}, questions)


def _drawings(items: int, drawer: Drawer, charts: Mapping[str, Thing]) -> Kind:
    """Args: charts: what a question for a kind of chart may find as well."""
    from tools.vision_tower.drawing.scenes import family as scenes

    things = mixed_dump.drawings(None, items, drawer)
    named = {f"drawing-{i:04}.png": thing for i, thing in enumerate(things)}
    return Kind("drawings", named, mixed_questions.questions({**named, **charts}, None, scenes))


def _charts(folder: Path) -> Kind:
    named = {f"chart-{thing.spec}": thing for thing in mixed_dump.real(folder / "images")}
    return Kind("charts", named, mixed_questions.of_people(named, folder / "questions.jsonl"))


def _texts() -> Kind:
    folder = examples_folder()
    rows = [json.loads(line) for line in (folder / "questions.jsonl").open(encoding="utf-8")]
    asked = [row for row in rows if row["kind"] in TEXTS and "!" not in row["sources"][0]]
    files = [folder / "dump" / name for name in dict.fromkeys(source for row in asked for source in row["sources"])]
    questions = [
        Question("texts", row["question"], frozenset(PurePosixPath(source).name for source in row["sources"]))
        for row in asked
    ]
    return Kind("texts", {file.name: _copy(file) for file in files}, questions)


def _copy(file: Path) -> Thing:
    return Thing("files", file.name, (), partial(shutil.copyfile, file))


def _table(questions: Sequence[Question], alone: Sequence[Found], beside: Sequence[Found]) -> dict[str, list[float]]:
    """By group: n, R@1 and R@10 alone, R@1 and R@10 beside the others."""
    table = {}
    for group in dict.fromkeys(question.group for question in questions):
        places = [i for i, question in enumerate(questions) if question.group == group]
        one, other = (measures([found[i].fused for i in places]) for found in (alone, beside))
        table[group] = [len(places), one[0], one[2], other[0], other[2]]
    return table


def _line(group: str, row: Sequence[float]) -> str:
    n, *values = row
    one, ten, beside_one, beside_ten = values
    return f"{group:32} {n:5}  {one:9.3f} {ten:5.3f} | {beside_one:10.3f} {beside_ten:5.3f} | {beside_ten - ten:+.3f}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", type=Path)
    parser.add_argument("--real", type=Path, required=True, help="folder of real charts and questions about them")
    parser.add_argument("--items", type=int, default=ITEMS, help=f"drawings of each family at most (default: {ITEMS})")
    parser.add_argument("--captions", type=int, default=5, help="of a photograph at most")
    parser.add_argument("--no-ocr", action="store_true", help="read no words in pictures")
    parser.add_argument("--cache", type=Path, default=CACHE, help="keep drawings and read words here")
    parser.add_argument("--json", type=Path, help="write the table there, too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
