"""A server that says what a test wants: the page's other side, without models or a store."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from PIL import Image, ImageDraw

from rag.serve.routes.page import page_router


def hexid(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def asset(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest() + ".webp"


def source(number: int, path: str, text: str, **facts: Any) -> dict[str, Any]:
    """A source as the server sends it; `facts` replace what is made up here."""
    channels = {
        "text": {"raw": 0.71 - number / 20, "calibrated": 5.4 - number / 2, "rank": number},
        "lexical": {"raw": None, "calibrated": 0.0, "rank": None},
    }
    made = {
        "number": number, "id": hexid(f"{path}{number}"), "doc_id": hexid(path), "source": path,
        "kind": "image" if facts.get("asset") else "text", "text": text, "page": None, "heading_path": [],
        "title": None, "asset": None, "columns": {}, "score": 1.0, "fused": 3.2, "rerank": 0.9 / number,
        "channels": channels, "also": [],
    }  # fmt: skip
    return made | facts


def facet(name: str, values: dict[Any, int], years: dict[str, int] | None = None) -> dict[str, Any]:
    """What a column holds."""
    held = [{"value": value, "documents": n} for value, n in values.items()]
    return {
        "name": name, "types": ["str"], "documents": sum(values.values()), "values": held, "n_values": len(values),
        "years": years or {}, "months": {},
    }  # fmt: skip


def record(of: str, text: str, **facts: Any) -> dict[str, Any]:
    """A record of a document; `of` names it for `hexid`."""
    made = {"id": hexid(of), "kind": "text", "text": text, "page": None, "heading_path": [], "asset": None}
    return made | facts


def document(path: str, **facts: Any) -> dict[str, Any]:
    """A row of the list of documents."""
    made = {"doc_id": hexid(path), "source": path, "state": "done", "n_records": 2, "error": "", "title": None}
    return made | {"metadata": {}, "uploaded": False} | facts


SOURCES = [
    source(
        1, "manuals/pump.pdf", "The seal has to be replaced every 4,000 hours.",
        page=12, heading_path=["Maintenance", "Seals"],
    ),
    source(
        2, "pictures/seal.png", "A worn seal beside a new one", asset=asset("seal"), also=["copies/seal-2.png"],
        channels={
            "image": {"raw": 0.31, "calibrated": 4.1, "rank": 1},
            "text": {"raw": 0.55, "calibrated": 3.0, "rank": 4},
        },
    ),
    source(3, "notes/log.txt", "The pump was silent all night.", rerank=None, columns={"year": 1953}),
]  # fmt: skip


@dataclass
class Fake:
    """What the server has and says. Tests change it; `asked` and `requests` are what it was asked."""

    kbs: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"name": "manuals", "documents": 3, "failed": 1, "texts": 9, "images": 2},
            {"name": "pictures", "documents": 1, "failed": 0, "texts": 1, "images": 1},
        ]
    )
    may_create: bool = True
    chat_model: str | None = "qwen3:4b-instruct"
    fields: dict[str, str] = field(default_factory=lambda: {"year": "int", "author": "str"})
    facets: dict[str, Any] = field(default_factory=lambda: {"documents": 0, "columns": [], "points": []})
    tokens: list[str] = field(
        default_factory=lambda: ["Replace the seal ", "every **4,000 hours** [1]", ", as the picture shows [2]."]
    )
    sources: list[dict[str, Any]] = field(default_factory=lambda: SOURCES)
    notes: list[dict[str, str]] = field(default_factory=list)
    model: str | None = "qwen3:4b-instruct"
    refuse: tuple[int, dict[str, Any], dict[str, str]] | None = None
    fail_midway: bool = False
    ending: str = "complete"
    hold_after: int | None = None
    documents: list[dict[str, Any]] = field(default_factory=list)
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    job_files: list[dict[str, Any]] = field(default_factory=list)
    job_ends: dict[str, Any] = field(default_factory=dict)
    upload_refuse: tuple[int, dict[str, Any], dict[str, str]] | None = None
    hold_jobs: bool = False
    token: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    understood: list[dict[str, Any]] = field(default_factory=list)
    warmed: list[str] = field(default_factory=list)
    uploaded: list[str] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)
    cancelled: threading.Event = field(default_factory=threading.Event)

    def answer(self) -> dict[str, Any]:
        return {
            "text": "".join(self.tokens), "citations": [], "sources": self.sources, "notes": self.notes,
            "timings_s": {}, "model": self.model, "ending": self.ending, "understood": self.understood,
        }  # fmt: skip

    async def events(self) -> AsyncIterator[str]:
        ended = False
        try:
            yield sse("sources", {"sources": self.sources, "notes": [], "understood": self.understood})
            for number, token in enumerate(self.tokens):
                while number == self.hold_after and not self.go_on.is_set():
                    yield ": still there\n\n"
                    await asyncio.sleep(0.01)
                yield sse("token", {"text": token})
            if self.fail_midway:
                yield sse("error", {"error": {"type": "chat_error", "message": "the model stopped"}})
            else:
                yield sse("answer", self.answer())
            ended = True
        finally:
            if not ended:
                self.cancelled.set()

    def look(self) -> list[dict[str, Any]]:
        """The jobs; those that work end with this look, unless they are held back."""
        for each in self.jobs:
            if each["state"] == "running" and (not self.hold_jobs or self.go_on.is_set()):
                each.update({"state": "done", "ended": now(), **self.job_ends})
        return self.jobs


def now() -> str:
    return datetime.now(UTC).isoformat()


def job(kb: str, n_files: int, **facts: Any) -> dict[str, Any]:
    """A job that works; `facts` replace what is made up here."""
    made = {
        "id": hexid(f"{kb}{n_files}{time.monotonic_ns()}"), "kb": kb, "kind": "upload", "state": "running",
        "stage": "documents", "created": now(), "started": now(), "ended": None, "n_files": n_files, "done": 3,
        "waiting": 9, "total": 12, "failed": 0, "rate": 1.5, "left_s": 6.0, "ahead": 0, "may_retry": False,
        "error": None,
    }  # fmt: skip
    return made | facts


def sse(event: str, data: dict[str, Any]) -> str:
    return f"event: {event}\ndata: {json.dumps(data)}\n\n"


def picture(name: str) -> bytes:
    """A PNG whose colour comes from the name."""
    colour = hashlib.sha256(name.encode()).digest()[:3]
    image = Image.new("RGB", (96, 72), tuple(colour))
    ImageDraw.Draw(image).ellipse((20, 12, 76, 60), fill="white")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def fake_app(held: dict[str, Fake]) -> FastAPI:
    """`held["fake"]` is what it serves now: a test puts its own there."""
    app = FastAPI(openapi_url=None)
    app.include_router(page_router())

    def error(status: int, kind: str, message: str, **headers: str) -> JSONResponse:
        return JSONResponse({"error": {"type": kind, "message": message}}, status, headers)

    @app.middleware("http")
    async def let_in(request: Request, call_next: Any) -> Response:
        token = held["fake"].token
        if token and request.url.path.startswith("/v1") and request.headers.get("authorization") != f"Bearer {token}":
            return error(401, "token_needed", "this server needs a token")
        return await call_next(request)

    @app.get("/v1/kb")
    def kbs() -> Any:
        return {"knowledge_bases": held["fake"].kbs, "may_create": held["fake"].may_create}

    @app.get("/v1/kb/{kb}")
    def kb(kb: str) -> Any:
        for each in held["fake"].kbs:
            if each["name"] == kb:
                return {**each, "image_channel": True, "writable": True, "chat_model": held["fake"].chat_model}
        return error(404, "knowledge_base_not_found", f"there is no knowledge base '{kb}'")

    @app.get("/v1/kb/{kb}/columns")
    def columns(kb: str) -> Any:
        return {"every": {"source": "str", "kind": "str", "page": "int"}, "own": held["fake"].fields}

    @app.get("/v1/kb/{kb}/facets")
    def facets(kb: str) -> Any:
        return held["fake"].facets

    @app.post("/v1/kb/{kb}/warm", status_code=204)
    def warm(kb: str) -> None:
        held["fake"].warmed.append(kb)

    @app.post("/v1/ask")
    async def ask(request: Request) -> Any:
        fake = held["fake"]
        fake.asked.append(await request.json())
        if fake.refuse:
            status, body, headers = fake.refuse
            return JSONResponse({"error": body}, status, headers)
        return StreamingResponse(fake.events(), media_type="text/event-stream")

    @app.get("/v1/kb/{kb}/documents")
    def documents(kb: str, state: str = "", contains: str = "", limit: int = 100, offset: int = 0) -> Any:
        found = [d for d in held["fake"].documents if contains in d["source"] and state in ("", d["state"])]
        return {"documents": found[offset : offset + limit], "total": len(found)}

    @app.get("/v1/kb/{kb}/documents/{doc_id}")
    def document(kb: str, doc_id: str, limit: int = 100, around: str = "") -> Any:
        fake = held["fake"]
        known = [d for d in fake.documents if d["doc_id"] == doc_id]
        records = fake.records.get(doc_id)
        if records is None:
            return error(404, "not_found", "there is no such document")
        ids = [record["id"] for record in records]
        start = max(0, ids.index(around) - limit // 2) if around else 0
        facts = known[0] if known else {"doc_id": doc_id, "source": "", "title": None}
        return {**facts, "n_records": len(ids), "offset": start, "records": records[start : start + limit]}

    @app.post("/v1/kb/{kb}/documents")
    async def upload(kb: str, request: Request, create: bool = False) -> Any:
        fake = held["fake"]
        async with request.form() as form:
            names = [part.filename for part in form.getlist("files")]
        if fake.upload_refuse:
            status, body, headers = fake.upload_refuse
            return JSONResponse({"error": body}, status, headers)
        assert request.headers["prefer"] == "respond-async"
        fake.uploaded += names
        fake.parts.append(len(names))
        if create:
            fake.created.append(kb)
            fake.kbs.append({"name": kb, "documents": len(names), "failed": 0, "texts": 4, "images": 0})
        fake.jobs.insert(0, job(kb, len(names)))
        return JSONResponse(fake.jobs[0], 202)

    @app.get("/v1/kb/{kb}/files")
    def files(kb: str) -> Any:
        return {"files": held["fake"].files}

    @app.patch("/v1/kb/{kb}")
    async def change(kb: str, request: Request) -> Any:
        found = next(each for each in held["fake"].kbs if each["name"] == kb)
        found.update(await request.json())
        return found

    @app.delete("/v1/kb/{kb}")
    def drop(kb: str, confirm: str) -> Any:
        fake = held["fake"]
        fake.kbs = [each for each in fake.kbs if each["name"] != confirm]
        return Response(status_code=204)

    @app.delete("/v1/kb/{kb}/documents")
    def empty(kb: str, confirm: str) -> Any:
        next(each for each in held["fake"].kbs if each["name"] == confirm)["documents"] = 0
        return {"removed": 3}

    @app.get("/v1/jobs")
    def jobs() -> Any:
        return {"jobs": held["fake"].look()}

    @app.get("/v1/jobs/{id_}")
    def one_job(id_: str) -> Any:
        fake = held["fake"]
        found = next((each for each in fake.jobs if each["id"] == id_), None)
        return {**found, "files": fake.job_files} if found else error(404, "not_found", "there is no such job")

    @app.post("/v1/jobs/{id_}/{what}")
    def change_job(id_: str, what: str) -> Any:
        fake = held["fake"]
        fake.changed.append(what)
        found = next(each for each in fake.jobs if each["id"] == id_)
        if what == "cancel":
            found.update(state="cancelled", ended=now())
        else:
            found.update(job(found["kb"], found["n_files"]) | {"id": id_})
        return found

    @app.delete("/v1/jobs/{id_}")
    def forget_job(id_: str) -> Any:
        fake = held["fake"]
        fake.jobs = [each for each in fake.jobs if each["id"] != id_]
        return Response(status_code=204)

    @app.delete("/v1/kb/{kb}/documents/{doc_id}")
    def delete(kb: str, doc_id: str) -> Any:
        fake = held["fake"]
        fake.deleted.append(doc_id)
        fake.documents = [d for d in fake.documents if d["doc_id"] != doc_id]
        return Response(status_code=204)

    @app.get("/v1/assets/{name}")
    def one_asset(name: str) -> Any:
        return Response(picture(name), media_type="image/png", headers={"X-Content-Type-Options": "nosniff"})

    return app
