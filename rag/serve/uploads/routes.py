"""Documents come in over HTTP: kept as files, then a job reads them, whether anybody waits for it or not."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse
from sse_starlette import ServerSentEvent

from rag.ports import checked_name
from rag.serve.deps import Allowed, KbPath, Opened
from rag.serve.errors import without_paths
from rag.serve.jobs.job import Job, JobOut
from rag.serve.jobs.queue import Jobs
from rag.serve.jobs.routes import job_out, jobs_of, link_to, stopping
from rag.serve.sse import event, event_stream, unless_gone
from rag.serve.uploads.form import receive
from rag.serve.uploads.process import IngestStopped, JobCancelled
from rag.serve.uploads.report import ProgressOut, ReportOut

router = APIRouter(prefix="/v1", tags=["documents"])

_FORM = {
    "type": "object",
    "required": ["files"],
    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
}
_ASYNC = "respond-async"


@router.post(
    "/kb/{kb}/documents",
    response_model=ReportOut,
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}},
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        202: {
            "model": JobOut,
            "description": "with `Prefer: respond-async`: the job",
        },
    },
)
async def upload_documents(
    request: Request,
    library: Opened,
    access: Allowed,
    kb: KbPath,
    create: Annotated[bool, Query(description="make the knowledge base if it does not exist")] = False,
) -> Response | ReportOut:
    """Upload files (documents, pictures, archives, lists of captions): a job of the server ingests them.

    Their names may have folders: `manuals/pump.pdf`. A file of the same name replaces the earlier one. With
    `Prefer: respond-async` the answer is the job, as soon as all files have come. Without, it is the report at the end;
    with `Accept: text/event-stream` events tell of it: `progress`..., then `report`, or `error`. The job goes on when
    the client goes away, and after a restart of the server; `Location` says where it is asked for.
    """
    access.check(kb, write=True)
    if not create:
        await to_thread.run_sync(library.kb, kb)
    checked_name(kb)
    jobs = jobs_of(request)
    async with jobs.receiving() as folder:
        received = await receive(request, folder)
        try:
            job = await jobs.submit_upload(kb, received, folder)
        except OSError as error:
            raise HTTPException(507, f"the upload cannot be kept: {error.strerror or 'the disk failed'}") from error
    headers = {"Location": link_to(job)}
    if _ASYNC in request.headers.get("prefer", ""):
        said = job_out(request, job).model_dump(mode="json")
        return JSONResponse(said, 202, {**headers, "Preference-Applied": _ASYNC})
    if "text/event-stream" in request.headers.get("accept", ""):
        response = event_stream(request, _events(request, jobs, job))
        response.headers.update(headers)
        return response
    report = await unless_gone(request, _report(request, jobs, job))
    return JSONResponse(report.model_dump(mode="json"), headers=headers)


async def _events(request: Request, jobs: Jobs, job: Job) -> AsyncGenerator[ServerSentEvent, None]:
    told = ProgressOut(stage="waiting", done=0, total=None)
    yield event("progress", told)
    async with aclosing(jobs.follow(job)) as changes:
        async for _ in changes:
            now = _progress(job)
            if now is not None and now != told:
                told = now
                yield event("progress", told)
            stopping(request, job)
    yield event("report", _ended(job))


async def _report(request: Request, jobs: Jobs, job: Job) -> ReportOut:
    async with aclosing(jobs.follow(job)) as changes:
        async for _ in changes:
            stopping(request, job)
    return _ended(job)


def _progress(job: Job) -> ProgressOut | None:
    """None where it has said nothing more."""
    stage, done, total = job.progress
    return ProgressOut(stage=stage, done=done, total=total) if stage != job.state or job.is_active else None


def _ended(job: Job) -> ReportOut:
    """Raises IngestStopped: it has failed; JobCancelled: somebody stopped it."""
    if job.report is not None and job.state == "done":
        return job.report
    if job.state == "cancelled":
        raise JobCancelled("the job was cancelled; what was read before is kept")
    raise IngestStopped(without_paths((job.error or {}).get("message", "the ingest failed")))
