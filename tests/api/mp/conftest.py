"""A town under a rulebook, the service with a mini-program and two host apps, the platform behind
the one played strictly."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.app import make_app
from api.mp.limits import Limits
from api.mp.routes import setup_mp
from api.settings import Settings
from bot.wechat.platform import Patience, Platform
from bot.wechat.settings import MiniProgram
from models.office import Office
from tests.api.mp.person import CITY, HOST, MINI, Crowd
from tests.api.pages.town import Town, build_town
from tests.api.service import BASE
from tests.bot.host_apps.conftest import host_app
from tests.bot.wechat.fake_platform import FakePlatform
from tests.standing import StandingClock

TEMPLATES = {
    "reminder": {"id": "REMINDER_TEMPLATE", "fields": {"thing1": "{subject}"}},
    "thanks": {"id": "THANKS_TEMPLATE", "fields": {"thing1": "{subject}"}, "lasting": True},
}


@pytest.fixture
async def town(office: Office, request: pytest.FixtureRequest) -> Town:
    """Under Chao'an's rulebook, unless the test says `under`."""
    return await build_town(office, str(getattr(request, "param", "chaoan")))


@pytest.fixture
async def fake(clock: StandingClock) -> AsyncIterator[FakePlatform]:
    async with FakePlatform(clock.now) as fake:
        yield fake


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
async def app(
    office: Office, fake: FakePlatform, clock: StandingClock, limits: Limits
) -> AsyncIterator[web.Application]:
    app = make_app(office, Settings.model_validate({"public_url": BASE}))
    mini = fake.mini
    settings = MiniProgram.model_validate(
        {"app_id": mini.app_id, "app_secret": mini.secret, "templates": TEMPLATES}
    )
    async with aiohttp.ClientSession() as session:
        platform = Platform(
            office,
            MINI,
            mini.app_id,
            mini.secret,
            fake.url,
            session,
            clock.now,
            patience=Patience(busy=(0,)),
        )
        hosts = {
            HOST: host_app("hmac-sm3", name="粤省事"),
            CITY: host_app("hmac-sm3", real_name_level=3),
        }
        setup_mp(app, {MINI: (settings, platform)}, hosts, clock.now, limits)
        yield app


@pytest.fixture
async def crowd(app: web.Application, fake: FakePlatform) -> AsyncIterator[Crowd]:
    async with TestClient(TestServer(app)) as client:
        yield Crowd(client, fake)
