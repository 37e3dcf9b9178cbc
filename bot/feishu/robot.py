"""A group robot (群自定义机器人).

《自定义机器人使用指南》: open.feishu.cn/document/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import aiohttp
from yarl import URL

from bot.feishu import cards
from bot.feishu.exchange import Request, Wire
from bot.feishu.settings import FeishuRobot
from bot.feishu.signing import robot_signature
from bot.staff.platform import Card, Limit


class GroupRobot:
    """`now`: the real time; a signature counts for an hour."""

    limits: Sequence[Limit] = (
        Limit(5, timedelta(seconds=1)),
        Limit(100, timedelta(minutes=1)),
    )

    def __init__(
        self, robot: FeishuRobot, session: aiohttp.ClientSession, now: Callable[[], datetime]
    ) -> None:
        self._robot = robot
        self._wire = Wire(session, URL(str(robot.base_url)))
        self._now = now

    async def send(self, card: Card) -> str | None:
        """None: the platform gives no reference. Raises NotDelivered."""
        timestamp = str(int(self._now().timestamp()))
        body = {
            "timestamp": timestamp,
            "sign": robot_signature(self._robot.secret.get_secret_value(), timestamp),
            "msg_type": "interactive",
            "card": cards.in_group(card),
        }
        path = f"/open-apis/bot/v2/hook/{self._robot.token.get_secret_value()}"
        await self._wire.call(Request("POST", path, body=body))
        return None
