"""`rag mcp`: the knowledge bases as tools for agents."""

from __future__ import annotations

import signal
import sys
from typing import Annotated

import typer

from rag.cli import console


def mcp(
    *,
    http: Annotated[
        bool, typer.Option("--http", help="Streamable HTTP at /mcp, as 'rag serve' has it too; else stdin and stdout.")
    ] = False,
    host: Annotated[
        str | None, typer.Option("--host", help="With --http: address to listen on; not 127.0.0.1: needs a token.")
    ] = None,
    port: Annotated[int | None, typer.Option("--port", help="With --http: port; 0 takes any free one.")] = None,
) -> None:
    """Offer the knowledge bases to an agent as tools (MCP); the agent starts it and talks over stdin and stdout."""
    if not http and (host is not None or port is not None):
        raise typer.BadParameter("--host and --port go with --http")

    from rag.config import load_settings
    from rag.serve.mcp.server import PATH, create_mcp_app, run_stdio
    from rag.serve.open_knowledge_bases import OpenKnowledgeBases

    library = OpenKnowledgeBases.open(load_settings(serve_host=host, serve_port=port))
    try:
        if http:
            from rag.serve.run import run

            s, app = library.settings, create_mcp_app(library)
            run(app, s.serve_host, s.serve_port, started=lambda url: console.note(f"MCP at {url.rstrip('/')}{PATH}"))
        else:
            if sys.stdin.isatty():
                console.note(
                    "this talks MCP over stdin and stdout: let an agent start it, see docs/mcp.md (Ctrl-C stops)"
                )
            # The SDK reads stdin in a thread that nothing wakes, so an interrupt would wait for the next line.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            run_stdio(library)
    finally:
        library.close()
