"""Ours against somebody else's own way of doing the same: by turns in one process, on a quiet machine."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
MAX_BUSY = 0.15
"""Of all cores, by others, before a measurement."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run: seconds on the clock, CPU seconds of all threads, and most memory over what there was before."""

    wall_s: float
    cpu_s: float
    extra_bytes: int


@dataclass(frozen=True, slots=True)
class Result:
    """Medians over the rounds. `ratio` is how many times as long the peer takes."""

    measure: str
    peer: str
    ratio: float
    wanted: float | None
    ours: Cost
    theirs: Cost
    agreement: str

    def row(self) -> str:
        verdict = "" if self.wanted is None else "  met" if self.ratio >= self.wanted else f"  MISSED {self.wanted:g}x"
        return (
            f"{self.measure:32} {self.peer:28} {self.ratio:7.2f}x  ours {_cost(self.ours)}  peer {_cost(self.theirs)}  "
            f"{self.agreement}{verdict}"
        )


def compare(
    measure: str,
    ours: Callable[[], T],
    peer: str,
    theirs: Callable[[], T],
    *,
    agree: Callable[[T, T], str],
    wanted: float | None = None,
    rounds: int = 5,
) -> Result:
    """Runs both by turns.

    Args:
        measure: its name.
        ours: does the work once and returns what it gives.
        peer: its name.
        theirs: the same.
        agree: says in words how well the two results agree; raises AssertionError where they do not.
        wanted: the ratio that is aimed at.
        rounds: of each, after one of each that only warms up and is compared.

    Raises:
        SystemExit: the machine is busy with something else.
    """
    agreement = agree(ours(), theirs())
    refuse_a_busy_machine()
    pairs = [(_cost_of(ours), _cost_of(theirs)) for _ in range(rounds)]
    ratio = statistics.median(b.wall_s / a.wall_s for a, b in pairs)
    return Result(
        measure, peer, ratio, wanted, _median([a for a, _ in pairs]), _median([b for _, b in pairs]), agreement
    )


def report(results: Sequence[Result], path: Path | None) -> None:
    """A table on stdout, and JSON where a path is given."""
    for result in results:
        print(result.row(), flush=True)
    if path is not None:
        path.write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n", encoding="utf-8")


def arguments(description: str | None) -> argparse.ArgumentParser:
    """What every one of these commands takes."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write the results there too")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each, by turns")
    parser.add_argument("--threads", type=int, default=2, help="of torch")
    return parser


def refuse_a_busy_machine(watched_s: float = 1.0) -> None:
    """Raises SystemExit where others keep more than `MAX_BUSY` of the cores busy; says nothing where it cannot know."""
    before = _busy_s()
    if before is None:
        return
    time.sleep(watched_s)
    busy = (_busy_s() or 0.0) - before
    share = busy / watched_s / (os.cpu_count() or 1)
    if share > MAX_BUSY:
        raise SystemExit(f"{share:.0%} of this machine is busy with something else: figures would mean nothing")


def _busy_s() -> float | None:
    """CPU seconds that all processes together have used since the start of the machine; Linux only."""
    try:
        user, nice, system, _, _, irq, softirq, *_ = map(
            int, Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]
        )
    except OSError:
        return None
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def _cost_of(run: Callable[[], object]) -> Cost:
    before = _resident_bytes()
    peak, done = [before], threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            peak.append(_resident_bytes())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    done.set()
    watcher.join()
    return Cost(wall, cpu, max(peak) - before)


def _resident_bytes() -> int:
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.wall_s for cost in costs),
        statistics.median(cost.cpu_s for cost in costs),
        int(statistics.median(cost.extra_bytes for cost in costs)),
    )


def _cost(cost: Cost) -> str:
    return f"{cost.wall_s:.3g} s ({cost.cpu_s:.3g} CPU, +{cost.extra_bytes / 1e6:.0f} MB)"
