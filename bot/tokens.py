"""The access token of an account with a platform, one for all processes.

It lies in the database. Who finds none there takes a lease (fetching_until), fetches one and puts
it there; everybody else waits for that, and no transaction is open meanwhile. A process that dies
over it keeps the others waiting until its lease ends. A refused token is taken away only if it is
still the one that was refused: what everybody is refused at once is fetched once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from bot.gateways import NotDelivered, Unheard
from models.keys import KeyFault
from models.office import Office
from models.tables import AccessToken

T = TypeVar("T")

COLUMN: Final = "access_token.token"
MARGIN: Final = timedelta(minutes=5)
"""Before its end. In these last minutes the platform gives a new one, and takes both."""
FORCE_APART: Final = timedelta(days=1) / 20
"""20 a day by force are allowed, at least 30 seconds apart: this keeps to both."""
IN_TIME: Final = 0.8
"""Of the lease: whoever fetches is done before another one may."""


@dataclass(frozen=True, slots=True)
class Issued:
    token: str = field(repr=False)
    lifetime: timedelta


class Issue(Protocol):
    async def __call__(self, *, force: bool) -> Issued:
        """Asks the platform for one. `force`: for another one than it last gave, where it can be
        asked so. Raises NotDelivered."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """`lease`: for how long one process fetches; `first`, `longest`: the pauses in seconds in which
    the others look whether it is done."""

    lease: timedelta = timedelta(seconds=15)
    first: float = 0.02
    longest: float = 0.5


@dataclass(frozen=True, slots=True)
class Held:
    """`sealed`: as it lies in the database."""

    token: str = field(repr=False)
    sealed: str


class Ended(NotDelivered):
    """The platform does not take the token, or not any more."""


class Tokens:
    def __init__(
        self, office: Office, app: str, issue: Issue, now: Callable[[], datetime], pace: Pace
    ) -> None:
        self._office = office
        self._app = app
        self._issue = issue
        self._now = now
        self._pace = pace
        self._lock = asyncio.Lock()
        self._failures = 0
        self._failure: NotDelivered | None = None
        self._refused: str | None = None

    async def used(self, ask: Callable[[str], Awaitable[T]]) -> T:
        """What `ask` answers with the token; once more with another one where that has ended.
        Raises NotDelivered."""
        held = await self.current()
        try:
            return await ask(held.token)
        except Ended:
            await self.refused(held)
        held = await self.current()
        return await ask(held.token)

    async def current(self) -> Held:
        """Raises NotDelivered where the platform gives none: nobody's message was on its way."""
        failures = self._failures
        if (held := await self._stored()) is not None:
            return held
        async with self._lock:
            if self._failure is not None and self._failures != failures:
                # Who has waited for a fetch shares its failure, and does not try it all again.
                raise self._failure.with_traceback(None)
            try:
                return await self._renewed()
            except NotDelivered as failure:
                unheard = isinstance(failure, Unheard)
                self._failure = NotDelivered(failure.why, wait=failure.wait) if unheard else failure
                self._failures += 1
                raise self._failure from None

    async def refused(self, held: Held) -> None:
        """The platform does not take it. Another one that was stored meanwhile stays."""
        self._refused = held.token
        await self._take_away(held.sealed)

    async def _stored(self) -> Held | None:
        row = await AccessToken.get_or_none(app=self._app)
        if row is None or row.token is None or row.until is None or row.until <= self._now():
            return None
        try:
            token = self._office.keys.open(row.token, COLUMN)
        except KeyFault:
            token = None
        if token is None or token == self._refused:
            # Sealed with a key that is gone, or the refused one, which somebody was given again.
            await self._take_away(row.token)
            return None
        return Held(token, row.token)

    async def _renewed(self) -> Held:
        if not await self._rows().exists():
            await AccessToken.bulk_create([AccessToken(app=self._app)], ignore_conflicts=True)
        pause = self._pace.first
        end = asyncio.get_running_loop().time() + 2 * self._pace.lease.total_seconds()
        while asyncio.get_running_loop().time() < end:
            if (held := await self._stored()) is not None:
                return held
            if (lease := await self._leased()) is not None:
                return await self._fetched(lease)
            await asyncio.sleep(pause)
            pause = min(2 * pause, self._pace.longest)
        raise NotDelivered("另一个进程一直没有取到访问凭据")

    async def _leased(self) -> datetime | None:
        """Until when this process alone may fetch; None: another one may, or has done so."""
        now, length = self._now(), self._pace.lease
        # A lease that ends later than any made now was made before the clock went back.
        free = (
            Q(fetching_until=None)
            | Q(fetching_until__lte=now)
            | Q(fetching_until__gt=now + 2 * length)
        )
        missing = Q(token=None) | Q(until__lte=now)
        taken = await self._rows().filter(free, missing).update(fetching_until=now + length)
        return now + length if taken else None

    async def _fetched(self, lease: datetime) -> Held:
        asked_at = self._now()
        try:
            async with asyncio.timeout(IN_TIME * self._pace.lease.total_seconds()):
                issued = await self._issue(force=False)
                if issued.token == self._refused:
                    issued = await self._forced(lease) or issued
                    self._refused = None
        except TimeoutError:
            await self._let_go(lease)
            raise NotDelivered("没有按时给出访问凭据") from None
        except BaseException:
            await self._let_go(lease)
            raise
        sealed = self._office.keys.seal(issued.token, COLUMN)
        # A short life may not be over before it begins.
        usable = max(issued.lifetime - MARGIN, issued.lifetime / 2)
        await (
            self._rows()
            .filter(fetching_until=lease)
            .update(token=sealed, until=asked_at + usable, fetching_until=None)
        )
        return Held(issued.token, sealed)

    async def _forced(self, lease: datetime) -> Issued | None:
        """None: not yet again. Then the refused one has another chance."""
        now = self._now()
        due = Q(forced_at=None) | Q(forced_at__lte=now - FORCE_APART) | Q(forced_at__gt=now)
        if not await self._rows().filter(due, fetching_until=lease).update(forced_at=now):
            return None
        return await self._issue(force=True)

    async def _let_go(self, lease: datetime) -> None:
        await self._rows().filter(fetching_until=lease).update(fetching_until=None)

    async def _take_away(self, sealed: str) -> None:
        await self._rows().filter(token=sealed).update(token=None, until=None)

    def _rows(self) -> QuerySet[AccessToken]:
        return AccessToken.filter(app=self._app)
