"""`rag`: search, ask and chat with what `ingest` stored, and look after it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from typer.exceptions import TyperException

from rag.cli import console
from rag.cli.help_all import HelpAll
from rag.cli.mcp import mcp
from rag.cli.models import Json, models_app
from rag.cli.serve import serve
from rag.errors import RagError
from rag.store.lean import own_process
from rag.text.quoting import plain

if TYPE_CHECKING:
    from rag.knowledge_base import KnowledgeBase

app = typer.Typer(
    name="rag",
    help="Ask your documents and pictures, in words or with a picture. Fill a knowledge base with 'ingest' first.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
kb_app = typer.Typer(help="List, show, describe, empty or drop knowledge bases.", no_args_is_help=True)
config_app = typer.Typer(help="Show the settings.", no_args_is_help=True)
app.add_typer(kb_app, name="kb")
app.add_typer(models_app, name="models")
app.add_typer(config_app, name="config")
app.command()(serve)
app.command()(mcp)

Kb = Annotated[str, typer.Option("--kb", help="Knowledge base, as named in 'ingest --kb'.")]
Image = Annotated[Path | None, typer.Option("--image", help="A picture to ask with.")]
Where = Annotated[
    str, typer.Option("--where", help="Only records that match, e.g. 'year >= 2020 and kind = \"image\"'.")
]
TopK = Annotated[int, typer.Option("--top-k", min=1, help="How many at most.")]
Sort = Annotated[
    str, typer.Option("--sort", help="Order the hits by a column, e.g. taken_at, or -taken_at for the newest first.")
]
NoUnderstand = Annotated[
    bool, typer.Option("--no-understand", help="Dates, places and people in the words are words, not filters.")
]
Pull = Annotated[bool, typer.Option("--pull", help="Let Ollama fetch the models that are missing first.")]


@app.callback()
def options(*, help_all: HelpAll = False) -> None:
    """Options of the program itself; each does what it does before a command is looked for."""


@app.command()
def search(
    words: Annotated[
        str, typer.Argument(help="What to look for; may be left out with --image, --where or --sort.")
    ] = "",
    *,
    kb: Kb,
    image: Image = None,
    where: Where = "",
    top_k: TopK = 10,
    sort: Sort = "",
    no_understand: NoUnderstand = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show how each channel scored each hit.")] = False,
    json: Json = False,
) -> None:
    """Find the passages and pictures closest to words, a picture, or both; with neither, list what matches --where."""
    from rag.answers.exact import headline
    from rag.question import Question

    with _open(kb, no_understand) as base:
        result = base.search(Question.of(words, image, where, top_k, sort=sort))
    if json:
        console.say_json(result.to_dict())
        return
    if result.fact is not None:
        console.say(headline(result.fact, len(result.hits)))
    for number, hit in enumerate(result.hits, start=1):
        console.say("\n".join(console.hit_lines(number, hit, explain=explain)))
    if not result.hits:
        console.note("nothing found")
    console.notes(result.notes)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question; may be left out with --image.")] = "",
    *,
    kb: Kb,
    image: Image = None,
    where: Where = "",
    top_k: TopK = 8,
    no_understand: NoUnderstand = False,
    pull: Pull = False,
    json: Json = False,
) -> None:
    """Answer a question from the knowledge base, with numbered sources."""
    from rag.cli.ask import print_answer, pull_models
    from rag.question import Question

    with _open(kb, no_understand) as base:
        if pull:
            pull_models(base.settings)
        print_answer(base, Question.of(question, image, where, top_k), as_json=json)


@app.command()
def chat(
    *,
    kb: Kb,
    no_history: Annotated[bool, typer.Option("--no-history", help="Neither read nor keep the conversation.")] = False,
    go_on: Annotated[bool, typer.Option("--continue", help="Take up the last conversation.")] = False,
    no_understand: NoUnderstand = False,
    pull: Pull = False,
) -> None:
    """Talk with the knowledge base; /help lists the commands inside."""
    from rag.cli import ask as talk

    with _open(kb, no_understand) as base:
        code = talk.chat(base, keep_history=not no_history, go_on=go_on, pull=pull)
    raise typer.Exit(code)


@app.command()
def demo(
    *,
    kb: Annotated[str, typer.Option("--kb", help="Knowledge base to use for it.")] = "demo",
) -> None:
    """Ingest the sample dump and ask it a few questions."""
    from rag.cli.demo import run_demo

    run_demo(kb)


@app.command()
def doctor(*, json: Json = False) -> None:
    """Check models, store, asset folder and Ollama; say what to do about each problem."""
    from rag.health.doctor import diagnose

    findings = diagnose()
    if json:
        console.say_json([finding.to_dict() for finding in findings])
    else:
        console.findings(findings)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


@kb_app.command("list")
def kb_list(*, json: Json = False) -> None:
    """The knowledge bases of this store."""
    from rag.cli.kb import list_kbs

    rows = list_kbs()
    if json:
        console.say_json(rows)
        return
    for row in rows:
        console.say(
            f"{row['name']:24} {row['documents']:>7} documents  {row['texts']:>8} texts  {row['images']:>7} images"
        )
    if not rows:
        console.note("no knowledge base yet; make one with 'ingest PATH --kb NAME'")


@kb_app.command("show")
def kb_show(
    name: str,
    *,
    columns: Annotated[bool, typer.Option("--columns", help="What filters can name, instead.")] = False,
    json: Json = False,
) -> None:
    """What a knowledge base was built with, its size and its indexes; or its columns, with types and examples."""
    if columns:
        from rag.cli.columns import column_lines, column_rows, kb_facets

        found = kb_facets(name)
        if json:
            console.say_json(column_rows(found))
        else:
            console.say("\n".join(column_lines(found)))
        return
    from rag.cli.kb import show_kb

    facts = show_kb(name)
    if json:
        console.say_json(facts)
        return
    for key, value in facts.items():
        console.say(f"{key:12} {value}")


@kb_app.command("facets")
def kb_facets(
    name: str,
    column: Annotated[str, typer.Argument(help="One column only, with all that it holds.")] = "",
    *,
    where: Where = "",
    top: Annotated[int, typer.Option("--top", min=1, help="Values of a column at most.")] = 20,
    json: Json = False,
) -> None:
    """What its columns hold: how many documents have each, which values how often, dates by year and month."""
    from rag.cli import columns

    found = columns.kb_facets(name, where, column)
    if json:
        console.say_json(asdict(replace(found, columns=tuple(facet.top(top) for facet in found.columns))))
    else:
        console.say("\n".join(columns.facet_lines(found, top)))


@kb_app.command("describe")
def kb_describe(
    name: str,
    *,
    title: Annotated[str | None, typer.Option("--title", help="What people see; empty: its name.")] = None,
    description: Annotated[str | None, typer.Option("--description", help="What is in it.")] = None,
) -> None:
    """Give a knowledge base a title and a description. Its name, which is in every command and address, stays."""
    from rag.cli.kb import describe_kb

    now = describe_kb(name, title, description)
    console.say(f"{name}: {now.title or name}" + (f": {now.description}" if now.description else ""))


@kb_app.command("empty")
def kb_empty(name: str, *, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete all documents of a knowledge base, its pictures and uploaded files. Your own files stay as they are."""
    from rag.cli.kb import empty_kb

    if not yes:
        typer.confirm(f"Delete all documents of '{name}', with what was uploaded?", abort=True, err=True)
    console.note(f"{empty_kb(name)} documents of '{name}' are deleted")


