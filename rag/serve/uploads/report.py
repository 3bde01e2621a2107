"""What an ingest did, as JSON over HTTP."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from rag.serve.schemas import NoteOut


class ProgressOut(BaseModel):
    """`waiting` for other uploads, `starting`, then `documents`; `total` is null while it is not known."""

    stage: str
    done: int
    total: int | None


FileState = Literal["waiting", "done", "failed", "writing", "none", "hidden"]


class FileOut(BaseModel):
    """What became of one uploaded file.

    `waiting`: not known yet. `none`: no document of its own, but an archive, a list of captions, or nothing at all; it
    can be deleted by its `doc_id` like a document. `hidden`: not kept, because file managers hide such names. `failed`
    without a `doc_id`: its name cannot be taken.
    """

    name: str
    doc_id: str | None
    state: FileState
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
    left_out: dict[str, int] = {}
    notes: list[NoteOut]
    skipped: dict[str, TallyOut]
    captions: dict[str, Any] | None
    seconds: float
