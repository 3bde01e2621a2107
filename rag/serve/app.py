"""The server: routes, and what stands before them."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import get_args

import anyio
from anyio import to_thread
from fastapi import Depends, FastAPI
from starlette.routing import Route

from rag.config import Settings
from rag.errors import RagError
from rag.serve.deps import known_parameters
from rag.serve.error_handlers import add_error_handlers
from rag.serve.guard.access import Keyring
from rag.serve.guard.admission import Admission
from rag.serve.guard.cors import with_cors
from rag.serve.guard.leaving import Leave, Leaving
from rag.serve.guard.limits import BodyLimit, Turns
from rag.serve.guard.middleware import Guard
from rag.serve.guard.observer import Observer
from rag.serve.jobs import routes as jobs
from rag.serve.jobs.job import JobState
from rag.serve.jobs.queue import Jobs
from rag.serve.mcp.server import PATH, McpApp
from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from rag.serve.openai import embeddings
from rag.serve.openai import routes as openai
from rag.serve.openai.responses import routes as responses
from rag.serve.routes import api_docs, ask, assets, columns, documents, embed, files, ops, source
from rag.serve.routes import knowledge_bases as kbs
from rag.serve.routes.openapi import complete_openapi
from rag.serve.routes.page import page_router
from rag.serve.schemas import ErrorOut
from rag.serve.uploads import routes as uploads
from rag.serve.warming import search_once
from rag.store.agreement import without_records

log = logging.getLogger("rag.serve")
MIB = 1024**2


def create_app(library: OpenKnowledgeBases, settings: Settings | None = None) -> FastAPI:
    """The whole server over the knowledge bases of a library, which it closes at its end.

    Args:
        library: what it answers from.
        settings: `serve_*`; those of the library where they are left out.

    Raises:
        ConfigError: an address that others reach, and no token.
    """
    s = settings or library.settings
    gate = Admission(s.serve_running, s.serve_waiting)
    library.metrics.inside.set_function(lambda: gate.n_inside)
    app = FastAPI(
        title="Multimodal RAG",
        version=version("multimodal-rag"),
        description="Search and ask documents and pictures; answers come with checked citations.",
        docs_url=None,  # both would load scripts from elsewhere; ours is in routes/api_docs
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,  # `search`, `ask`: what generated clients call them
        lifespan=_lifespan,
        dependencies=[Depends(known_parameters)],
        responses={"4XX": {"model": ErrorOut}},
    )
    app.state.library, app.state.gate = library, gate
    app.state.leaving = Leaving(s.serve_grace)
    app.state.warm, app.state.broken, app.state.n_damaged = threading.Event(), "", 0
    app.state.jobs = Jobs(library)
    for state in get_args(JobState):
        library.metrics.jobs.labels(state).set_function(partial(app.state.jobs.n_in, state))
    for part in (ask, embed, kbs, columns, documents, files, uploads, jobs, assets, openai, responses, embeddings, ops):
        app.include_router(part.router)
    app.include_router(page_router())
    app.include_router(api_docs.router)
    app.include_router(source.router)
    app.state.mcp = McpApp(library, gate, s.serve_body_mb * MIB)
    app.router.routes.append(Route(PATH, app.state.mcp, include_in_schema=False))
    complete_openapi(app)
    add_error_handlers(app)
    # The last one added is the first to see a request.
    app.add_middleware(Turns, gate=gate)
    app.add_middleware(
        BodyLimit,
        max_bytes=s.serve_body_mb * MIB,
        max_upload_bytes=s.serve_upload_mb * MIB,
        max_held_bytes=s.serve_running * s.serve_body_mb * MIB,
    )
    app.add_middleware(Leave, leaving=app.state.leaving)
    keys = Keyring(s.serve_token, s.serve_tokens)
    app.add_middleware(Guard, host=s.serve_host, keys=keys, hosts=s.serve_hosts, origins=s.serve_origins)
    app.add_middleware(with_cors, origins=s.serve_origins)
    app.add_middleware(Observer, metrics=library.metrics)
    # Middleware is made at the first request; an open door has to be noticed now.
    Guard(app, s.serve_host, keys, s.serve_hosts)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    threading.Thread(target=_warm, args=(app,), name="warm-up", daemon=True).start()
    async with app.state.mcp.running(), app.state.jobs.running():
        yield
    await to_thread.run_sync(app.state.library.close)


def _warm(app: FastAPI) -> None:
    """Loads the models before the first question does; `/readyz` says how that went."""
    models = app.state.library.models
    try:
        models.text_embedder, models.image_embedder, models.reranker  # noqa: B018
    except Exception as error:
        log.error("a model cannot be loaded: %s", error, exc_info=None if isinstance(error, RagError) else error)
        app.state.broken = "a model cannot be loaded; the server's log says why"
    app.state.n_damaged = _damaged(app.state.library)
    app.state.warm.set()
    if not app.state.broken:
        search_once(app.state.library)
    if app.state.library.settings.serve_warm:
        _warm_chat(app.state.library)


def _damaged(library: OpenKnowledgeBases) -> int:
    """How many documents have lost records, looked at once: a store that came back may have lost what came last."""
    n_damaged = 0
    try:
        for name in library.names():
            lost = [document.source for document in without_records(library.kb(name).stored)]
            if lost:
                log.error("records of %d documents of '%s' are missing; 'rag doctor' names them", len(lost), name)
            n_damaged += len(lost)
    except RagError as error:
        log.error("the store was not looked through: %s", error)
    return n_damaged


def _warm_chat(library: OpenKnowledgeBases) -> None:
    """What every conversation begins with is the same, whichever knowledge base it is about."""
    try:
        for name in library.names()[:1]:
            anyio.run(library.kb(name).warm)
    except RagError as error:
        log.warning("the chat model is not loaded yet: %s", error)
