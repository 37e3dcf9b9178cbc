"""/hooks/sms/{gateway}: receipts (状态报告) and replies (上行短信).

No provider signs what it pushes: its address carries a key, `?key=…`, from the settings. A push is
answered when everything in it is stored; what is not answered comes again.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import structlog
from aiohttp import web

from api.keys import OFFICE
from bot.callbacks import Malformed
from bot.receipts import Report, take_report
from bot.replies import take_reply
from bot.sms.gateway import SmsGateway
from models.office import Office
from models.words import Channel

NEWS: Final = timedelta(minutes=10)
"""A receipt as young as this may have overtaken the answer that names its message."""

Accounts = Mapping[str, tuple[SmsGateway, str]]
"""By the gateway's name: the gateway, and the key of its hook."""

ACCOUNTS = web.AppKey("sms_accounts", Accounts)

log = structlog.get_logger()


def setup_sms_hooks(app: web.Application, accounts: Accounts) -> None:
    app[ACCOUNTS] = accounts
    app.router.add_post("/hooks/sms/{gateway}", take)


async def take(request: web.Request) -> web.Response:
    name = request.match_info["gateway"]
    gateway, key = request.app[ACCOUNTS].get(name, (None, ""))
    given = request.query.get("key", "")
    if gateway is None or not secrets.compare_digest(given.encode(), key.encode()):
        # One answer to both: which gateways there are is nobody's business.
        raise web.HTTPForbidden(text="key")
    try:
        received = gateway.read(await request.read())
    except Malformed as malformed:
        raise web.HTTPBadRequest(text=str(malformed)) from None
    if received.broken:
        log.warning("unreadable items in a push", gateway=name, count=received.broken)
    office = request.app[OFFICE]
    for reply in received.replies:
        await take_reply(office, name, reply)
    early = [await _is_early(office, report) for report in received.reports]
    if any(early):
        raise web.HTTPServiceUnavailable(text="again", headers={"Retry-After": "60"})
    return web.Response(text=gateway.answer.body, content_type=gateway.answer.content_type)


async def _is_early(office: Office, report: Report) -> bool:
    """Old news of a message that is not ours comes from another system on the same account."""
    if await take_report(office, Channel.SMS.value, report):
        return False
    return report.at is not None and report.at > office.now() - NEWS
