"""Group robots (bot/wecom/robot.py)."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest

from bot.gateways import NotDelivered, Unheard
from bot.staff.platform import Card, Robot
from bot.wecom.robot import WeComGroup
from bot.wecom.settings import WeComRobot
from tests.bot.wecom.conftest import CARD, LINK, TAPPABLE
from tests.bot.wecom.fake_wecom import ROBOT, Cut, FakeWeCom, Raw, Says
from tests.standing import StandingClock

KEY = "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa"


@pytest.fixture
def group(fake: FakeWeCom, session: aiohttp.ClientSession, clock: StandingClock) -> WeComGroup:
    fake.corp.robot(KEY)
    made = {"kind": "wecom", "key": KEY, "agencies": ["A"], "base_url": str(fake.url)}
    return WeComGroup(WeComRobot.model_validate(made), session, clock.now)


async def test_a_group_is_told_and_cannot_answer(group: WeComGroup, fake: FakeWeCom) -> None:
    robot: Robot = group
    await robot.send(TAPPABLE)
    (got,) = fake.corp.robots[KEY].got
    told = got["markdown"]["content"]
    assert told.startswith("**新的差评工单 1024**\n> 窗口没有人。\n> 一般情形")
    assert told.endswith(f"[打开]({LINK})")
    assert "可回复" not in told


async def test_what_knows_no_markdown_is_told_in_plain_words(
    group: WeComGroup, fake: FakeWeCom
) -> None:
    fake.corp.knows_cards = False
    await group.send(Card("长", "很" * 3000, LINK))
    (got,) = fake.corp.robots[KEY].got
    assert got["text"]["content"].startswith(f"长\n{LINK}\n很")


async def test_more_than_twenty_a_minute_wait(
    group: WeComGroup, fake: FakeWeCom, clock: StandingClock
) -> None:
    (limit,) = group.limits
    for _ in range(limit.count):
        await group.send(CARD)
    with pytest.raises(NotDelivered, match="45009") as fault:
        await group.send(CARD)
    assert fault.value.wait == limit.within == timedelta(minutes=1)
    clock.at += limit.within
    await group.send(CARD)
    assert len(fake.corp.robots[KEY].got) == limit.count + 1


async def test_a_robot_that_is_gone(group: WeComGroup, fake: FakeWeCom) -> None:
    fake.corp.robots.clear()
    with pytest.raises(NotDelivered, match="key") as fault:
        await group.send(CARD)
    assert KEY not in fault.value.why


@pytest.mark.parametrize("fault", [Cut(), Raw(status=500), Raw(b"ok"), Raw(b"{}")])
async def test_what_nobody_has_answered(
    group: WeComGroup, fake: FakeWeCom, fault: Cut | Raw
) -> None:
    fake.fail(ROBOT, fault)
    with pytest.raises(Unheard):
        await group.send(CARD)


async def test_a_busy_platform_is_tried_later(group: WeComGroup, fake: FakeWeCom) -> None:
    fake.fail(ROBOT, Says(-1, "system busy"))
    with pytest.raises(NotDelivered, match="繁忙"):
        await group.send(CARD)
