"""What staff write to our robot, and how it answers: in the response, or later in the chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from bot.dingtalk.incoming import Incoming
from bot.dingtalk.messages import Message, answer_in_chat, answer_to_person
from bot.dingtalk.platform import Platform
from bot.gateways import NotDelivered, Unheard
from bot.staff.platform import Answered, Said

PATIENCE: Final = timedelta(seconds=2.5)
"""Well before the platform gives the request up."""
NOTHING: Final[Message] = {"msgtype": "empty"}

OUTSIDER: Final = "无法确认您的身份：请用本单位组织里的钉钉账号联系我。"
UNREADABLE: Final = "这种消息我读不了，请发送文字或图片。"
FAULT: Final = "系统暂时无法处理，请稍后再发一次。"

log = structlog.get_logger()


class Chat:
    """With the robot of one application. `name`: the application's in the settings. `answer` raises
    nothing for what people write."""

    def __init__(
        self,
        name: str,
        platform: Platform,
        answer: Callable[[Said], Awaitable[Answered]],
        now: Callable[[], datetime],
        *,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._name = name
        self._platform = platform
        self._answer = answer
        self._now = now
        self._patience = patience
        self._late: set[asyncio.Task[None]] = set()

    async def reply(self, incoming: Incoming) -> Message:
        """The body of the response."""
        task = asyncio.create_task(self._answered(incoming), name="answer in DingTalk")
        done, _ = await asyncio.wait({task}, timeout=self._patience.total_seconds())
        if done:
            return answer_in_chat(task.result(), group=incoming.group)
        late = asyncio.create_task(self._follow(incoming, task), name="late answer in DingTalk")
        self._late.add(late)
        late.add_done_callback(self._late.discard)
        return NOTHING

    async def _answered(self, incoming: Incoming) -> Answered:
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
            return await self._answer(said)
        except Exception:
            log.exception("a message of staff was not answered", app=self._name)
            return Answered(FAULT)

    async def _follow(self, incoming: Incoming, task: asyncio.Task[Answered]) -> None:
        try:
            await self._send(incoming, await task)
        except NotDelivered as fault:
            log.warning("a late answer was not delivered", app=self._name, why=fault.why)

    async def _send(self, incoming: Incoming, answered: Answered) -> None:
        """Into the chat; where that has no address any more, or a wrong one, to the person."""
        until = incoming.webhook_until
        if incoming.webhook and (until is None or until > self._now()):
            message = answer_in_chat(answered, group=incoming.group)
            try:
                await self._platform.answer(incoming.webhook, message)
            except Unheard:
                raise
            except NotDelivered as fault:
                log.info("a chat's own address does not work", app=self._name, why=fault.why)
            else:
                return
        if incoming.user is not None:
            await self._platform.send([incoming.user], *answer_to_person(answered))
