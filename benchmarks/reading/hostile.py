"""`python -m benchmarks.reading.hostile [FAMILY ...]`: damaged copies of documents of every kind, in killable workers.

Each copy is cut, has bits flipped, bytes repeated or numbers blown up. Expected of every one: read, or refused with a
reason, within the time and the memory of a worker. Exit code 1 if one crashed, hung, or failed by a surprise.
"""

from __future__ import annotations

import argparse
import importlib
import io
import random
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

from benchmarks.reading.truth import Document
from ingest.captions.join import Given
from ingest.paths import DumpPath
from ingest.read.pool import WorkerPool
from ingest.scan.sources import Source

_FAMILIES = ("office", "markup", "pictures")
_TIMEOUT_S = 60.0
_BAD = ("died", "hung", "surprise", "memory")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("family", nargs="*", choices=[*_FAMILIES, []], help="default: all")
    parser.add_argument("--n", type=int, default=300, help="copies of each kind (300)")
    parser.add_argument("--kind", help="only kinds with this in their name")
    parser.add_argument("--keep", type=Path, help="a folder for copies that did harm")
    options = parser.parse_args()
    is_good = True
    for family in options.family or _FAMILIES:
        by_kind: dict[str, list[Document]] = {}
        for document in importlib.import_module(f"benchmarks.reading.{family}").documents(3):
            by_kind.setdefault(document.kind, []).append(document)
        for kind, documents in by_kind.items():
            if options.kind and options.kind not in kind:
                continue
            counts, examples = _try(documents, options.n, options.keep)
            is_good &= not any(counts[what] for what in _BAD)
            told = ", ".join(f"{what} {n}" for what, n in sorted(counts.items()))
            print(f"{family:9} {kind:36} {told}", *examples, sep="\n    ", flush=True)
    return 0 if is_good else 1


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A copy that something happened to; of a zip, mostly to what is in it."""
    if data.startswith(b"PK") and chance.random() < 0.7:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            names = old.namelist()
            weights = [old.getinfo(name).file_size for name in names]
            chosen = chance.choices(names, weights)[0]
            for name in names:
                new.writestr(name, _damaged(old.read(name), chance) if name == chosen else old.read(name))
        return out.getvalue()
    return _damaged(data, chance)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    copy = bytearray(data)
    kind = chance.randrange(6)
    if kind == 0:
        del copy[chance.randrange(len(copy)) :]
    elif kind == 1:
        for _ in range(chance.choice([1, 4, 32])):
            copy[chance.randrange(len(copy))] ^= 1 << chance.randrange(8)
    elif kind == 2:
        at, n = chance.randrange(len(copy)), chance.choice([4, 64, 2000])
        copy[at : at + n] = bytes(min(n, len(copy) - at))
    elif kind == 3:  # a length or an offset that is far too large
        at = chance.randrange(max(1, len(copy) - 4))
        copy[at : at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x7f"])
    elif kind == 4:
        at, n = chance.randrange(len(copy)), chance.choice([10, 500])
        copy[at:at] = copy[at : at + n] * chance.choice([2, 50, 1000])
    else:
        other = chance.randrange(len(copy))
        at = chance.randrange(len(copy))
        copy[at : at + 200] = copy[other : other + 200]
    return bytes(copy)


def _try(documents: list[Document], n: int, keep: Path | None) -> tuple[Counter[str], list[str]]:
    counts: Counter[str] = Counter()
    examples: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        pool = WorkerPool(f"{folder}/assets", "", n_workers=2, timeout_s=_TIMEOUT_S)
        try:
            files = []
            for number in range(n):
                document = documents[number % len(documents)]
                chance = random.Random(f"{document.kind} {number}")
                path = Path(folder) / f"{number}-{document.name}"
                path.write_bytes(damaged(document.data, chance))
                files.append(path)
            named = ((path, DumpPath.below({folder}, str(path))) for path in files)
            readings = [(path, pool.submit(Source(at, path.stat().st_size, Given()))) for path, at in named]
            for path, reading in readings:
                outcome = reading.outcome()
                what = _kind(outcome.error)
                counts[what] += 1
                if what in _BAD:
                    examples.append(f"{path.name}: {outcome.error[:200]}")
                    if keep is not None:
                        keep.mkdir(parents=True, exist_ok=True)
                        (keep / path.name).write_bytes(path.read_bytes())
                reading.discard()
        finally:
            pool.close()
    return counts, examples[:5]


def _kind(error: str) -> str:
    if not error:
        return "read"
    for words, what in (
        ("took over", "hung"),
        ("died", "died"),
        ("could not work", "died"),
        ("GB of memory", "memory"),
    ):
        if words in error:
            return what
    return "surprise" if error.startswith("cannot be parsed (") else "refused"


if __name__ == "__main__":
    sys.exit(main())
