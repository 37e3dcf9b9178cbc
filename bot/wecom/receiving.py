"""What members write to an application, or tap there: answered while the platform waits, or later
by a message.

It waits for five seconds, and asks three times. To a tap it takes no text as an answer: that is
always a message, and the card loses its buttons.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from bot.gateways import NotDelivered
from bot.staff.platform import Answered, Said
from bot.wecom.app import WeCom
from bot.wecom.incoming import Incoming, Kind

Hear = Callable[[Said], Awaitable[Answered | None]]
"""bot.staff.hearing.Hearing.hear, as long as PATIENCE."""

PATIENCE: Final = timedelta(seconds=4)
GREETING: Final = "帮助"
UNREADABLE: Final = "这里只能处理文字和图片。请发送“帮助”查看可用的指令。"

log = structlog.get_logger()


class Chat:
    def __init__(self, app: WeCom, hear: Hear) -> None:
        self._app = app
        self._hear = hear

    async def receive(self, incoming: Incoming) -> str | None:
        """What is answered at once. None: nothing, or by a message. What fails is raised, and the
        platform asks again."""
        if incoming.kind is Kind.OTHER:
            return None
        if incoming.kind is Kind.UNREAD:
            return UNREADABLE
        answered = await self._hear(self._said(incoming))
        if answered is None:
            return None
        if incoming.kind is not Kind.TAP and not answered.buttons:
            return answered.text
        await self._app.reply(incoming.user, answered, incoming.once)
        if incoming.response_code:
            await self._settle(incoming)
        return None

    async def _settle(self, incoming: Incoming) -> None:
        """A card that keeps its buttons does no harm."""
        try:
            await self._app.settle(incoming.user, incoming.response_code, incoming.words)
        except NotDelivered as fault:
            log.warning("a card keeps its buttons", app=self._app.name, why=fault.why)

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
