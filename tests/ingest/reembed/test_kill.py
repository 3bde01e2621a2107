"""`kill -9` while a knowledge base is embedded anew: either the old vectors answer or the new ones, all of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rag.store import connect
from tests.ingest.doubles import CornerEmbedder, HashEmbedder
from tests.ingest.rebase import KB, Base, SharpEmbedder, WideEmbedder

ROOT = Path(__file__).parents[3]
MODELS = {"hash@1": (HashEmbedder, CornerEmbedder), "wide@1": (WideEmbedder, SharpEmbedder)}


def run(folder: Path, dump: Path, when: int = 0) -> list[str]:
    """Words that it printed; nothing if it was killed."""
    command = [sys.executable, "-m", "tests.ingest.rekiller", str(folder), str(dump), str(when)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode in (0, -9), ended.stderr
    return ended.stdout.split()


def rows(folder: Path) -> dict[str, Any]:
    """All that answers, with what it was built with."""
    with connect(str(folder / "milvus.db")) as store:  # type: ignore[attr-defined]
        spec = store.spec(KB)
        text, image = MODELS[spec.text_model]
        return {"spec": spec, **Base(folder, store, text(), image()).rows()}


@pytest.fixture
def ingested(tmp_path: Path, make_png: Any) -> tuple[Path, Path]:
    """A dump, and a folder with its knowledge base."""
    dump, folder = tmp_path / "dump", tmp_path / "whole"
    dump.mkdir()
    for n in range(6):
        (dump / f"text {n}.txt").write_text(f"Text {n} says something of its own.")
        (dump / f"IMG_{n}.png").write_bytes(make_png((n, 100, 200)))
    assert run(folder, dump, 1) == []
    return dump, folder


def check(folder: Path, dump: Path, place: Path, when: int, before: Any, after: Any) -> str:
    """Kills one at that request and lets another complete it; which vectors answered in between."""
    shutil.copytree(folder, place)
    assert run(place, dump, when) == []
    between = rows(place)
    assert between in (before, after)
    resumed = run(place, dump)
    assert rows(place) == after
    if between == after:
        assert resumed[0] == "0"  # nothing is embedded that is there
    assert sorted(path.name for path in (place / "milvus.db" / "collections").iterdir()) == [
        f"{KB}_{part}_g2" for part in ("documents", "images", "texts")
    ]
    return "new" if between == after else "old"


def finished(folder: Path, dump: Path, place: Path) -> tuple[Any, Any, list[str]]:
    """Rows before and after, and the requests in between."""
    before = rows(folder)
    shutil.copytree(folder, place)
    _, *requests = run(place, dump)
    return before, rows(place), requests


def test_killed_on_the_way_just_before_and_just_after_the_switch(tmp_path: Path, ingested: tuple[Path, Path]) -> None:
    dump, folder = ingested
    before, after, requests = finished(folder, dump, tmp_path / "finished")
    assert (before["spec"].text_model, after["spec"].text_model) == ("hash@1", "wide@1")
    switch = requests.index("create_alias") + 1
    moments = {2: "old", switch // 2: "old", switch: "old", switch + 1: "new", len(requests): "new"}
    for when, answers in moments.items():
        assert check(folder, dump, tmp_path / str(when), when, before, after) == answers


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_before_every_request(tmp_path: Path, ingested: tuple[Path, Path]) -> None:
    dump, folder = ingested
    before, after, requests = finished(folder, dump, tmp_path / "finished")
    answers = [check(folder, dump, tmp_path / str(when), when, before, after) for when in range(1, len(requests) + 1)]
    assert answers == sorted(answers, key=["old", "new"].index)
    print(f"{len(answers)} kills, {answers.count('old')} before the switch")
