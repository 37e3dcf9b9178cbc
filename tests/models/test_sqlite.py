"""Two processes on one file: the second writer waits for the first."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from models.addresses import embedded
from models.database import tortoise_config
from models.tables import Region

THEIRS = "tortoise.backends.sqlite"
OURS = "models.sqlite"


@pytest.fixture
def url(migrated_file: Path, tmp_path: Path) -> str:
    shutil.copy(migrated_file, tmp_path)
    return embedded(tmp_path)


@asynccontextmanager
async def connected(url: str, engine: str, *, patience: int = 10_000) -> AsyncIterator[None]:
    """A connection of its own, as another process has one."""
    config = tortoise_config(url)
    config["connections"]["sqlite"]["engine"] = engine
    config["connections"]["sqlite"]["credentials"]["busy_timeout"] = patience
    async with TortoiseContext() as context:
        await context.init(config=config)
        yield


async def looks_then_writes(url: str, engine: str, code: str) -> None:
    async with connected(url, engine), in_transaction("sqlite"):
        await Region.all().count()
        await Region.create(code=code, name="写入")


async def codes(url: str) -> list[str]:
    async with connected(url, OURS):
        return [region.code for region in await Region.all().order_by("id")]


async def test_tortoises_own_engine_fails_at_once(url: str) -> None:
    """The race that ours is there for; should this ever pass, ours can go."""
    async with connected(url, THEIRS), in_transaction("sqlite"):
        await Region.all().count()
        await asyncio.create_task(looks_then_writes(url, THEIRS, "second"))
        # However long it would wait: what it has read is no longer so.
        with pytest.raises(OperationalError, match="database is locked"):
            await Region.create(code="first", name="写入")
    assert await codes(url) == ["second"]


async def test_ours_waits(url: str) -> None:
    async with connected(url, OURS), in_transaction("sqlite"):
        second = asyncio.create_task(looks_then_writes(url, OURS, "second"))
        await Region.all().count()
        await Region.create(code="first", name="写入")
        assert not second.done()
    await second
    assert await codes(url) == ["first", "second"]


async def test_many_writers_all_get_their_turn(url: str) -> None:
    await asyncio.gather(*(looks_then_writes(url, OURS, str(number)) for number in range(10)))
    assert sorted(await codes(url)) == sorted(map(str, range(10)))


async def test_who_could_not_begin_can_try_again(url: str) -> None:
    held, refused, free = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def tries_twice() -> None:
        async with connected(url, OURS, patience=0):
            await held.wait()
            with pytest.raises(OperationalError, match="database is locked"):
                async with in_transaction("sqlite"):
                    pytest.fail("two writers at once")
            refused.set()
            await free.wait()
            async with asyncio.timeout(10), in_transaction("sqlite"):
                await Region.create(code="second", name="写入")

    second = asyncio.create_task(tries_twice())
    async with connected(url, OURS), in_transaction("sqlite"):
        held.set()
        await refused.wait()
    free.set()
    await second
    assert await codes(url) == ["second"]


async def test_who_stopped_waiting_holds_nothing(url: str) -> None:
    """A request that is given up while it waits for the lock must not get it afterwards."""
    held, free = asyncio.Event(), asyncio.Event()

    async def begins() -> None:
        async with in_transaction("sqlite"):
            pytest.fail("two writers at once")

    async def gives_up() -> None:
        async with connected(url, OURS):
            await Region.all().count()
            await held.wait()
            attempt = asyncio.create_task(begins())
            await asyncio.sleep(0)  # it is in SQLite's hands now
            attempt.cancel()
            free.set()
            with pytest.raises(asyncio.CancelledError):
                await attempt
            async with asyncio.timeout(10), in_transaction("sqlite"):
                await Region.create(code="second", name="写入")

    second = asyncio.create_task(gives_up())
    async with connected(url, OURS), in_transaction("sqlite"):
        held.set()
        await free.wait()
    await second
    assert await codes(url) == ["second"]


async def test_who_stopped_waiting_lets_go_nobody_elses_lock(url: str) -> None:
    """One connection and three tasks: the second gives up, the third waits for the first."""

    async def counts() -> int:
        return await Region.all().count()

    async with connected(url, OURS):
        await counts()
        async with get_connection("sqlite").acquire_connection():
            second = asyncio.create_task(counts())
            await asyncio.sleep(0)
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await second
            third = asyncio.create_task(counts())
            done, _ = await asyncio.wait({third}, timeout=0.2)
            assert not done
        assert await third == 0
