"""/openapi.json, /docs: made from the declarations that serve (`api/endpoints.py`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from api.endpoints import Endpoint, Nothing
from api.files import FILE, FORM, FileAnswer
from models.ratings.attachments import ENDINGS

_ALWAYS = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_WITH_BODY = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
_BINARY = {"type": "string", "format": "binary"}
_PARAMETER = re.compile(r"{(\w+)[:}]")
_PATTERN = re.compile(r"{(\w+):[^}]*}")
"""A parameter whose form the route tells."""


References = dict[type[Any], dict[str, Any]]


class FieldError(BaseModel):
    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    source: str | None = None
    errors: list[FieldError] = []
    receipt: str | None = None
    """With `already_rated`: the receipt's code, where it is the caller's own."""


def document(endpoints: Iterable[Endpoint], version: str) -> dict[str, Any]:
    endpoints = tuple(endpoints)
    models: dict[type[BaseModel], JsonSchemaMode] = {Problem: "serialization"}
    for endpoint in endpoints:
        if not issubclass(endpoint.answer, FileAnswer):
            models[endpoint.answer] = "serialization"
        if endpoint.body is not Nothing:
            models[endpoint.body] = "validation"
    references, schemas = models_json_schema(
        list(models.items()),
        ref_template="#/components/schemas/{model}",
    )
    by_model: References = {model: reference for (model, _), reference in references.items()}
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        path = paths.setdefault(_PATTERN.sub(r"{\1}", endpoint.path), {})
        path[endpoint.method.lower()] = _operation(endpoint, by_model)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "haochaping 政务服务好差评 API",
            "version": version,
            "description": "/api: business systems report cases, visits, completions and calls, "
            "and get back what may be rated: links and QR codes. /mp: somebody in a mini-program "
            "or a host app sees what they may rate, rates it and finds their receipts. Times carry "
            "their zone.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "API key"},
                "session": {"type": "http", "scheme": "bearer", "description": "POST …/login"},
            },
        },
    }


def _operation(endpoint: Endpoint, references: References) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.handler.__name__,
        "summary": endpoint.summary,
        "description": endpoint.handler.__doc__ or endpoint.summary,
        "tags": [endpoint.tag],
        "security": endpoint.security,
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint)],
        "responses": {
            str(endpoint.status.value): {
                "description": endpoint.status.phrase,
                "content": _answer_content(endpoint, references),
            }
        },
    }
    statuses = set(_ALWAYS) | set(endpoint.problems)
    if endpoint.body is not Nothing or endpoint.file:
        statuses |= set(_WITH_BODY)
        operation["requestBody"] = {
            "required": True,
            "content": _body_content(endpoint, references),
        }
    for status in sorted(statuses):
        operation["responses"][str(status.value)] = {
            "description": status.phrase,
            "content": {"application/problem+json": {"schema": references[Problem]}},
        }
    return operation


def _answer_content(endpoint: Endpoint, references: References) -> dict[str, Any]:
    if issubclass(endpoint.answer, FileAnswer):
        return {kind: {"schema": _BINARY} for kind in ENDINGS}
    return {"application/json": {"schema": references[endpoint.answer]}}


def _body_content(endpoint: Endpoint, references: References) -> dict[str, Any]:
    if endpoint.file:
        form = {"type": "object", "properties": {FILE: _BINARY}, "required": [FILE]}
        return {**{kind: {"schema": _BINARY} for kind in endpoint.file}, FORM: {"schema": form}}
    schema = references[endpoint.body]
    if endpoint.part is None:
        return {"application/json": {"schema": schema}}
    several = {"type": "array", "items": _BINARY, "maxItems": endpoint.files}
    form = {
        "type": "object",
        "properties": {endpoint.part: schema, FILE: several if endpoint.files else _BINARY},
        "required": [endpoint.part] if endpoint.files else [endpoint.part, FILE],
    }
    encoding = {endpoint.part: {"contentType": "application/json"}}
    by_itself = {"application/json": {"schema": schema}} if endpoint.files else {}
    return {**by_itself, FORM: {"schema": form, "encoding": encoding}}


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PARAMETER.findall(endpoint.path)
    ]


def _query_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    schema = endpoint.query.model_json_schema()
    definitions = schema.get("$defs", {})
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", []),
            "schema": _inlined(each, definitions),
        }
        for name, each in schema.get("properties", {}).items()
    ]


def _inlined(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """A query's enums are few and short: they stand where they are used."""
    if "$ref" in schema:
        found: dict[str, Any] = definitions[schema["$ref"].rpartition("/")[2]]
        return found
    if "anyOf" in schema:
        return {**schema, "anyOf": [_inlined(each, definitions) for each in schema["anyOf"]]}
    return schema
