"""Pages elsewhere that may call: what their browsers ask before."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

_EXPOSED = ["mcp-session-id", "mcp-protocol-version", "retry-after", "x-request-id", "etag", "content-disposition"]


def with_cors(app: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    """The app with answers to preflights for these origins; the app itself where there are none.

    Any header may come: the origins are named, and each version of the official clients sends headers of its own
    (`x-stainless-*` of OpenAI's, `mcp-*` and `last-event-id` of MCP's).
    """
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "PATCH", "DELETE"],
        allow_headers=["*"],
        allow_private_network=True,
        expose_headers=_EXPOSED,
    )
