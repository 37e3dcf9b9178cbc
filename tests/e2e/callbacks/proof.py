"""One proof: report, write, reconcile."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from tests.e2e.callbacks.citizens import Citizen, citizens
from tests.e2e.callbacks.reconciling import faults
from tests.e2e.callbacks.scripts import World
from tests.e2e.callbacks.sending import CONNECTIONS, Sending, sending
from tests.e2e.callbacks.service import serving
from tests.e2e.killing.reconciling import rows

WRITING: Final = 48
"""People at once: more than there are connections."""
LEFT: Final = 60
"""Seconds for what is answered later."""


@dataclass
class Outcome:
    callbacks: int
    messages: int
    people: int
    ratings: int
    later: int
    """Messages that were answered by customer-service message."""
    seconds: float
    latencies: Sequence[float]
    faults: list[str]

    def __str__(self) -> str:
        ordered = sorted(self.latencies)
        p50, p99 = (ordered[int(len(ordered) * each)] * 1000 for each in (0.5, 0.99))
        return (
            f"{self.callbacks} callbacks of {self.messages} messages by {self.people} people,"
            f" {self.ratings} ratings, {self.later} answers later,"
            f" {self.seconds:.0f} s: {self.callbacks / self.seconds:.0f}/s"
            f" over {CONNECTIONS} connections, p50 {p50:.0f} ms, p99 {p99:.0f} ms,"
            f" max {ordered[-1] * 1000:.0f} ms: {len(self.faults)} discrepancies"
        )


async def proof(
    folder: Path, database: str, ports: list[int], callbacks: int, dice: Random
) -> Outcome:
    """About so many callbacks. Raises Unexpected."""
    world = World(dice)
    people = citizens(world, callbacks, at=int(time.time()))
    async with serving(folder, database, ports) as service:
        scenes = await service.report(world.cases)
        _say(f"{len(world.cases)} cases reported, {len(people)} people begin to write")
        async with sending(service.bases, database, dice) as platform:
            begun = time.perf_counter()
            await _live(people, scenes, platform)
            seconds = time.perf_counter() - begun
        later = await _settled(database)
        found = platform.faults + await faults(database, world.wanted, people)
    return Outcome(
        callbacks=len(platform.seconds),
        messages=sum(len(each.sent) for each in people),
        people=len(people),
        ratings=sum(world.wanted.values()),
        later=later,
        seconds=seconds,
        latencies=platform.seconds,
        faults=found,
    )


async def _live(people: Iterable[Citizen], scenes: Mapping[str, str], platform: Sending) -> None:
    waiting = iter(people)

    async def one_after_another() -> None:
        for each in waiting:
            await each.live(scenes, platform)

    await asyncio.gather(*(one_after_another() for _ in range(WRITING)))


async def _settled(database: str) -> int:
    for _ in range(LEFT):
        ((left,),) = await rows(database, "SELECT COUNT(*) FROM chat_message WHERE answer IS NULL")
        if not left:
            break
        await asyncio.sleep(1)
    ((later,),) = await rows(database, "SELECT COUNT(*) FROM notice WHERE kind = 'answer'")
    return int(later)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)  # noqa: T201
