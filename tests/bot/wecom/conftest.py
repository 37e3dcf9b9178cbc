"""The platform, played strictly, and a client of its application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import aiohttp
import pytest

from bot.staff.platform import Button, Card
from bot.tokens import Pace
from bot.wechat.platform import Patience
from bot.wecom.app import WeCom
from bot.wecom.platform import WeComPlatform
from bot.wecom.settings import WeComApp
from models.office import Office
from tests.bot.wecom.fake_wecom import FakeWeCom
from tests.standing import StandingClock

QUICK = Patience(busy=(0, 0), token=Pace(lease=timedelta(seconds=15), first=0.001, longest=0.01))
LINK = "https://pj.example/staff/orders/1024"
CARD = Card("新的差评工单 1024", "窗口没有人。\n一般情形，3月9日18:00前办结。", LINK, key="77")
BUTTONS = (Button("受理", "受理 1024"), Button("退回", "退回 1024"))
TAPPABLE = Card(CARD.title, CARD.text, LINK, BUTTONS, key="77")


def settings(fake: FakeWeCom, base_url: str | None = None) -> WeComApp:
    return WeComApp.model_validate(
        {
            "corp_id": fake.corp.corp_id,
            "agent_id": fake.corp.agent_id,
            "secret": fake.corp.secret,
            "token": fake.crypto.token,
            "encoding_aes_key": fake.crypto.key,
            "base_url": base_url or str(fake.url),
        }
    )


def platform_of(
    office: Office,
    fake: FakeWeCom,
    session: aiohttp.ClientSession,
    now: Callable[[], datetime],
    *,
    secret: str | None = None,
    patience: Patience = QUICK,
) -> WeComPlatform:
    ours = secret or fake.corp.secret
    corp_id = fake.corp.corp_id
    return WeComPlatform(office, "bureau", corp_id, ours, fake.url, session, now, patience=patience)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def fake(clock: StandingClock) -> AsyncIterator[FakeWeCom]:
    """It knows zhangsan."""
    async with FakeWeCom(clock.now) as fake:
        fake.corp.member("zhangsan")
        yield fake


@pytest.fixture
def platform(
    office: Office, fake: FakeWeCom, session: aiohttp.ClientSession, clock: StandingClock
) -> WeComPlatform:
    return platform_of(office, fake, session, clock.now)


@pytest.fixture
def app(platform: WeComPlatform, fake: FakeWeCom) -> WeCom:
    return WeCom(platform, fake.corp.agent_id)
