"""A process of its own that calls the server API: python -m tests.bot.wechat.asking

Reads one line of JSON (`Asked`), says "ready", and at the next line makes its calls all at once.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
from pydantic import BaseModel
from yarl import URL

from bot.tokens import Pace
from bot.wechat.platform import Patience, Platform
from models.calendar.working_days import WorkingDays
from models.clock import SystemClock
from models.database import opened
from models.keys import KeyRing
from models.links import Links
from models.office import Office
from models.rulebooks.shelf import Shelf
from models.tables import AccessToken
from tests.bot.wechat.conftest import follower

ROOT = Path(__file__).parents[3]


class Asked(BaseModel):
    database: str
    api: str
    app_id: str
    secret: str
    keys: KeyRing
    openid: str
    times: int
    lease: timedelta


async def ask(asked: Asked) -> None:
    clock = SystemClock()
    pace = Pace(lease=asked.lease, first=0.001, longest=0.01)
    async with opened(asked.database) as database, aiohttp.ClientSession() as session:
        links = Links(asked.keys.link_key)
        office = Office(database, Shelf.load(), WorkingDays(), asked.keys, links, clock)
        platform = Platform(
            office,
            "bureau",
            asked.app_id,
            asked.secret,
            URL(asked.api),
            session,
            clock.now,
            patience=Patience(busy=(0, 0), token=pace),
        )
        await AccessToken.all().limit(1)
        print("ready", flush=True)  # noqa: T201
        await asyncio.to_thread(sys.stdin.readline)
        people = await asyncio.gather(
            *(follower(platform, asked.openid) for _ in range(asked.times))
        )
        print(sum(people), flush=True)  # noqa: T201


@dataclass
class Process:
    """As a test has it."""

    process: asyncio.subprocess.Process
    stdin: asyncio.StreamWriter
    stdout: asyncio.StreamReader

    def go(self) -> None:
        self.stdin.write(b"\n")

    async def said(self) -> str:
        return (await self.stdout.readline()).decode().strip()

    async def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.communicate()


@asynccontextmanager
async def another_process(asked: Asked) -> AsyncIterator[Process]:
    """Ready. It is killed at the end if it is still there."""
    command = (sys.executable, "-m", "tests.bot.wechat.asking")
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=ROOT)
    assert process.stdin is not None
    assert process.stdout is not None
    started = Process(process, process.stdin, process.stdout)
    try:
        process.stdin.write(asked.model_dump_json().encode() + b"\n")
        assert await started.said() == "ready"
        yield started
    finally:
        await started.kill()


if __name__ == "__main__":
    asyncio.run(ask(Asked.model_validate_json(sys.stdin.readline())))
