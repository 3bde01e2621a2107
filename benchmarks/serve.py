"""A crowd at the server: 'rag serve' in a process of its own, many askers at once, every answer checked.

python -m benchmarks.serve --kb demo [--askers 200] [--json FILE]

Needs a knowledge base in the data folder ('make demo' makes 'demo'). Prints, for one asker and for the crowd, answers a
second and the times they took, the server's most memory, and how much the gathering of model calls saves.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx

from benchmarks.side_by_side import Result, arguments, compare, refuse_a_busy_machine, report
from rag.cli.demo import demo_questions, examples_folder
from rag.config import load_settings
from rag.models.registry import Models
from rag.serve.gather import GatheredTexts


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--kb", default="demo")
    parser.add_argument("--askers", type=int, default=200, help="questions at the same time")
    given = parser.parse_args()
    refuse_a_busy_machine()
    questions = [row["question"] for row in demo_questions(examples_folder()) if row["question"]]
    with _server() as (url, pid):
        alone = anyio.run(_asked, url, given.kb, questions * 3, 1)
        expected = {question: answer for question, answer, _ in alone}
        idle_mb = _peak_mb(pid)
        began = time.perf_counter()
        crowd = anyio.run(
            _asked, url, given.kb, [questions[n % len(questions)] for n in range(given.askers)], given.askers
        )
        seconds = time.perf_counter() - began
        wrong = sum(answer != expected[question] for question, answer, _ in crowd)
        print(f"alone   {_times([s for _, _, s in alone])}")
        rate = len(crowd) / seconds
        print(f"crowd   {_times([s for _, _, s in crowd])}  {rate:.1f} answers/s, {wrong} wrong or crossed")
        print(f"memory  {idle_mb:.0f} MB before, {_peak_mb(pid):.0f} MB at most")
    report([_gathering(questions, given.rounds)], given.json)


async def _asked(url: str, kb: str, questions: Sequence[str], n_at_once: int) -> list[tuple[str, str, float]]:
    """(question, answer, seconds) of each; raises where one is refused."""
    done: list[tuple[str, str, float]] = []
    turn = anyio.Semaphore(n_at_once)

    async def ask(client: httpx.AsyncClient, question: str) -> None:
        async with turn:
            began = time.perf_counter()
            answer = await client.post("/v1/ask", json={"kb": kb, "question": question})
            answer.raise_for_status()
            done.append((question, answer.json()["text"], time.perf_counter() - began))

    limits = httpx.Limits(max_connections=n_at_once)
    async with (
        httpx.AsyncClient(base_url=url, timeout=300, limits=limits) as client,
        anyio.create_task_group() as group,
    ):
        for question in questions:
            group.start_soon(ask, client, question)
    return done


@contextmanager
def _server() -> Iterator[tuple[str, int]]:
    """URL and process id of a server, once it is ready."""
    command = [sys.executable, "-c", "from rag.cli.app import main; main()", "serve", "--port", "0"]
    environment = {**os.environ, "RAG_CHAT": "extractive"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        said: list[str] = []
        while not (url := re.search(r"^serving at (http://\S+)/", said[-1] if said else "")):
            said.append(process.stderr.readline())
            if not said[-1]:
                raise SystemExit(f"the server did not start: {' '.join(said)}")
        drain = ThreadPoolExecutor(1)
        drain.submit(process.stderr.read)
        try:
            while httpx.get(f"{url[1]}/readyz").status_code != 200:
                time.sleep(0.2)
            yield url[1], process.pid
        finally:
            process.terminate()
            process.wait(20)


def _gathering(questions: Sequence[str], rounds: int) -> Result:
    """32 threads embed questions: gathered, and each by itself."""
    settings = load_settings()
    plain, ours = Models(settings).text_embedder, Models(settings, texts=GatheredTexts).text_embedder
    asked = [questions[n % len(questions)] for n in range(256)]

    def embed(model: Any) -> list[Any]:
        with ThreadPoolExecutor(32) as pool:
            return list(pool.map(model.embed_query, asked))

    def agree(a: list[Any], b: list[Any]) -> str:
        least = min(float(x @ y) for x, y in zip(a, b, strict=True))
        assert least > 0.99999
        return f"cosine >= {least:.6f}"

    return compare(
        "256 questions, 32 threads",
        lambda: embed(ours),
        "one call each",
        lambda: embed(plain),
        agree=agree,
        rounds=rounds,
    )


def _times(seconds: Sequence[float]) -> str:
    cuts = statistics.quantiles(seconds, n=20)
    return f"{len(seconds):4} questions, median {statistics.median(seconds):.3f} s, 95 % within {cuts[-1]:.3f} s"


def _peak_mb(pid: int) -> float:
    """Most memory that a process ever had; Linux only."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024


if __name__ == "__main__":
    main()
