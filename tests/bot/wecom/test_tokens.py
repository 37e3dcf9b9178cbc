"""One access token for all processes: what bot/tokens.py does, with WeCom's endpoint."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.wechat.errors import TokenRefused
from bot.wecom.platform import WeComPlatform
from models.office import Office
from models.rulebooks.shelf import Shelf
from models.tables import AccessToken
from tests.bot.wecom.conftest import platform_of
from tests.bot.wecom.fake_wecom import MEDIA, TOKEN, FakeWeCom, Says
from tests.models.offices import another_office_at
from tests.standing import StandingClock


async def ask(platform: WeComPlatform, times: int = 1) -> None:
    asked = (platform.fetch("GET", MEDIA, query={"media_id": "picture"}) for _ in range(times))
    assert set(await asyncio.gather(*asked)) == {b"jpeg"}


@pytest.fixture(autouse=True)
def picture(fake: FakeWeCom) -> None:
    fake.corp.media["picture"] = b"jpeg"


async def test_it_is_fetched_once_kept_sealed_and_renewed_before_its_end(
    platform: WeComPlatform, fake: FakeWeCom, clock: StandingClock
) -> None:
    await ask(platform, 30)
    assert fake.calls[TOKEN] == 1
    stored = (await AccessToken.get(app="bureau")).token
    assert stored is not None
    assert fake.corp.token(fake.corp.corp_id, fake.corp.secret)["access_token"] not in stored
    clock.advance(hours=2)
    await ask(platform, 30)
    assert fake.calls[TOKEN] == 2


async def test_one_that_the_platform_has_ended_is_fetched_once_by_all(
    platform: WeComPlatform, fake: FakeWeCom
) -> None:
    await ask(platform)
    fake.corp.revoke()
    await ask(platform, 30)
    assert fake.calls[TOKEN] == 2


@pytest.mark.parametrize("code", [40014, 42001])
async def test_each_way_to_refuse_a_token(
    platform: WeComPlatform, fake: FakeWeCom, code: int
) -> None:
    fake.fail(MEDIA, Says(code, "access_token expired"))
    await ask(platform)
    assert fake.calls[MEDIA] == 2


async def test_refused_twice_it_gives_up(platform: WeComPlatform, fake: FakeWeCom) -> None:
    fake.fail(MEDIA, *[Says(42001, "access_token expired")] * 2)
    with pytest.raises(TokenRefused, match="42001"):
        await ask(platform)
    assert fake.calls[MEDIA] == 2


async def test_a_wrong_secret(
    office: Office, fake: FakeWeCom, session: aiohttp.ClientSession, clock: StandingClock
) -> None:
    platform = platform_of(office, fake, session, clock.now, secret="c" * 43)
    with pytest.raises(TokenRefused, match="secret"):
        await ask(platform)


async def test_two_processes_fetch_one_and_one_after_it_was_ended(
    database_url: str, shelf: Shelf, fake: FakeWeCom, clock: StandingClock
) -> None:
    """Offices with connections of their own, each asking thirty times at once."""
    ready = asyncio.Barrier(2)

    async def one() -> None:
        async with (
            another_office_at(database_url, shelf) as office,
            aiohttp.ClientSession() as session,
        ):
            await AccessToken.all().limit(1)
            await ready.wait()
            await ask(platform_of(office, fake, session, clock.now), 30)

    async def both() -> None:
        async with asyncio.timeout(30):
            await asyncio.gather(asyncio.create_task(one()), asyncio.create_task(one()))

    await both()
    assert fake.calls[TOKEN] == 1
    fake.corp.revoke()
    await both()
    assert fake.calls[TOKEN] == 2
