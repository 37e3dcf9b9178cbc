"""Feishu, played strictly, and an application and a robot of ours there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.feishu.client import Feishu
from bot.feishu.robot import GroupRobot
from bot.feishu.settings import FeishuApp, FeishuRobot
from bot.tokens import Pace
from models.office import Office
from tests.bot.feishu.fake_feishu import APP_ID, ROBOT, ROBOT_SECRET, SECRET, FakeFeishu
from tests.bot.feishu.theirs import KEY, OPEN_ID, VERIFICATION
from tests.standing import StandingClock

QUICK = Pace(first=0.001, longest=0.01)


def application(**more: object) -> FeishuApp:
    own = {
        "app_id": APP_ID,
        "app_secret": SECRET,
        "verification_token": VERIFICATION,
        "encrypt_key": KEY,
    }
    return FeishuApp.model_validate(own | more)


def group_robot(**more: object) -> FeishuRobot:
    own = {"kind": "feishu", "token": ROBOT, "secret": ROBOT_SECRET, "agencies": ["agency"]}
    return FeishuRobot.model_validate(own | more)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def fake(clock: StandingClock) -> AsyncIterator[FakeFeishu]:
    """It knows one person."""
    async with FakeFeishu(clock.now) as fake:
        fake.people[OPEN_ID] = None
        yield fake


@pytest.fixture
def feishu(
    office: Office, fake: FakeFeishu, session: aiohttp.ClientSession, clock: StandingClock
) -> Feishu:
    app = application(base_url=str(fake.url))
    return Feishu(office, "city", app, session, clock.now, pace=QUICK)


@pytest.fixture
def robot(fake: FakeFeishu, session: aiohttp.ClientSession, clock: StandingClock) -> GroupRobot:
    return GroupRobot(group_robot(base_url=str(fake.url)), session, clock.now)
