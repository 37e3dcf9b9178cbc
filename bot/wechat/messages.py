"""Messages to people, by the four ways that the platform has.

Sources: “发送模板消息”, “发送订阅通知”, “发送客服消息”, developers.weixin.qq.com/doc/service/api/;
“发送订阅消息”, developers.weixin.qq.com/miniprogram/dev/server/API/mp-message-management/

Each returns the platform's number of the message, where it gives one, and raises NotDelivered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.length import cut
from bot.reading import reference
from bot.wechat.platform import Answer, Platform

TEXT_OCTETS: Final = 2048
"""The page of customer-service messages does not say; this is what the platform takes."""

_STATES: Final = {"release": "formal", "trial": "trial", "develop": "developer"}


async def by_template(
    platform: Platform,
    openid: str,
    template: str,
    values: Mapping[str, str],
    *,
    key: str,
    link: str | None = None,
) -> str | None:
    """模板消息, to whoever follows. `key`: sent again within ten minutes, it is one message."""
    body = {"touser": openid, "template_id": template, "client_msg_id": key, "data": _data(values)}
    if link is not None:
        body["url"] = link
    return _number(await platform.call("POST", "/cgi-bin/message/template/send", json=body))


async def by_notice(
    platform: Platform,
    openid: str,
    template: str,
    values: Mapping[str, str],
    *,
    link: str | None = None,
) -> str | None:
    """订阅通知 of an official account, to whoever has asked for it."""
    body = {"touser": openid, "template_id": template, "data": _data(values)}
    if link is not None:
        body["page"] = link
    return _number(await platform.call("POST", "/cgi-bin/message/subscribe/bizsend", json=body))


async def by_subscription(
    platform: Platform,
    openid: str,
    template: str,
    values: Mapping[str, str],
    *,
    page: str,
    version: str,
) -> str | None:
    """订阅消息 of a mini-program, to whoever has asked for it. `page` may have a query."""
    body = {
        "touser": openid,
        "template_id": template,
        "page": page,
        "miniprogram_state": _STATES[version],
        "lang": "zh_CN",
        "data": _data(values),
    }
    return _number(await platform.call("POST", "/cgi-bin/message/subscribe/send", json=body))


async def by_reply(platform: Platform, openid: str, text: str) -> None:
    """客服消息: after somebody wrote 5 within 48 hours, after a scan, a tap on the menu or a new
    following 3 within a minute. A text too long is cut."""
    body = {"touser": openid, "msgtype": "text", "text": {"content": cut(text, TEXT_OCTETS)}}
    await platform.call("POST", "/cgi-bin/message/custom/send", json=body)


def _data(values: Mapping[str, str]) -> dict[str, object]:
    return {name: {"value": value} for name, value in values.items()}


def _number(said: Answer) -> str | None:
    return reference(said.get("msgid"))
