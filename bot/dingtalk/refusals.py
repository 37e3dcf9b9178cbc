"""What DingTalk refuses, as the outbox knows it.

Codes: 《批量发送人与机器人会话中机器人消息》, 《服务端API错误码》, 《自定义机器人发送群消息》,
open.dingtalk.com/document/; those of throttling and of a refused token as the platform gives them.
The words are for the operator. Of the platform's own only the code is kept: its message may name
people.
"""

from __future__ import annotations

import re
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from bot.gateways import NotDelivered, Rejected
from bot.tokens import Ended

WHO: Final = "钉钉"

MINUTE: Final = timedelta(minutes=1)
ROBOT_PAUSE: Final = timedelta(minutes=10)
"""For so long a group robot is shut out after its twenty messages in a minute."""

_TOKEN: Final = ("invalidauthentication", "40014", "42001")
_THROTTLED: Final = ("qpslimit", "throttl", "too.fast", "toofast", "too.many", "90002", "90018")
_BY_BEGINNING: Final[tuple[tuple[str, type[NotDelivered], str], ...]] = (
    ("invalidclientidorsecret", NotDelivered, "应用密钥不对，请核对 app_key 和 app_secret"),
    ("forbidden", NotDelivered, "应用没有这个接口的权限，或服务器的 IP 不在白名单"),
    ("invalidparameter.robotcode", NotDelivered, "不认识这个机器人，请核对 robot_code"),
    ("robot.", NotDelivered, "机器人不可用，请核对 robot_code"),
    ("bot.", NotDelivered, "机器人已停用"),
    ("template.", NotDelivered, "机器人的消息模板不可用"),
    ("staffid.", Rejected, "收信人不在组织里"),
    ("invalidparameter", Rejected, "不接受这条消息"),
    ("miss", Rejected, "不接受这条消息"),
)

_SHUT_OUT: Final = frozenset({130101, 410100})
_ROBOT: Final[dict[int, tuple[type[NotDelivered], str]]] = {
    -1: (NotDelivered, "系统繁忙"),
    300001: (NotDelivered, "群机器人的 access_token 不对"),
    300005: (NotDelivered, "群机器人的 access_token 不对"),
    310000: (NotDelivered, "群机器人的安全设置不符，请核对 secret、关键词或 IP"),
    400013: (Rejected, "群已被解散"),
    400101: (NotDelivered, "群机器人的 access_token 不对"),
    400102: (Rejected, "群机器人已停用"),
    400105: (Rejected, "不支持这种消息"),
    400106: (Rejected, "群机器人不存在"),
    430101: (Rejected, "消息含有不安全的外链"),
    430102: (Rejected, "消息含有不合适的文本"),
    430103: (Rejected, "消息含有不合适的图片"),
    430104: (Rejected, "消息含有不合适的内容"),
    460101: (Rejected, "消息内容太长"),
}

_CODE: Final = re.compile(r"[A-Za-z0-9._-]{1,80}")


def refusal(status: int, code: str) -> NotDelivered:
    """Of an answer of api.dingtalk.com that is not 2xx. `code` is its own."""
    name, shown = code.lower(), _shown(code or f"HTTP {status}")
    if status == HTTPStatus.UNAUTHORIZED or name in _TOKEN:
        return Ended(f"钉钉：不接受访问凭据{shown}")
    if status == HTTPStatus.TOO_MANY_REQUESTS or any(each in name for each in _THROTTLED):
        return NotDelivered(f"钉钉：调用太频繁{shown}", wait=MINUTE)
    for beginning, kind, words in _BY_BEGINNING:
        if name.startswith(beginning):
            return kind(f"钉钉：{words}{shown}")
    return NotDelivered(f"钉钉：返回了未列入文档的错误{shown}")


def robot_refusal(errcode: int) -> NotDelivered:
    """Of an errcode other than 0 of a group robot."""
    shown = _shown(str(errcode))
    if errcode in _SHUT_OUT:
        return NotDelivered(f"钉钉：群机器人发送太快，被限流{shown}", wait=ROBOT_PAUSE)
    kind, words = _ROBOT.get(errcode, (NotDelivered, "返回了未列入文档的错误"))
    return kind(f"钉钉：{words}{shown}")


def _shown(code: str) -> str:
    return f"（{code}）" if _CODE.fullmatch(code) or code.startswith("HTTP ") else ""
