"""Who somebody is: by the code of a login, of a phone number.

Sources: “小程序登录凭证校验”, “获取手机号”, developers.weixin.qq.com/miniprogram/dev/server/API/
"""

from __future__ import annotations

from bot.gateways import Unheard
from bot.wechat.errors import Refused
from bot.wechat.platform import Platform
from models.texts import phone


async def logged_in(platform: Platform, code: str) -> str:
    """Their openid in a mini-program. `code`: wx.login's. Raises CodeRefused, NotDelivered.

    The session_key is dropped: nothing of ours is sealed with it.
    """
    query = {"js_code": code, "grant_type": "authorization_code"}
    match await platform.with_secret("/sns/jscode2session", query):
        case {"openid": str(openid)} if openid:
            return openid
    raise Unheard("微信：答复里没有 openid")


async def phone_number(platform: Platform, code: str) -> str:
    """E.164. `code`: the one of the button getPhoneNumber. Raises CodeRefused and other
    NotDelivered."""
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
    raise Unheard("微信：答复里没有电话号码")
