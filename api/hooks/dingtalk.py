"""/hooks/dingtalk/{account}: what staff write to the robot of an application, and what 事件订阅
pushes there.

Answered in the response; what takes longer, later.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from aiohttp import web

from api.hooks.refusing import account_of, refusing
from bot.callbacks import Forged
from bot.dingtalk.callback import Callback
from bot.dingtalk.chat import PATIENCE, Chat
from bot.dingtalk.events import Events
from bot.dingtalk.platform import Platform
from bot.dingtalk.settings import DingtalkApp
from bot.staff.hearing import Hearing

_SIGNED_IN_QUERY: Final = frozenset({"signature", "msg_signature"})
_json = partial(json.dumps, ensure_ascii=False)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Account:
    """`events`: None where the settings have no token and key for them."""

    callback: Callback
    events: Events | None
    chat: Chat


def account(
    hearing: Hearing,
    name: str,
    app: DingtalkApp,
    platform: Platform,
    now: Callable[[], datetime],
) -> Account:
    """`now`: the real time, by which signatures end."""
    return Account(
        Callback(app, now),
        Events(app, now) if app.token is not None else None,
        Chat(name, platform, partial(hearing.hear, patience=PATIENCE)),
    )


ACCOUNTS = web.AppKey("dingtalk_accounts", Mapping[str, Account])


def setup_dingtalk(app: web.Application, accounts: Mapping[str, Account]) -> None:
    app[ACCOUNTS] = accounts
    app.router.add_post("/hooks/dingtalk/{account}", take)


async def take(request: web.Request) -> web.Response:
    account = account_of(request, request.app[ACCOUNTS])
    with refusing(request):
        return await _answered(account, request)


async def _answered(account: Account, request: web.Request) -> web.Response:
    if _SIGNED_IN_QUERY.isdisjoint(request.query):
        incoming = account.callback.read(request.headers, await request.read())
        return web.json_response(await account.chat.reply(incoming), dumps=_json)
    if account.events is None:
        raise Forged("no token and aes_key in the settings")
    kind = account.events.read(request.query, await request.read())
    log.info("an event", app=request.match_info["account"], kind=kind)
    return web.json_response(account.events.answer())
