"""Does retrieval find the right picture, or text? Recall and MRR for every channel, fused and reranked.

    python benchmarks/retrieval.py FOLDER [--captions | --summaries] [--json FILE]

FOLDER holds `images/`, `questions.jsonl` (rows with `image` and `question`) and, for the other two, `charts.csv` (rows
with `image`, `title` and `summary`). Without either the pictures alone are ingested: pixels and words.
A knowledge base is kept in `--data-dir`, so that a second run only searches.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from ingest import ingest_paths
from rag import Hit, KnowledgeBase, load_settings

TOP_K = 50


def main() -> None:
    arguments = _arguments()
    questions = [json.loads(line) for line in (arguments.folder / "questions.jsonl").open(encoding="utf-8")]
    with tempfile.TemporaryDirectory() as scratch:
        home = arguments.data_dir or Path(scratch)
        name, dump = _dump(arguments, home)
        settings = load_settings(data_dir=home / "data")
        with KnowledgeBase.open(name, create=True, settings=settings) as kb:
            start = time.perf_counter()
            report = ingest_paths(kb, [dump])
            ingest_s = time.perf_counter() - start
            table, search_s = _evaluate(kb, questions)
    for view, measures in table.items():
        print(f"{view:10} " + "  ".join(f"{measure} {value:.3f}" for measure, value in measures.items()))
    print(
        f"{len(questions)} questions, {report.documents} documents; ingest {ingest_s:.1f} s, "
        f"search {1000 * search_s / len(questions):.0f} ms a question"
    )
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    beside = parser.add_mutually_exclusive_group()
    beside.add_argument("--captions", action="store_true", help="ingest charts.csv titles as captions too")
    beside.add_argument("--summaries", action="store_true", help="ingest charts.csv summaries as texts, and no picture")
    parser.add_argument("--data-dir", type=Path, help="keep the knowledge base and what went in here")
    parser.add_argument("--json", help="write the table there too")
    arguments = parser.parse_args()
    if not (arguments.folder / "questions.jsonl").is_file():
        print(f"no questions.jsonl in {arguments.folder}: nothing to measure", file=sys.stderr)
        raise SystemExit(0)
    return arguments


def _dump(arguments: argparse.Namespace, home: Path) -> tuple[str, Path]:
    """Name of the knowledge base and what goes in: the pictures, they and a table of captions, or texts."""
    folder: Path = arguments.folder
    if not (arguments.captions or arguments.summaries):
        return "pixels", folder / "images"
    name = "captioned" if arguments.captions else "summaries"
    dump = home / f"dump-{name}"
    dump.mkdir(parents=True, exist_ok=True)
    with (folder / "charts.csv").open(encoding="utf-8", newline="") as file:
        charts = list(csv.DictReader(file))
    if arguments.summaries:
        for chart in charts:
            (dump / PurePosixPath(chart["image"]).stem).with_suffix(".txt").write_text(chart["summary"], "utf-8")
        return name, dump
    shutil.copytree(folder / "images", dump / "images", dirs_exist_ok=True)
    with (dump / "captions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([("image", "caption"), *((chart["image"], chart["title"]) for chart in charts)])
    return name, dump


def _evaluate(kb: KnowledgeBase, questions: Sequence[dict[str, str]]) -> tuple[dict[str, dict[str, float]], float]:
    views: dict[str, Callable[[Hit], float | None]] = {
        "image": lambda hit: _own_rank(hit, "image"),
        "text": lambda hit: _own_rank(hit, "text"),
        "lexical": lambda hit: _own_rank(hit, "lexical"),
        "fused": lambda hit: -hit.fused,
        "reranked": lambda hit: -hit.score,
    }
    ranks: dict[str, list[int | None]] = {view: [] for view in views}
    kb.search("warm up")
    start = time.perf_counter()
    found = [(row, kb.search(row["question"], top_k=TOP_K).hits) for row in questions]
    search_s = time.perf_counter() - start
    for row, hits in found:
        for view, key in views.items():
            ranks[view].append(_rank(hits, key, PurePosixPath(row["image"]).stem))
    return {view: _measures(found_at) for view, found_at in ranks.items() if any(found_at)}, search_s


def _own_rank(hit: Hit, channel: str) -> float | None:
    view = hit.channels.get(channel)  # type: ignore[call-overload]
    return view.rank if view else None


def _rank(hits: Sequence[Hit], key: Callable[[Hit], float | None], name: str) -> int | None:
    """Rank from 1 of the document of that name among all, in the order of `key`; None where not found."""
    listed = sorted((hit for hit in hits if key(hit) is not None), key=lambda hit: key(hit) or 0.0)
    documents = dict.fromkeys(frozenset({hit.record.source, *hit.also}) for hit in listed)
    for rank, sources in enumerate(documents, start=1):
        if any(PurePosixPath(source).stem == name for source in sources):
            return rank
    return None


def _measures(ranks: Sequence[int | None]) -> dict[str, float]:
    n = len(ranks)
    recalls = {f"R@{k}": sum(rank is not None and rank <= k for rank in ranks) / n for k in (1, 5, 10)}
    return {**recalls, "MRR": sum(1 / rank for rank in ranks if rank) / n}


if __name__ == "__main__":
    main()
