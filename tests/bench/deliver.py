"""Messages a second out of the outbox, through a plain SMS gateway over loopback, beside a bare
loop of aiohttp posts to the same gateway.

    python -m tests.bench.deliver

Both have as many requests on the way at once, in the same minutes on the same machine, in turns;
what counts is the ratio. Last seen: 0.02 on both engines. Nearly all of it is the
ORM's own time for the dozen statements that a message takes.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import aiohttp
import uvloop
from aiohttp import web

from bot.delivery import AT_ONCE, deliver
from bot.exchange import Wire as Line
from bot.gateways import Post
from bot.sms.exchange import WHO, Wire
from bot.sms.plain import PlainGateway
from bot.sms.settings import PlainSms
from models.calendar.beijing import BEIJING
from models.calendar.working_days import WorkingDays
from models.database import opened
from models.keys import KeyRing
from models.links import Links
from models.notices import notice, put
from models.office import Office
from models.rulebooks.shelf import Shelf
from models.tables import Notice
from tests.bench.engines import ENGINES, free_port
from tests.models.crowd import Share, a_place, invite
from tests.standing import StandingClock

MESSAGES = 500
ROUNDS = 5
PHONE = "+8613800138000"
NOW = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
TEXT = "您好，您办理的事项已办结，请您评价：https://pj.example/r/"


async def gateway(port: int) -> None:
    """In a process of its own: takes everything and numbers it."""
    number = 0

    async def take(request: web.Request) -> web.Response:
        nonlocal number
        await request.json()
        number += 1
        return web.json_response({"code": 0, "id": f"reference-{number}"})

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("ready", flush=True)  # noqa: T201
    await asyncio.Event().wait()


@asynccontextmanager
async def gateway_url() -> AsyncIterator[str]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.deliver", str(port), stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdout is None or not await process.stdout.readline():
            raise RuntimeError("the gateway did not start")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.kill()
        await process.wait()


async def bare(session: aiohttp.ClientSession, url: str) -> float:
    waiting = iter(range(MESSAGES))

    async def one() -> None:
        for number in waiting:
            said = {"to": PHONE, "text": TEXT, "key": str(number)}
            async with session.post(url, data=json.dumps(said).encode()) as answer:
                await answer.json()

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    return MESSAGES / (time.perf_counter() - begun)


async def ours(office: Office, post: Post, round_: int) -> float:
    """Invitations, each to its own case: claimed, worded, sent and noted."""
    first = round_ * MESSAGES + 1
    await put(
        notice("invitation", str(number), {"invitation": number}, now=NOW)
        for number in range(first, first + MESSAGES)
    )
    begun = time.perf_counter()
    if await deliver(office, post) != MESSAGES:
        raise RuntimeError("some were not taken")
    return MESSAGES / (time.perf_counter() - begun)


async def measure(name: str, url: str) -> None:
    keys = KeyRing.fresh()
    async with opened(url) as database, gateway_url() as to, aiohttp.ClientSession() as session:
        await database.migrate()
        office = Office(
            database,
            Shelf.load(),
            WorkingDays(),
            keys,
            Links(keys.link_key),
            StandingClock(NOW),
        )
        share = Share(
            "sanming",
            opened_at=NOW,
            until=NOW + timedelta(days=180),
            phone=keys.seal(PHONE, "case_file.applicant_phone"),
        )
        place = await a_place(office)
        await invite(office, place, share, first=1, number=MESSAGES * ROUNDS)
        settings = PlainSms.model_validate(
            {
                "provider": "plain",
                "hook_key": "0" * 16,
                "url": to,
                "fields": {"to": "{phone}", "text": "{text}", "key": "{key}"},
                "ok_field": "code",
                "ok_values": (0,),
                "reference_field": "id",
            }
        )
        sms = PlainGateway(settings, Wire(Line(WHO, session), office.now))
        post = Post({"sms": sms}, "https://pj.example", answerable=True)
        pairs = [
            (await bare(session, to), await ours(office, post, each)) for each in range(ROUNDS)
        ]
        if await Notice.exclude(state="sent").exists():
            raise RuntimeError("some were not sent")
    peer, mine = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(sent / posted for posted, sent in pairs)
    print(f"{name:<12}{mine:>12,.0f}{peer:>14,.0f}{ratio:>10.2f}")  # noqa: T201


def main() -> None:
    if len(sys.argv) > 1:
        uvloop.run(gateway(int(sys.argv[1])))
        return
    print(f"{'engine':<12}{'messages/s':>12}{'bare posts/s':>14}{'ratio':>10}")  # noqa: T201
    for name, database in ENGINES.items():
        with database() as url:
            uvloop.run(measure(name, url))


if __name__ == "__main__":
    main()
