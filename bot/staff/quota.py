"""How many messages a chat platform still takes: counted in the database, for all processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.queryset import QuerySet

from bot.gateways import Room
from bot.staff.platform import Limit
from models.office import Office
from models.tables import ChatSend

SLACK: Final = 1.1
"""A window is kept a tenth longer than the platform's: what left us first may arrive last, and
DingTalk shuts a robot up for ten minutes."""
LONGEST: Final = timedelta(days=2)
"""After which what was sent is forgotten. No window is longer."""

_SPACE: Final = 20
"""Of advisory locks; models/cases/locking.py has the first ones."""


@dataclass(frozen=True, slots=True)
class Toll:
    """What one message costs on a route. `calls`: of the platform, for that message."""

    route: str
    limit: Limit
    calls: int = 1

    @property
    def window(self) -> timedelta:
        return self.limit.within * SLACK


class Quota:
    """`now`: the real time, whatever clock the office goes by."""

    def __init__(self, office: Office, now: Callable[[], datetime]) -> None:
        self._office = office
        self._now = now

    async def room(self, tolls: Sequence[Toll], wanted: int) -> Room:
        """For all `wanted` messages, else for one, else for none yet; what it grants counts as
        sent. Two who ask at once are answered one after the other."""
        async with self._office.database.transaction() as connection:
            for route in sorted({toll.route for toll in tolls}):
                await _lock(connection, route)
            now = self._now()
            granted = wanted
            for toll in tolls:
                left = (toll.limit.count - await _sent(toll, now)) // toll.calls
                granted = min(granted, wanted if left >= wanted else min(left, 1))
            if granted < 1:
                return Room(0, max([await _wait(toll, now) for toll in tolls]))
            await _note(tolls, granted, now)
        return Room(granted)


async def _lock(connection: BaseDBAsyncClient, route: str) -> None:
    """On SQLite every transaction holds the write lock from its begin."""
    if connection.capabilities.dialect == "postgres":
        await connection.execute_query(
            "SELECT pg_advisory_xact_lock($1, hashtext($2))", [_SPACE, route]
        )


async def _sent(toll: Toll, now: datetime) -> int:
    return await _within(toll, now).count()


async def _wait(toll: Toll, now: datetime) -> timedelta:
    """Until one message may go."""
    last = toll.limit.count - toll.calls
    found = await _within(toll, now).order_by("-at").offset(last).first()
    return found.at + toll.window - now if found else timedelta()


def _within(toll: Toll, now: datetime) -> QuerySet[ChatSend]:
    # Not what a process far ahead has noted: a clock that went back must stop nobody.
    return ChatSend.filter(route=toll.route, at__gt=now - toll.window, at__lt=now + toll.window)


async def _note(tolls: Sequence[Toll], messages: int, now: datetime) -> None:
    calls = {toll.route: toll.calls * messages for toll in tolls}
    await ChatSend.filter(route__in=list(calls), at__lte=now - LONGEST).delete()
    await ChatSend.bulk_create(
        [ChatSend(route=route, at=now) for route, count in calls.items() for _ in range(count)]
    )
