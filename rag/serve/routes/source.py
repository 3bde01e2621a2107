"""One source as a page, by a signed address: what a click on a citation in a chat front end opens."""

from __future__ import annotations

from html import escape
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, HTTPException, Path, Query, Response
from fastapi.responses import HTMLResponse

from rag.errors import AssetError, KnowledgeBaseNotFound
from rag.images.assets import StoredAssets
from rag.images.decode import encode_webp, load_image
from rag.serve.deps import KbPath, Opened
from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from rag.text.labels import citation_label, origin_texts
from rag.text.quoting import plain
from rag.types import Record

router = APIRouter(include_in_schema=False)

RecordPath = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Until = Annotated[int, Query(ge=0, lt=2**40)]
Key = Annotated[str, Query(max_length=64)]
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'",
    "Cache-Control": "private, no-store",
}
_QUALITY = 80


@router.get("/source/{kb}/{record_id}")
async def source(library: Opened, kb: KbPath, record_id: RecordPath, until: Until = 0, key: Key = "") -> Response:
    """The passage or picture, and where it is from."""
    record = await to_thread.run_sync(_found, library, kb, record_id, until, key)
    return HTMLResponse(_page(record, f"/source/{kb}/{record_id}/picture?until={until}&key={key}"), headers=_HEADERS)


@router.get("/source/{kb}/{record_id}/picture")
async def picture(
    library: Opened,
    kb: KbPath,
    record_id: RecordPath,
    until: Until = 0,
    key: Key = "",
    size: Annotated[Literal["128", "256", "512", "1024"], Query(description="longer side in pixels")] = "1024",
) -> Response:
    """Its picture."""

    def work() -> bytes:
        asset = _found(library, kb, record_id, until, key).metadata.get("asset")
        if not asset:
            raise HTTPException(404, "this source has no picture")
        stored = StoredAssets(library.kb(kb).assets_uri).get(str(asset))
        return encode_webp(load_image(stored, min_side_px=int(size)), int(size), _QUALITY)

    try:
        headers = {**_HEADERS, "Cross-Origin-Resource-Policy": "cross-origin"}  # who has the address may show it
        return Response(await to_thread.run_sync(work), media_type="image/webp", headers=headers)
    except AssetError as error:
        raise HTTPException(404, "the picture of this source is gone") from error


def _found(library: OpenKnowledgeBases, kb: str, record_id: str, until: int, key: str) -> Record:
    """Raises HTTPException: 403 without a signature of ours in its time, 404 where the source is gone."""
    if not library.links.opens(kb, record_id, until, key):
        raise HTTPException(403, "this link is not valid any more; ask the question again for a new one")
    try:
        record = library.kb(kb).stored.records([record_id]).get(record_id)
    except KnowledgeBaseNotFound:
        record = None
    if record is None:
        raise HTTPException(404, "this source is no longer in the knowledge base")
    return record


def _page(record: Record, picture: str) -> str:
    name = escape(plain(citation_label(record)))
    heading = escape(plain(" › ".join(map(str, record.metadata.get("heading_path") or ()))))
    shown = f'<p><img src="{escape(picture)}" alt=""></p>' if record.metadata.get("asset") else ""
    said = [text for _, text in origin_texts(record)] or [record.text]
    words = "".join(f"<p class='passage'>{escape(plain(text))}</p>" for text in said if text.strip())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        '<link rel="stylesheet" href="/page/css/source.css"></head>'
        f"<body><h1>{name}</h1><p>{heading}</p>{shown}{words}</body></html>"
    )
