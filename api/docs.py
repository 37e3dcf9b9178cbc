"""/openapi.json, and /docs: the same as a page that loads nothing from elsewhere."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.endpoints import Endpoint
from api.openapi import document

_TEMPLATES = Environment(
    loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def setup_docs(app: web.Application, endpoints: tuple[Endpoint, ...], version: str) -> None:
    described = document(endpoints, version)
    as_json = json.dumps(described, ensure_ascii=False)
    as_page = _TEMPLATES.get_template("docs.html").render(document=described, typed=_typed)

    async def openapi(_request: web.Request) -> web.Response:
        return web.Response(text=as_json, content_type="application/json")

    async def docs(_request: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return web.Response(text=as_page, content_type="text/html", headers=headers)

    app.router.add_get("/openapi.json", openapi)
    app.router.add_get("/docs", docs)


def _typed(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        name: str = schema["$ref"].rpartition("/")[2]
        return name
    if "anyOf" in schema:
        return " | ".join(_typed(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"[{_typed(schema.get('items', {}))}]"
    return " ".join(filter(None, [str(schema.get("type", "any")), schema.get("format")]))
