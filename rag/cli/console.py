"""How the commands print: results to stdout, everything else to stderr, foreign text made harmless for a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rag.search.explain import explanation, scores
from rag.text.labels import citation_label, made_line
from rag.text.quoting import plain
from rag.trace import Note
from rag.types import Hit

if TYPE_CHECKING:
    from rag.health.finding import Finding

SNIPPET_CHARS = 200


def one_line(text: str) -> str:
    """Foreign text on one line, single-spaced, without anything a terminal would obey."""
    return " ".join(plain(text).split())


def say(text: str = "") -> None:
    """A line of the result."""
    print(text, file=sys.stdout)


def note(text: str) -> None:
    """A line for people, beside the result."""
    print(text, file=sys.stderr)


def notes(items: Iterable[Note]) -> None:
    for item in items:
        note(f"note: {one_line(item.text)}")


def say_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str), file=sys.stdout)


def hit_lines(number: int, hit: Hit, *, explain: bool = False) -> list[str]:
    """A numbered source: where it is, its kind, its scores, and how it begins."""
    lines = [f"[{number}] {citation_label(hit.record)}  ({hit.record.kind})  {scores(hit)}".rstrip()]
    if made := made_line(hit.record.metadata):
        lines.append(f"    {made}")
    snippet = one_line(hit.record.text)
    if snippet:
        lines.append(f"    {snippet[:SNIPPET_CHARS]}{'...' if len(snippet) > SNIPPET_CHARS else ''}")
    lines += [f"    also: {one_line(source)}" for source in hit.also]
    if explain:
        lines += [f"    {line}" for line in explanation(hit)]
    return lines


def findings(items: Iterable[Finding]) -> None:
    """One line a finding on stdout, its remedy below it."""
    for finding in items:
        say(f"{finding.severity:8} {finding.check:9} {one_line(finding.message)}")
        if finding.remedy:
            say(f"{'':8} {'':9} -> {one_line(finding.remedy)}")
