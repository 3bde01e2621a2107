"""`rag serve`: HTTP and the page, until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli import console

if TYPE_CHECKING:
    from rag.config import Settings


def serve(
    *,
    host: Annotated[
        str | None, typer.Option("--host", help="Address to listen on; others than 127.0.0.1 need a token.")
    ] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port; 0 takes any free one.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Ingest the sample dump into 'demo' beside it.")] = False,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Serve the page, the HTTP interface and MCP on this machine, until Ctrl-C."""
    from rag.config import load_settings

    settings = load_settings(serve_host=host, serve_port=port)
    folder = None
    if demo:
        from rag.cli.demo import samples

        folder = samples()
    run_server(settings, open_page=open_page, demo=folder)


def run_server(settings: Settings, *, open_page: bool = False, demo: Path | None = None) -> None:
    """Serves until it is told to stop.

    Args:
        settings: `serve_*`.
        open_page: in the browser.
        demo: folder of the samples, which a job puts into the knowledge base 'demo'.

    Raises:
        ConfigError: an address that others reach, and no token.
        StoreError: the store cannot be opened, or another server holds it.
    """
    from rag.serve.app import create_app
    from rag.serve.jobs.job import Job
    from rag.serve.open_knowledge_bases import OpenKnowledgeBases
    from rag.serve.run import run

    library = OpenKnowledgeBases.open(settings)
    try:
        app = create_app(library)
    except BaseException:
        library.close()
        raise

    if demo is not None:
        app.state.jobs.at_start(Job(kb="demo", kind="demo", folder=str(demo)))
        console.note("filling 'demo' with the sample dump beside it; what is in can be asked for already")
    run(
        app,
        settings.serve_host,
        settings.serve_port,
        started=lambda url: _greet(url, open_page),
        leaving=app.state.leaving,
        n_connections=settings.serve_connections,
        log_form=settings.serve_log,
    )


def _greet(url: str, open_page: bool) -> None:
    console.note(f"serving at {url} (Ctrl-C stops)")
    if open_page:
        import webbrowser

        webbrowser.open(url)
