"""A group robot (bot/feishu/robot.py)."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest

from bot.feishu.robot import GroupRobot
from bot.gateways import NotDelivered, Rejected, Unheard
from bot.staff.platform import Button, Card, Robot
from tests.bot.feishu.conftest import group_robot
from tests.bot.feishu.fake_feishu import HOOK, ROBOT, FakeFeishu, Raw, Says
from tests.standing import StandingClock

CARD = Card("新差评", "办理时间太长", "https://pj.example/staff", [Button("受理", "受理 1024")])


async def test_the_group_is_told(robot: GroupRobot, fake: FakeFeishu) -> None:
    to: Robot = robot
    assert await to.send(CARD) is None
    (card,) = fake.said_in_group
    assert card["elements"][0]["text"]["content"] == "办理时间太长"


async def test_the_limits_are_what_the_platform_takes(
    robot: GroupRobot, fake: FakeFeishu, clock: StandingClock
) -> None:
    second, minute = robot.limits
    for number in range(minute.count):
        await robot.send(CARD)
        if (number + 1) % second.count == 0:
            clock.advance(seconds=second.within.total_seconds())
    with pytest.raises(NotDelivered, match="11232") as refused:
        await robot.send(CARD)
    assert refused.value.wait == timedelta(minutes=1)
    assert len(fake.said_in_group) == minute.count


async def test_six_in_a_second_are_too_many(robot: GroupRobot) -> None:
    for _ in range(5):
        await robot.send(CARD)
    with pytest.raises(NotDelivered, match="11232"):
        await robot.send(CARD)


@pytest.mark.parametrize(
    ("more", "code"), [({"token": "another-robot-0000"}, 19001), ({"secret": "another"}, 19021)]
)
async def test_settings_that_are_wrong(
    fake: FakeFeishu,
    session: aiohttp.ClientSession,
    clock: StandingClock,
    more: dict[str, str],
    code: int,
) -> None:
    robot = GroupRobot(group_robot(base_url=str(fake.url), **more), session, clock.now)
    with pytest.raises(NotDelivered, match=str(code)) as refused:
        await robot.send(CARD)
    assert not isinstance(refused.value, Rejected)


async def test_a_clock_that_is_an_hour_wrong(
    fake: FakeFeishu, session: aiohttp.ClientSession, clock: StandingClock
) -> None:
    settings = group_robot(base_url=str(fake.url))
    robot = GroupRobot(settings, session, lambda: clock.now() + timedelta(hours=1))
    with pytest.raises(NotDelivered, match="服务器的时间"):
        await robot.send(CARD)


async def test_a_card_that_is_none(robot: GroupRobot, fake: FakeFeishu) -> None:
    fake.fail(HOOK, Says(9499, "Bad Request", 200))
    with pytest.raises(Rejected, match="9499"):
        await robot.send(CARD)


async def test_nothing_that_is_raised_tells_the_token(robot: GroupRobot, fake: FakeFeishu) -> None:
    fake.fail(HOOK, Raw(b"", 502), Says(4711, ROBOT))
    for _ in range(2):
        with pytest.raises(NotDelivered) as refused:
            await robot.send(CARD)
        assert ROBOT not in refused.value.why
    fake.fail(HOOK, Raw(b"", 502))
    with pytest.raises(Unheard):
        await robot.send(CARD)
