"""What an ingest did, as JSON over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel

from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from rag.serve.schemas import NoteOut
from rag.serve.uploads.form import Received


class ProgressOut(BaseModel):
    """`waiting` for other uploads, `starting`, then `documents`; `total` is null while it is not known."""

    stage: str
    done: int
    total: int | None


class FileOut(BaseModel):
    """What became of one uploaded file.

    `none`: no document of its own, but an archive, a list of captions, or nothing at all; it can be deleted by its
    `doc_id` like a document. `hidden`: not kept, because file managers hide such names.
    """

    name: str
    doc_id: str | None
    state: Literal["done", "failed", "writing", "none", "hidden"]
    n_records: int = 0
    error: str = ""


class FailureOut(BaseModel):
    """`transient`: the next ingest tries it again by itself."""

    source: str
    reason: str
    transient: bool


class TallyOut(BaseModel):
    count: int
    examples: list[str]


class ReportOut(BaseModel):
    """Of all uploaded files of the knowledge base, since all are looked at; `files` are those of this upload."""

    kb: str
    files: list[FileOut] = []
    documents: int
    records: int
    new: int
    replaced: int
    unchanged: int
    removed: int
    n_failed: int
    failed: list[FailureOut]
    n_warnings: int
    warnings: list[str]
    notes: list[NoteOut]
    skipped: dict[str, TallyOut]
    captions: dict[str, Any] | None
    seconds: float


def report_out(library: OpenKnowledgeBases, kb: str, received: Received, report: Mapping[str, Any]) -> ReportOut:
    """The report of an ingest, with what became of the files that came.

    Raises:
        StoreError: the manifest cannot be read.
    """
    out = ReportOut.model_validate(report)
    out.files = [_file(library, kb, name, doc_id) for name, doc_id in received.ids.items()]
    out.files += [FileOut(name=name, doc_id=None, state="hidden") for name in received.hidden]
    return out


def _file(library: OpenKnowledgeBases, kb: str, name: str, doc_id: str) -> FileOut:
    document = library.store.kb(kb).document(doc_id)
    if document is None:
        return FileOut(name=name, doc_id=doc_id, state="none")
    return FileOut(name=name, doc_id=doc_id, state=document.state, n_records=document.n_records, error=document.error)
