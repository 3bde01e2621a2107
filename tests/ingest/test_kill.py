"""`kill -9` at any moment: running the ingest again gives the rows of an uninterrupted run."""

import random
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.store import connect
from rag.types import record_id
from tests.ingest.killer import KB

ROOT = Path(__file__).parents[2]
Png = Callable[..., bytes]
Rows = dict[str, Any]


def run(store: Path, dump: Path, when: int = 0, pool: str = "inline") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.ingest.killer", str(store), str(dump), str(when), pool]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, errors = process.communicate(timeout=120)
    assert process.returncode in (0, -9), errors
    return process.returncode, out


def rows(store: Path) -> Rows:
    """Everything in the three collections. Counts would show a row that belongs to no document."""
    opened = connect(str(store / "milvus.db"))
    try:
        found: Rows = {"counts": opened.kb(KB).counts()}
        for document in opened.kb(KB).documents():
            ids = [record_id(document.doc_id, place) for place in range(document.n_records)]
            found[document.doc_id] = (
                document,
                opened.kb(KB).records(ids),
                {id_: vector.tobytes() for id_, vector in opened.kb(KB).vectors("texts", ids).items()},
                {id_: vector.tobytes() for id_, vector in opened.kb(KB).vectors("images", ids).items()},
            )
        return found
    finally:
        opened.close()


def write_first(dump: Path, make_png: Png) -> None:
    dump.mkdir()
    (dump / "long.txt").write_text("\n\n".join(f"Paragraph {n}. " + f"word{n} " * 40 for n in range(12)))
    (dump / "gone.txt").write_text("This one will be deleted.")
    (dump / "page.md").write_text("# Pumps\n\nA pump moves water.\n\n![the pump](pump.png)\n\n## More\n\nMore words.\n")
    (dump / "pump.png").write_bytes(make_png((9, 9, 9)))
    (dump / "twin").mkdir()
    (dump / "twin" / "pump.png").write_bytes(make_png((9, 9, 9)))
    (dump / "table.csv").write_text("file,caption,year\npump.png,A small pump,1999\n")
    (dump / "broken.png").write_bytes(make_png()[:50])
    with zipfile.ZipFile(dump / "more.zip", "w") as archive:
        archive.writestr("inner.txt", "Packed words.")
        archive.writestr("inner.png", make_png((40, 50, 60)))
    for n in range(4):
        (dump / f"scan {n}.png").write_bytes(make_png((n, 100, 200)))


def write_second(dump: Path, make_png: Png) -> None:
    """Changed, shorter, removed, mended and new documents."""
    (dump / "long.txt").write_text("Paragraph 0 is all that is left.")
    (dump / "gone.txt").unlink()
    (dump / "pump.png").write_bytes(make_png((7, 7, 7)))
    (dump / "broken.png").write_bytes(make_png((3, 2, 1)))
    (dump / "scan 3.png").rename(dump / "moved.png")
    (dump / "new.txt").write_text("New words.")


@pytest.fixture
def versions(tmp_path: Path, make_png: Png) -> tuple[Path, Path, Path]:
    """A dump, its later version, and the place where the ingest sees one after the other."""
    first, second, place = tmp_path / "first", tmp_path / "second", tmp_path / "dump"
    write_first(first, make_png)
    shutil.copytree(first, second)
    write_second(second, make_png)
    return first, second, place


def put(version: Path, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(version, place)


def uninterrupted(folder: Path, versions: tuple[Path, Path, Path]) -> tuple[list[int], list[Rows]]:
    """Number of calls and rows after each version."""
    first, second, place = versions
    n_calls, found = [], []
    for version in (first, second):
        put(version, place)
        _, out = finish(run(folder, place))
        n_calls.append(int(out.split()[0]))
        found.append(rows(folder))
    return n_calls, found


def check(folder: Path, versions: tuple[Path, Path, Path], expected: list[Rows], stop: Callable[[int], bool]) -> int:
    """Both versions, each stopped until `stop` no longer does, then completed. Returns how often it was killed."""
    first, second, place = versions
    n_kills = 0
    for step, version in enumerate((first, second)):
        put(version, place)
        n_kills += stop(step)
        assert finish(run(folder, place))[0] == 0
        assert rows(folder) == expected[step]
    return n_kills


def test_killed_at_stage_boundaries(tmp_path: Path, versions: tuple[Path, Path, Path]) -> None:
    n_calls, expected = uninterrupted(tmp_path / "whole", versions)
    for part in (0.3, 0.6, 0.95):

        def stop(step: int, part: float = part) -> bool:
            return finish(run(tmp_path / f"killed-{part}", versions[2], max(2, round(part * n_calls[step]))))[0] == -9

        assert check(tmp_path / f"killed-{part}", versions, expected, stop) == 2


def test_killed_with_worker_processes_that_do_not_outlive_it(tmp_path: Path, versions: tuple[Path, Path, Path]) -> None:
    first, _, place = versions
    put(first, place)
    assert finish(run(tmp_path / "whole", place))[0] == 0
    process = run(tmp_path / "killed", place, 0, "real")
    time.sleep(1.5)
    workers = _descendants(process.pid)
    process.kill()
    process.communicate(timeout=60)
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []
    assert finish(run(tmp_path / "killed", place, 0, "real"))[0] == 0
    assert rows(tmp_path / "killed") == rows(tmp_path / "whole")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_at_every_stage_boundary_and_at_random_moments(
    tmp_path: Path, versions: tuple[Path, Path, Path]
) -> None:
    n_calls, expected = uninterrupted(tmp_path / "whole", versions)
    chance = random.Random(7)
    n_kills = 0
    for n in range(max(n_calls)):
        folder = tmp_path / f"at-{n}"

        def at_call(step: int, folder: Path = folder, n: int = n) -> bool:
            return finish(run(folder, versions[2], min(n + 1, n_calls[step])))[0] == -9

        n_kills += check(folder, versions, expected, at_call)
    longest_s = _seconds(tmp_path / "timed", versions)
    for n in range(60):
        folder = tmp_path / f"random-{n}"

        def at_some_time(step: int, folder: Path = folder) -> bool:
            process = run(folder, versions[2], 0, chance.choice(["inline", "real"]))
            time.sleep(chance.uniform(0.1, longest_s))
            process.kill()
            return finish(process)[0] == -9

        n_kills += check(folder, versions, expected, at_some_time)
        if n_kills >= 64 and n >= 8:
            break
    print(f"{n_kills} kills, {n + 1} rounds at random moments")
    assert n_kills >= 60


def _seconds(folder: Path, versions: tuple[Path, Path, Path]) -> float:
    put(versions[0], versions[2])
    began = time.monotonic()
    finish(run(folder, versions[2]))
    return time.monotonic() - began


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(child) for child in children.read_text().split()] if children.exists() else []
    for task in Path(f"/proc/{pid}/task").iterdir() if Path(f"/proc/{pid}/task").exists() else []:
        found += [int(child) for child in (task / "children").read_text().split()]
    return sorted({*found, *(grandchild for child in set(found) for grandchild in _descendants(child))})
