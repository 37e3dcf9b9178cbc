"""/hooks/wecom/{account}: an application's callback.

Anything but 200 within five seconds makes the platform ask again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from aiohttp import web

from bot.callbacks import Forged, Malformed, Stale
from bot.staff.answering import answer
from bot.wecom.app import WeCom
from bot.wecom.callback import Callback
from bot.wecom.receiving import Chat
from bot.wecom.settings import WeComApp
from models.office import Office


@dataclass(frozen=True, slots=True)
class Account:
    callback: Callback
    chat: Chat


def account(
    office: Office, base_url: str, settings: WeComApp, app: WeCom, now: Callable[[], datetime]
) -> Account:
    """`now`: the real time, by which signatures end."""
    return Account(Callback(settings, now), Chat(app, partial(answer, office, base_url)))


ACCOUNTS = web.AppKey("wecom_accounts", Mapping[str, Account])

log = structlog.get_logger()


def setup_wecom(app: web.Application, accounts: Mapping[str, Account]) -> None:
    app[ACCOUNTS] = accounts
    app.router.add_get("/hooks/wecom/{account}", verify)
    app.router.add_post("/hooks/wecom/{account}", take)
    app.on_shutdown.append(_part)


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
    body = account.callback.answer(incoming, await account.chat.receive(incoming))
    kind = "application/xml" if body else "text/plain"
    return web.Response(body=body, content_type=kind, charset="utf-8")


async def _part(app: web.Application) -> None:
    for account in app[ACCOUNTS].values():
        await account.chat.part()


def _account(request: web.Request) -> Account:
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
