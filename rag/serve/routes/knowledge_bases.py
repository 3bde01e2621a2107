"""Which knowledge bases there are, what they are called, and how one goes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from rag.errors import ConfigError
from rag.knowledge_base import KnowledgeBase
from rag.models.store import counts_of
from rag.serve.deps import Allowed, KbPath, Opened, opened
from rag.serve.guard.access import Access
from rag.serve.jobs.routes import jobs_of
from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from rag.serve.routes.columns_read import FEW_DOCUMENTS, ColumnOut, own_columns
from rag.serve.schemas import Body, KbOut
from rag.text.quoting import plain
from rag.types import FieldType
from rag.uploads.about import MAX_DESCRIPTION_CHARS, MAX_TITLE_CHARS, About, read_about, write_about

router = APIRouter(prefix="/v1", tags=["knowledge bases"])


class KbList(BaseModel):
    """`may_create`: the caller may make another one, by uploading to its name."""

    knowledge_bases: list[KbOut]
    may_create: bool


class KbFacts(KbOut):
    """`fields` can be filtered by index; `columns`: the users' own, as far as the first documents show them;
    `image_channel`: pictures are found by their pixels; `chat_model`: writes the answers where it is there, null where
    none is to."""

    fields: dict[str, FieldType]
    columns: list[ColumnOut]
    image_channel: bool
    writable: bool
    chat_model: str | None


class KbEmptied(BaseModel):
    """`removed`: documents that were in it."""

    removed: int


class KbChange(Body):
    """What is left out stays. The name cannot be changed: it is in every address, token and id."""

    title: str | None = Field(None, max_length=MAX_TITLE_CHARS, description="what people see; empty: the name")
    description: str | None = Field(None, max_length=MAX_DESCRIPTION_CHARS)


Confirmed = Annotated[str, Query(max_length=64, description="the name of the knowledge base, as proof")]


@router.get("/kb")
async def list_kbs(library: Opened, access: Allowed) -> KbList:
    """The knowledge bases that the caller may see."""
    return await to_thread.run_sync(_listed, library, access)


@router.get("/kb/{kb}")
async def get_kb(request: Request, library: Opened, access: Allowed, kb: KbPath) -> KbFacts:
    """One knowledge base."""
    base = await opened(request, library, kb)
    return await to_thread.run_sync(_facts, base, access)


@router.patch("/kb/{kb}")
async def change_kb(request: Request, library: Opened, access: Allowed, kb: KbPath, change: KbChange) -> KbFacts:
    """Give a knowledge base another title or description; its name stays."""
    base = await opened(request, library, kb, write=True)
    data_dir = library.settings.data_dir

    def work() -> KbFacts:
        was = read_about(data_dir, kb)
        now = {name: getattr(was, name) if said is None else plain(said).strip() for name, said in change}
        write_about(data_dir, kb, About(**now))
        return _facts(base, access)

    async with jobs_of(request).changing(kb):
        return await to_thread.run_sync(work)


@router.delete("/kb/{kb}/documents")
async def empty_kb(request: Request, library: Opened, kb: KbPath, confirm: Confirmed) -> KbEmptied:
    """Remove all documents of a knowledge base, its pictures and what was uploaded; its jobs are cancelled."""
    base = await opened(request, library, kb, write=True)
    _check(kb, confirm)
    async with jobs_of(request).alone(kb):
        return KbEmptied(removed=await to_thread.run_sync(base.empty))


@router.delete("/kb/{kb}", status_code=204)
async def drop_kb(request: Request, library: Opened, kb: KbPath, confirm: Confirmed) -> None:
    """Remove a knowledge base with all that was uploaded to it; its jobs are cancelled. Files elsewhere stay."""
    base = await opened(request, library, kb, write=True)
    _check(kb, confirm)
    async with jobs_of(request).alone(kb):
        await to_thread.run_sync(base.drop)
        library.forget(kb)


def _check(kb: str, confirm: str) -> None:
    if confirm != kb:
        raise ConfigError(f"this cannot be undone: give the name of the knowledge base as 'confirm', ?confirm={kb}")


def _facts(base: KnowledgeBase, access: Access) -> KbFacts:
    spec = base.spec
    return KbFacts(
        **counts_of(base.store, base.name),
        **asdict(read_about(base.settings.data_dir, base.name)),
        fields=dict(spec.fields),
        columns=own_columns(base, FEW_DOCUMENTS),
        image_channel=bool(spec.image_model),
        writable=access.may_write(base.name),
        chat_model=base.settings.chat_model if base.settings.chat != "extractive" else None,
    )


def _listed(library: OpenKnowledgeBases, access: Access) -> KbList:
    names = library.names()
    about = {name: asdict(read_about(library.settings.data_dir, name)) for name in access.visible(names)}
    listed = [KbOut(**counts_of(library.store, name), **said) for name, said in about.items()]
    return KbList(knowledge_bases=listed, may_create=access.may_create(names))
