"""Is the exact thing found, quoted rightly without a model, and is what nobody has said to be missing?

    python -m benchmarks.exact [--seed N] [--data-dir FOLDER] [--show KIND]

Writes a dump of its own (`benchmarks.exact_dump`), ingests it, and asks: 200 questions for a part number, an error
code, a clause, a version, an address, an ISBN, a day or a path, each also typed alone; 100 about manuals, a table and a
log; 100 that nothing in it answers. No language model is asked.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from benchmarks.exact_dump import Asked, write_dump
from ingest import ingest_paths
from rag import Answer, KnowledgeBase, load_settings

SEED = 7
REFUSED = "I found nothing"


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as scratch:
        home = arguments.data_dir or Path(scratch)
        dump = write_dump(home / f"dump-{arguments.seed}", arguments.seed)
        settings = load_settings(data_dir=home / "data", chat="extractive")
        with KnowledgeBase.open(f"exact_{arguments.seed}", create=True, settings=settings) as kb:
            ingest_paths(kb, [home / f"dump-{arguments.seed}"])
            for name, asked in (
                ("identifiers", dump.exact),
                ("other questions", dump.plain),
                ("no answer", dump.absent),
            ):
                _report(name, _measured(kb, asked, arguments.show))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=SEED, help="another dump of the same kinds")
    parser.add_argument("--data-dir", type=Path, help="keep the dump and the knowledge base here")
    parser.add_argument("--show", default="", help="print what went wrong with questions of this kind, or 'all'")
    return parser.parse_args()


def _measured(kb: KnowledgeBase, asked: Iterable[Asked], show: str) -> dict[str, dict[str, list[bool]]]:
    """By kind and measure, a yes or no for each question."""
    table: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for each in asked:
        answer = kb.ask(each.question)
        measures = _judged(each, answer)
        if each.key:
            measures["first when typed alone"] = _is_first(each, kb.search(each.key, top_k=3).hits[:1])
        for measure, value in measures.items():
            table[each.kind][measure].append(value)
        if show in (each.kind, "all") and not (measures.get("right", measures["refused"])):
            print(f"{each.question} [{each.gold}]\n{answer.text}\n")
    return table


def _judged(asked: Asked, answer: Answer) -> dict[str, bool]:
    refused = answer.text.startswith(REFUSED)
    if not asked.gold:
        return {"refused": refused}
    said = {gold for gold in asked.wrong if _says(answer.text, gold)}
    right = not refused and _says(answer.text, asked.gold)
    cited = [answer.hits[found.hit] for found in answer.citations if found.hit is not None]
    return {
        "source first": _is_first(asked, answer.hits[:1]),
        "cited first": _is_first(asked, cited[:1]),
        "right": right,
        "wrong alone": bool(said) and not right and not refused and bool(asked.key),
        "others, too": bool(said) and right and bool(asked.key),
        "refused": refused,
    }


def _is_first(asked: Asked, hits: Iterable[object]) -> bool:
    texts = [hit.record.text for hit in hits]  # type: ignore[attr-defined]
    return any(_says(text, asked.gold) for text in texts)


def _says(text: str, gold: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(gold)}(?!\w)", " ".join(text.split())) is not None


def _report(name: str, table: dict[str, dict[str, list[bool]]]) -> None:
    every: dict[str, list[bool]] = defaultdict(list)
    print(f"\n{name}")
    for kind, measures in table.items():
        print(
            f"  {kind:16} "
            + "  ".join(f"{measure} {sum(values) / len(values):.2f}" for measure, values in measures.items())
        )
        for measure, values in measures.items():
            every[measure] += values
    print(f"  {'all':16} " + "  ".join(f"{measure} {sum(v) / len(v):.3f}" for measure, v in every.items()))


if __name__ == "__main__":
    main()
