"""Who somebody is: by the code of a login, of a phone number, by their openid.

Sources: “小程序登录凭证校验”, “获取手机号”, developers.weixin.qq.com/miniprogram/dev/server/API/;
“获取用户基本信息”, developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.wechat.errors import Refused, Unreachable
from bot.wechat.platform import Platform
from models.texts import phone


@dataclass(frozen=True, slots=True)
class Person:
    """`unionid`: the same in all accounts of one owner, where the platform tells it."""

    openid: str
    unionid: str | None
    follows: bool = False


async def logged_in(platform: Platform, code: str) -> Person:
    """Of a mini-program. `code`: wx.login's. Raises CodeRefused and other PlatformErrors.

    The session_key is dropped: nothing of ours is sealed with it.
    """
    query = {"js_code": code, "grant_type": "authorization_code"}
    match await platform.with_secret("/sns/jscode2session", query):
        case {"openid": str(openid), **more} if openid:
            return Person(openid, _word(more.get("unionid")))
    raise Unreachable(None, "答复里没有 openid")


async def phone_number(platform: Platform, code: str) -> str:
    """E.164. `code`: the one of the button getPhoneNumber. Raises CodeRefused and other
    PlatformErrors."""
    path = "/wxa/business/getuserphonenumber"
    match await platform.call("POST", path, json={"code": code}):
        case {
            "phone_info": {
                "purePhoneNumber": str(number),
                "countryCode": int() | str() as country,
                "watermark": {"appid": platform.app_id},
            }
        }:
            try:
                return phone(f"+{country}{number}")
            except ValueError:
                raise Refused(None, "给出的不是有效的电话号码") from None
    raise Unreachable(None, "答复里没有电话号码")


async def follower(platform: Platform, openid: str) -> Person:
    """Of an official account. Raises NotReachable and other PlatformErrors."""
    said = await platform.call("GET", "/cgi-bin/user/info", query={"openid": openid})
    return Person(openid, _word(said.get("unionid")), follows=said.get("subscribe") == 1)


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
