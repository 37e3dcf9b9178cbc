"""/staff/wecom/{app}: signing in by WeCom (企业微信), for whom a chat is bound to an account.

The corporation has checked their device, so no second factor is asked for; of operators it is.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import structlog
from aiohttp import web

from api.keys import OFFICE, SETTINGS
from api.staff.rendering import see_other
from api.staff.session import (
    SECOND_FACTOR,
    NotSignedIn,
    carry,
    identify,
    inside,
    told,
)
from api.staff.signed_in import FORM_TOKEN, now_of
from bot.gateways import NotDelivered
from bot.wechat.errors import CodeRefused
from bot.wecom.platform import WeComPlatform
from bot.wecom.settings import WeComApp
from bot.wecom.sign_in import authorize_url, user_of_code
from models.accounts import sessions, signing_in
from models.accounts.binding import bound
from models.accounts.roles import Role
from models.refusals import Missing

WeComApps = Mapping[str, tuple[WeComApp, WeComPlatform]]
WECOM = web.AppKey("staff_wecom", WeComApps)
"""By their names in the settings."""

log = structlog.get_logger()


@told
async def go(request: web.Request) -> web.StreamResponse:
    name, (app, _) = _app(request)
    await identify(request)
    token = None
    if FORM_TOKEN not in request:
        token = sessions.fresh_token()
        request[FORM_TOKEN] = sessions.form_token(request.app[OFFICE], token)
    goes_on = inside(request.query.get("next", ""))
    back = (
        f"{request.app[SETTINGS].base_url}/staff/wecom/{name}/back?{urlencode({'next': goes_on})}"
    )
    in_wecom = "wxwork" in request.headers.get("User-Agent", "").lower()
    answer = see_other(authorize_url(app, back, _state(request, name), inside=in_wecom))
    if token is not None:
        carry(request, answer, token)
    return answer


@told
async def come_back(request: web.Request) -> web.StreamResponse:
    name, (_, platform) = _app(request)
    office, now = request.app[OFFICE], now_of(request)
    before = await identify(request)
    # Or anybody could sign others in as themselves, by a link with a code of their own.
    given = request.query.get("state", "").encode()
    if FORM_TOKEN not in request or not hmac.compare_digest(_state(request, name).encode(), given):
        raise NotSignedIn("登录没有完成，请重新登录。")
    try:
        user = await user_of_code(platform, request.query.get("code", ""))
    except CodeRefused:
        raise NotSignedIn("企业微信没有确认您的身份，请重新登录。") from None
    except NotDelivered as fault:
        log.warning("platform", app=name, why=fault.why)
        raise NotSignedIn("企业微信暂时没有答复，请稍后重试，或用密码登录。") from None
    account = await bound(office, name, user)
    if account is None:
        raise NotSignedIn("您的企业微信还没有绑定账号。请先用密码登录，在“本人”页绑定。")
    if before is not None:
        await sessions.end(before)
    goes_on = inside(request.query.get("next", ""))
    if account.role == Role.OPERATOR:
        answer = see_other(f"{SECOND_FACTOR}?{urlencode({'next': goes_on})}")
        carry(request, answer, await signing_in.halfway(office, account, now))
        return answer
    answer = see_other(goes_on)
    carry(request, answer, await signing_in.by_chat(office, account, name, now))
    return answer


def _app(request: web.Request) -> tuple[str, tuple[WeComApp, WeComPlatform]]:
    """Raises Missing."""
    name = request.match_info["app"]
    if name not in request.app[WECOM]:
        raise Missing("没有这个登录方式。")
    return name, request.app[WECOM][name]


def _state(request: web.Request, name: str) -> str:
    """Letters and digits, of this browser and this application only."""
    return request.app[OFFICE].keys.find(f"{request[FORM_TOKEN]}\0{name}", "staff-wecom")


ROUTES: Final = [
    web.get("/staff/wecom/{app}", go),
    web.get("/staff/wecom/{app}/back", come_back),
]
