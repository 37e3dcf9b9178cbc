"""/wechat/{account}: an official account's callback.

Answered within a second, or with `success` and later by customer-service message. Anything but 2xx
makes the platform ask again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from api.hooks.refusing import account_of, refusing
from bot.wechat.callback import SUCCESS, Callback
from bot.wechat.incoming import Incoming
from bot.wechat.receiving import TooEarly

Answering = Callable[[Incoming], Awaitable[str | None]]


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
    account = account_of(request, request.app[ACCOUNTS])
    with refusing(request):
        return web.Response(text=account.callback.verify(request.query))


async def take(request: web.Request) -> web.Response:
    account = account_of(request, request.app[ACCOUNTS])
    with refusing(request):
        incoming = account.callback.read(request.query, await request.read())
    try:
        words = await account.answering(incoming)
    except TooEarly:
        raise web.HTTPServiceUnavailable(text="again") from None
    body = account.callback.answer(incoming, words)
    kind = "text/plain" if body == SUCCESS else "application/xml"
    return web.Response(body=body, content_type=kind, charset="utf-8")
