"""From an account in the settings to the gateway that sends by it and reads its hook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import aiohttp

from bot import exchange
from bot.gateways import Gateway
from bot.sms.aliyun import AliyunGateway
from bot.sms.exchange import TIMEOUT, WHO, Wire
from bot.sms.plain import PlainGateway
from bot.sms.received import Answer, Received
from bot.sms.settings import AliyunSms, SmsSettings, TencentSms
from bot.sms.tencent import TencentGateway


class SmsGateway(Gateway, Protocol):
    @property
    def answer(self) -> Answer:
        """What the provider wants to hear to its push, with status 200."""
        ...

    def read(self, body: bytes) -> Received:
        """The body of one push. Raises Malformed, and nothing else for whatever stands in it."""
        ...


def gateway(
    settings: SmsSettings,
    session: aiohttp.ClientSession,
    now: Callable[[], datetime],
    *,
    timeout: timedelta = TIMEOUT,
) -> SmsGateway:
    """`now` dates the signatures: providers refuse those that are minutes off."""
    wire = Wire(exchange.Wire(WHO, session, timeout), now)
    if isinstance(settings, AliyunSms):
        return AliyunGateway(settings, wire)
    if isinstance(settings, TencentSms):
        return TencentGateway(settings, wire)
    return PlainGateway(settings, wire)
