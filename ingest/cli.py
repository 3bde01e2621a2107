"""`ingest`: fills knowledge bases. `ingest PATH... --kb NAME`, and after it `ingest status`, `retry` and `reembed`."""

from __future__ import annotations

import glob
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast, get_args

import typer
from typer.core import TyperCommand, TyperGroup

from rag.cli import console
from rag.cli.app import run
from rag.cli.help_all import HelpAll
from rag.errors import ConfigError, KnowledgeBaseNotFound, RagError
from rag.store.lean import own_process
from rag.text.quoting import plain
from rag.types import FieldType

if TYPE_CHECKING:
    from ingest.report.ingest_report import IngestReport
    from rag.config import Settings
    from rag.knowledge_base import KnowledgeBase

_GROUP_OPTIONS = ("--install-completion", "--show-completion", "--help-all")


class _PathsFirst(TyperGroup):
    """A first word that is no command is a path. A folder named like a command is given as `./status`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and not args[0].startswith(_GROUP_OPTIONS)):
            args = ["add", *(args or ["--help"])]
        return list(super().parse_args(ctx, args))


class _Nameless(TyperCommand):
    """What is run when no command is named: its usage line does not name one either."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        formatter.write_usage(ctx.parent.command_path, " ".join(self.collect_usage_pieces(ctx)))


