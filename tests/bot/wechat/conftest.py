"""The platform, played strictly, and a client of each of its two accounts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import aiohttp
import pytest

from bot.tokens import Pace
from bot.wechat.platform import Patience, Platform
from models.office import Office
from tests.bot.wechat.fake_account import Account
from tests.bot.wechat.fake_platform import FakePlatform
from tests.standing import StandingClock

QUICK = Patience(
    timeout=timedelta(seconds=5),
    busy=(0, 0),
    token=Pace(lease=timedelta(seconds=15), first=0.001, longest=0.01),
)
OPENID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"


def client(
    office: Office,
    fake: FakePlatform,
    account: Account,
    session: aiohttp.ClientSession,
    now: Callable[[], datetime],
    *,
    patience: Patience = QUICK,
    secret: str | None = None,
) -> Platform:
    return Platform(
        office,
        account.kind,
        account.app_id,
        secret or account.secret,
        fake.url,
        session,
        now,
        patience=patience,
    )


async def follower(platform: Platform, openid: str) -> bool:
    """A call as good as any: whether they follow."""
    query = {"openid": openid}
    return (await platform.call("GET", "/cgi-bin/user/info", query=query)).get("subscribe") == 1


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def fake(clock: StandingClock) -> AsyncIterator[FakePlatform]:
    """It knows one person in each account."""
    async with FakePlatform(clock.now) as fake:
        fake.official.person(OPENID)
        fake.mini.person(OPENID)
        yield fake


@pytest.fixture
def official(
    office: Office, fake: FakePlatform, session: aiohttp.ClientSession, clock: StandingClock
) -> Platform:
    return client(office, fake, fake.official, session, clock.now)


@pytest.fixture
def mini(
    office: Office, fake: FakePlatform, session: aiohttp.ClientSession, clock: StandingClock
) -> Platform:
    return client(office, fake, fake.mini, session, clock.now)
