"""A group robot (群机器人) of WeCom: writes into its group, and hears nothing.

“消息推送配置说明”, developer.work.weixin.qq.com/document/path/91770: 20 messages a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import aiohttp
from yarl import URL

from bot.exchange import Request, Wire
from bot.gateways import Unheard
from bot.reading import read_object
from bot.staff.platform import Card, Limit
from bot.wechat.errors import Refused
from bot.wecom.errors import UNKNOWN_TYPE, WHO, fault
from bot.wecom.messages import ROBOT_MARKDOWN_OCTETS, Body, markdown, text
from bot.wecom.settings import WeComRobot

SEND: Final = "/cgi-bin/webhook/send"


class WeComGroup:
    """As bot.staff.platform.Robot."""

    limits: Sequence[Limit] = (Limit(20, timedelta(minutes=1)),)

    def __init__(
        self,
        settings: WeComRobot,
        session: aiohttp.ClientSession,
        now: Callable[[], datetime],
    ) -> None:
        base = URL(str(settings.base_url)).joinpath(SEND.removeprefix("/"))
        self._url = base.with_query(key=settings.key.get_secret_value())
        self._wire = Wire(WHO, session)
        self._now = now

    async def send(self, card: Card) -> None:
        """It says no number of the message."""
        heard = replace(card, buttons=())
        try:
            await self._send(markdown(heard, ROBOT_MARKDOWN_OCTETS))
        except Refused as refused:
            if refused.code != UNKNOWN_TYPE:
                raise
            await self._send(text(f"{card.title}\n{card.link}\n{card.text}"))

    async def _send(self, body: Body) -> None:
        answered = await self._wire.exchange(Request("POST", self._url, body=body))
        said = read_object(answered.body) or {}
        code = said.get("errcode")
        if answered.status != HTTPStatus.OK or not isinstance(code, int):
            raise Unheard(f"{WHO}：答复无法读取（HTTP {answered.status}）")
        if code != 0:
            raise fault(SEND, code, str(said.get("errmsg", "")), self._now())
