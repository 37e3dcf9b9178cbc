"""Those who use the service while it is killed: a business system that reports, people who rate.
Each request is repeated until it is answered; what was answered is remembered."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from random import Random
from typing import Any, Final

import aiohttp

REGION: Final = "445103"
DIRECTORY: Final = {
    "region": [{"code": REGION, "name": "潮安区", "rulebook": "chaoan"}],
    "agency": [
        {"code": "B", "name": "潮安区政数局", "region": REGION, "party": "bureau"},
        {"code": "A", "name": "潮安区市场监管局", "region": REGION},
    ],
    "item": [{"code": "I", "name": "食品经营许可", "agency": "A"}],
}
PATIENCE: Final = aiohttp.ClientTimeout(total=30)
_ONCE: Final = re.compile(r'name="once" value="([^"]+)"')


@dataclass
class Told:
    """A case and what its person did. `receipt`: the address that answered the rating."""

    number: str
    phone: str
    level: int | None
    receipt: str | None = None


class Unexpected(Exception):
    """An answer that nobody who only repeats a request may get."""


@dataclass
class Customers:
    bases: list[str]
    key: Callable[[], str]
    dice: Random
    by_demo_clock: bool
    ago: timedelta
    """Completions are reported late, by up to so much: what is due is due at once."""
    told: list[Told] = field(default_factory=list)
    repeated: int = 0
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self, several: int, pause: float) -> None:
        """Until `closing`; what has been begun is done. Raises Unexpected."""
        async with self._session() as session, asyncio.TaskGroup() as group:
            for _ in range(several):
                group.create_task(self._one_after_another(session, pause))

    async def say(self, method: str, path: str, **given: Any) -> tuple[int, str, str]:
        """One request by the administrator, repeated until answered."""
        async with self._session() as session:
            return await self._ask(session, method, path, **given)

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True), timeout=PATIENCE
        )

    async def _one_after_another(self, session: aiohttp.ClientSession, pause: float) -> None:
        while not self.closing.is_set():
            await self._case(session)
            await asyncio.sleep(self.dice.uniform(0, 2 * pause))

    async def _case(self, session: aiohttp.ClientSession) -> None:
        n = len(self.told)
        # Unsatisfied twice as often: thanks, an order and its complaint come of that.
        level = self.dice.choice([1, 2, 5, None])
        told = Told(f"KILL{n:06}", f"1380{n:07}", level)
        self.told.append(told)
        at = await self._now(session) - self.ago * self.dice.random()
        applicant = {"name": "林女士", "phone": told.phone}
        case = {"number": told.number, "agency": "A", "item": "I", "handling": "online"}
        await self._ask(session, "POST", "/api/v1/cases", json={**case, "applicant": applicant})
        report = {"case": told.number, "at": at.isoformat()}
        _, text, _ = await self._ask(session, "POST", "/api/v1/completions", json=report)
        if level is None:
            return
        link = re.search(r'"link": ?"https?://[^/]+(/r/[^"]+)"', text)
        if link is None:
            raise Unexpected(text)
        _, page, _ = await self._ask(session, "GET", link[1])
        once = _ONCE.search(page)
        if once is None:
            raise Unexpected(page)
        form = {"once": once[1], "level": str(level), "w-item": "等了三个小时"}
        status, text, told.receipt = await self._ask(session, "POST", link[1], data=form)
        if status != HTTPStatus.SEE_OTHER:
            raise Unexpected(f"a rating was answered by {status}: {text}")

    async def _now(self, session: aiohttp.ClientSession) -> datetime:
        """By the service's clock."""
        if not self.by_demo_clock:
            return datetime.now(UTC)
        _, text, _ = await self._ask(session, "GET", "/demo/clock")
        return datetime.fromisoformat(json.loads(text)["now"])

    async def _ask(
        self, session: aiohttp.ClientSession, method: str, path: str, **given: Any
    ) -> tuple[int, str, str]:
        """Status, text, Location. Raises Unexpected for what is neither an answer nor a wish to be
        asked again later."""
        while True:
            headers = {"Authorization": f"Bearer {self.key()}"} if "/api/" in path else {}
            url = self.dice.choice(self.bases) + path
            try:
                async with session.request(
                    method, url, headers=headers, allow_redirects=False, **given
                ) as answer:
                    text = await answer.text()
            except (aiohttp.ClientError, TimeoutError, ConnectionError):
                self.repeated += 1
                await asyncio.sleep(0.1)
                continue
            if answer.status in (HTTPStatus.OK, HTTPStatus.SEE_OTHER):
                return answer.status, text, answer.headers.get("Location", "")
            if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                raise Unexpected(f"{method} {path}: {answer.status} {text}")
            self.repeated += 1
            await asyncio.sleep(0.1)
