"""The platform, played strictly, and a client of its application."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.dingtalk.platform import Platform
from bot.dingtalk.settings import DingtalkApp
from bot.tokens import Pace
from models.office import Office
from tests.bot.dingtalk.fake_dingtalk import FakeDingtalk
from tests.bot.dingtalk.pushes import APP
from tests.standing import StandingClock

QUICK = Pace(first=0.001, longest=0.01)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def fake(clock: StandingClock) -> AsyncIterator[FakeDingtalk]:
    async with FakeDingtalk(clock.now) as fake:
        yield fake


@pytest.fixture
def app(fake: FakeDingtalk) -> DingtalkApp:
    return DingtalkApp.model_validate({**APP, "base_url": str(fake.url)})


@pytest.fixture
def platform(
    office: Office, app: DingtalkApp, session: aiohttp.ClientSession, clock: StandingClock
) -> Platform:
    return Platform(office, "city", app, session, clock.now, pace=QUICK)
