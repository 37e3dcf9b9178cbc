"""The service killed at random moments, a thousand times, and the outbox reconciled.

    nice python -m tests.e2e.killing [KILLS] [--postgres] [--serve] [--seed N]

By default `haochaping demo` on a standing clock: cases are reported days after their completion, so
that reminders and defaults are due at once, and the clock is moved while the kills go on, so that
what failed is tried again without waiting for hours.
`--serve`: three `haochaping serve` on one PostgreSQL and real time, killed one at a time, whose
claims the others take over after two minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any, Final

import aiohttp

from models.addresses import embedded
from tests.bench.engines import free_port, postgres_url
from tests.e2e.customers import DIRECTORY, Customers
from tests.e2e.lives import begin
from tests.e2e.reconciling import faults, rows, unsettled

AT: Final = "2025-03-03T09:00:00+08:00"
"""A Monday; a year of moves from there on has its holidays known."""
STEP: Final = "PT5H"
"""The clock's, in the midst of the kills: all hours of the day come up."""
LONGEST: Final = 1.2
"""Seconds that a life lasts at most, from its command on."""
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


@dataclass
class Fleet:
    """Processes of one command over one database, and the gateway that they send by."""

    command: str
    folder: Path
    database: str
    ports: list[int]
    gateway: int
    dice: Random
    lives: list[BaseProcess] = field(default_factory=list)
    kills: int = 0
    starting: int = 0

    def install(self) -> None:
        """Keys and tables, and for `serve` the administrator's key. Not under fire."""
        self.settings.write_text(_SETTINGS.format(database=self.database, gateway=self.gateway))
        if self.command == "serve":
            self._run("migrate")
            self.key_file.write_text(self._run("integrator", "add", "管理员").split()[-1])

    @property
    def settings(self) -> Path:
        return self.folder / "settings.toml"

    @property
    def key_file(self) -> Path:
        return self.folder / "admin-api-key.txt"

    @property
    def output(self) -> Path:
        return self.folder / "output.txt"

    def key(self) -> str:
        with suppress(FileNotFoundError):
            return self.key_file.read_text().strip()
        return ""

    @property
    def bases(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def _run(self, *words: str) -> str:
        words = (*words, "--settings", str(self.settings), "--data", str(self.folder))
        command = [sys.executable, "-c", "from api.cli import main; main()", *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603

    def begin(self, port: int) -> BaseProcess:
        words = [self.command, "--settings", str(self.settings), "--data", str(self.folder)]
        if self.command == "demo":
            words += ["--empty"] if self.kills else ["--empty", "--at", AT]
        return begin([*words, "--port", str(port)], self.output)

    async def start(self) -> None:
        self.lives = [self.begin(port) for port in self.ports]
        async with aiohttp.ClientSession() as session:
            for base in self.bases:
                await _until_ready(session, base)

    async def kill(self) -> None:
        """One of them, at a moment that the dice choose, and a new one in its place."""
        await asyncio.sleep(self.dice.uniform(0, LONGEST / len(self.lives)))
        which = self.dice.randrange(len(self.lives))
        async with aiohttp.ClientSession() as session:
            self.starting += not await _ready(session, self.bases[which])
        life = self.lives[which]
        if not life.is_alive():
            raise RuntimeError(
                f"died by itself: {life.exitcode}\n{self.output.read_text()[-4000:]}"
            )
        life.kill()
        await asyncio.to_thread(life.join)
        self.kills += 1
        self.lives[which] = self.begin(self.ports[which])

    def end(self) -> None:
        for life in self.lives:
            life.terminate()
        for life in self.lives:
            life.join()


_SETTINGS: Final = """
database = "{database}"
public_url = "https://hcp.example"

[sms.counting]
provider = "plain"
hook_key = "not-used-in-this-proof"
url = "http://127.0.0.1:{gateway}/send"
fields = {{ to = "{{phone}}", text = "{{text}}" }}
"""


_CUT_OFF: Final = "SELECT 1 FROM notice_attempt WHERE ended_at IS NULL"


async def _until_ready(session: aiohttp.ClientSession, base: str) -> None:
    for _ in range(1000):
        if await _ready(session, base):
            return
        await asyncio.sleep(0.05)
    raise RuntimeError(f"{base} never answered")


async def _ready(session: aiohttp.ClientSession, base: str) -> bool:
    try:
        async with session.get(base + "/healthz") as answer:
            return answer.status == 200
    except (aiohttp.ClientError, ConnectionError):
        return False


@contextmanager
def counting(seed: int) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "tests.e2e.counting", str(port), str(seed)]
    with subprocess.Popen(command) as process:  # noqa: S603 - our own gateway
        try:
            yield port
        finally:
            process.kill()


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
                    print(f"{fleet.kills} kills", file=sys.stderr)  # noqa: T201
            customers.closing.set()
            if mover:
                mover.cancel()
        await _settle(fleet, customers)
        counted = await _book(fleet.gateway)
        found = await faults(fleet.database, customers.told, counted, silence_is_over=demo)
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


async def _settle(fleet: Fleet, customers: Customers) -> None:
    """Until nothing is left to send. Moves the demo's clock past the last default, by daylight."""
    demo = fleet.command == "demo"
    end = time.monotonic() + SETTLING
    if demo:
        await customers.say("POST", "/demo/clock", json={"advance": "P9D"})
    while await unsettled(fleet.database, staff=demo):
        if time.monotonic() > end:
            return
        if demo:
            await customers.say("POST", "/demo/clock", json={"advance": STEP})
        else:
            await asyncio.sleep(1)


async def _book(gateway: int) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{gateway}/book") as answer,
    ):
        book: dict[str, Any] = json.loads(await answer.text())
    return book


def main() -> int:
    read = argparse.ArgumentParser(prog="python -m tests.e2e.killing")
    read.add_argument("kills", nargs="?", type=int, default=1000)
    read.add_argument("--postgres", action="store_true")
    read.add_argument("--serve", action="store_true")
    read.add_argument("--seed", type=int, default=1)
    given = read.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="haochaping-")))
        on_postgres = given.postgres or given.serve
        fleet = Fleet(
            command="serve" if given.serve else "demo",
            folder=folder,
            database=stack.enter_context(postgres_url()) if on_postgres else embedded(folder),
            ports=[free_port() for _ in range(3 if given.serve else 1)],
            gateway=stack.enter_context(counting(given.seed)),
            dice=Random(given.seed),  # noqa: S311 - repeatable
        )
        outcome = asyncio.run(proof(fleet, given.kills, pause=0.1))
    print(outcome, *outcome.faults, sep="\n")  # noqa: T201
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
