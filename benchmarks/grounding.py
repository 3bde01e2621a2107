"""How well are statements held to their sources? Marked wrongly, caught, right source, and milliseconds a statement.

python benchmarks/grounding.py [--words-only] [--show]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence

from grounding_cases import Case, cases

from rag.answers.held.grounding import Closeness, Sources


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words-only", action="store_true", help="without late interaction")
    parser.add_argument("--show", action="store_true", help="print what was judged wrongly")
    arguments = parser.parse_args()
    closeness = None if arguments.words_only else _closeness()
    kinds = Counter(case.kind for case in cases())
    print(f"{sum(kinds.values())} answers: " + ", ".join(f"{n} {kind}" for kind, n in kinds.items()))
    _measure("chosen on", [case for case in cases() if not case.is_held_out], closeness, show=arguments.show)
    _measure("held out", [case for case in cases() if case.is_held_out], closeness, show=False)
    _measure("all", cases(), closeness, show=False)


def _measure(name: str, part: Sequence[Case], closeness: Closeness | None, *, show: bool) -> None:
    n: Counter[str] = Counter()
    took_s = 0.0
    for case in part:
        start = time.process_time()
        sources = Sources(case.sources, case.question, closeness)
        verdicts = [(text, is_true, sources.check(text)) for text, is_true in case.statements]
        took_s += time.process_time() - start
        for text, is_true, verdict in verdicts:
            n["true" if is_true else "false"] += 1
            marked = verdict.support == "unsupported"
            n["marked wrongly"] += is_true and marked
            n["caught"] += not is_true and marked
            n["right source"] += is_true and verdict.sources[:1] == (case.home,)
            if show and marked is is_true:
                print(f"  {'marked wrongly' if is_true else 'not caught'}: {text} {verdict}")
    print(
        f"{name:10} {n['true']} supported: {n['marked wrongly'] / n['true']:.1%} marked wrongly, "
        f"{n['right source'] / n['true']:.1%} with the right source; {n['false']} unsupported: "
        f"{n['caught'] / n['false']:.1%} caught; {1000 * took_s / (n['true'] + n['false']):.1f} ms a statement"
    )


def _closeness() -> Closeness:
    from rag.embed.minilm import MiniLM
    from rag.rerank.maxsim import MaxSimReranker

    return MaxSimReranker(MiniLM()).token_closeness


if __name__ == "__main__":
    main()
