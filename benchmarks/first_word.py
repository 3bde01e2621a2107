"""How long until the first word, and how often is the model loaded? A real Ollama, this commit and another, by turns.

    python benchmarks/first_word.py KB [--before CHECKOUT] [--model smollm2] [--rounds 3] [--people 20]

KB is a knowledge base of the data folder (RAG_DATA_DIR), such as `demo` of `rag demo`; the server is RAG_OLLAMA_URL's
(tools/ollama makes one). Each round has the conversation once with this commit and, with `--before`, once with another
checkout, each in a process of its own: both meet the same load of the machine. `raw` sends the server what this commit
sent, word for word, from 20 lines of HTTP: what is left is the model's own time.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections import defaultdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
QUESTIONS = (
    "When does the last car go down in summer?",
    "And in winter?",
    "How long is the track?",
    "What animal is in charge of the lower station?",
    "How is it paid?",
    "Who built the railway?",
    "When was that?",
    "What happens to forgotten umbrellas?",
    "What are the brake shoes made of?",
    "How long does it take on foot?",
)
LEANING = frozenset({"And in winter?", "How is it paid?", "When was that?"})
"""They need little that the model has not read; the others bring sources of their own."""
MAX_TOKENS = 48
_ASK = f"""
import json, sys, time
import ollama
from rag import KnowledgeBase, Turn
from rag.types import TokenEvent, AnswerEvent
name, model, questions = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
sent, chat = [], ollama.AsyncClient.chat
def noted(self, *args, **named):
    asked = dict(zip(("model", "messages"), args)) | named
    sent.append({{name: asked[name] for name in ("model", "messages", "options")}})
    return chat(self, *args, **named)
ollama.AsyncClient.chat = noted
kb = KnowledgeBase.open(name, chat_model=model, max_output_tokens={MAX_TOKENS})
kb.search("warm up")
history = []
for question in questions:
    start, first, shown = time.perf_counter(), None, None
    for event in kb.stream(question, history=history):
        now = time.perf_counter() - start
        if type(event).__name__ == "QuoteEvent":
            shown = now
        elif isinstance(event, TokenEvent):
            first = first or now
        elif isinstance(event, AnswerEvent):
            answer = event.answer
            history.append(Turn(question, answer.text))
            print(json.dumps({{"first_s": first, "quote_s": shown, "model": answer.model}}), flush=True)
print(json.dumps({{"sent": sent}}, default=lambda value: value.model_dump(exclude_none=True)))
"""


def main() -> None:
    arguments = _arguments()
    url = os.environ.get("RAG_OLLAMA_URL", "http://127.0.0.1:11434")
    sides = {"now": HERE, **({"before": arguments.before} if arguments.before else {})}
    rows: dict[str, list[list[dict[str, Any]]]] = defaultdict(list)
    loads: dict[str, list[int]] = defaultdict(list)
    remembered: list[int] = []
    for _ in range(arguments.rounds):
        for side, checkout in sides.items():
            _unload(url, arguments.model)
            with _Loads(url, arguments.model) as seen:
                *turns, last = _asked(checkout, arguments.kb, arguments.model, QUESTIONS[: arguments.turns])
            rows[side].append(turns)
            loads[side].append(seen.n)
            if side == "now":
                asked = [each for each in last["sent"] if each["options"].get("num_predict") == MAX_TOKENS]
                remembered.append(sum(message["role"] == "user" for message in asked[-1]["messages"]))
                _unload(url, arguments.model)
                with _Loads(url, arguments.model) as seen:
                    rows["raw"].append(_replayed(url, last["sent"]))
                loads["raw"].append(seen.n)
    for side, rounds in rows.items():
        first = [turns[0]["first_s"] for turns in rounds]
        timed = [(asked, turn["first_s"]) for turns in rounds for asked, turn in zip(QUESTIONS, turns, strict=False)]
        leaning = [seconds for asked, seconds in timed if asked in LEANING]
        others = [seconds for asked, seconds in timed if asked not in (*LEANING, QUESTIONS[0])]
        quotes = [turn["quote_s"] for turns in rounds for turn in turns if turn["quote_s"] is not None]
        shown = f", quoted words {statistics.median(quotes):.2f}" if quotes else ""
        by_model = [turn["model"] is not None for turns in rounds for turn in turns]
        print(
            f"{side:7} first question {statistics.median(first):.2f} s, follow-ups {_median(leaning)} s, others "
            f"{_median(others)} s{shown}; loads in {len(rounds[0])} turns: {max(loads[side])}; "
            f"written by the model: {sum(by_model)} of {len(by_model)}"
        )
    print(f"questions in the last prompt of {arguments.turns} turns: {min(remembered, default=0)}")
    if arguments.people:
        _crowd(arguments.kb, arguments.model, arguments.people)


def _median(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f}" if seconds else "-"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kb")
    parser.add_argument("--before", type=Path, help="checkout of another commit")
    parser.add_argument("--model", default="smollm2")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--people", type=int, default=0, help="who ask at the same time, once")
    return parser.parse_args()


def _replayed(url: str, sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same requests to the bare server; only answers are timed, not what was sent to warm it up."""
    turns = []
    for asked in sent:
        body = json.dumps({**asked, "stream": True, "keep_alive": "30m"}).encode()
        start, first = time.perf_counter(), None
        with urllib.request.urlopen(f"{url}/api/chat", body, timeout=600) as lines:
            for line in lines:
                if first is None and json.loads(line)["message"]["content"]:
                    first = time.perf_counter() - start
        if asked.get("options", {}).get("num_predict") == MAX_TOKENS:
            turns.append({"first_s": first, "quote_s": None, "model": asked["model"]})
    return turns


