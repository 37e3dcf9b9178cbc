"""/hooks/feishu/{account}: an application's events and the taps on its cards.

Anything but 200 makes Feishu bring an event again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from aiohttp import web

from api.hooks.refusing import account_of, refusing
from bot.feishu.callback import Callback, Challenge
from bot.feishu.client import Feishu
from bot.feishu.incoming import Tapped, Written
from bot.feishu.receiving import PATIENCE, Chat
from bot.feishu.settings import FeishuApp
from bot.staff.hearing import Hearing


@dataclass(frozen=True, slots=True)
class Account:
    callback: Callback
    chat: Chat


def account(
    hearing: Hearing, name: str, app: FeishuApp, client: Feishu, now: Callable[[], datetime]
) -> Account:
    """`now`: the real time, by which signatures end."""
    hear = partial(hearing.hear, patience=PATIENCE)
    return Account(Callback(app, now), Chat(name, client, hear))


ACCOUNTS = web.AppKey("feishu_accounts", Mapping[str, Account])


def setup_feishu(app: web.Application, accounts: Mapping[str, Account]) -> None:
    app[ACCOUNTS] = accounts
    app.router.add_post("/hooks/feishu/{account}", take)


async def take(request: web.Request) -> web.Response:
    account = account_of(request, request.app[ACCOUNTS])
    with refusing(request):
        said = account.callback.read(request.headers, await request.read())
    match said:
        case Challenge():
            return web.json_response({"challenge": said.text})
        case Tapped():
            return web.json_response(await account.chat.tapped(said))
        case Written() if not await account.chat.written(said):
            raise web.HTTPServiceUnavailable(text="again")
    return web.json_response({})
