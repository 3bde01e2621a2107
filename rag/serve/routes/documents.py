"""Which documents a knowledge base holds, what was read from each, and how one is removed."""

from __future__ import annotations

import heapq
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel

from rag.columns.order import Order, parse_sort
from rag.knowledge_base import KnowledgeBase
from rag.serve.deps import DocId, KbPath, Opened, opened
from rag.serve.jobs.routes import jobs_of
from rag.serve.routes.documents_read import find_document, ordinal_of_record, original_of, read_records
from rag.serve.schemas import document_out, place_of
from rag.types import Document, Kind, Record, document_id
from rag.uploads import MEMBER, Uploads

router = APIRouter(prefix="/v1", tags=["documents"])

MAX_PAGE = 1000
_DELETED_AT_ONCE = 100


class DocumentOut(BaseModel):
    """A document. `made`: when, where and by whom, as far as known. `uploaded`: its file came over HTTP; any other
    comes back with the next ingest of its folder.

    `original`: name of the file that can be had at `.../original`, out of its archive where it is in one; null where
    the server does not have it.
    """

    doc_id: str
    source: str
    state: Literal["writing", "done", "failed"]
    n_records: int
    error: str
    title: str | None
    made: str
    metadata: dict[str, Any]
    uploaded: bool
    original: str | None


class DocumentList(BaseModel):
    """`total` counts all that match, on whatever page."""

    documents: list[DocumentOut]
    total: int


class RecordOut(BaseModel):
    id: str
    kind: Kind
    text: str
    page: int | None
    heading_path: list[str]
    asset: str | None


class DocumentFull(DocumentOut):
    """With some of its records in order, the first of them at place `offset`, from 0.

    `about`: who says each of its columns (`origins`: table, sidecar, file, coordinates, file name, path), and what the
    file says where the user says otherwise (`overruled`).
    """

    about: dict[str, Any]
    records: list[RecordOut]
    offset: int


Offset = Annotated[int, Query(ge=0, le=10**9)]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]


@router.get("/kb/{kb}/documents")
async def list_documents(
    request: Request,
    library: Opened,
    kb: KbPath,
    state: Annotated[Literal["", "writing", "done", "failed"], Query(description="empty: all")] = "",
    contains: Annotated[str, Query(max_length=200, description="in the source or the title, in any case")] = "",
    sort: Annotated[
        str,
        Query(
            max_length=300,
            description="taken_at, created, published, modified, place, author; - in front: the last first",
        ),
    ] = "",
    limit: Limit = 100,
    offset: Offset = 0,
) -> DocumentList:
    """The documents of a knowledge base by their sources, or in the order of a column, those without it last."""
    base = await opened(request, library, kb)
    order = Order(parse_sort(sort), base.spec.fields) if sort else None
    return await to_thread.run_sync(_listed, base, jobs_of(request).uploads, state, contains, order, offset, limit)


@router.get("/kb/{kb}/documents/{doc_id}")
async def get_document(
    request: Request,
    library: Opened,
    kb: KbPath,
    doc_id: DocId,
    limit: Limit = 100,
    offset: Offset = 0,
    around: Annotated[str, Query(max_length=80, description="id of a record to have in the middle")] = "",
) -> DocumentFull:
    """One document with its records: passages and pictures in the order in which they were read."""
    base = await opened(request, library, kb)
    return await to_thread.run_sync(_read, base, jobs_of(request).uploads, doc_id, offset, limit, around)


@router.delete("/kb/{kb}/documents/{doc_id}", status_code=204)
async def delete_document(request: Request, library: Opened, kb: KbPath, doc_id: DocId) -> None:
    """Remove a document, and its file if that was uploaded.

    An uploaded archive goes with all documents in it, by the id that its upload's report names. A file in a folder of
    your own stays, and comes back with the next ingest of that folder. Stored pictures stay until the knowledge base is
    dropped: other documents may show the same.
    """
    base = await opened(request, library, kb, write=True)
    jobs = jobs_of(request)
    async with jobs.changing(kb):
        has_document = await to_thread.run_sync(_delete, base, jobs.uploads, doc_id)
    if not has_document:  # captions, perhaps, that other documents were given
        await jobs.submit_update(kb)


def _listed(
    kb: KnowledgeBase, uploads: Uploads, state: str, contains: str, order: Order | None, offset: int, limit: int
) -> DocumentList:
    n_found = 0

    def matching() -> Any:
        nonlocal n_found
        wanted = contains.casefold()
        for document in kb.stored.documents(states=(state,) if state else ()):
            title = str(document.metadata.get("title") or "")
            if wanted in document.source.casefold() or wanted in title.casefold():
                n_found += 1
                yield document

    def place(document: Document) -> Any:
        by_source = document.source, document.doc_id
        return by_source if order is None else (order.key(_as_record(document)), *by_source)

    first = heapq.nsmallest(offset + limit, matching(), key=place)
    page = [DocumentOut(**_facts(kb, uploads, document)) for document in first[offset:]]
    return DocumentList(documents=page, total=n_found)


def _read(kb: KnowledgeBase, uploads: Uploads, doc_id: str, offset: int, limit: int, around: str) -> DocumentFull:
    document = find_document(kb, doc_id)
    if document is None:
        raise _unknown(doc_id)
    if around:
        ordinal = ordinal_of_record(document, around)
        if ordinal is None:
            raise HTTPException(404, f"document '{doc_id}' has no record '{around:.80}'")
        offset = max(0, ordinal - limit // 2)
    records = [_record_out(record) for record in read_records(kb, document, offset, limit)]
    about = dict(document.metadata.get("about") or {})
    return DocumentFull(**_facts(kb, uploads, document), about=about, records=records, offset=offset)


def _delete(kb: KnowledgeBase, uploads: Uploads, doc_id: str) -> bool:
    """Whether it was a document, and not only a file."""
    document = find_document(kb, doc_id)
    file = uploads.file_of(kb.name, document.path) if document else uploads.find(kb.name, doc_id)
    if document is None and file is None:
        raise _unknown(doc_id)
    gone = [doc_id]
    if document is None:
        gone = [inner.doc_id for inner in kb.stored.documents() if inner.path.startswith(f"{file}{MEMBER}")]
    elif file and str(file) != document.path:
        archive = document_id(kb.name, str(file))
        raise HTTPException(
            409, f"this document is inside the uploaded '{file.name}'; delete that: its id is {archive}"
        )
    if file:
        uploads.remove(kb.name, file)
    for start in range(0, len(gone), _DELETED_AT_ONCE):
        kb.stored.delete_documents(gone[start : start + _DELETED_AT_ONCE])
    return document is not None


def _facts(kb: KnowledgeBase, uploads: Uploads, document: Document) -> dict[str, Any]:
    original = original_of(kb, uploads, document)
    return {
        **document_out(document),
        "uploaded": uploads.holds(kb.name, document.path),
        "original": original and original.name,
    }


def _as_record(document: Document) -> Record:
    """What an order asks of a document: the manifest has the columns by which lists are ordered."""
    return Record(document.doc_id, document.doc_id, document.source, "text", "", document.metadata)


def _record_out(record: Record) -> RecordOut:
    return RecordOut(id=record.id, kind=record.kind, text=record.text, **place_of(record))


def _unknown(doc_id: str) -> HTTPException:
    return HTTPException(404, f"there is no document '{doc_id:.80}' in this knowledge base")
