"""The HTTP interface as a page at `/docs`, made from the OpenAPI document: no script, nothing from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from typing import Any, TypeAlias

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse

Schema: TypeAlias = Mapping[str, Any]
Row: TypeAlias = tuple[str, str, str, str, bool | None]
"""Name, where it stands, type as HTML, what it is, whether it is needed."""

router = APIRouter(include_in_schema=False)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-cache",
}
_METHODS = ("get", "post", "put", "patch", "delete")


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Needs no token: it holds nobody's data."""
    return HTMLResponse(_page(request.app), headers=_HEADERS)


@cache
def _page(app: FastAPI) -> str:
    document = app.openapi()
    groups: dict[str, list[str]] = {}
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                tag = next(iter(item[method].get("tags", [])), "other")
                groups.setdefault(tag, []).append("".join(_operation(method, path, item[method])))
    about = document["info"]
    sections = "".join(f"<h2>{escape(tag)}</h2>{''.join(found)}" for tag, found in groups.items())
    schemas = "".join(_named(name, schema) for name, schema in sorted(document["components"]["schemas"].items()))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(about["title"])}: HTTP</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/page/css/docs.css"></head>'
        f"<body><h1>{escape(about['title'])} {escape(about['version'])}</h1><p>{escape(about['description'])} "
        "The same for programs: <code>/openapi.json</code>. Where a token is set, send "
        f"<code>Authorization: Bearer TOKEN</code>.</p>{sections}<h2>Types</h2>{schemas}</body></html>"
    )


def _operation(method: str, path: str, operation: Schema) -> Iterator[str]:
    yield f"<details><summary><code>{method.upper()} {escape(path)}</code> "
    yield f"{escape(operation.get('summary', ''))}</summary><p>{escape(operation.get('description', ''))}</p>"
    rows: list[Row] = [
        (each["name"], each["in"], _type(each.get("schema", {})), each.get("description", ""), each.get("required"))
        for each in operation.get("parameters", [])
    ]
    if rows:
        yield _table(rows)
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"<p>Body, <code>{escape(kind)}</code>: {_type(content.get('schema', {}))}</p>"
        yield _fields(content.get("schema", {}))
    for status, response in operation.get("responses", {}).items():
        given = ", ".join(
            f"<code>{escape(kind)}</code> {_type(content.get('schema', {}))}"
            for kind, content in response.get("content", {}).items()
        )
        yield f"<p><code>{escape(status)}</code> {escape(response.get('description', ''))} {given}</p>"
    yield "</details>"


def _named(name: str, schema: Schema) -> str:
    about = escape(schema.get("description", ""))
    return f'<section id="{escape(name)}"><h3>{escape(name)}</h3><p>{about}</p>{_fields(schema)}</section>'


def _fields(schema: Schema) -> str:
    required = schema.get("required", ())
    rows: list[Row] = [
        (name, "", _type(each), _with_default(each), name in required)
        for name, each in schema.get("properties", {}).items()
    ]
    return _table(rows) if rows else ""


def _with_default(schema: Schema) -> str:
    said = str(schema.get("description", ""))
    default = schema.get("default")
    return said if default in (None, "", [], {}) else f"{said} (left out: {json.dumps(default)})".strip()


def _table(rows: list[Row]) -> str:
    lines = (
        f"<tr><td><code>{escape(name)}</code>{' *' if needed else ''}</td><td>{escape(place)}</td><td>{kind}</td>"
        f"<td>{escape(about)}</td></tr>"
        for name, place, kind, about, needed in rows
    )
    return f"<table>{''.join(lines)}</table>"


def _type(schema: Schema) -> str:
    """A schema in a few words, as HTML; names of types are links."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(_type(each) for each in schema[key])
    if "enum" in schema:
        return escape(" | ".join(map(json.dumps, schema["enum"])))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return escape(str(schema.get("format") or schema.get("type") or "any"))
