"""Are questions about files understood rightly? On a made collection of 2,000 photographs and 300 documents.

    python -m benchmarks.understood [--questions FILE] [--half develop | aside] [--wrong]

A line of `understood_questions.tsv` has a question, the filter that it should become (none: no filter at all), and what
comes first: a word of its text or name, `COUNT`, `NEWEST`, `OLDEST`, `VALUES column`, `ANY`, or nothing: any file that
passes the filter. The rules were written against every other line (`develop`); the others are set aside.

Records are stored without an ingest, with vectors of hashed words: what is measured is understanding, not a model.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.understood_collection import Made, collection
from rag.columns.cached import CachedFacets
from rag.filters.parse import matches, parse_where
from rag.ports import KbSpec
from rag.search.retriever import Retriever, RetrieverOptions
from rag.search.understood.files import date_of
from rag.search.understood.held import HeldVocabulary
from rag.search.understood.recognise import recognise
from rag.search.understood.search import UnderstandingSearch
from rag.search.understood.vocabulary import Vocabulary
from rag.store import connect
from rag.types import EmbeddedRecord, Query, Record, SearchResult

QUESTIONS = Path(__file__).with_name("understood_questions.tsv")
TODAY = date(2024, 5, 15)
DIM = 256


class HashedWords:
    """A vector of the words of a text, each with a direction of its own."""

    fingerprint, dim, min_cosine = "hashed-words", DIM, None

    class abilities:  # noqa: N801 - the port's name
        sparse = None

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> np.ndarray:
        total = np.full(DIM, 1e-3)
        for word in text.lower().split():
            seed = hashlib.sha256(word.strip(".,;?!:'\"").rstrip("s").encode()).digest()
            total += np.random.default_rng(int.from_bytes(seed[:8], "big")).normal(size=DIM)
        return (total / np.linalg.norm(total)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of the questions."""

    question: str
    where: str
    first: str


@dataclass(slots=True)
class Outcome:
    """Of one question; `is_first` is None where anything may come first."""

    asked: Asked
    is_understood: bool
    is_wrongly_filtered: bool
    is_first: bool | None
    said: str

    @property
    def marks(self) -> str:
        """U: not understood; F: hides what was wanted; R: another first."""
        bad = (not self.is_understood, self.is_wrongly_filtered, self.is_first is False)
        return "".join(mark for mark, is_bad in zip("UFR", bad, strict=True) if is_bad)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--half", choices=("develop", "aside"))
    parser.add_argument("--wrong", action="store_true", help="show what went wrong")
    arguments = parser.parse_args()
    lines = arguments.questions.read_text(encoding="utf-8").splitlines()
    asked = [Asked(*(*line.split("\t"), "", "")[:3]) for line in lines if line.strip()]
    made = collection()
    with tempfile.TemporaryDirectory() as folder:
        outcomes, vocabulary = _ask(made, asked, Path(folder))
    halves = {"develop": outcomes[::2], "aside": outcomes[1::2]}
    for name, some in halves.items() if arguments.questions == QUESTIONS else [("all", outcomes)]:
        if arguments.half in (None, name):
            _report(name, some, show_wrong=arguments.wrong)
    times = [_timed_ms(each.question, vocabulary) for each in asked]
    print(f"understanding a question: median {statistics.median(times):.2f} ms, most {max(times):.2f} ms")


def _ask(made: Sequence[Made], asked: Iterable[Asked], folder: Path) -> tuple[list[Outcome], Vocabulary]:
    texts = HashedWords()
    spec = KbSpec(texts.fingerprint, texts.dim)
    with connect(str(folder / "milvus.db")) as store:
        store.create_kb("made", spec)
        stored = store.kb("made")
        stored.upsert([EmbeddedRecord(each.record, texts.embed_query(each.record.text), None) for each in made])
        stored.put_documents([each.document for each in made])
        retriever = Retriever(
            stored, spec, text_embedder=texts, image_embedder=None, reranker=None, reader=lambda: None,  # type: ignore[arg-type]
            options=RetrieverOptions(),
        )  # fmt: skip
        vocabulary = HeldVocabulary(stored, CachedFacets(stored, {}).get)
        search = UnderstandingSearch(retriever, stored, {}, vocabulary.get, today=lambda: TODAY)
        records = [each.record for each in made]
        outcomes = [_outcome(each, search.search(Query(each.question)), records, vocabulary.get()) for each in asked]
        search.close()
        return outcomes, vocabulary.get()


