"""What routes are handed."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Path, Request
from fastapi.routing import APIRoute

from rag.errors import ConfigError
from rag.knowledge_base import KnowledgeBase
from rag.serve.guard.access import Access
from rag.serve.names import not_known
from rag.serve.open_knowledge_bases import OpenKnowledgeBases


def library_of(request: Request) -> OpenKnowledgeBases:
    library: OpenKnowledgeBases = request.app.state.library
    return library


def access_of(request: Request) -> Access:
    access: Access = request.state.access
    return access


KbPath = Annotated[str, Path(max_length=64, pattern="^[A-Za-z][A-Za-z0-9_]*$", description="a knowledge base")]
DocId = Annotated[str, Path(max_length=80, description="as a source's `doc_id` names it")]
Opened = Annotated[OpenKnowledgeBases, Depends(library_of)]
Allowed = Annotated[Access, Depends(access_of)]


def known_parameters(request: Request) -> None:
    """Refuses query parameters that the route does not know: a misspelt one would be passed over.

    What OpenAI's clients call is left alone, which send parameters of other servers along.

    Raises:
        ConfigError: there is such a parameter; the message has the right name.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not route.path.startswith("/v1/") or "OpenAI" in route.tags:
        return
    known = [parameter.alias for parameter in route.dependant.query_params]
    for name in request.query_params:
        if name not in known:
            raise UnknownParameter(not_known(name, known))


class UnknownParameter(ConfigError):
    """A query parameter that the route does not know."""


async def opened(request: Request, library: OpenKnowledgeBases, name: str, *, write: bool = False) -> KnowledgeBase:
    """A knowledge base that the caller may use.

    Raises:
        KnowledgeBaseNotFound: there is none of that name for this caller.
        Forbidden: it may only be read.
    """
    access_of(request).check(name, write=write)
    return await to_thread.run_sync(library.kb, name)
