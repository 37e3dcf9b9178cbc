"""One proof: install, use and kill, let it settle, reconcile."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import aiohttp

from tests.e2e.killing.customers import DIRECTORY, Customers
from tests.e2e.killing.fleet import Fleet
from tests.e2e.killing.reconciling import faults, rows, unsettled

STEP: Final = "PT5H"
"""The clock's, in the midst of the kills: all hours of the day come up."""
SETTLING: Final = 1500.0
"""Seconds of real time after the last kill."""


@dataclass
class Outcome:
    kills: int
    starting: int
    """Of the kills, those before the service answered."""
    cases: int
    ratings: int
    messages: int
    cut_off: int
    """Attempts to send in the midst of which the process was killed."""
    repeated_sends: int
    repeated_requests: int
    seconds: float
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({self.starting} while starting), {self.cases} cases,"
            f" {self.ratings} ratings, {self.messages} messages, {self.cut_off} sends cut off,"
            f" {self.repeated_sends} repeated, {self.repeated_requests} repeated requests,"
            f" {self.seconds:.0f} s:"
            f" {len(self.faults)} discrepancies"
        )


_CUT_OFF: Final = "SELECT 1 FROM notice_attempt WHERE ended_at IS NULL"


async def proof(fleet: Fleet, kills: int, *, pause: float) -> Outcome:
    """Raises Unexpected (in a group) for an answer that no customer may get."""
    begun = time.monotonic()
    demo = fleet.command == "demo"
    fleet.install()
    await fleet.start()
    # Of the real clock nobody knows whether it is night: nothing of it is to fall due.
    ago = timedelta(days=9 if demo else 0)
    customers = Customers(fleet.bases, fleet.key, fleet.dice, by_demo_clock=demo, ago=ago)
    await customers.say("POST", "/api/v1/directory", json=DIRECTORY)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(customers.work(3, pause))
            mover = group.create_task(_move(customers)) if demo else None
            while fleet.kills < kills:
                await fleet.kill()
                if fleet.kills % 100 == 0:
                    print(f"{fleet.kills} kills", file=sys.stderr, flush=True)  # noqa: T201
            customers.closing.set()
            if mover:
                mover.cancel()
        left = await _settle(fleet, customers)
        counted = await _book(fleet.gateway)
        found = await faults(fleet.database, customers.told, counted, silence_is_over=demo)
        found += [f"still to be sent: {left}"] if left else []
    finally:
        await asyncio.to_thread(fleet.end)
    return Outcome(
        kills=fleet.kills,
        starting=fleet.starting,
        cases=len(customers.told),
        ratings=sum(each.receipt is not None for each in customers.told),
        messages=len(counted["taken"]),
        cut_off=len(await rows(fleet.database, _CUT_OFF)),
        repeated_sends=sum(counted["came"].values()) - len(counted["came"]),
        repeated_requests=customers.repeated,
        seconds=time.monotonic() - begun,
        faults=found,
    )


async def _move(customers: Customers) -> None:
    while True:
        await asyncio.sleep(customers.dice.uniform(0, 2))
        await customers.say("POST", "/demo/clock", json={"advance": STEP})


async def _settle(fleet: Fleet, customers: Customers) -> int:
    """Until nothing is left to send, and the demo's clock is past the last default. How much is
    left when patience ends."""
    demo = fleet.command == "demo"
    end = time.monotonic() + SETTLING
    if demo:
        await customers.say("POST", "/demo/clock", json={"advance": "P9D"})
    while (left := await unsettled(fleet.database, staff=demo)) and time.monotonic() < end:
        if demo:
            await customers.say("POST", "/demo/clock", json={"advance": STEP})
        else:
            await asyncio.sleep(1)
    return left


async def _book(gateway: int) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{gateway}/book") as answer,
    ):
        book: dict[str, Any] = json.loads(await answer.text())
    return book
