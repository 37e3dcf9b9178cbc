"""Other processes: offices with connections and clocks of their own, each in its own task."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from models.database import Database
from models.office import Office
from models.rulebooks.shelf import Shelf
from models.tables import Invitation
from tests.models.offices import another_office_at
from tests.standing import StandingClock

PATIENCE = 30
T = TypeVar("T")
Work = Callable[[Office], Awaitable[T]]

_WAITING = (
    "SELECT count(*) AS waiting FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@dataclass(frozen=True)
class Elsewhere:
    url: str
    shelf: Shelf

    def at(self, now: datetime, work: Work[T]) -> asyncio.Task[T]:
        """The work in another process, whose clock stands there."""

        async def run() -> T:
            async with self._office(now) as office:
                return await work(office)

        return asyncio.create_task(run())

    async def at_once(self, *works: tuple[datetime, Work[T]]) -> list[T]:
        """Each in a process of its own: connected first, and then all together."""
        ready = asyncio.Barrier(len(works))

        def when_ready(work: Work[T]) -> Work[T]:
            async def wait(office: Office) -> T:
                await ready.wait()
                return await work(office)

            return wait

        async with asyncio.timeout(PATIENCE):
            return await asyncio.gather(*(self.at(now, when_ready(work)) for now, work in works))

    @asynccontextmanager
    async def holding(self, now: datetime, work: Work[object]) -> AsyncIterator[None]:
        """Done in another process, and not committed before the block ends."""
        is_done, let_go = asyncio.Event(), asyncio.Event()

        async def hold(office: Office) -> None:
            async with office.database.transaction():
                await work(office)
                is_done.set()
                await let_go.wait()

        task = self.at(now, hold)
        async with asyncio.timeout(PATIENCE):
            await is_done.wait()
            try:
                yield
            finally:
                let_go.set()
                await task

    @asynccontextmanager
    async def _office(self, now: datetime) -> AsyncIterator[Office]:
        async with another_office_at(self.url, self.shelf) as office:
            await Invitation.all().limit(1)
            yield replace(office, clock=StandingClock(now))


async def until_waiting(database: Database, number: int = 1) -> None:
    """Until so many wait for a lock. Of SQLite nobody can ask it: whoever waits there waits for
    the whole file, and comes after."""
    if not database.is_postgres:
        return
    async with asyncio.timeout(PATIENCE):
        while (await database.rows(_WAITING))[0]["waiting"] < number:
            pass
