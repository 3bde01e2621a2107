"""Stands for `python -m ingest`: says what it would, in a way that its first argument chooses.

python fake_ingest.py WAY [retry] FOLDER --kb NAME ...
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

way, is_retry = sys.argv[1], sys.argv[2] == "retry"
folder = Path(sys.argv[3 if is_retry else 2])
kb = sys.argv[sys.argv.index("--kb") + 1]
files = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
names = json.loads(Path(sys.argv[sys.argv.index("--names") + 1]).read_bytes()) if "--names" in sys.argv else {}
files = [names.get(file, file) for file in files]


def tell(stage, done, total):
    print(json.dumps({"stage": stage, "done": done, "total": total}), file=sys.stderr, flush=True)


def note(text):
    return {"code": "other_language", "text": text}


def log(word):
    """Beside the folder of the knowledge base, for the test to read."""
    with (folder.parent / "said.log").open("a") as out:
        print(word, kb, os.getpid(), file=out, flush=True)


log("retried" if is_retry else "began")
print("some library warns: {not json", file=sys.stderr)
tell("documents", 0, len(files))
if way == "refuses":
    print("error: reworded for people", file=sys.stderr)
    print(json.dumps({"error": {"code": "store_locked", "message": "the store is locked\x1b[31m\nby another process"}}))
    sys.exit(1)
if way == "breaks":
    raise KeyError("secret")
if way == "dies":
    os.kill(os.getpid(), signal.SIGKILL)
if way == "deaf":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    way = "hangs"
if way == "hangs":
    try:
        log("hangs")
        end = time.monotonic() + 60
        while time.monotonic() < end and not (folder.parent / "go").exists():
            time.sleep(0.02)
    except KeyboardInterrupt:
        log("stopped")
        sys.exit(130)
failed = [
    {"source": f"{kb}/{name}", "reason": "it is encrypted", "transient": False} for name in files if "bad" in name
]
failed = failed if way == "fails" else []
for each in failed:
    print(json.dumps({"failed": each}), file=sys.stderr, flush=True)
time.sleep(0.5 if way == "slow" else 0.05)
tell("documents", len(files), len(files))
log("ended")
counts = {
    "records": 0,
    "new": len(files),
    "replaced": 0,
    "unchanged": 0,
    "removed": 0,
    "n_failed": len(failed),
    "n_warnings": 0,
}
lists = {
    "failed": failed,
    "n_failed": len(failed),
    "warnings": [],
    "notes": [note(file) for file in files] * (1000 if way == "talks" else 1),
}
tables = [{"source": f"{kb}/{name}"} for name in files if name.endswith(".csv")]
more = {
    "kb": kb,
    "documents": len(files),
    "skipped": {},
    "captions": {
        "tables": tables,
        "sidecars": {f"{kb}/{name}": "report.png" for name in files if name == "report.txt"},
    },
    "seconds": 0.1,
    "timings_s": {},
}
print(json.dumps(counts | lists | more))
