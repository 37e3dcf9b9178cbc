"""What Feishu refuses, as the outbox knows it.

Codes: 《通用错误码》 open.feishu.cn/document/ukTMukTMukTM/ugjM14COyUjL4ITN, 《频控策略》
…/ukTMukTMukTM/uUzN04SN3QjL1cDN, and the lists under 《发送消息》, 《回复消息》,
《获取消息中的资源文件》, 《自定义机器人使用指南》.

The words are for the operator: nothing that the platform says is in them but its code and the
number of its log entry (log_id), which its support asks for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.gateways import NotDelivered, Rejected
from bot.tokens import Ended

WHO: Final = "飞书"
MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)

_STALE: Final = frozenset({99991661, 99991663, 99991664, 99991665, 99991668, 99991671})

_LIMITS: Final = {
    **dict.fromkeys((99991400, 230020, 11232, 11247, 1000004, 1000005), ("调用太频繁", MINUTE)),
    2200: ("系统繁忙", MINUTE),
    230049: ("同一条消息正在发送", MINUTE),
    99991403: ("本月的调用次数已用完", DAY),
}

_SETTINGS: Final = {
    10003: "不认识这个应用，请核对 app_id",
    10014: "app_secret 不对，或应用已停用",
    10015: "app_secret 不对",
    99991543: "app_id 或 app_secret 不对",
    99991662: "应用已停用",
    99991673: "应用在本企业不可用，请核对安装状态",
    99991401: "服务器的 IP 不在应用的白名单",
    99991672: "应用没有开通这个接口的权限，请在开发者后台申请",
    230006: "应用没有启用机器人能力",
    230027: "应用缺少权限",
    234009: "应用缺少权限",
    234019: "没有取到应用的权限信息",
    19001: "群机器人的 token 不对，或机器人已被移出群",
    19021: "群机器人的签名不对，请核对 secret 和服务器的时间",
    19022: "服务器的 IP 不在群机器人的白名单",
    19024: "群机器人设了自定义关键词，请改为签名校验",
}
"""The message is as good as any other: it waits for the operator."""

_REFUSED: Final = {
    230001: "参数不合法",
    9499: "内容格式不对",
    99992402: "参数不合法",
    230002: "机器人不在群里",
    230011: "消息已撤回",
    230013: "用户不在应用的可用范围，或已离职",
    230018: "群设置不允许发言",
    230019: "话题不存在",
    230022: "内容含有敏感信息",
    230025: "内容太长",
    230028: "内容没有通过企业的数据防泄漏审查",
    230029: "用户已离职",
    230034: "不是本应用的用户（open_id 无效）",
    99992351: "不是本应用的用户（open_id 无效）",
    99992361: "不是本应用的用户（open_id 属于另一个应用）",
    230035: "没有向此用户或群发送消息的权限",
    230036: "企业的加密密钥已删除",
    230038: "不能向其他企业的用户发送消息",
    230050: "消息对应用不可见",
    230053: "用户不再接收机器人的消息",
    230054: "这类消息不支持此操作",
    230075: "不能发到密聊",
    230099: "卡片内容不合规则",
    230110: "消息已删除",
    230111: "消息即将自动删除",
    232009: "群已解散",
    99992354: "消息不存在",
    234001: "参数不合法",
    234003: "图片不在这条消息里",
    234004: "应用不在消息所在的群里",
    234037: "图片太大",
    234038: "消息已设为保密，不能下载图片",
    234040: "消息对应用不可见",
    234041: "企业的加密密钥已删除",
    234043: "这类消息里的图片不能下载",
}

_LOG_ID: Final = re.compile(r"[0-9A-Za-z]{8,60}")


def fault(code: int, said: Mapping[str, object], wait: timedelta | None = None) -> NotDelivered:
    """What a code other than 0 means. `wait`: x-ogw-ratelimit-reset."""
    if code in _STALE:
        return Ended(_why("不接受访问凭据", code, said))
    if code in _LIMITS:
        words, usual = _LIMITS[code]
        return NotDelivered(_why(words, code, said), wait=wait or usual)
    if code in _REFUSED:
        return Rejected(_why(_REFUSED[code], code, said))
    words = _SETTINGS.get(code, "返回了未列入文档的错误码")
    return NotDelivered(_why(words, code, said), wait=wait)


def _why(words: str, code: int, said: Mapping[str, object]) -> str:
    match said.get("error"):
        case {"log_id": str(log_id)} if _LOG_ID.fullmatch(log_id):
            return f"{WHO}：{words}（{code}，log_id {log_id}）"
    return f"{WHO}：{words}（{code}）"
