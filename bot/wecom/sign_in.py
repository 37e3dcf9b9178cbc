"""Signing in by WeCom (网页授权登录, 企业微信Web登录): where to send people, and who has come back.

“构造网页授权链接”, developer.work.weixin.qq.com/document/path/91022; “获取访问用户身份”, 91023;
“构建登录链接”, 98152.
"""

from __future__ import annotations

from urllib.parse import urlencode

from pydantic import HttpUrl

from bot.wechat.errors import CodeRefused
from bot.wecom.errors import WHO
from bot.wecom.incoming import USER
from bot.wecom.platform import WeComPlatform
from bot.wecom.settings import WeComApp

CODE_LENGTH = 512


def authorize_url(app: WeComApp, back: str, state: str, *, inside: bool = True) -> str:
    """It leads on to `back`, with `code` and `state` in its query. `back` lies under a domain that
    the application trusts (可信域名). `state`: letters and digits, at most 128. `inside`: opened in
    WeCom, whose User-Agent says wxwork; a browser shows a code to be scanned instead."""
    if inside:
        query = {
            "appid": app.corp_id,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
            "agentid": str(app.agent_id),
        }
        address = f"{_base(app.oauth_url)}/connect/oauth2/authorize"
        return f"{address}?{urlencode(query)}#wechat_redirect"
    query = {
        "login_type": "CorpApp",
        "appid": app.corp_id,
        "agentid": str(app.agent_id),
        "redirect_uri": back,
        "state": state,
    }
    return f"{_base(app.login_url)}/wwlogin/sso/login?{urlencode(query)}"


async def user_of_code(platform: WeComPlatform, code: str) -> str:
    """The member's userid. A code is good once, for five minutes.

    Raises CodeRefused, also for who is no member of the corporation; NotDelivered.
    """
    if not 0 < len(code.encode()) <= CODE_LENGTH:
        raise CodeRefused(None, "登录的 code 不合法", who=WHO)
    said = await platform.call("GET", "/cgi-bin/auth/getuserinfo", query={"code": code})
    user = said.get("userid")
    if not (isinstance(user, str) and USER.fullmatch(user)):
        raise CodeRefused(None, "不是本企业的成员", who=WHO)
    return user


def _base(url: HttpUrl) -> str:
    return str(url).rstrip("/")
