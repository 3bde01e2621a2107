"""One member of an archive, written to stdout: `python -m ingest.scan.member ARCHIVE!/NAME`.

A process of its own for the server, which reads no foreign format itself.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import IO

from ingest.scan.sources import scan
from rag.errors import RagError


def write_member(path: str, out: IO[bytes]) -> bool:
    """Writes the member's bytes; False where there is none, or it cannot be read.

    Args:
        path: as the manifest has it.
        out: gets the bytes.
    """
    try:
        with scan([path]) as found:
            for source in found:
                if source.path.identity == path:
                    out.write(source.read())
                    return True
    except RagError as error:
        print(error, file=sys.stderr)
    return False


def main(arguments: Sequence[str]) -> int:
    return 0 if len(arguments) == 1 and write_member(arguments[0], sys.stdout.buffer) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
