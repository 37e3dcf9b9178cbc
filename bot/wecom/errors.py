"""What the server API of WeCom refuses: the types of WeChat's, by WeCom's own codes.

“全局错误码”, developer.work.weixin.qq.com/document/path/90313. Its errmsg is for people and may
change; of it only the hint is kept, by which the platform's own tool (devtool/query) explains a
fault, and our own IP.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from bot.wechat.errors import (
    MINUTE,
    STALE,
    Busy,
    CodeRefused,
    NotReachable,
    OverQuota,
    PlatformError,
    Refused,
    TokenEnded,
    TokenRefused,
    is_ip,
)

WHO: Final = "企业微信"

UNKNOWN_TYPE: Final = 40008
"""Of message: an old private deployment knows no cards with buttons."""
TASK_TAKEN: Final = 42014
"""A card with this task_id has been sent."""

_APPLICATION: Final = {
    **dict.fromkeys(STALE, "不接受访问凭据或密钥，请核对 corp_id 和 secret"),
    40013: "不认识这个企业，请核对 corp_id",
    40056: "不认识这个应用，请核对 agent_id",
    40091: "secret 不对，请核对",
    41001: "缺少访问凭据",
    41002: "缺少 corp_id",
    41004: "缺少 secret",
    48002: "应用没有这个接口的权限",
    50001: "登录后返回的域名未登记为应用的可信域名",
    60020: "服务器的 IP 不在应用的企业可信IP里，请在管理后台加入",
    93000: "群机器人的 key 不对，或机器人已被移出群聊",
    301002: "secret 不是这个应用的，请核对 agent_id 和 secret",
}
_REFUSALS: Final[dict[type[Refused], dict[int, str]]] = {
    NotReachable: {
        **dict.fromkeys((40003, 40031, 60111), "没有这个成员"),
        43004: "成员没有激活企业微信",
        81013: "成员不在应用的可见范围里，或已离职",
    },
    CodeRefused: {40029: "登录的 code 无效，或已经用过", 42003: "登录的 code 已过期"},
    Refused: {
        40007: "媒体文件不存在或已过期",
        UNKNOWN_TYPE: "不认识这类消息",
        40033: "内容含有不允许的字符",
        40035: "参数不合法",
        40058: "参数不合法",
        TASK_TAKEN: "卡片的 task_id 不合法，或已经用过",
        42039: "卡片按钮的 key 不合法，或有重复",
        44004: "消息没有内容",
        45002: "消息内容太长",
        47001: "内容格式不对",
    },
}
_REFUSED: Final = {
    code: (kind, words) for kind, codes in _REFUSALS.items() for code, words in codes.items()
}
_TOO_OFTEN: Final = 45009
"""For a minute, an hour or until midnight: it does not say which."""
_TOO_MANY: Final = 45033
"""At the same moment."""

_HINT: Final = re.compile(r"\bhint: \[([0-9A-Za-z_]{1,80})\]")
_IP: Final = re.compile(r"\bfrom ip: ([0-9a-f.:]{3,45})")


def fault(path: str, code: int, errmsg: str, now: datetime) -> PlatformError:  # noqa: ARG001
    """What an errcode other than 0 means."""
    detail = _detail(code, errmsg)
    kind, words, wait = _meant(code)
    return kind(code, words, detail, wait=wait, who=WHO)


def _meant(code: int) -> tuple[type[PlatformError], str, timedelta | None]:
    if code == -1:
        return Busy, "系统繁忙", None
    if code in _APPLICATION:
        return TokenEnded if code in STALE else TokenRefused, _APPLICATION[code], None
    if code == _TOO_OFTEN:
        return OverQuota, "调用太频繁", MINUTE
    if code == _TOO_MANY:
        return PlatformError, "同时的调用太多", MINUTE
    if code in _REFUSED:
        return *_REFUSED[code], None
    return PlatformError, "返回了未列入文档的错误码", None


def _detail(code: int, errmsg: str) -> str:
    found = []
    if code == 60020 and (ip := _IP.search(errmsg)) and is_ip(ip[1]):
        found.append(ip[1])
    if hint := _HINT.search(errmsg):
        found.append(f"hint {hint[1]}")
    return "，".join(found)
