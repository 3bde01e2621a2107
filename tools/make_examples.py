"""Draws and writes the sample dump: python tools/make_examples.py [--out examples]"""

from __future__ import annotations

import argparse
from pathlib import Path

from skarrow import dump, questions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "examples", help="folder to write to")
    folder = parser.parse_args().out
    n_bytes = dump.write(folder) + questions.write(folder)
    print(f"wrote {n_bytes / 1e6:.2f} MB to {folder}")


if __name__ == "__main__":
    main()
