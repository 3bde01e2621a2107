"""Stands for `python -m ingest`: says what it would, in a way that its first argument chooses.

python fake_ingest.py WAY FOLDER --kb NAME ...
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

way, folder = sys.argv[1], Path(sys.argv[2])
kb = sys.argv[sys.argv.index("--kb") + 1]
files = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def tell(stage, done, total):
    print(json.dumps({"stage": stage, "done": done, "total": total}), file=sys.stderr, flush=True)


def note(text):
    return {"code": "other_language", "text": text}


def log(word):
    """Beside the folder of the knowledge base, for the test to read."""
    with (folder.parent / "said.log").open("a") as out:
        print(word, kb, os.getpid(), file=out, flush=True)


log("began")
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
        time.sleep(60)
    except KeyboardInterrupt:
        log("stopped")
        sys.exit(130)
time.sleep(0.05)
tell("documents", len(files), len(files))
log("ended")
counts = {"records": 0, "new": len(files), "replaced": 0, "unchanged": 0, "removed": 0, "n_failed": 0, "n_warnings": 0}
lists = {"failed": [], "warnings": [], "notes": [note(file) for file in files] * (1000 if way == "talks" else 1)}
more = {"kb": kb, "documents": len(files), "skipped": {}, "captions": None, "seconds": 0.1, "timings_s": {}}
print(json.dumps(counts | lists | more))
