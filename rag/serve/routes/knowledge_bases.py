"""Which knowledge bases there are."""

from __future__ import annotations

from itertools import islice

from anyio import to_thread
from fastapi import APIRouter, Request
from pydantic import BaseModel

from rag.filters.parse import BUILT_IN, SCALARS, type_of
from rag.knowledge_base import KnowledgeBase, counts_of
from rag.serve.deps import Allowed, KbPath, Opened, opened
from rag.serve.guard.access import Access
from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from rag.types import FieldType, record_id

_LOOKED_AT, _AT_ONCE = 5000, 500
"""Documents whose columns are read: tables give all of their pictures the same."""

router = APIRouter(prefix="/v1", tags=["knowledge bases"])


class KbOut(BaseModel):
    """`documents` that are in, `failed` ones, and rows of text and pictures."""

    name: str
    documents: int
    failed: int
    texts: int
    images: int


class KbList(BaseModel):
    """`may_create`: the caller may make another one, by uploading to its name."""

    knowledge_bases: list[KbOut]
    may_create: bool


class KbFacts(KbOut):
    """`fields` can be filtered by index; `image_channel`: pictures are found by their pixels; `chat_model`: writes the
    answers where it is there, null where none is to."""

    fields: dict[str, FieldType]
    image_channel: bool
    writable: bool
    chat_model: str | None


class Columns(BaseModel):
    """What a filter can name, with its type: `every` source has the ones (those of pages and pictures where there are
    some), the user's `own` come with the documents."""

    every: dict[str, str]
    own: dict[str, str]


@router.get("/kb")
async def list_kbs(library: Opened, access: Allowed) -> KbList:
    """The knowledge bases that the caller may see."""
    return await to_thread.run_sync(_listed, library, access)


@router.get("/kb/{kb}")
async def get_kb(request: Request, library: Opened, access: Allowed, kb: KbPath) -> KbFacts:
    """One knowledge base."""
    base = await opened(request, library, kb)
    counts = await to_thread.run_sync(counts_of, library.store, kb)
    spec = base.spec
    return KbFacts(
        **counts,
        fields=dict(spec.fields),
        image_channel=bool(spec.image_model),
        writable=access.may_write(kb),
        chat_model=library.settings.chat_model if library.settings.chat != "extractive" else None,
    )


@router.get("/kb/{kb}/columns")
async def get_columns(request: Request, library: Opened, kb: KbPath) -> Columns:
    """Every column that a filter of this knowledge base can name."""
    base = await opened(request, library, kb)
    own = await to_thread.run_sync(_own_columns, base)
    return Columns(every={**dict.fromkeys(SCALARS, "str"), **BUILT_IN}, own=own)


def _own_columns(base: KnowledgeBase) -> dict[str, str]:
    """Those that are declared, then those of each document's first record, by name."""
    ids = (record_id(document.doc_id, 0) for document in base.stored.documents(states=("done",)) if document.n_records)
    looked_at, found = list(islice(ids, _LOOKED_AT)), dict[str, str]()
    for start in range(0, len(looked_at), _AT_ONCE):
        for record in base.stored.records(looked_at[start : start + _AT_ONCE]).values():
            for name, value in (record.metadata.get("columns") or {}).items():
                found.setdefault(name, type_of(value) or "other")
    return {**base.spec.fields, **{name: found[name] for name in sorted(found) if name not in base.spec.fields}}


def _listed(library: OpenKnowledgeBases, access: Access) -> KbList:
    names = library.names()
    listed = [KbOut(**counts_of(library.store, name)) for name in access.visible(names)]
    return KbList(knowledge_bases=listed, may_create=access.may_create(names))
