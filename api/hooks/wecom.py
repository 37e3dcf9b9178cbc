"""/hooks/wecom/{account}: an application's callback.

Anything but 200 within five seconds makes the platform ask again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from aiohttp import web

from api.hooks.refusing import account_of, refusing
from bot.staff.hearing import Hearing
from bot.wecom.app import WeCom
from bot.wecom.callback import Callback
from bot.wecom.receiving import PATIENCE, Chat
from bot.wecom.settings import WeComApp


@dataclass(frozen=True, slots=True)
class Account:
    callback: Callback
    chat: Chat


def account(
    hearing: Hearing, settings: WeComApp, app: WeCom, now: Callable[[], datetime]
) -> Account:
    """`now`: the real time, by which signatures end."""
    hear = partial(hearing.hear, patience=PATIENCE)
    return Account(Callback(settings, now), Chat(app, hear))


ACCOUNTS = web.AppKey("wecom_accounts", Mapping[str, Account])


def setup_wecom(app: web.Application, accounts: Mapping[str, Account]) -> None:
    app[ACCOUNTS] = accounts
    app.router.add_get("/hooks/wecom/{account}", verify)
    app.router.add_post("/hooks/wecom/{account}", take)


async def verify(request: web.Request) -> web.Response:
    """What the platform asks when the address is entered there."""
    account = account_of(request, request.app[ACCOUNTS])
    with refusing(request):
        return web.Response(text=account.callback.verify(request.query))


async def take(request: web.Request) -> web.Response:
    account = account_of(request, request.app[ACCOUNTS])
    with refusing(request):
        incoming = account.callback.read(request.query, await request.read())
        body = account.callback.answer(incoming, await account.chat.receive(incoming))
    kind = "application/xml" if body else "text/plain"
    return web.Response(body=body, content_type=kind, charset="utf-8")
