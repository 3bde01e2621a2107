"""The files behind documents: those that were uploaded, listed, and any that the server has, to be downloaded."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Literal
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.background import BackgroundTask

from rag.knowledge_base import KnowledgeBase
from rag.serve.deps import DocId, KbPath, Opened, opened
from rag.serve.jobs.queue import Jobs
from rag.serve.jobs.routes import jobs_of
from rag.serve.routes.documents_read import Original, find_document, name_to_save, original_of
from rag.serve.routes.openapi import BINARY
from rag.serve.uploads.member import taken_out
from rag.types import Document, document_id
from rag.uploads import MEMBER, Uploads

router = APIRouter(prefix="/v1", tags=["documents"])

_PIECE_BYTES = 1024 * 1024
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox",
    "Cache-Control": "private, no-cache",
}


Kind = Literal["archive", "captions", "other"]


class UploadedFile(BaseModel):
    """An uploaded file that is no document of its own. It is removed by its `doc_id`, with the documents in it.

    `archive`: `documents` were read from it. `captions`: a table whose words went to pictures. `other`: words beside a
    picture, or nothing that could be read.
    """

    doc_id: str
    name: str
    kind: Kind
    size_bytes: int
    documents: int


class UploadedFiles(BaseModel):
    files: list[UploadedFile]


@router.get("/kb/{kb}/files")
async def list_files(request: Request, library: Opened, kb: KbPath) -> UploadedFiles:
    """What was uploaded and is no document of its own: archives, lists of captions."""
    base = await opened(request, library, kb)
    return await to_thread.run_sync(_listed, base, jobs_of(request))


@router.get(
    "/kb/{kb}/documents/{doc_id}/original",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/octet-stream": BINARY}},
        404: {"description": "the server does not have it"},
    },
)
async def get_original(request: Request, library: Opened, kb: KbPath, doc_id: DocId) -> StreamingResponse:
    """The file that a document was read from, to be saved: never to be shown in a browser.

    Out of its archive where it is in one; the archive itself where it cannot be taken out.

    A file that was not uploaded is given where it still lies on the server as it was when it was read.
    """
    base = await opened(request, library, kb)
    name, size_bytes, file = await to_thread.run_sync(_opened, base, jobs_of(request).uploads, doc_id)
    headers = {
        **_HEADERS,
        "Content-Length": str(size_bytes),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
    }
    return StreamingResponse(
        _pieces(file), media_type="application/octet-stream", headers=headers, background=BackgroundTask(file.close)
    )


def _listed(kb: KnowledgeBase, jobs: Jobs) -> UploadedFiles:
    uploads, top = jobs.uploads, jobs.uploads.of(kb.name)
    true, paths, inside = uploads.true_names(kb.name), set[str](), Counter[str]()
    for document in kb.stored.documents():
        if uploads.holds(kb.name, document.path):
            paths.add(document.path)
            inside[document.path.partition(MEMBER)[0]] += 1
    tables = _caption_tables(kb.name, jobs)
    found = []
    for file in uploads.files(kb.name):
        if str(file) in paths:
            continue
        kept = file.relative_to(top).as_posix()
        name = true.get(kept, kept)
        n = inside[str(file)]
        kind: Kind = "archive" if n else "captions" if f"{kb.name}/{name}" in tables else "other"
        with suppress(FileNotFoundError):  # removed meanwhile
            size_bytes = file.stat().st_size
            id_ = document_id(kb.name, str(file))
            found.append(UploadedFile(doc_id=id_, name=name, kind=kind, size_bytes=size_bytes, documents=n))
    return UploadedFiles(files=sorted(found, key=lambda each: each.name))


def _caption_tables(kb: str, jobs: Jobs) -> set[str]:
    """Sources of the tables that gave pictures their captions, as the last job found it that looked at all."""
    reports = (job.report for job in jobs.all() if job.kb == kb and not job.folder and not job.retry)
    captions = next((report.captions for report in reports if report is not None and report.captions), None) or {}
    return {str(table.get("source")) for table in captions.get("tables", [])}


def _opened(kb: KnowledgeBase, uploads: Uploads, doc_id: str) -> tuple[str, int, IO[bytes]]:
    """Name, bytes and the open file.

    Raises:
        HTTPException: 404, there is no such document, or the server does not have its file.
    """
    document = find_document(kb, doc_id)
    uploaded = None if document else uploads.find(kb.name, doc_id)
    if document is None and uploaded is None:
        raise HTTPException(404, f"there is no document '{doc_id:.80}' in this knowledge base")
    if uploaded is not None:
        found: Original | None = Original(uploaded, name_to_save(uploads.true_name(kb.name, uploaded)))
    else:
        found = original_of(kb, uploads, document) if document else None
    file: IO[bytes] | None = None
    if found is not None and found.member and document is not None:
        file = _taken_out(found.member, document)
        if file is not None:
            return found.name, os.fstat(file.fileno()).st_size, file
        found = Original(found.file, name_to_save(uploads.true_name(kb.name, found.file)))
    if found is not None:
        with suppress(OSError):
            file = found.file.open("rb")
    if found is None or file is None:
        raise _not_here()
    if document is not None and not uploads.holds(kb.name, document.path):
        # It lies somewhere on the server's disk: another file that took its place is nobody's business.
        if _sha256(file) != document.metadata.get("sha256"):
            file.close()
            raise _not_here()
        file.seek(0)
    return found.name, os.fstat(file.fileno()).st_size, file


def _taken_out(member: str, document: Document) -> IO[bytes] | None:
    """The member as it was read; None where it cannot be had so."""
    file = taken_out(member)
    if file is not None and _sha256(file) != document.metadata.get("sha256"):
        file.close()
        return None
    if file is not None:
        file.seek(0)
    return file


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE_BYTES):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _not_here() -> HTTPException:
    return HTTPException(404, "this server does not have the original: it was read elsewhere, is gone, or has changed")
