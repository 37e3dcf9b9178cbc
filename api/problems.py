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
from typing import ClassVar

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import ValidationError

from api.mp.refusals import RatedByThem
from api.sentences import sentence
from bot.gateways import NotDelivered
from bot.host_apps.refusals import TicketRefused
from ivr.recordings import Busy
from models.orders.refusals import NotAllowed
from models.ratings.refusals import LinkExpired, LinkUnknown
from models.refusals import Conflict, Forbidden, Invalid, Missing, Refused

_STATUS: dict[type[Refused], HTTPStatus] = {
    TicketRefused: HTTPStatus.FORBIDDEN,
    LinkExpired: HTTPStatus.GONE,
    LinkUnknown: HTTPStatus.NOT_FOUND,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Missing: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    NotAllowed: HTTPStatus.CONFLICT,
}
_JSON_PATHS = ("/api/", "/mp/", "/demo/", "/openapi.json")
_PAGES = re.compile(r"/mp/[^/]*/(enter|mine)")
"""Beside the API of the apps: what a host app opens in its browser."""
PLATFORM_AWAY = "10"
LISTENING = "5"
"""Seconds after which it may be tried again."""


log = structlog.get_logger()


class Unauthorized(Exception):
    """No API key, or none that is valid."""

    code: ClassVar[str] = "unauthorized"


class SessionEnded(Unauthorized):
    """No log-in of somebody in an app, or one that is over: they log in again."""

    code = "session_ended"


class TooMany(Exception):
    """Of such requests from one caller. `wait`: seconds until the next one is taken."""

    def __init__(self, wait: int) -> None:
        super().__init__("操作太频繁，请稍后再试。")
        self.wait = wait


class BadBody(Exception):
    """The body is no JSON object in UTF-8."""


class TooLarge(Exception):
    """The body is longer than this endpoint takes."""


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
    **more: str,
) -> web.Response:
    """`more`: members of RFC 9457's own kind, an extension each."""
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
    body |= more
    return web.Response(
        text=json.dumps(body, ensure_ascii=False),
        status=status.value,
        content_type="application/problem+json",
        headers=headers,
    )


def is_for_machines(request: web.Request) -> bool:
    return request.path.startswith(_JSON_PATHS) and not _PAGES.fullmatch(request.path)


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (*_OURS, web.HTTPClientError) as fault:
        if not is_for_machines(request):
            raise
        return _answer(fault)


_OURS = (Refused, Incomplete, BadBody, TooLarge, TooMany, Unauthorized, NotDelivered, Busy)


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
def _rated_by_them(rated: RatedByThem) -> web.Response:
    return problem(status_of(rated), rated.code, rated.message, receipt=rated.receipt)


@_answer.register
def _bad_body(bad: BadBody) -> web.Response:
    return problem(HTTPStatus.BAD_REQUEST, "bad_body", str(bad))


@_answer.register
def _too_large(large: TooLarge) -> web.Response:
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", str(large))


@_answer.register
def _unauthorized(refusal: Unauthorized) -> web.Response:
    headers = {"WWW-Authenticate": "Bearer"}
    return problem(HTTPStatus.UNAUTHORIZED, refusal.code, str(refusal), headers=headers)


@_answer.register
def _too_many(many: TooMany) -> web.Response:
    headers = {"Retry-After": str(many.wait)}
    return problem(HTTPStatus.TOO_MANY_REQUESTS, "too_many", str(many), headers=headers)


@_answer.register
def _platform_away(fault: NotDelivered) -> web.Response:
    log.warning("platform", why=fault.why)
    words = "微信暂时没有答复，没有保存，请稍后重试。"
    headers = {"Retry-After": PLATFORM_AWAY}
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "platform_away", words, headers=headers)


@_answer.register
def _busy(_fault: Busy) -> web.Response:
    words = "正在识别的录音太多，这段录音没有保存，请稍后重试。"
    headers = {"Retry-After": LISTENING}
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "speech_busy", words, headers=headers)


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
