"""What staff write and tap is answered: a message by a reply, a tap in the response itself.

Feishu waits for three seconds. It brings an event that failed again after 15 seconds, 5 minutes, 1
hour and 6 hours, so what fails while it waits is left to that; a tap it brings once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any, Final, TypeVar

import structlog

from bot.feishu import cards
from bot.feishu.client import Feishu
from bot.feishu.incoming import Tapped, Written
from bot.gateways import NotDelivered, Rejected
from bot.staff.platform import Answered, Said

PATIENCE: Final = timedelta(seconds=2)
UNREAD: Final = Answered("这里只能读文字和图片，请改用文字或图片。")
LATER: Final = Answered("正在办理，结果稍后回复。")
FAILED: Final = "没有办成，请稍后再试。"

Answering = Callable[[Said], Awaitable[Answered]]
T = TypeVar("T")

log = structlog.get_logger()


class Chat:
    """With whoever uses one application. `name`: the application's in the settings."""

    def __init__(
        self, name: str, client: Feishu, answering: Answering, patience: timedelta = PATIENCE
    ) -> None:
        self._name = name
        self._client = client
        self._answering = answering
        self._patience = patience.total_seconds()
        self._late: set[asyncio.Task[Any]] = set()

    async def written(self, written: Written) -> bool:
        """False: it has failed, and is to come again."""
        task = self._begun(self._reply(written))
        done, _ = await asyncio.wait({task}, timeout=self._patience)
        return task.result() if done else True

    async def tapped(self, tapped: Tapped) -> cards.Json:
        """The body of the response: a toast, and the card renewed."""
        task = self._begun(self._answer(self._said(tapped)))
        done, _ = await asyncio.wait({task}, timeout=self._patience)
        if not done:
            self._begun(self._follow(tapped, task))
            return {"toast": cards.toast(LATER)}
        answered = task.result()
        if answered is None:
            return {"toast": {"type": "error", "content": FAILED}}
        card = {"type": "raw", "data": cards.renewed(tapped.shown, answered)}
        return {"toast": cards.toast(answered), "card": card}

    async def rest(self) -> None:
        """Until everything that was begun is done."""
        while self._late:
            await asyncio.wait(self._late)

    def _begun(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work, name="answer in Feishu")
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        return task

    async def _reply(self, written: Written) -> bool:
        answered = UNREAD if written.words is None else await self._answer(self._said(written))
        if answered is None:
            return False
        return await self._send(written.message, answered, written.message)

    async def _follow(self, tapped: Tapped, task: asyncio.Task[Answered | None]) -> None:
        if (answered := await task) is not None:
            await self._send(tapped.message, answered, tapped.event)

    async def _send(self, message: str, answered: Answered, once: str) -> bool:
        try:
            await self._client.reply(message, cards.answering(answered), once)
        except Rejected as fault:
            # Called back, or the group is gone: nobody waits for it.
            log.warning("an answer was refused", app=self._name, why=fault.why)
        except NotDelivered as fault:
            log.warning("an answer was not delivered", app=self._name, why=fault.why)
            return False
        return True

    async def _answer(self, said: Said) -> Answered | None:
        """None: it has failed."""
        try:
            return await self._answering(said)
        except Exception:
            log.exception("what staff said was not answered", app=self._name)
            return None

    def _said(self, heard: Written | Tapped) -> Said:
        if isinstance(heard, Tapped):
            return Said(self._name, "feishu", heard.user, heard.event, heard.command, (), heard.at)
        fetch = partial(self._client.picture, heard.message)
        return Said(
            app=self._name,
            platform="feishu",
            user=heard.user,
            once=heard.message,
            words=heard.words or "",
            pictures=[partial(fetch, key) for key in heard.pictures],
            at=heard.at,
        )
