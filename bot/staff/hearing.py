"""What is said in chat is answered while the platform waits, or later by a message of its own. That
one lies in the outbox together with what was done: no process takes it along when it dies."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from bot.staff.answering import excuse, work
from bot.staff.messages import answer_late, answered_late
from bot.staff.platform import Answered, Said
from models.office import Office
from models.tables import StaffMessage

COMMIT: Final = timedelta(milliseconds=150)
"""For what has been answered in time."""
PARTING: Final = timedelta(seconds=10)
"""How long a process that ends waits for what it is still working on."""
FAILED: Final = Answered("抱歉，系统出错，没有办成。请稍后再发一次。")

log = structlog.get_logger()


class Hearing:
    def __init__(self, office: Office, base_url: str) -> None:
        self._office = office
        self._base_url = base_url
        self._following: set[asyncio.Task[None]] = set()

    async def hear(self, said: Said, patience: timedelta) -> Answered | None:
        """None: the answer follows, or has followed. Raises what has failed in time: nothing was
        done, and who brings it again is answered."""
        until = asyncio.get_running_loop().time() + patience.total_seconds()
        working = work(self._office, self._base_url, said, until=until)
        task = asyncio.create_task(working, name="answer staff")
        done, _ = await asyncio.wait({task}, timeout=(patience + COMMIT).total_seconds())
        if not done:
            follow = asyncio.create_task(self._follow(said, task), name="answer staff later")
            self._following.add(follow)
            follow.add_done_callback(self._following.discard)
            return None
        message, answered = task.result()
        return None if await answered_late(message) else answered

    async def rest(self) -> None:
        """Before the process ends."""
        if self._following:
            await asyncio.wait(self._following, timeout=PARTING.total_seconds())

    async def _follow(self, said: Said, task: asyncio.Task[tuple[StaffMessage, Answered]]) -> None:
        try:
            try:
                message, _ = await task
            except Exception:
                log.exception("what staff said was not answered", app=said.app)
                await excuse(self._office, said, FAILED)
            else:
                # In time, perhaps, but for its commit.
                await answer_late(self._office, message)
        except Exception:
            log.exception("staff were not told that they are not answered", app=said.app)
