"""`rag models`: what the models are, getting those of a hub, and whether they do what they should."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli import console
from rag.text.quoting import plain

if TYPE_CHECKING:
    from rag.config import Settings
    from rag.hub.pull import Pulled
    from rag.ports import Progress

models_app = typer.Typer(help="The models in use: list them, pull those of a hub, check them.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


@models_app.command("list")
def models_list(*, json: Json = False) -> None:
    """The models that the settings name: fingerprint, dimension, size on disk, licence, where from, sha256."""
    from rag.cli.kb import models_in_use
    from rag.health.inventory import lines

    rows = models_in_use()
    if json:
        console.say_json([row.to_dict() for row in rows])
    else:
        for line in lines(rows):
            console.say(plain(line))
    if any(row.problem for row in rows):
        raise typer.Exit(1)


@models_app.command("pull")
def models_pull(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Models as a hub names them: org/name or org/name@revision; none: all that are missing."),
    ] = None,
    *,
    profile: Annotated[str | None, typer.Option("--profile", help="Of this profile, not that of the settings.")] = None,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Take the newest revision; else the one that was pulled first stays.")
    ] = False,
    json: Json = False,
) -> None:
    """Fetch models from a hub, or check and mend those that are here. A pull that was stopped goes on where it was.

    One that cannot be pulled does not keep the others from it.
    """
    from rag.config import load_settings
    from rag.errors import RagError
    from rag.hub.pull import pull
    from rag.installation import extra_command
    from rag.nn.extras import missing_of_full

    settings = load_settings(profile=profile)
    found, errors = [], []
    for name in names or _of_settings(settings, everything=upgrade):
        try:
            with _bar() as progress:
                pulled = pull(name, settings.models_dir, progress, upgrade=upgrade)
        except RagError as error:
            errors.append(str(error))
            found.append({"name": name, "error": str(error)})
            continue
        except KeyboardInterrupt:
            console.note("stopped; run the same command again and it goes on where it stopped")
            raise typer.Exit(130) from None
        found.append(pulled.to_dict())
        if not json:
            _show(pulled)
    if json:
        console.say_json(found)
    for message in errors:  # last, where they are seen
        console.note(f"error: {plain(message)}")
    if found and (missing := missing_of_full()):
        console.note(f"note: to run them, {' and '.join(missing)} are wanted: {extra_command('full')}")
    if errors:
        raise typer.Exit(1)


@models_app.command("check")
def models_check(*, json: Json = False) -> None:
    """Ask the models what is known: pairs that belong together, pictures and their names, in English and Chinese."""
    from rag.config import load_settings
    from rag.health.selfcheck import check_models

    findings = list(check_models(load_settings()))
    if json:
        console.say_json([finding.to_dict() for finding in findings])
    else:
        console.findings(findings)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


def _of_settings(settings: Settings, *, everything: bool) -> list[str]:
    """The models of a hub that the settings name; those that are whole are left out and said, but for an upgrade."""
    from rag.errors import ModelError
    from rag.health.inventory import hub_models
    from rag.hub.names import locate

    names = hub_models(settings)
    if not names:
        console.note(
            f"profile '{settings.profile}' uses no model of a hub; 'rag models pull --profile full' fetches those of "
            "profile full"
        )
    lacking = []
    for name in names:
        try:
            model = locate(name, settings.models_dir)
        except ModelError:
            lacking.append(name)
            continue
        if everything:
            lacking.append(name)
        else:
            console.note(f"{model.identity} is here; 'rag models pull {name}' checks its bytes")
    return lacking


def _show(pulled: Pulled) -> None:
    from rag.hub.lockfile import COMMIT_SHOWN

    name, commit = pulled.name.partition("@")[0], pulled.commit[:COMMIT_SHOWN]
    came = f"{pulled.fetched_bytes / 1e6:,.1f} MB fetched" if pulled.fetched_bytes else "checked, nothing to fetch"
    console.say(plain(f"{name}@{commit}  {pulled.size_bytes / 1e6:,.1f} MB, {came}  {pulled.folder}"))
    if pulled.converted:
        console.note(f"note: made from pickles, which are deleted: {', '.join(pulled.converted)}")
    if pulled.before:
        before = pulled.before[:COMMIT_SHOWN]
        console.note(
            f"note: {before} was in use before and is kept. Knowledge bases made with it want 'ingest reembed --kb "
            f"NAME', or the setting {name}@{before}"
        )
    if pulled.newer:
        console.note(
            f"note: the hub has a newer revision, {pulled.newer[:COMMIT_SHOWN]}. 'rag models pull {pulled.name} "
            "--upgrade' takes it; knowledge bases then have to be re-embedded"
        )


@contextmanager
def _bar() -> Iterator[Progress]:
    """Progress on stderr: a bar on a terminal, a line a file elsewhere."""
    if not sys.stderr.isatty():
        yield _StageLines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task("", total=None)
        yield lambda stage, done, total: bars.update(
            bar, description=console.one_line(stage), completed=done, total=total
        )


class _StageLines:
    """Says each stage once."""

    def __init__(self) -> None:
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if stage != self._stage:
            self._stage = stage
            size = f" ({total / 1e6:,.1f} MB)" if total else ""
            console.note(console.one_line(f"{stage}{size}"))
