"""Jobs over HTTP: listed, followed, cancelled, tried again."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response
from pydantic import BaseModel
from sse_starlette import ServerSentEvent

from rag.errors import KnowledgeBaseNotFound
from rag.serve.deps import Allowed
from rag.serve.jobs.job import ID, Job, JobFull, JobOut, job_facts
from rag.serve.jobs.queue import Jobs
from rag.serve.sse import event, event_stream
from rag.serve.uploads.process import ServerStopping

router = APIRouter(prefix="/v1", tags=["jobs"])


class JobList(BaseModel):
    """The newest first; those that have ended are forgotten one day, the oldest first."""

    jobs: list[JobOut]


def jobs_of(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


def link_to(job: Job) -> str:
    return f"/v1/jobs/{job.id}"


def job_out(request: Request, job: Job) -> JobOut:
    return JobOut(**job_facts(job, jobs_of(request).ahead().get(job.id, 0)))


def stopping(request: Request, job: Job) -> None:
    """Raises ServerStopping: it is about to leave, and the job has not ended."""
    if request.app.state.leaving.is_leaving and job.is_active:
        raise ServerStopping(f"the server is being stopped; the job goes on when it is started again: {link_to(job)}")


def _job(
    request: Request, access: Allowed, job: Annotated[str, Path(pattern=f"^{ID}$", description="as the list names it")]
) -> Job:
    found = jobs_of(request).get(job)
    try:
        if found is None:
            raise _unknown(job)
        access.check(found.kb)
    except KnowledgeBaseNotFound:  # what a token may not read does not exist for it
        raise _unknown(job) from None
    return found


def _changed(found: Annotated[Job, Depends(_job)], access: Allowed) -> Job:
    access.check(found.kb, write=True)
    return found


Found = Annotated[Job, Depends(_job)]
Changed = Annotated[Job, Depends(_changed)]


@router.get("/jobs")
async def list_jobs(
    request: Request,
    access: Allowed,
    kb: Annotated[str, Query(max_length=64, description="empty: of all that the caller may see")] = "",
    state: Annotated[Literal["", "active", "ended"], Query(description="empty: all")] = "",
) -> JobList:
    """The jobs of the server."""
    every = [job for job in jobs_of(request).all() if access.visible([job.kb]) and kb in ("", job.kb)]
    wanted = [job for job in every if not state or job.is_active == (state == "active")]
    ahead = jobs_of(request).ahead()
    return JobList(jobs=[JobOut(**job_facts(job, ahead.get(job.id, 0))) for job in wanted])


@router.get("/jobs/{job}")
async def get_job(request: Request, found: Found) -> JobFull:
    """One job, with what became of each file."""
    return _full(request, found)


@router.get(
    "/jobs/{job}/events",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def follow_job(request: Request, found: Found) -> Response:
    """The job whenever it has changed, as events `job`; the last one, `end`, has its files and its report."""
    return event_stream(request, _events(request, found))


@router.post("/jobs/{job}/cancel")
async def cancel_job(request: Request, found: Changed) -> JobFull:
    """Stop a job. What was read before is kept; the files that were not are removed. Nothing where it has ended."""
    await jobs_of(request).cancel(found)
    return _full(request, found)


@router.post("/jobs/{job}/retry", status_code=202)
async def retry_job(request: Request, response: Response, found: Changed) -> JobOut:
    """Try again what did not go in: the documents that failed, or all that is left where the job itself did."""
    if not found.may_retry:
        raise HTTPException(409, "nothing of this job can be tried again: it goes on, was cancelled, or is all in")
    await jobs_of(request).retry(found)
    response.headers["Location"] = link_to(found)
    return job_out(request, found)


@router.delete("/jobs/{job}", status_code=204)
async def forget_job(request: Request, found: Changed) -> None:
    """Take a job that has ended from the list; its documents stay."""
    if found.is_active:
        raise HTTPException(409, "this job has not ended; cancel it first")
    await jobs_of(request).forget(found)


async def _events(request: Request, job: Job) -> AsyncGenerator[ServerSentEvent, None]:
    told: JobOut | None = None
    async with aclosing(jobs_of(request).follow(job)) as changes:
        async for _ in changes:
            now = job_out(request, job)
            if now != told and job.is_active:
                told = now
                yield event("job", now)
            stopping(request, job)
    yield event("end", _full(request, job))


def _full(request: Request, job: Job) -> JobFull:
    facts = job_facts(job, jobs_of(request).ahead().get(job.id, 0))
    return JobFull(**facts, files=[file.out() for file in job.files], report=job.report)


def _unknown(job: str) -> HTTPException:
    return HTTPException(404, f"there is no job '{job:.80}' (any more); GET /v1/jobs lists them")
