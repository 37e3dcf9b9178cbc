"""The pool of connections outlives whoever gives up while they begin (models/postgres.py)."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from models.database import Database
from models.tables import Region


async def begins(database: Database, *, cancelled_after: int) -> None:
    """Give up after so many steps of the loop, most of them within the beginning."""

    async def work() -> None:
        async with database.transaction():
            pass

    task = asyncio.create_task(work())
    for _ in range(cancelled_after):
        await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
async def test_whoever_gives_up_while_beginning_gives_the_connection_back(
    database: Database,
) -> None:
    assert await Region.all().count() == 0
    for steps in range(40):
        await begins(database, cancelled_after=steps % 12)
    pool = getattr(database.connection, "_pool")  # noqa: B009 - tortoise's own
    assert pool.get_idle_size() == pool.get_size()
