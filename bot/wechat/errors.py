"""What the server API of WeChat refuses, as types.

Codes: “全局错误码”, developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html;
“全局返回码说明” of official accounts; the list at the foot of each endpoint's own page.

The words are for the operator: no openid, number, address or secret in them. Of the platform's own
words only what can hold none of these is kept: the request's id (rid), by which its console
explains a fault, the field that it names, and our own IP.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import Enum
from ipaddress import ip_address
from typing import Final

from bot import gateways
from bot.gateways import NotDelivered, Rejected
from bot.tokens import Ended
from models.calendar.beijing import beijing_date, end_of

MINUTE: Final = timedelta(minutes=1)


class PlatformError(NotDelivered):
    """What the platform refuses. `code`: its errcode, None where we have found it ourselves.
    `who`: WeCom's errors are of these types too."""

    def __init__(
        self,
        code: int | None,
        words: str,
        detail: str = "",
        *,
        wait: timedelta | None = None,
        who: str = "微信",
    ) -> None:
        said = [str(code)] if code is not None else []
        said += [detail] if detail else []
        super().__init__(f"{who}：{words}" + (f"（{'，'.join(said)}）" if said else ""), wait=wait)
        self.code = code


class Busy(PlatformError):
    """系统繁忙, several times in a row."""


class TokenRefused(PlatformError):
    """The account as it is set up may not call at all. It waits for its operator."""


class TokenEnded(TokenRefused, Ended):
    """Refused once more, with another token, it is the account's settings all the same."""


class Period(Enum):
    MINUTE = "minute"
    DAY = "day"

    def left(self, now: datetime) -> timedelta:
        """A day is Beijing's."""
        return MINUTE if self is Period.MINUTE else end_of(beijing_date(now)) - now


class OverQuota(PlatformError):
    """The account has used up what it may call of this endpoint. `wait` is set."""


class Refused(PlatformError, Rejected):
    """This call is refused however often it is made."""


class NotReachable(Refused):
    """Nobody to write to: an openid of somebody else's account, not following, turned us off."""


class NoConsent(Refused, gateways.NoConsent):
    """They have not asked for this message, or their consent was used up."""


class WindowClosed(Refused):
    """Too late, or too many, for a customer-service message, until they write again."""


class Unfit(Refused):
    """A text that a template's field does not take, found before it was sent."""


class CodeRefused(Refused):
    """The code of a login or of a phone number is used, expired or made up."""


STALE: Final = frozenset({40001, 40014, 42001})
"""The token is not, or no longer, the account's."""

_ACCOUNT: Final = {
    **dict.fromkeys(STALE, "不接受访问凭据或密钥，请核对 app_id 和 app_secret"),
    40002: "不接受访问凭据的类型",
    40013: "不认识这个 AppID，请核对 app_id",
    40125: "AppSecret 不对，请核对 app_secret",
    40164: "服务器的 IP 不在白名单，请在公众平台加入",
    40243: "AppSecret 已被冻结，请在公众平台解冻",
    41001: "缺少访问凭据",
    41002: "缺少 AppID",
    41004: "缺少 AppSecret",
    50004: "禁止使用凭据接口",
    50007: "账号已冻结",
    61004: "服务器的 IP 未登记，请在公众平台加入白名单",
    61024: "账号由第三方平台管理，不能自取凭据",
    89503: "这次调用需要管理员在公众平台确认",
    89501: "IP 正在等待管理员确认",
    89506: "管理员拒绝了这个 IP，24小时内不能再调用",
    89507: "管理员拒绝了这个 IP，1小时内不能再调用",
}

_LIMITS: Final = {
    45009: (Period.DAY, "今天的调用次数已用完"),
    45011: (Period.MINUTE, "调用太频繁"),
    45028: (Period.DAY, "今天的发送次数已用完"),
    45066: (Period.MINUTE, "同一消息重试太快"),
    44990: (Period.MINUTE, "调用太频繁"),
}
_BY_MINUTE: Final = frozenset({"/wxa/getwxacodeunlimit"})
"""There 45009 is the limit of 5,000 a minute, as its page says."""

