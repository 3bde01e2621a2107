"""What a filter can name, and what each column holds."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from rag.filters.parse import BUILT_IN, SCALARS
from rag.serve.deps import KbPath, Opened, opened
from rag.serve.routes.columns_read import FacetsOut, facets_out, own_columns

router = APIRouter(prefix="/v1", tags=["knowledge bases"])

MAX_VALUES = 1000


class Columns(BaseModel):
    """What a filter can name, with its type: `every` source has the ones (those of pages and pictures where there are
    some), the user's `own` come with the documents."""

    every: dict[str, str]
    own: dict[str, str]


@router.get("/kb/{kb}/columns")
async def get_columns(request: Request, library: Opened, kb: KbPath) -> Columns:
    """Every column that a filter of this knowledge base can name."""
    base = await opened(request, library, kb)
    own = {each.name: each.type for each in await to_thread.run_sync(own_columns, base)}
    return Columns(every={**dict.fromkeys(SCALARS, "str"), **BUILT_IN}, own=own)


@router.get("/kb/{kb}/facets")
async def get_facets(
    request: Request,
    library: Opened,
    kb: KbPath,
    column: Annotated[list[str] | None, Query(max_length=50, description="only these; may be repeated")] = None,
    where: Annotated[str, Query(max_length=5000, description="a filter: only documents that match")] = "",
    top: Annotated[int, Query(ge=0, le=MAX_VALUES, description="values of each column at most")] = 20,
) -> FacetsOut:
    """What the columns hold: how many documents have each, which values how often, dates by year and month."""
    base = await opened(request, library, kb)
    return facets_out(await to_thread.run_sync(base.facets, where), column or (), top)
