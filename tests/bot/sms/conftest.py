"""A message, a clock that stands, the providers, and a gateway to each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from pydantic import TypeAdapter

from bot.gateways import Message
from bot.sms.gateway import SmsGateway, gateway
from bot.sms.settings import SmsSettings
from models.calendar.beijing import BEIJING
from tests.bot.sms.providers import KEY_ID, SECRET, SIGN, Aliyun, Plain, Provider, Tencent

NOW = datetime(2026, 3, 2, 7, 30, tzinfo=BEIJING)
"""The day before in UTC, by which Tencent dates its signatures."""
LINK = "https://pj.example/r/AbCdEfGhIjKlMnOpQrStUv?c=s"
PHONE = "+8613800138000"

TEMPLATES = {
    "aliyun": {
        "invitation": {"id": "SMS_15305****", "variables": ["agency", "subject", "link"]},
        "stopped": {"id": "SMS_0001"},
    },
    "tencent": {
        "invitation": {"id": "1110", "variables": ["agency", "subject", "link"]},
        "stopped": {"id": "1111"},
    },
}
ACCOUNTS: dict[str, dict[str, Any]] = {
    "aliyun": {
        "access_key_id": KEY_ID,
        "access_key_secret": SECRET,
        "sign": SIGN,
        "templates": TEMPLATES["aliyun"],
    },
    "tencent": {
        "secret_id": KEY_ID,
        "secret_key": SECRET,
        "sdk_app_id": "1400006666",
        "sign": SIGN,
        "templates": TEMPLATES["tencent"],
    },
    "plain": {
        "fields": {"mobile": "{national}", "content": "{text}"},
        "sign": SIGN,
        "ok_field": "code",
        "ok_values": [0],
        "rejected_values": ["1001"],
        "why_field": "msg",
        "reference_field": "data.0.msgid",
        "receipts": {
            "reference": "msgid",
            "status": "state",
            "delivered_values": ["DELIVRD", 0],
            "at": "when.time",
        },
        "replies": {"phone": "from", "words": "content", "reference": "id", "at": "time"},
    },
}
PROVIDERS: dict[str, type[Provider]] = {"aliyun": Aliyun, "tencent": Tencent, "plain": Plain}


def now() -> datetime:
    return NOW


def settings(provider: str, url: str = "https://sms.example", **changes: object) -> SmsSettings:
    where = "url" if provider == "plain" else "base_url"
    given = {
        "provider": provider,
        "hook_key": "0123456789abcdef",
        where: url,
        **ACCOUNTS[provider],
        **changes,
    }
    adapter: TypeAdapter[SmsSettings] = TypeAdapter(SmsSettings)
    return adapter.validate_python(given)


def message(**changes: Any) -> Message:
    given: dict[str, Any] = {
        "key": "invitation:42",
        "kind": "invitation",
        "channel": "sms",
        "to": PHONE,
        "title": "请您评价",
        "text": f"您在潮安区政务服务中心办理的“居住证办理”，请您评价：{LINK}",
        "link": LINK,
        "due": NOW,
        "at": NOW,
        "fields": {"agency": "潮安区政务服务中心", "subject": "居住证办理", "link": LINK},
    }
    return Message(**{**given, **changes})


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@dataclass
class Line:
    """One gateway and the provider at its other end."""

    provider: Provider
    gateway: SmsGateway
    session: aiohttp.ClientSession
    server: TestServer
    name: str

    def of(self, **changes: object) -> SmsGateway:
        """The same provider under other settings."""
        return gateway(
            settings(self.name, str(self.server.make_url("/")), **changes), self.session, now
        )


@pytest.fixture
async def line(
    request: pytest.FixtureRequest, session: aiohttp.ClientSession
) -> AsyncIterator[Line]:
    """To the provider that the test's parameter names."""
    name: str = request.param
    provider = PROVIDERS[name](now)
    server = TestServer(provider.app())
    async with server:
        url = str(server.make_url("/"))
        made = gateway(settings(name, url), session, now, timeout=timedelta(seconds=5))
        yield Line(provider, made, session, server, name)
