"""Notices to staff: by an application's robot to single persons, by a group's robot to a group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import aiohttp
import structlog
from yarl import URL

from bot.dingtalk.messages import to_group, to_person
from bot.dingtalk.platform import Platform, post_to_robot
from bot.dingtalk.refusals import MINUTE, WHO
from bot.dingtalk.settings import DingtalkRobot
from bot.dingtalk.signing import signature
from bot.exchange import TIMEOUT, Wire
from bot.gateways import NotDelivered, Rejected
from bot.reading import reference
from bot.staff.platform import Card, Limit

_UNREACHED: Final = ("invalidStaffIdList", "filteredStaffIdList")
_THROTTLED: Final = "flowControlledStaffIdList"

log = structlog.get_logger()


class App:
    """StaffApp."""

    limits: Sequence[Limit] = (Limit(20, timedelta(seconds=1)),)
    """Of one interface, in the platform's standard edition."""
    at_once = 20

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    async def send(self, users: Sequence[str], card: Card) -> str | None:
        """Raises NotDelivered, Unheard; Rejected where it reaches none of them."""
        said = await self._platform.send(users, *to_person(card))
        throttled = _listed(said.get(_THROTTLED))
        unreached = throttled.union(*(_listed(said.get(name)) for name in _UNREACHED))
        if unreached.issuperset(users):
            if throttled:
                raise NotDelivered("钉钉：给收信人的消息太多，被限流", wait=MINUTE)
            raise Rejected("钉钉：收信人不在组织里，或不在机器人的可见范围")
        if unreached:
            log.warning("a card did not reach all", users=len(users), unreached=len(unreached))
        return reference(said.get("processQueryKey"))


class GroupRobot:
    """Robot."""

    limits: Sequence[Limit] = (Limit(20, MINUTE),)

    def __init__(
        self,
        robot: DingtalkRobot,
        session: aiohttp.ClientSession,
        now: Callable[[], datetime],
        *,
        timeout: timedelta = TIMEOUT,
    ) -> None:
        self._robot = robot
        self._wire = Wire(WHO, session, timeout)
        self._now = now

    async def send(self, card: Card) -> None:
        """Raises NotDelivered, Unheard, Rejected."""
        query = {"access_token": self._robot.access_token.get_secret_value()}
        if self._robot.secret is not None:
            at = str(int(self._now().timestamp() * 1000))
            query |= {"timestamp": at, "sign": signature(at, self._robot.secret.get_secret_value())}
        url = URL(str(self._robot.base_url)).joinpath("robot", "send").with_query(query)
        await post_to_robot(self._wire, url, to_group(card))


def _listed(value: object) -> frozenset[str]:
    return (
        frozenset(each for each in value if isinstance(each, str))
        if isinstance(value, list)
        else frozenset()
    )