@kb_app.command("drop")
def kb_drop(name: str, *, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete a knowledge base: its collections, pictures and uploaded files. Your own files stay as they are."""
    from rag.cli.kb import drop_kb

    if not yes:
        typer.confirm(f"Delete knowledge base '{name}' with its pictures and what was uploaded?", abort=True, err=True)
    drop_kb(name)
    console.note(f"knowledge base '{name}' is deleted")


@config_app.command("show")
def config_show(*, json: Json = False) -> None:
    """Every setting, its value and where the value comes from. Secrets are hidden."""
    from rag.config import load_settings, origins
    from rag.text.uris import shown

    settings, came_from = load_settings(), origins()
    values = {name: str(getattr(settings, name)) for name in came_from}
    values |= {name: shown(values[name]) for name in ("store_uri", "asset_uri", "ollama_url")}
    rows = [{"setting": name, "value": values[name], "from": origin} for name, origin in came_from.items()]
    if json:
        console.say_json(rows)
        return
    for row in rows:
        console.say(f"{row['setting']:18} {row['value'] or '(empty)':50} {row['from']}")


def _open(name: str, no_understand: bool = False) -> KnowledgeBase:
    from rag.knowledge_base import KnowledgeBase

    return KnowledgeBase.open(name, understand=False if no_understand else None)


def run(command: Callable[..., Any]) -> int:
    """Runs a typer app and turns its outcome into an exit code: 0, 1 or 2 for an error, 130 after Ctrl-C."""
    try:
        code = command(standalone_mode=False)
        sys.stdout.flush()
    except RagError as error:
        console.note(f"error: {plain(str(error))}")
        return error.exit_code
    except TyperException as error:  # wrong usage: it knows how to print itself
        cast("typer.BadParameter", error).show()
        return error.exit_code
    except typer.Exit as stop:
        return stop.exit_code
    except (typer.Abort, KeyboardInterrupt, EOFError):
        console.note("stopped")
        return 130
    except BrokenPipeError:  # the reader of our output went away, as in `rag search ... | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at its end
        return 1  # as typer does where the output was too long for the buffer
    return code if isinstance(code, int) else 0


def main() -> None:
    own_process()
    sys.exit(run(app))
