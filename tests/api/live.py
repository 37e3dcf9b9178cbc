"""The service with its demo routes in a thread of its own: for clients that block."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from aiohttp import web

from api.access import new_integrator
from api.app import make_app
from api.demo.clock import DemoClock
from api.demo.gateway import DemoGateway
from api.demo.routes import setup_demo
from api.mp.limits import Limits
from api.mp.routes import setup_mp
from api.pulse import Pulse, setup_pulse
from api.settings import Settings
from bot.gateways import Post
from models.calendar.working_days import WorkingDays
from models.database import opened
from models.directory.importing import import_rows
from models.directory.lines import Line
from models.keys import KeyRing
from models.links import Links
from models.office import Office
from models.rulebooks.shelf import Shelf
from tests.api.directory import DIRECTORY
from tests.api.mp.person import HOST
from tests.bot.host_apps.conftest import host_app
from tests.standing import MONDAY

Result = TypeVar("Result")
START: Final = 30.0
"""Seconds: the machine may be busy."""


@dataclass
class Live:
    url: str
    host: str
    port: int
    key: str
    office: Office
    loop: asyncio.AbstractEventLoop

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """In the service's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(START)


@dataclass
class _Thread:
    database_url: str
    shelf: Shelf
    folder: Path
    ready: threading.Event = field(default_factory=threading.Event)
    live: Live | None = None
    fault: BaseException | None = None

    def run(self) -> None:
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            try:
                runner.run(self._serve())
            except BaseException as fault:  # noqa: BLE001 - told to the thread that waits
                self.fault = fault
                self.ready.set()

    async def _serve(self) -> None:
        async with opened(self.database_url) as database:
            keys = KeyRing.fresh()
            clock = DemoClock(self.folder / "clock.json", MONDAY)
            office = Office(database, self.shelf, WorkingDays(), keys, Links(keys.link_key), clock)
            app = make_app(office, Settings())
            gateway = DemoGateway(self.folder / "messages.jsonl", {})
            setup_pulse(
                app, Pulse(office, Post(gateway.by_channel(), "http://127.0.0.1", answerable=True))
            )
            setup_demo(app, clock, gateway)
            often = "1000000 per minute"
            limits = Limits(logins=often, changes=often, misses=often)
            setup_mp(app, {}, {HOST: host_app("hmac-sm3")}, clock.now, limits)
            await _directory(office)
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            try:
                await self._until_stopped(runner, office)
            finally:
                await runner.cleanup()

    async def _until_stopped(self, runner: web.AppRunner, office: Office) -> None:
        self.stop = asyncio.Event()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        key = await new_integrator(office, "管理员", None)
        loop = asyncio.get_running_loop()
        self.live = Live(f"http://{host}:{port}", host, port, key, office, loop)
        self.ready.set()
        await self.stop.wait()


async def _directory(office: Office) -> None:
    lines = [Line(kind, row) for kind, rows in DIRECTORY.items() for row in rows]
    report = await import_rows(office.database, office.shelf, lines)
    assert not report.bad


@contextmanager
def running(database_url: str, shelf: Shelf, folder: Path) -> Iterator[Live]:
    service = _Thread(database_url, shelf, folder)
    thread = threading.Thread(target=service.run, name="service")
    thread.start()
    try:
        assert service.ready.wait(START)
        if service.fault is not None:
            raise service.fault
        assert service.live is not None
        yield service.live
    finally:
        if service.live is not None:
            service.live.loop.call_soon_threadsafe(service.stop.set)
        thread.join(START)
    assert not thread.is_alive()
