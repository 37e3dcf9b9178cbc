"""What members write to an application, or tap there: answered while the platform waits, or later
by a message.

It waits for five seconds, and asks three times. To a tap it takes no text as an answer: that is
always a message, and the card loses its buttons.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from bot.gateways import NotDelivered
from bot.staff.platform import Answered, Said
from bot.wecom.app import WeCom
from bot.wecom.incoming import Incoming, Kind

Answering = Callable[[Said], Awaitable[Answered]]
"""bot.staff.answering.answer, of this office: the same answer to whoever asks again."""

PATIENCE: Final = timedelta(seconds=4)
PARTING: Final = timedelta(seconds=10)
"""How long a process that ends waits for what it still has to say."""
GREETING: Final = "帮助"
UNREADABLE: Final = "这里只能处理文字和图片。请发送“帮助”查看可用的指令。"
FAILED: Final = "抱歉，系统出错，没有办成。请稍后再发一次。"

log = structlog.get_logger()


class Chat:
    def __init__(self, app: WeCom, answering: Answering, *, patience: timedelta = PATIENCE) -> None:
        self._app = app
        self._answering = answering
        self._patience = patience
        self._following: set[asyncio.Task[None]] = set()

    async def receive(self, incoming: Incoming) -> str | None:
        """What is answered at once. None: nothing, or later. What fails before the platform's time
        is over is raised, and the platform asks again."""
        if incoming.kind is Kind.OTHER:
            return None
        if incoming.kind is Kind.UNREAD:
            return UNREADABLE
        task = asyncio.ensure_future(self._answering(self._said(incoming)))
        done, _ = await asyncio.wait({task}, timeout=self._patience.total_seconds())
        if done and incoming.kind is not Kind.TAP and not task.result().buttons:
            return task.result().text
        if done:
            task.result()
        follow = asyncio.create_task(self._follow(incoming, task), name="answer in WeCom")
        self._following.add(follow)
        follow.add_done_callback(self._following.discard)
        return None

    async def part(self) -> None:
        """Say what is still to be said, before the process ends."""
        if self._following:
            await asyncio.wait(self._following, timeout=PARTING.total_seconds())

    def _said(self, incoming: Incoming) -> Said:
        greeted = incoming.kind is Kind.SUBSCRIBE
        picture = partial(self._app.picture, incoming.media_id)
        return Said(
            app=self._app.name,
            platform="wecom",
            user=incoming.user,
            once=incoming.once,
            words=GREETING if greeted else incoming.words,
            pictures=[picture] if incoming.media_id else [],
            at=incoming.at,
        )

    async def _follow(self, incoming: Incoming, task: asyncio.Future[Answered]) -> None:
        try:
            answered, failed = await task, False
        except Exception:
            log.exception("not answered in WeCom", app=self._app.name)
            answered, failed = Answered(FAILED), True
        try:
            await self._app.reply(incoming.user, answered, incoming.once)
            if incoming.response_code and not failed:
                await self._app.settle(incoming.user, incoming.response_code, incoming.words)
        except NotDelivered as fault:
            log.warning("an answer in WeCom was not delivered", app=self._app.name, why=fault.why)
