"""`rag serve`: HTTP and the page, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
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
    if demo:
        from rag.cli.demo import filling_samples

        with ExitStack() as filling:
            run_server(
                settings, open_page=open_page, started=lambda: filling.enter_context(filling_samples("demo", settings))
            )
    else:
        run_server(settings, open_page=open_page)


def run_server(settings: Settings, *, open_page: bool = False, started: Callable[[], object] = lambda: None) -> None:
    """Serves until it is told to stop; `started` is called once it listens.

    Raises:
        ConfigError: an address that others reach, and no token.
        StoreError: the store cannot be opened, or another server holds it.
    """
    from rag.serve.app import create_app
    from rag.serve.open_knowledge_bases import OpenKnowledgeBases
    from rag.serve.run import run

    library = OpenKnowledgeBases.open(settings)
    try:
        app = create_app(library)
    except BaseException:
        library.close()
        raise

    def listening(url: str) -> None:
        _greet(url, open_page)
        started()

    run(
        app,
        settings.serve_host,
        settings.serve_port,
        started=listening,
        leaving=app.state.leaving,
        n_connections=settings.serve_connections,
    )


def _greet(url: str, open_page: bool) -> None:
    console.note(f"serving at {url} (Ctrl-C stops)")
    if open_page:
        import webbrowser

        webbrowser.open(url)
