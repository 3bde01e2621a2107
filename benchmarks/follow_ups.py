"""Follow-ups without a model: is the right source first, and does a conversation harm what stands alone?

`python -m benchmarks.follow_ups` over `rag demo`'s knowledge base. The set `aside` was not looked at while the way in
which follow-ups are read was tuned.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import rag
from rag.types import SourcesEvent, Turn

SET = Path(__file__).with_suffix(".jsonl")
QUESTIONS = Path(rag.__file__).parents[1] / "examples" / "questions.jsonl"
Case = dict[str, Any]


def lines(path: Path) -> list[Case]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def first_source(kb: rag.KnowledgeBase, question: str, history: Sequence[Turn]) -> str:
    """The source of the best hit; empty where nothing was found."""
    events = kb.stream(question, history=history)
    for event in events:
        if isinstance(event, SourcesEvent):
            return event.hits[0].record.source if event.hits else ""
    return ""


def answered(kb: rag.KnowledgeBase, question: str) -> Turn:
    return Turn(question, kb.ask(question).text)


def is_right(found: str, sources: Sequence[str]) -> bool:
    return any(found.endswith(source) for source in sources)


def missed(kb: rag.KnowledgeBase, cases: Sequence[Case]) -> Iterator[tuple[str, str, str]]:
    """(question before, follow-up, what was found instead)."""
    for case in cases:
        found = first_source(kb, case["question"], [answered(kb, case["before"])])
        if not is_right(found, case["sources"]):
            yield case["before"], case["question"], found


def lost(kb: rag.KnowledgeBase, questions: Sequence[Case], n_before: int) -> int:
    """Of the questions that find their source alone, how many do not after so many others."""
    chosen, n_lost = random.Random(n_before), 0
    turns = [answered(kb, case["question"]) for case in questions]
    for at, case in enumerate(questions):
        others = [turn for place, turn in enumerate(turns) if place != at]
        alone = is_right(first_source(kb, case["question"], []), case["sources"])
        after = is_right(first_source(kb, case["question"], chosen.sample(others, n_before)), case["sources"])
        n_lost += alone and not after
    return n_lost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kb", default="demo")
    given = parser.parse_args()
    cases, questions = lines(SET), [case for case in lines(QUESTIONS) if case["question"] and not case["image"]]
    with rag.KnowledgeBase.open(given.kb, chat="extractive") as kb:
        for name in ("tuned", "aside"):
            some = [case for case in cases if case["set"] == name]
            wrong = list(missed(kb, some))
            print(f"{name}: {len(some) - len(wrong)} of {len(some)} follow-ups have their source first")
            for before, question, found in wrong:
                print(f"  {before} / {question} -> {found}")
        for n_before in (1, 2, 3):
            print(f"after {n_before} other questions {lost(kb, questions, n_before)} of {len(questions)} are lost")


if __name__ == "__main__":
    main()
