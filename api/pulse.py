"""The service's heartbeat: what is due is done, what is written is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog
from aiohttp import web

from bot.delivery import deliver
from bot.gateways import Post
from models.office import Office
from models.tick import tick

EVERY = 1.0
"""Seconds."""

log = structlog.get_logger()


class Pulse:
    """Three hearts: time goes on while a gateway is slow, and people are heard meanwhile."""

    def __init__(
        self, office: Office, post: Post, listen: Callable[[], Awaitable[int]] | None = None
    ) -> None:
        self._office = office
        self._post = post
        self._listened = listen
        self._ticking = asyncio.Lock()
        self._delivering = asyncio.Lock()
        self._listening = asyncio.Lock()

    async def beat(self) -> tuple[int, int]:
        """How much was done and how much was sent. Returns when all that is due now is."""
        done = await self._tick()
        await self._listen()
        return done, await self._deliver()

    async def run(self, _app: web.Application) -> AsyncIterator[None]:
        """For `app.cleanup_ctx`."""
        tasks = [
            asyncio.create_task(forever(self._tick, EVERY), name="tick"),
            asyncio.create_task(forever(self._deliver, EVERY), name="deliver"),
            asyncio.create_task(forever(self._listen, EVERY), name="listen"),
        ]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _tick(self) -> int:
        async with self._ticking:
            return await tick(self._office)

    async def _listen(self) -> int:
        if self._listened is None:
            return 0
        async with self._listening:
            return await self._listened()

    async def _deliver(self) -> int:
        async with self._delivering:
            return await deliver(self._office, self._post)


async def forever(heart: Callable[[], Awaitable[object]], every: float) -> None:
    """`every`: seconds from the end of one beat to the next."""
    task = asyncio.current_task()
    # A database's driver may turn the cancellation into a fault of its own.
    while task is not None and not task.cancelling():
        try:
            await heart()
        except Exception:
            # The database may be away, one notice may be broken: nothing is lost, the next beat
            # finds it. A pulse that ended would be missed by nobody.
            log.exception("the pulse missed a beat")
        await asyncio.sleep(every)


PULSE = web.AppKey("pulse", Pulse)


def setup_pulse(app: web.Application, pulse: Pulse) -> None:
    app[PULSE] = pulse
    app.cleanup_ctx.append(pulse.run)
