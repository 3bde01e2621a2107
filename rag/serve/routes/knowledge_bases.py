"""Which knowledge bases there are."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request
from pydantic import BaseModel

from rag.knowledge_base import counts_of
from rag.serve.deps import Allowed, KbPath, Opened, opened
from rag.serve.guard.access import Access
from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from rag.types import FieldType

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
    """`fields` can be filtered by index; `image_channel`: pictures are found by their pixels."""

    fields: dict[str, FieldType]
    image_channel: bool
    writable: bool


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
        **counts, fields=dict(spec.fields), image_channel=bool(spec.image_model), writable=access.may_write(kb)
    )


def _listed(library: OpenKnowledgeBases, access: Access) -> KbList:
    names = library.names()
    listed = [KbOut(**counts_of(library.store, name)) for name in access.visible(names)]
    return KbList(knowledge_bases=listed, may_create=access.may_create(names))
