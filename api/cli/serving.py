"""demo, serve."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

import click
import uvloop
from aiohttp import web

from api.app import make_app
from api.carriers import open_carriers
from api.cli.faults import CannotListen
from api.cli.options import settings_of, with_settings
from api.demo.chat import PUSHES
from api.demo.clock import LATEST, DemoClock
from api.demo.filling import KEY_FILE, fill, place_rulebook
from api.demo.gateway import APP, DemoGateway
from api.demo.phone import QUEUES
from api.demo.routes import setup_demo
from api.demo.terminal import greeting
from api.logging import setup_logging
from api.mailbox import setup_mailbox
from api.opening import migrate as bring_up
from api.opening import open_office
from api.pulse import Pulse, setup_pulse
from api.settings import Settings
from api.telephone import Telephone
from bot.delivery import release
from bot.gateways import Post
from ivr.settings import Hotline
from models.clock import SystemClock

LAST_WORDS = 2.0
"""Seconds for requests that are under way when the service is stopped; aiohttp takes them twice."""


class BeijingMoment(click.ParamType[datetime]):
    name = "time"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail("应为时间，如 2026-03-02T09:00:00+08:00", param, ctx)
        if moment.tzinfo is None:
            self.fail("时间要带时区，如 2026-03-02T09:00:00+08:00", param, ctx)
        if not 2000 <= moment.year < LATEST.year:
            self.fail(f"年份应在2000年到{LATEST.year - 1}年之间", param, ctx)
        return moment


def _address(command: click.decorators.FC) -> click.decorators.FC:
    port = click.option("--port", type=click.IntRange(0, 65535), help="端口，默认8080。")
    return click.option("--host", help="监听地址，默认127.0.0.1。")(port(command))


@click.command()
@with_settings
@_address
@click.option("--empty", is_flag=True, help="只有规则书，没有机构和办件。")
@click.option("--at", type=BeijingMoment(), help="演示时钟停在这一刻，由 /demo/clock 推进。")
def demo(
    data: Path | None,
    file: Path | None,
    host: str | None,
    port: int | None,
    at: datetime | None,
    *,
    empty: bool,
) -> None:
    """启动演示：五个辖区和一个虚构的城市。"""
    data = data or Path("haochaping-demo")
    settings = settings_of(data, file, host=host, port=port)
    lenient = settings.hotline is None
    settings = settings.model_copy(update={"hotline": settings.hotline or Hotline(queues=QUEUES)})
    uvloop.run(_demo(settings, at, empty=empty, lenient=lenient))


@click.command()
@with_settings
@_address
def serve(data: Path | None, file: Path | None, host: str | None, port: int | None) -> None:
    """启动服务。"""
    settings = settings_of(data, file, host=host, port=port)
    uvloop.run(_serve(settings))


async def _demo(settings: Settings, at: datetime | None, *, empty: bool, lenient: bool) -> None:
    setup_logging()
    stopped = _stopped_by_signal()
    data = settings.data
    data.mkdir(parents=True, exist_ok=True)
    clock = DemoClock(data / "demo-clock.json", at)
    place_rulebook(settings.rulebook_folder)
    await bring_up(settings, clock, demo=True)
    async with (
        open_office(settings, clock, demo=True) as office,
        open_carriers(settings, office, SystemClock().now) as carriers,
    ):
        await fill(office, data, empty=empty)
        # A demo that was killed while it sent: its standing clock would never end the claims.
        await release(office)
        gateway = DemoGateway(data / "messages.jsonl", carriers.gateways)
        app = make_app(office, settings)
        carriers.setup(app)
        post = Post(
            gateway.by_channel(),
            settings.base_url,
            answerable=True,
            pushes={**PUSHES, **carriers.pushes},
            staff_apps=(APP, *carriers.staff.apps),
            robots=carriers.staff.robots,
        )
        setup_pulse(app, Pulse(office, post, carriers.listen))
        setup_demo(app, clock, gateway)
        async with (
            _running(app, settings),
            _reached_by_telephone(carriers.telephone, settings.host, lenient=lenient) as reached,
        ):
            async for line in greeting(office, settings.base_url, data / KEY_FILE):
                click.echo(line)
            click.echo(reached)
            _leave_alone_what_stays()
            await stopped.wait()


async def _serve(settings: Settings) -> None:
    setup_logging()
    stopped = _stopped_by_signal()
    clock = SystemClock()
    async with (
        open_office(settings, clock) as office,
        open_carriers(settings, office, clock.now) as carriers,
    ):
        app = make_app(office, settings)
        carriers.setup(app)
        if settings.mailbox is not None:
            setup_mailbox(app, settings.mailbox)
        post = Post(
            carriers.gateways,
            settings.base_url,
            answerable=carriers.answerable,
            pushes=carriers.pushes,
            staff_apps=carriers.staff.apps,
            robots=carriers.staff.robots,
        )
        setup_pulse(app, Pulse(office, post, carriers.listen))
        async with (
            _running(app, settings),
            _reached_by_telephone(carriers.telephone, settings.host) as reached,
        ):
            click.echo("；".join(filter(None, (f"服务已启动：{settings.base_url}", reached))))
            _leave_alone_what_stays()
            await stopped.wait()


@asynccontextmanager
async def _running(app: web.Application, settings: Settings) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=LAST_WORDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, settings.host, settings.port).start()
        except OSError as fault:
            raise CannotListen(f" {settings.host}:{settings.port} ", fault) from None
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _reached_by_telephone(
    telephone: Telephone | None, host: str, *, lenient: bool = False
) -> AsyncIterator[str]:
    """In words, where; empty: not at all. `lenient`: go on where a port is taken, as by another
    demo beside this one: the browser's telephone needs none. Raises CannotListen."""
    async with AsyncExitStack() as listening:
        if telephone is None:
            yield ""
            return
        try:
            ports = await listening.enter_async_context(telephone.listening(host))
        except OSError as fault:
            if not lenient:
                raise CannotListen("电话端口", fault) from None
            yield f"电话端口没有打开：{fault.strerror}"
            return
        yield f"电话评价：{ports}"


def _leave_alone_what_stays() -> None:
    """Modules and rulebooks are a quarter of a million objects. To look through them for garbage
    stops everything for a tenth of a second, which callers hear; so does what gathers in minutes,
    hence little and often."""
    gc.collect()
    gc.freeze()
    # Or it waits for a fourth of what is frozen now.
    gc.collect()
    gc.set_threshold(700, 10, 2)


def _stopped_by_signal() -> asyncio.Event:
    """From now on, so that whoever stops the service while it starts finds it ending cleanly."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(each, stopped.set)
    return stopped
