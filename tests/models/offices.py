"""An office without fixtures: on a database that a test has prepared by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tortoise.context import TortoiseContext

from models.calendar.working_days import WorkingDays
from models.database import Database, opened, tortoise_config
from models.keys import KeyRing
from models.links import Links
from models.office import Office
from models.rulebooks.shelf import Shelf
from tests.standing import StandingClock

KEYS = KeyRing.fresh()


def office_in(database: Database, shelf: Shelf) -> Office:
    return Office(database, shelf, WorkingDays(), KEYS, Links(KEYS.link_key), StandingClock())


@asynccontextmanager
async def office_at(url: str, shelf: Shelf) -> AsyncIterator[Office]:
    async with opened(url) as database:
        yield office_in(database, shelf)


@asynccontextmanager
async def another_office_at(url: str, shelf: Shelf) -> AsyncIterator[Office]:
    """With connections of its own, as another process has them: for the task that enters it."""
    config = tortoise_config(url)
    async with TortoiseContext() as context:
        await context.init(config=config)
        yield office_in(Database(config), shelf)
