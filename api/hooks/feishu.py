"""/hooks/feishu/{account}: an application's events and the taps on its cards.

Anything but 200 makes Feishu bring an event again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.callbacks import Forged, Malformed, Stale
from bot.feishu.callback import Callback, Challenge
from bot.feishu.incoming import Tapped, Written
from bot.feishu.receiving import Chat

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Account:
    callback: Callback
    chat: Chat


ACCOUNTS = web.AppKey("feishu_accounts", Mapping[str, Account])


def setup_feishu(app: web.Application, accounts: Mapping[str, Account]) -> None:
    app[ACCOUNTS] = accounts
    app.router.add_post("/hooks/feishu/{account}", take)
    app.on_shutdown.append(_rest)


async def take(request: web.Request) -> web.Response:
    account = request.app[ACCOUNTS].get(request.match_info["account"])
    if account is None:
        # Which accounts there are is nobody's business.
        raise web.HTTPForbidden(text="signature")
    try:
        said = account.callback.read(request.headers, await request.read())
    except (Forged, Stale, Malformed) as fault:
        raise _refused(request, fault) from None
    except web.RequestPayloadError:
        raise web.HTTPBadRequest(text="body") from None
    match said:
        case Challenge():
            return web.json_response({"challenge": said.text})
        case Tapped():
            return web.json_response(await account.chat.tapped(said))
        case Written() if not await account.chat.written(said):
            raise web.HTTPServiceUnavailable(text="again")
    return web.json_response({})


def _refused(request: web.Request, fault: Exception) -> web.HTTPException:
    log.warning("a callback was refused", account=request.match_info["account"], why=str(fault))
    if isinstance(fault, Malformed):
        return web.HTTPBadRequest(text="malformed")
    return web.HTTPForbidden(text="signature")


async def _rest(app: web.Application) -> None:
    for account in app[ACCOUNTS].values():
        await account.chat.rest()
