"""/wechat/{account}: an official account's callback.

Answered within a second, or with `success` and later by customer-service message. Anything but 2xx
makes the platform ask again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.callbacks import Forged, Malformed, Stale
from bot.wechat.callback import SUCCESS, Callback
from bot.wechat.incoming import Incoming
from bot.wechat.receiving import TooEarly

Answering = Callable[[Incoming], Awaitable[str | None]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answered:
    """`answering` makes the words of the answer. It raises TooEarly for what is to come again."""

    callback: Callback
    answering: Answering


ACCOUNTS = web.AppKey("official_accounts", Mapping[str, Answered])


def setup_wechat(app: web.Application, accounts: Mapping[str, Answered]) -> None:
    app[ACCOUNTS] = accounts
    app.router.add_get("/wechat/{account}", verify)
    app.router.add_post("/wechat/{account}", take)


async def verify(request: web.Request) -> web.Response:
    """What the platform asks when the address is entered there."""
    account = _account(request)
    try:
        return web.Response(text=account.callback.verify(request.query))
    except (Forged, Stale, Malformed) as fault:
        raise _refused(request, fault) from None


async def take(request: web.Request) -> web.Response:
    account = _account(request)
    try:
        incoming = account.callback.read(request.query, await request.read())
    except (Forged, Stale, Malformed) as fault:
        raise _refused(request, fault) from None
    except web.RequestPayloadError:
        raise web.HTTPBadRequest(text="body") from None
    try:
        words = await account.answering(incoming)
    except TooEarly:
        raise web.HTTPServiceUnavailable(text="again") from None
    body = account.callback.answer(incoming, words)
    kind = "text/plain" if body == SUCCESS else "application/xml"
    return web.Response(body=body, content_type=kind, charset="utf-8")


def _account(request: web.Request) -> Answered:
    """Which accounts there are is nobody's business: an unknown one is a wrong signature."""
    account = request.app[ACCOUNTS].get(request.match_info["account"])
    if account is None:
        raise web.HTTPForbidden(text="signature")
    return account


def _refused(request: web.Request, fault: Exception) -> web.HTTPException:
    log.warning("a callback was refused", account=request.match_info["account"], why=str(fault))
    if isinstance(fault, Malformed):
        return web.HTTPBadRequest(text="malformed")
    return web.HTTPForbidden(text="signature")
