"""The service's heartbeat: what is due is done, what is written is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

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
    def __init__(self, office: Office, post: Post) -> None:
        self._office = office
        self._post = post
        self._beating = asyncio.Lock()

    async def beat(self) -> tuple[int, int]:
        """How much was done and how much was sent. Returns when all that is due now is."""
        async with self._beating:
            done = await tick(self._office)
            return done, await deliver(self._office, self._post)

    async def run(self, _app: web.Application) -> AsyncIterator[None]:
        """For `app.cleanup_ctx`."""
        task = asyncio.create_task(self._forever(), name="pulse")
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def _forever(self) -> None:
        while True:
            try:
                await self.beat()
            except Exception:
                # The database may be away, one notice may be broken: nothing is lost, the next beat
                # finds it. A pulse that ended would be missed by nobody.
                log.exception("the pulse missed a beat")
            await asyncio.sleep(EVERY)


PULSE = web.AppKey("pulse", Pulse)


def setup_pulse(app: web.Application, pulse: Pulse) -> None:
    app[PULSE] = pulse
    app.cleanup_ctx.append(pulse.run)
