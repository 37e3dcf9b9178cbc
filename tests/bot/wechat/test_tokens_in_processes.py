"""One access token for processes that are really several, on both engines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from models.keys import KeyRing
from tests.bot.wechat.asking import Asked, Process, another_process
from tests.bot.wechat.conftest import OPENID
from tests.bot.wechat.fake_platform import STABLE_TOKEN, FakePlatform

PATIENCE = 60


def asked(url: str, fake: FakePlatform, times: int, lease: timedelta) -> Asked:
    ours = fake.official
    return Asked(
        database=url,
        api=str(fake.url),
        app_id=ours.app_id,
        secret=ours.secret,
        keys=KeyRing.fresh(),
        openid=OPENID,
        times=times,
        lease=lease,
    )


@asynccontextmanager
async def two(what: Asked) -> AsyncIterator[tuple[Process, Process]]:
    async with asyncio.timeout(PATIENCE), AsyncExitStack() as stack:
        processes = another_process(what), another_process(what)
        first, second = await asyncio.gather(*map(stack.enter_async_context, processes))
        yield first, second


async def test_sixty_calls_of_two_processes_fetch_one(database_url: str) -> None:
    async with FakePlatform() as fake:
        fake.official.person(OPENID)
        what = asked(database_url, fake, 30, timedelta(seconds=15))
        async with two(what) as (first, second):
            first.go()
            second.go()
            assert (await first.said(), await second.said()) == ("30", "30")
        assert fake.calls[STABLE_TOKEN] == 1
        assert fake.calls["/cgi-bin/user/info"] == 60


async def test_one_is_killed_while_it_fetches(database_url: str) -> None:
    async with FakePlatform() as fake:
        fake.official.person(OPENID)
        fake.answering.clear()
        what = asked(database_url, fake, 30, timedelta(seconds=0.5))
        async with two(what) as (first, second):
            first.go()
            await fake.asked.wait()
            await first.kill()
            fake.answering.set()
            second.go()
            assert await second.said() == "30"
        assert fake.calls[STABLE_TOKEN] == 2