_REFUSALS: Final[dict[type[Refused], dict[int, str]]] = {
    NotReachable: {
        40003: "不是本账号的用户（openid 无效）",
        43004: "用户没有关注公众号",
        43019: "用户在公众号的黑名单里",
        46004: "用户不存在",
        48002: "用户拒收公众号的消息",
        50005: "用户没有关注公众号",
    },
    NoConsent: {43101: "用户没有订阅，或订阅的次数已用完"},
    WindowClosed: {
        45015: "距用户上次互动太久，不能再回复",
        45047: "用户再次互动前，能回复的条数已用完",
    },
    CodeRefused: {
        40029: "登录或手机号的 code 无效",
        40163: "code 已经用过",
        40226: "微信认为此用户风险高，拦截了登录",
        41008: "缺少 code",
        42003: "code 已过期",
    },
    Refused: {
        40007: "媒体文件不存在或已过期",
        **dict.fromkeys(range(40015, 40028), "菜单不合规则"),
        **dict.fromkeys((40054, 40055, 40119, 40120, 45010, 45064), "菜单不合规则"),
        40033: "内容含有不允许的字符",
        40035: "参数不合法",
        40037: "消息模板不存在，请核对 templates 里的 id",
        40066: "调用地址不对",
        40097: "参数不合法",
        40129: "二维码的场景值不合法",
        40165: "小程序页面路径不对",
        40169: "小程序码的 scene 不合法，应为1至32个字符",
        40212: "链接的参数不合法",
        41030: "小程序没有这个页面，或尚未发布",
        43107: "订阅消息能力或这个模板已被封禁",
        43116: "这个模板因滥用被禁止下发",
        45002: "消息内容太长",
        45029: "二维码的数量已达上限",
        45067: "消息的防重编号太长",
        45168: "消息含有敏感词",
        47001: "内容格式不对",
        47003: "模板的参数不符合规则",
        48001: "账号没有这个接口的权限",
        48004: "接口已被封禁，请登录公众平台查看",
        48008: "没有发送这类消息的权限",
        50001: "用户未授权",
        50002: "用户或账号受限",
        85079: "小程序尚未发布",
        85096: "页面路径里不能有系统保留的参数",
    },
}
_REFUSED: Final = {
    code: (kind, words) for kind, codes in _REFUSALS.items() for code, words in codes.items()
}
_TOGETHER: Final = 43108
"""Two messages to one person at the same moment."""

_RID: Final = re.compile(r"\brid: ([0-9a-f]{1,16}(?:-[0-9a-f]{1,16}){0,3})")
_FIELD: Final = re.compile(r"\bdata\.([a-z_]{1,30}[0-9]{0,3})\b")
_IP: Final = re.compile(r"\bip ([0-9a-f.:]{3,45})")


def fault(path: str, code: int, errmsg: str, now: datetime) -> PlatformError:
    """What an errcode other than 0 means. `path` is the endpoint's."""
    detail = _detail(code, errmsg)
    if code == -1:
        return Busy(code, "系统繁忙", detail)
    if code in _ACCOUNT:
        refused = TokenEnded if code in STALE else TokenRefused
        return refused(code, _ACCOUNT[code], detail)
    if code in _LIMITS:
        period, words = _LIMITS[code]
        if path in _BY_MINUTE:
            period, words = _LIMITS[45011]
        return OverQuota(code, words, detail, wait=period.left(now))
    if code in _REFUSED:
        kind, words = _REFUSED[code]
        return kind(code, words, detail)
    if code == _TOGETHER:
        return PlatformError(code, "正在向同一用户发送另一条消息", detail, wait=MINUTE)
    return PlatformError(code, "返回了未列入文档的错误码", detail)


def _detail(code: int, errmsg: str) -> str:
    found = []
    if code == 47003 and (field := _FIELD.search(errmsg)):
        found.append(field[1])
    if code in (40164, 61004) and (ip := _IP.search(errmsg)) and is_ip(ip[1]):
        found.append(ip[1])
    if rid := _RID.search(errmsg):
        found.append(f"rid {rid[1]}")
    return "，".join(found)


def is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
