"""`--help-all`: the help of every command at once, to be searched or printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer


def _print(context: typer.Context, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        typer.echo("\n\n".join(_helps(context.command, context)))
        raise typer.Exit


HelpAll = Annotated[
    bool, typer.Option("--help-all", is_eager=True, callback=_print, help="Show the help of every command and exit.")
]


def _helps(command: Any, context: typer.Context) -> Iterator[str]:
    yield command.get_help(context).rstrip()
    for name, below in getattr(command, "commands", {}).items():
        yield from _helps(below, typer.Context(below, info_name=name, parent=context))