app = typer.Typer(
    name="ingest",
    help="Fill knowledge bases with files and folders.",
    cls=_PathsFirst,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Kb = Annotated[str, typer.Option("--kb", help="Knowledge base; made if it does not exist.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, also of what went wrong.")]
ProgressAs = Annotated[
    Literal["auto", "json"], typer.Option("--progress", help="How progress is told on stderr; json is for programs.")
]
Ocr = Annotated[bool | None, typer.Option("--ocr/--no-ocr", help="Read the words inside pictures (RAG_OCR).")]
Location = Annotated[
    bool | None,
    typer.Option("--location/--no-location", help="Keep the coordinates in picture files (RAG_KEEP_LOCATION)."),
]
Names = Annotated[
    Path | None,
    # 'rag serve' keeps files under names that a file system can hold, and has their true ones here: paths below the
    # first PATH, as JSON.
    typer.Option("--names", hidden=True, dir_okay=False),
]
CaptionModel = Annotated[
    str | None, typer.Option("--caption-model", help="Ollama model that captions pictures (RAG_CAPTION_MODEL).")
]


def _commands(ctx: typer.Context, incomplete: str) -> list[str]:
    """For the shell's completion: the first word may be a command, unless files begin like it."""
    if not incomplete or ctx.params.get("paths") or any(Path().glob(f"{glob.escape(incomplete)}*")):
        return []
    return [name for name in cast("TyperGroup", ctx.find_root().command).commands if name.startswith(incomplete)]


@app.callback()
def options(*, help_all: HelpAll = False) -> None:
    """Options of the program itself; each does what it does before a command is looked for."""


@app.command(
    cls=_Nameless,
    epilog="Also: 'ingest status --kb NAME' shows what failed and why, 'ingest retry --kb NAME' tries only that again, "
    "'ingest reembed --kb NAME' gives it other models. "
    "Exit codes: 0 all well, 3 some documents failed, 1 nothing could be done, 2 wrong usage, 130 stopped by Ctrl-C.",
)
def add(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files, folders, zip and tar archives.", metavar="PATH", autocompletion=_commands),
    ],
    *,
    kb: Kb,
    prune: Annotated[bool, typer.Option("--prune", help="Remove documents that are no longer there.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    field: Annotated[
        list[str] | None,
        typer.Option("--field", metavar="NAME:TYPE", help="Keep a column as int, float, str or bool, with an index."),
    ] = None,
    ocr: Ocr = None,
    location: Location = None,
    caption_model: CaptionModel = None,
    pull: Annotated[bool, typer.Option("--pull", help="Let Ollama fetch the models that are missing first.")] = False,
    progress: ProgressAs = "auto",
    names: Names = None,
    json: Json = False,
) -> None:
    """Bring a knowledge base up to date with files and folders; unchanged documents are left alone."""
    with _told(json):
        fields, settings = parse_fields(field or []), _settings(ocr, caption_model, location)
        if pull:
            from rag.cli.ask import pull_models

            pull_models(settings, for_ingest=True)
        with _opened(kb, settings, fields, dry_run=dry_run) as base:
            _ingest(base, paths, progress, json, names, prune=prune, dry_run=dry_run)


@app.command()
def retry(
    paths: Annotated[list[str] | None, typer.Argument(help="Only what lies there.", metavar="[PATH]")] = None,
    *,
    kb: Annotated[str, typer.Option("--kb", help="Knowledge base.")],
    ocr: Ocr = None,
    location: Location = None,
    caption_model: CaptionModel = None,
    progress: ProgressAs = "auto",
    names: Names = None,
    json: Json = False,
) -> None:
    """Try again what failed or was interrupted, and nothing else."""
    with _told(json):
        from rag.knowledge_base import KnowledgeBase

        with KnowledgeBase.open(kb, settings=_settings(ocr, caption_model, location)) as base:
            _ingest(base, paths or [], progress, json, names, retry=True)


@app.command(epilog="Exit codes: 0 all well, 3 some pictures could not be seen, 1 nothing was switched.")
def reembed(
    *,
    kb: Annotated[str, typer.Option("--kb", help="Knowledge base.")],
    profile: Annotated[
        str | None, typer.Option("--profile", help="Profile whose models it is to get (RAG_PROFILE).")
    ] = None,
    progress: ProgressAs = "auto",
    json: Json = False,
) -> None:
    """Make the vectors anew with the models that the settings name; the dump is not needed.

    The knowledge base answers as before until all is done, then it switches at once. Stopped halfway, the same command
    goes on where it stopped. Meanwhile both sets of vectors take room in the store.
    """
    from ingest.reembed.report import reembed_lines
    from ingest.reembed.run import reembed as make_anew
    from ingest.report.progress import progress as told
    from rag.config import load_settings
    from rag.knowledge_base import KnowledgeBase

    with (
        _told(json),
        KnowledgeBase.open(kb, settings=load_settings(profile=profile)) as base,
        told(kb, as_json=progress == "json", begins="loading models") as on_progress,
    ):
        report = make_anew(base, on_progress=on_progress)
    if json:
        console.say_json(report.to_dict())
    else:
        _say(reembed_lines(report))
    if profile and report.exit_code != 1 and load_settings().profile != profile:
        console.note(f"from now on this knowledge base needs RAG_PROFILE={profile}")
    raise typer.Exit(report.exit_code)


@app.command()
def status(*, kb: Annotated[str, typer.Option("--kb", help="Knowledge base.")], json: Json = False) -> None:
    """Documents by state; what failed, and why."""
    from ingest.report.summary import status as status_of
    from ingest.report.summary import status_lines
    from rag.knowledge_base import KnowledgeBase

    with _told(json), KnowledgeBase.open(kb) as base:
        found = status_of(base)
    if json:
        console.say_json(found)
    else:
        _say(status_lines(found))


def parse_fields(given: list[str]) -> dict[str, FieldType]:
    """`["year:int"]` as `{"year": "int"}`.

    Raises:
        ConfigError: not NAME:TYPE, or a type that does not exist.
    """
    fields: dict[str, FieldType] = {}
    for text in given:
        name, colon, kind = text.rpartition(":")
        if not colon or not name or kind not in get_args(FieldType):
            raise ConfigError(f"--field {text!r} is not NAME:TYPE with a type of {', '.join(get_args(FieldType))}")
        fields[name] = cast("FieldType", kind)
    return fields


def _settings(ocr: bool | None, caption_model: str | None, keep_location: bool | None) -> Settings:
    from rag.config import load_settings

    return load_settings(ocr=ocr, caption_model=caption_model, keep_location=keep_location)


def _opened(name: str, settings: Settings, fields: Mapping[str, FieldType], *, dry_run: bool) -> KnowledgeBase:
    from rag.knowledge_base import KnowledgeBase
    from rag.models.compatibility import require_same_models
    from rag.models.store import open_store

    if not dry_run:
        return KnowledgeBase.open(name, create=True, fields=fields or None, settings=settings)
    try:
        base = KnowledgeBase.open(name, settings=settings)
    except KnowledgeBaseNotFound:
        return KnowledgeBase(name, open_store(settings), settings)
    try:  # a plan that the real ingest would refuse is no plan
        require_same_models(name, base.spec, replace(base.spec, fields=dict(fields or base.spec.fields)))
    except BaseException:
        base.close()
        raise
    return base


@contextmanager
def _told(as_json: bool) -> Iterator[None]:
    """A failure is also an object on stdout where a program reads that; Ctrl-C says how to go on."""
    try:
        yield
    except RagError as error:
        if as_json:
            console.say_json({"error": {"code": error.code, "message": plain(str(error))}})
        raise
    except KeyboardInterrupt:
        console.note("stopped; run the same command again and it goes on where it stopped")
        raise typer.Exit(130) from None


def _ingest(
    base: KnowledgeBase, paths: list[str], progress_kind: str, as_json: bool, names: Path | None, **options: Any
) -> None:
    from ingest.pipeline import ingest_paths
    from ingest.report.progress import progress, tell_failure
    from ingest.report.summary import report_lines

    given: list[str | Path] = list(paths)
    if progress_kind == "json":
        options["on_failure"] = tell_failure
    if names is not None and paths:
        options["names"] = _read_names(names, Path(paths[0]).absolute())
    with progress(base.name, as_json=progress_kind == "json") as on_progress:
        report: IngestReport = ingest_paths(base, given, on_progress=on_progress, **options)
    if as_json:
        console.say_json(report.to_dict())
    else:
        _say(report_lines(report))
    raise typer.Exit(report.exit_code)


def _read_names(file: Path, top: Path) -> dict[str, str]:
    """Absolute paths, each with the one that is meant."""
    try:
        said = loads(file.read_bytes())
        return {f"{top}/{kept}": f"{top}/{meant}" for kept, meant in said.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise ConfigError(f"--names {file} is no JSON object of names: {error}") from error


def _say(lines: Any) -> None:
    for line in lines:
        console.say(line)


def main() -> None:
    own_process()
    sys.exit(run(app))