def _asked(checkout: Path, kb: str, model: str, questions: tuple[str, ...]) -> list[dict[str, Any]]:
    """A row a turn, then what was sent."""
    done = subprocess.run(
        [sys.executable, "-c", _ASK, kb, model, json.dumps(questions)],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _crowd(kb: str, model: str, n_people: int) -> None:
    """Everybody asks in one process, as with `rag serve`."""
    from rag import KnowledgeBase, TokenEvent

    base = KnowledgeBase.open(kb, chat_model=model, max_output_tokens=24)
    base.search("warm up")
    alone = [question for question in QUESTIONS if question not in LEANING]  # without evidence no model is asked
    order: list[int] = []
    models: list[str | None] = []
    why: list[str] = []

    def ask(n: int) -> None:
        is_first = True
        for event in base.stream(f"{alone[n % len(alone)]} (visitor {n})"):
            if isinstance(event, TokenEvent) and is_first:
                order.append(n)
                is_first = False
            if hasattr(event, "answer"):
                models.append(event.answer.model)
                why.extend(note.text for note in event.answer.notes if event.answer.model is None)

    start = time.perf_counter()
    people = [threading.Thread(target=ask, args=(n,)) for n in range(n_people)]
    for person in people:
        person.start()
        time.sleep(0.2)
    for person in people:
        person.join()
    displaced = max(abs(place - n) for place, n in enumerate(order))
    print(
        f"{n_people} people on one slot: {sum(model is not None for model in models)} answered by the model in "
        f"{time.perf_counter() - start:.0f} s, nobody more than {displaced} places from where they came"
    )
    print("\n".join(f"  without the model: {text}" for text in dict.fromkeys(why)))


class _Loads:
    """Counts how often the model appears in the server's memory, or does with another context size."""

    def __init__(self, url: str, model: str) -> None:
        self._url, self._model = url, model
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.n = 0

    def __enter__(self) -> _Loads:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        before = 0
        while not self._end.wait(0.05):
            now = _context_tokens(self._url, self._model)
            self.n += now not in (0, before)
            before = now or before


def _context_tokens(url: str, model: str) -> int:
    with urllib.request.urlopen(f"{url}/api/ps", timeout=60) as answer:
        rows = json.load(answer)["models"]
    return next((row.get("context_length") or 1 for row in rows if row["model"].removesuffix(":latest") == model), 0)


def _unload(url: str, model: str) -> None:
    body = json.dumps({"model": model, "prompt": "", "keep_alive": 0, "stream": False}).encode()
    urllib.request.urlopen(f"{url}/api/generate", body, timeout=600).read()
    time.sleep(1)


if __name__ == "__main__":
    main()
