"""Writes `docs/cli.md` from the commands' own help texts, so that the two cannot differ.

python tools/make_cli_reference.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

import typer
from typer.cli import get_docs_for_click

from ingest.cli import app as ingest_app
from rag.cli.app import app as rag_app

TARGET = Path(__file__).parent.parent / "docs" / "cli.md"
HEADER = "<!-- Made by tools/make_cli_reference.py from the commands' help. Do not edit. -->\n\n"


def reference() -> str:
    """The reference as Markdown."""
    parts = []
    for name, app in (("ingest", ingest_app), ("rag", rag_app)):
        command = typer.main.get_command(app)
        context = typer.Context(command, info_name=name)
        parts.append(get_docs_for_click(obj=command, ctx=context, name=name))
    return HEADER + "\n".join(parts).rstrip() + "\n"


def main() -> int:
    if "--check" in sys.argv:
        same = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == reference()
        if not same:
            print(f"{TARGET} is out of date: run 'make docs'", file=sys.stderr)
        return 0 if same else 1
    TARGET.write_text(reference(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
