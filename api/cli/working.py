"""The office, for commands that look or prepare."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.opening import open_office
from api.settings import Settings
from models.clock import SystemClock
from models.office import Office


@asynccontextmanager
async def working_office(settings: Settings) -> AsyncIterator[Office]:
    """Of a folder, a demo's too."""
    clock = SystemClock()
    async with open_office(settings, clock, demo=None) as office:
        yield office
