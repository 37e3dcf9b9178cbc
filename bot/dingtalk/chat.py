"""What staff write to our robot is answered in the response, or later to the person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from bot.dingtalk.incoming import Incoming
from bot.dingtalk.messages import Message, answer_in_chat
from bot.dingtalk.platform import Platform
from bot.staff.platform import Answered, Said

Hear = Callable[[Said], Awaitable[Answered | None]]
"""bot.staff.hearing.Hearing.hear, as long as PATIENCE."""

PATIENCE: Final = timedelta(seconds=2.5)
"""Well before the platform gives the request up."""
NOTHING: Final[Message] = {"msgtype": "empty"}

OUTSIDER: Final = "无法确认您的身份：请用本单位组织里的钉钉账号联系我。"
UNREADABLE: Final = "这种消息我读不了，请发送文字或图片。"
FAULT: Final = "系统暂时无法处理，请稍后再发一次。"

log = structlog.get_logger()


class Chat:
    """With the robot of one application. `name`: the application's in the settings."""

    def __init__(self, name: str, platform: Platform, hear: Hear) -> None:
        self._name = name
        self._platform = platform
        self._hear = hear

    async def reply(self, incoming: Incoming) -> Message:
        """The body of the response."""
        answered = await self._answered(incoming)
        return NOTHING if answered is None else answer_in_chat(answered, group=incoming.group)

    async def _answered(self, incoming: Incoming) -> Answered | None:
        if incoming.user is None:
            return Answered(OUTSIDER)
        if not incoming.readable:
            return Answered(UNREADABLE)
        said = Said(
            app=self._name,
            platform="dingtalk",
            user=incoming.user,
            once=incoming.once,
            words=incoming.words,
            pictures=[partial(self._platform.picture, code) for code in incoming.pictures],
            at=incoming.at,
        )
        try:
            return await self._hear(said)
        except Exception:
            log.exception("a message of staff was not answered", app=self._name)
            return Answered(FAULT)
