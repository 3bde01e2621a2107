"""Documents come in over HTTP: kept as files, then ingested by a process of its own while its progress is told."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from sse_starlette import ServerSentEvent

from rag.ports import checked_name
from rag.serve.deps import Allowed, KbPath, Opened
from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from rag.serve.sse import event, event_stream, unless_gone
from rag.serve.uploads.form import Received, receive
from rag.serve.uploads.intake import Intake
from rag.serve.uploads.process import IngestEvent
from rag.serve.uploads.report import ProgressOut, ReportOut, report_out

router = APIRouter(prefix="/v1", tags=["documents"])


def intake_of(request: Request) -> Intake:
    intake: Intake = request.app.state.intake
    return intake


async def _admitted(
    request: Request,
    library: Opened,
    access: Allowed,
    kb: KbPath,
    create: Annotated[bool, Query(description="make the knowledge base if it does not exist")] = False,
) -> AsyncIterator[Path]:
    """A folder for the files, after a look at who sends them and where to; held until the response has ended."""
    access.check(kb, write=True)
    if not create:
        await to_thread.run_sync(library.kb, kb)
    checked_name(kb)
    async with intake_of(request).turn() as folder:
        yield folder


_FORM = {
    "type": "object",
    "required": ["files"],
    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
}


@router.post(
    "/kb/{kb}/documents",
    response_model=ReportOut,
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}},
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def upload_documents(
    request: Request, library: Opened, kb: KbPath, folder: Annotated[Path, Depends(_admitted)]
) -> Response | ReportOut:
    """Upload files (documents, pictures, archives, lists of captions) and ingest them.

    Their names may have folders: `manuals/pump.pdf`. A file of the same name replaces the earlier one. With
    `Accept: text/event-stream` events tell of it: `progress`..., then `report`, or `error`. A client that goes away
    stops the ingest; the next upload goes on where it was.
    """
    received = await receive(request, folder)
    told = intake_of(request).take_in(kb, received, folder)
    if "text/event-stream" in request.headers.get("accept", ""):
        return event_stream(request, _events(told, library, kb, received))
    return await unless_gone(request, _report(told, library, kb, received))


async def _events(
    told: AsyncGenerator[IngestEvent, None], library: OpenKnowledgeBases, kb: str, received: Received
) -> AsyncGenerator[ServerSentEvent, None]:
    async with aclosing(told):
        async for said in told:
            if "report" in said:
                yield event("report", await to_thread.run_sync(report_out, library, kb, received, said["report"]))
            else:
                yield event("progress", ProgressOut.model_validate(said))


async def _report(
    told: AsyncGenerator[IngestEvent, None], library: OpenKnowledgeBases, kb: str, received: Received
) -> ReportOut:
    async with aclosing(told):
        last: IngestEvent = {}
        async for said in told:
            last = said
    return await to_thread.run_sync(report_out, library, kb, received, last["report"])