def _outcome(asked: Asked, found: SearchResult, records: Sequence[Record], vocabulary: Vocabulary) -> Outcome:
    reading = recognise(asked.question, vocabulary, TODAY)
    is_trap = not asked.where
    wanted = _passing(asked.where, records)
    got = _passing(reading.where, records)
    if asked.first.startswith("VALUES"):
        right = reading.wanted == "values" and reading.column == asked.first.split()[1] and wanted == got
    else:
        right = not reading.where if is_trap else {each.id for each in wanted} == {each.id for each in got}
    is_wrong = bool(reading.where) if is_trap else not {each.id for each in wanted} <= {each.id for each in got}
    said = f"where {reading.where or '-'}; rest {reading.rest!r}; {reading.wanted}"
    return Outcome(asked, right, is_wrong, _is_first(asked, found, wanted, vocabulary), said)


def _passing(where: str, records: Sequence[Record]) -> list[Record]:
    if not where:
        return list(records)
    tree = parse_where(where)
    return [record for record in records if matches(tree, record, {})]


def _is_first(asked: Asked, found: SearchResult, wanted: Sequence[Record], vocabulary: Vocabulary) -> bool | None:
    first, fact = found.hits[0].record if found.hits else None, found.fact
    if asked.first in ("ANY", "EMPTY"):
        return None
    if asked.first == "COUNT":
        return fact is not None and fact.wanted == "count" and fact.total == len(wanted)
    if asked.first.startswith("VALUES"):
        return fact is not None and {value: n for value, n, _ in fact.values} == _top(asked.first, wanted, fact)
    if first is None:
        return False
    if asked.first in ("NEWEST", "OLDEST"):
        dates = [when for each in wanted if (when := date_of(each, vocabulary)) is not None]
        return date_of(first, vocabulary) == (max(dates) if asked.first == "NEWEST" else min(dates))
    is_wanted = first.id in {each.id for each in wanted}
    return is_wanted and asked.first in f"{first.source} {first.text}".lower()


def _top(first: str, wanted: Sequence[Record], fact: Any) -> dict[str, int]:
    """The counts of the values that are shown, and as many of them as there are."""
    column, counts = first.split()[1], dict[str, int]()
    for record in wanted:
        value = record.metadata["columns"].get(column)
        for each in value if isinstance(value, list) else str(value).split(", ") if value else []:
            counts[each] = counts.get(each, 0) + 1
    shown = {value for value, _, _ in fact.values}
    return {value: n for value, n in counts.items() if value in shown} if fact.total == len(counts) else {}


def _report(name: str, outcomes: Sequence[Outcome], *, show_wrong: bool) -> None:
    n = len(outcomes)
    firsts = [each.is_first for each in outcomes if each.is_first is not None]
    print(
        f"{name:8} {n} questions: understood rightly {sum(each.is_understood for each in outcomes) / n:.3f}, "
        f"wrongly filtered {sum(each.is_wrongly_filtered for each in outcomes) / n:.3f}, "
        f"right first {sum(firsts) / max(1, len(firsts)):.3f} of {len(firsts)}"
    )
    for each in outcomes if show_wrong else ():
        if each.marks:
            asked = each.asked
            print(f"  {each.marks:3} {asked.question!r}: wanted {asked.where or '-'} {asked.first}; {each.said}")


def _timed_ms(question: str, vocabulary: Vocabulary) -> float:
    start = time.perf_counter()
    recognise(question, vocabulary, TODAY)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
