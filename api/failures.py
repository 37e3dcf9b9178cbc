"""When something fails that nobody foresaw: the caller gets a plain word, the log what is needed.

The message of an exception is left out of the log: PostgreSQL's quotes the row, and the row is what
a citizen wrote.
"""

from __future__ import annotations

import traceback
from http import HTTPStatus

import asyncpg
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from tortoise.exceptions import DBConnectionError

from api.pages.plain import Plain
from api.pages.rendering import page
from api.problems import is_for_machines, problem

DATABASE_AWAY = (
    DBConnectionError,
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""What connecting raises. Tortoise makes its own errors of a query's, not of the driver's here."""
RETRY_AFTER = "10"
"""Seconds."""

log = structlog.get_logger()


def setup_failures(app: web.Application) -> None:
    app.middlewares.append(failures)


@web.middleware
async def failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return _plain(request, _NOT_FOUND)
    except web.HTTPMethodNotAllowed as refusal:
        return _plain(request, _NOT_ALLOWED, Allow=refusal.headers["Allow"])
    except web.HTTPException:
        raise
    except Exception as failure:  # noqa: BLE001 - the last place before aiohttp's English page
        status = _status(failure)
        log.error(  # noqa: TRY400 - without the message
            "request failed",
            status=status.value,
            method=request.method,
            route=getattr(request.match_info.route.resource, "canonical", None),
            error=type(failure).__name__,
            at=traceback.format_tb(failure.__traceback__),
        )
        return _failed(request, status)


def _status(failure: Exception) -> HTTPStatus:
    """503 where the database is away: it comes back."""
    away = isinstance(failure, DATABASE_AWAY)
    return HTTPStatus.SERVICE_UNAVAILABLE if away else HTTPStatus.INTERNAL_SERVER_ERROR


def _failed(request: web.Request, status: HTTPStatus) -> web.Response:
    headers = {"Retry-After": RETRY_AFTER}
    if is_for_machines(request):
        code = "unavailable" if status is HTTPStatus.SERVICE_UNAVAILABLE else "failed"
        words = "系统暂时无法处理，没有保存，请稍后重试。"
        return problem(status, code, words, headers=headers)
    return _plain(request, _FAILED[status], **headers)


def _plain(request: web.Request, plain: Plain, **headers: str) -> web.Response:
    answer = page(request, "plain.html", plain.status, plain=plain)
    answer.headers.update(headers)
    return answer


_NOT_FOUND = Plain(404, "没有这个页面", "请重新扫描二维码，或从短信、消息中重新点开链接。")
_NOT_ALLOWED = Plain(405, "无法这样打开", "请通过页面上的按钮操作。")
_WORDS = "您填写的内容没有保存，请稍后重新提交。给您带来不便，敬请谅解。"
_FAILED = {
    status: Plain(status.value, "系统暂时无法处理", _WORDS)
    for status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INTERNAL_SERVER_ERROR)
}
