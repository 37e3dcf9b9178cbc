"""What staff write and tap is answered: a message by a reply, a tap in the response itself.

Feishu waits for three seconds. It brings an event that failed again after 15 seconds, 5 minutes, 1
hour and 6 hours, so what fails while it waits is left to that; a tap it brings once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Final

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

Hear = Callable[[Said], Awaitable[Answered | None]]
"""bot.staff.hearing.Hearing.hear, as long as PATIENCE."""

log = structlog.get_logger()


class Chat:
    """With whoever uses one application. `name`: the application's in the settings."""

    def __init__(self, name: str, client: Feishu, hear: Hear) -> None:
        self._name = name
        self._client = client
        self._hear = hear

    async def written(self, written: Written) -> bool:
        """False: it has failed, and is to come again."""
        try:
            answered = UNREAD if written.words is None else await self._hear(self._said(written))
            if answered is not None:
                card = cards.answering(answered)
                await self._client.reply(written.message, card, written.message)
        except Rejected as fault:
            # Called back, or the group is gone: nobody waits for it.
            log.warning("an answer was refused", app=self._name, why=fault.why)
        except NotDelivered as fault:
            log.warning("an answer was not delivered", app=self._name, why=fault.why)
            return False
        except Exception:
            log.exception("what staff said was not answered", app=self._name)
            return False
        return True

    async def tapped(self, tapped: Tapped) -> cards.Json:
        """The body of the response: a toast, and the card renewed."""
        try:
            answered = await self._hear(self._said(tapped))
        except Exception:
            log.exception("what staff said was not answered", app=self._name)
            return {"toast": {"type": "error", "content": FAILED}}
        if answered is None:
            return {"toast": cards.toast(LATER)}
        card = {"type": "raw", "data": cards.renewed(tapped.shown, answered)}
        return {"toast": cards.toast(answered), "card": card}

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
