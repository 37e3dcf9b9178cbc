"""What went wrong, to a machine: application/problem+json (RFC 9457).

Handlers raise; they build no error responses. `errors` names every field at fault, `source` the
article that asks for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import singledispatch
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from models.ratings.refusals import LinkExpired, LinkUnknown
from models.refusals import Conflict, Forbidden, Invalid, Missing, Refused

_STATUS: dict[type[Refused], HTTPStatus] = {
    LinkExpired: HTTPStatus.GONE,
    LinkUnknown: HTTPStatus.NOT_FOUND,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Missing: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
}
_JSON_PATHS = ("/api/", "/demo/", "/openapi.json")


class Unauthorized(Exception):
    """No API key, or none that is valid."""


class BadBody(Exception):
    """The body is no JSON object in UTF-8."""


class Incomplete(Exception):
    """Fields that are missing or wrong, found by pydantic."""

    def __init__(self, where: str, fault: ValidationError) -> None:
        super().__init__(where)
        self.where = where
        self.fault = fault


def status_of(refused: Refused) -> HTTPStatus:
    for kind in type(refused).__mro__:
        if kind in _STATUS:
            return _STATUS[kind]
    return HTTPStatus.UNPROCESSABLE_ENTITY


def problem(
    status: HTTPStatus,
    code: str,
    detail: str,
    *,
    source: str | None = None,
    errors: Iterable[dict[str, str]] = (),
    headers: dict[str, str] | None = None,
) -> web.Response:
    body: dict[str, object] = {
        "type": f"urn:haochaping:{code}",
        "title": status.phrase,
        "status": status.value,
        "code": code,
        "detail": detail,
    }
    if source:
        body["source"] = source
    if listed := list(errors):
        body["errors"] = listed
    return web.Response(
        text=json.dumps(body, ensure_ascii=False),
        status=status.value,
        content_type="application/problem+json",
        headers=headers,
    )


def is_for_machines(request: web.Request) -> bool:
    return request.path.startswith(_JSON_PATHS)


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (Refused, Incomplete, BadBody, Unauthorized, web.HTTPClientError) as fault:
        if not is_for_machines(request):
            raise
        return _answer(fault)


@singledispatch
def _answer(fault: Exception) -> web.Response:
    raise fault


@_answer.register
def _refused(refused: Refused) -> web.Response:
    errors = [{"field": field, "message": message} for field, message in refused.errors]
    return problem(
        status_of(refused), refused.code, refused.message, source=refused.source, errors=errors
    )


@_answer.register
def _bad_body(bad: BadBody) -> web.Response:
    return problem(HTTPStatus.BAD_REQUEST, "bad_body", str(bad))


@_answer.register
def _unauthorized(refusal: Unauthorized) -> web.Response:
    headers = {"WWW-Authenticate": "Bearer"}
    return problem(HTTPStatus.UNAUTHORIZED, "unauthorized", str(refusal), headers=headers)


@_answer.register
def _client_error(error: web.HTTPClientError) -> web.Response:
    status = HTTPStatus(error.status)
    allow = error.headers.get("Allow")
    return problem(
        status,
        _PLAIN.get(status, "refused"),
        _WORDS.get(status, status.phrase),
        headers={"Allow": allow} if allow else None,
    )


_PLAIN = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
}
_WORDS = {
    HTTPStatus.NOT_FOUND: "没有这个地址。",
    HTTPStatus.METHOD_NOT_ALLOWED: "这个地址不支持该方法。",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "请求内容过大。",
}


@_answer.register
def _incomplete(incomplete: Incomplete) -> web.Response:
    errors = [
        {"field": ".".join(map(str, each["loc"])) or incomplete.where, "message": sentence(each)}
        for each in incomplete.fault.errors(include_url=False)
    ]
    listed = "；".join(f"{each['field']}：{each['message']}" for each in errors)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", listed, errors=errors)


_SENTENCES = {
    "missing": "缺少这个字段",
    "extra_forbidden": "没有这个字段",
    "string_type": "应为文字",
    "string_too_short": "太短",
    "string_too_long": "不能超过{max_length}个字",
    "string_pattern_mismatch": "格式不对",
    "string_unicode": "含有不能保存的字符",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字过大",
    "int_from_float": "应为整数",
    "bool_type": "应为true或false",
    "bool_parsing": "应为true或false",
    "enum": "可用的值：{expected}",
    "literal_error": "可用的值：{expected}",
    "greater_than_equal": "不能小于{ge}",
    "less_than_equal": "不能大于{le}",
    "too_long": "最多{max_length}项",
    "too_short": "至少{min_length}项",
    "list_type": "应为数组",
    "tuple_type": "应为数组",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "timezone_aware": "时间要带时区，如2026-03-02T09:00:00+08:00",
    "url_type": "应为网址，如https://example.gov.cn",
    "url_parsing": "应为网址，如https://example.gov.cn",
    "url_scheme": "应为网址，如https://example.gov.cn",
    "path_type": "应为文件夹或文件的路径",
    "time_delta_type": "应为时长，如PT24H",
    "time_delta_parsing": "应为时长，如PT24H",
    "value_error": "{error}",
}


def sentence(error: ErrorDetails) -> str:
    """pydantic's error in Chinese, for whoever connects a system."""
    kind = error["type"]
    if kind.startswith(("datetime", "time", "date")) and kind not in _SENTENCES:
        return "应为带时区的时间，如2026-03-02T09:00:00+08:00"
    context = dict(error.get("ctx", {}))
    if "expected" in context:
        # pydantic enumerates in English: 'person', 'default' or 'proxy'.
        context["expected"] = "、".join(re.findall(r"'([^']*)'", context["expected"]))
    return _SENTENCES.get(kind, "写法不对").format_map(context)
