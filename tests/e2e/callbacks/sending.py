"""The platform's deliveries: signed, encrypted, to either process, over so many connections; what
was answered to each is remembered."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from random import Random
from typing import Final

import aiohttp

from tests.bot.wechat.crypto import Platform, Push, element
from tests.e2e.killing.reconciling import rows

CONNECTIONS: Final = 32
LATER: Final = b"success"


@dataclass(eq=False)
class Message:
    """One thing sent, however often it is delivered. `once`: by which our side knows it; `kept`: as
    one that is answered."""

    app: str
    platform: Platform
    xml: str
    once: str
    kept: bool
    pushed: list[Push] = field(default_factory=list)
    answers: Counter[str | None] = field(default_factory=Counter)
    """In words; None: `success`."""

    def push(self, dice: Random) -> Push:
        """As the platform sends it again, signed anew; or the very same request, by whoever has
        listened."""
        if self.pushed and dice.random() < 0.4:
            return dice.choice(self.pushed)
        self.pushed.append(
            self.platform.push(self.xml, datetime.now(UTC), str(dice.randrange(10**9)))
        )
        return self.pushed[-1]


@dataclass
class Sending:
    """`faults`: whatever was answered that is no answer."""

    bases: list[str]
    database: str
    dice: Random
    session: aiohttp.ClientSession
    connections: asyncio.Semaphore
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def deliver(self, message: Message) -> None:
        async with self.connections:
            query, body = message.push(self.dice)
            url = f"{self.dice.choice(self.bases)}/wechat/{message.app}"
            begun = time.perf_counter()
            async with self.session.post(url, params=query, data=body) as answer:
                said = await answer.read()
            self.seconds.append(time.perf_counter() - begun)
        if answer.status != HTTPStatus.OK:
            self.faults.append(f"answered by {answer.status}: {message.xml}")
        elif said == LATER:
            message.answers[None] += 1
        else:
            message.answers[element(message.platform.opened(said), "Content")] += 1

    async def heard(self, message: Message) -> None:
        """People read the answer before they go on, be it a late one."""
        while message.kept and message.answers.keys() <= {None}:
            if await rows(self.database, _LATER.format(message.once)):
                return
            await asyncio.sleep(0.2)


_LATER: Final = (
    "SELECT 1 FROM chat_message c JOIN notice n ON n.once = 'answer:' || CAST(c.id AS TEXT)"
    " WHERE c.once = '{}'"
)


@asynccontextmanager
async def sending(bases: list[str], database: str, dice: Random) -> AsyncIterator[Sending]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:
        yield Sending(bases, database, dice, session, asyncio.Semaphore(CONNECTIONS))
