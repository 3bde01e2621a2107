"""Pictures of the asset store, as stored or smaller."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response

from rag.errors import AssetError
from rag.images.assets import StoredAssets, is_asset_id
from rag.images.decode import encode_webp, load_image
from rag.serve.deps import Allowed, Opened
from rag.serve.guard.access import Access
from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from rag.serve.routes.openapi import BINARY

router = APIRouter(prefix="/v1", tags=["knowledge bases"])

_TYPES = {"webp": "image/webp", "png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}
_CACHE = "private, max-age=31536000, immutable"
"""An id is the digest of the content: what it names never changes."""
_PICTURES = dict.fromkeys(_TYPES.values(), BINARY)
_N_KEPT = 512
_QUALITY = 80


@router.get("/assets/{asset}", response_class=Response, responses={200: {"content": _PICTURES}})
async def get_asset(
    request: Request,
    library: Opened,
    access: Allowed,
    asset: Annotated[str, Path(max_length=80, description="as a source's `asset` names it")],
    kb: Annotated[str, Query(max_length=64, description="where it is; left out: all that the caller may see")] = "",
    size: Annotated[Literal["128", "256", "512", "1024"] | None, Query(description="longer side in pixels")] = None,
) -> Response:
    """A stored picture, by its opaque id."""
    if kb:
        access.check(kb)
    etag = f'"{asset}-{size or "full"}"'
    headers = {"Cache-Control": _CACHE, "ETag": etag, "Content-Disposition": "inline"}
    data = await to_thread.run_sync(_read, library, access, kb, asset, int(size or 0))
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type="image/webp" if size else _TYPES[asset.rpartition(".")[2]], headers=headers)


def _read(library: OpenKnowledgeBases, access: Access, kb: str, asset: str, size: int) -> bytes:
    if not is_asset_id(asset):
        raise AssetError(f"'{asset:.80}' is not the id of a picture; sources name theirs as 'asset'")
    names = [kb] if kb else access.visible(library.names())
    uris = (library.kb(name).assets_uri for name in names)
    uri = next((uri for uri in uris if StoredAssets(uri).exists(asset)), None)
    if uri is None:
        raise AssetError(f"there is no picture {asset} in the knowledge bases that this caller may see")
    return _smaller(uri, asset, size) if size else StoredAssets(uri).get(asset)


@lru_cache(_N_KEPT)
def _smaller(uri: str, asset: str, size: int) -> bytes:
    return encode_webp(load_image(StoredAssets(uri).get(asset), min_side_px=size), size, _QUALITY)
