"""What a platform takes in a minute is counted for all processes, and what is more is merged."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from bot.delivery import deliver
from bot.gateways import NotDelivered, Post, Rejected
from bot.staff.gateways import ChatGateway, RobotGateway, address
from bot.staff.platform import Card, Limit
from bot.staff.quota import Quota, Toll
from models.notices import notice, put
from models.office import Office
from models.rulebooks.shelf import Shelf
from models.tables import Attempt, ChatSend, Notice, OrderDeadline, WorkOrder
from tests.bot.conftest import BASE
from tests.bot.staff.chatting import MINUTE, Chat, Group, Recorder
from tests.models.handling.desk import Desk
from tests.models.offices import another_office_at
from tests.models.town import Town
from tests.standing import StandingClock

ROBOT = Limit(20, MINUTE)
PER_SECOND = Limit(5, timedelta(seconds=1))


def post(office: Office, group: Group) -> Post:
    gateway = RobotGateway({"group": group}, Quota(office, office.now))
    return Post({"robot": gateway}, BASE, robots={"group": ("agency", "bureau")})


async def waits(office: Office, order: int, count: int, kind: str = "complaint") -> None:
    agency = (await WorkOrder.get(id=order)).agency_id
    now = office.now()
    await put(
        notice(kind, f"{uuid4()}", {"order": order}, now=now, agency=agency) for _ in range(count)
    )


@pytest.fixture
async def order(town: Town) -> int:
    number = await (await Desk.of(town)).rated()
    await Notice.all().delete()
    return number


async def test_while_there_is_room_each_goes_by_itself(town: Town, order: int) -> None:
    group = Group()
    await waits(town.office, order, 20)
    assert await deliver(town.office, post(town.office, group)) == 20
    assert len(group.cards) == 20
    assert not [card for card in group.cards if "条工单消息" in card.title]


async def test_what_is_more_goes_as_one(town: Town, order: int) -> None:
    group = Group()
    await waits(town.office, order, 21)
    assert await deliver(town.office, post(town.office, group)) == 21
    (card,) = group.cards
    assert card.title == "21条工单消息：新差评工单"
    assert card.link == f"{BASE}/staff/orders"
    assert card.text.splitlines()[0].startswith("最近时限：")
    assert f"另有11件：{'、'.join([str(order)] * 11)}" in card.text
    tries = await Attempt.all()
    assert len(tries) == 21
    assert all(each.taken for each in tries)
    assert await Notice.filter(state="sent", attempts=1).count() == 21


async def test_what_finds_no_room_waits_and_is_merged(
    town: Town, order: int, clock: StandingClock
) -> None:
    group = Group()
    await waits(town.office, order, 20)
    await deliver(town.office, post(town.office, group))
    clock.advance(seconds=30)
    await waits(town.office, order, 3)
    assert await deliver(town.office, post(town.office, group)) == 0
    (next_at,) = {each.next_at for each in await Notice.filter(state="waiting")}
    assert await Notice.filter(state="waiting", attempts=0).count() == 3
    clock.at = next_at - timedelta(milliseconds=1)
    assert await deliver(town.office, post(town.office, group)) == 0
    clock.at = next_at
    assert await deliver(town.office, post(town.office, group)) == 3


async def test_the_urgent_are_named_first(town: Town, order: int) -> None:
    group = Group()
    await waits(town.office, order, 20)
    deadline = await OrderDeadline.filter(order_id=order, met_at=None, void_at=None).first()
    assert deadline is not None
    agency = (await WorkOrder.get(id=order)).agency_id
    body = {"order": order, "deadline": deadline.id}
    now = town.office.now()
    await put([notice(kind, "1", body, now=now, agency=agency) for kind in ("warning", "overdue")])
    assert await deliver(town.office, post(town.office, group)) == 22
    (card,) = group.cards
    lines = card.text.splitlines()
    assert "已逾期" in lines[1]
    assert "即将到期" in lines[2]
    assert card.title == "22条工单消息：逾期、即将到期、新差评工单"


@pytest.mark.parametrize(
    ("fault", "state"), [(NotDelivered("系统繁忙"), "waiting"), (Rejected("机器人已移除"), "dead")]
)
async def test_a_digest_that_is_not_taken_loses_nothing(
    town: Town, order: int, clock: StandingClock, fault: NotDelivered, state: str
) -> None:
    group = Group(fault=fault)
    await waits(town.office, order, 25)
    assert await deliver(town.office, post(town.office, group)) == 0
    states = Counter([each.state for each in await Notice.all()])
    assert states == {state: 25}
    assert {each.why for each in await Notice.all()} == {fault.why}
    if state == "waiting":
        group.fault = None
        clock.advance(minutes=5)
        assert await deliver(town.office, post(town.office, group)) == 25


async def test_persons_have_a_limit_each(chat: Chat) -> None:
    """30 a minute to one member, as WeCom has it; to others the application still writes."""
    chat.app.limits = (Limit(3, MINUTE, each=True), Limit(100, MINUTE))
    order = await chat.desk.rated()
    await Notice.all().delete()
    await waits(chat.office, order, 3)
    assert await deliver(chat.office, chat.post()) == 3
    await waits(chat.office, order, 2)
    assert await deliver(chat.office, chat.post()) == 0
    bureau = chat.desk.who["bureau"].agency_id
    now = chat.office.now()
    await put([notice("complaint", "b", {"order": order}, now=now, agency=bureau)])
    assert await deliver(chat.office, chat.post()) == 1
    # Nobody reads off the table who was written to.
    assert not [each for each in await ChatSend.all() if "handler" in each.route]


async def test_many_users_take_several_calls(office: Office) -> None:
    app = Recorder(limits=(Limit(5, MINUTE),), at_once=2)
    gateway = ChatGateway({"work": app}, Quota(office, office.now))
    to = address(("work", f"user {number}") for number in range(5))
    assert (await gateway.room("chat", to, 2)).messages == 1
    assert (await gateway.room("chat", to, 1)).messages == 0
    assert await ChatSend.all().count() == 3


async def test_a_clock_that_went_back_stops_nobody(office: Office, clock: StandingClock) -> None:
    quota, toll = Quota(office, office.now), Toll("robot/x", Limit(1, MINUTE))
    assert (await quota.room([toll], 1)).messages == 1
    clock.at -= timedelta(days=1)
    assert (await quota.room([toll], 1)).messages == 1


async def test_of_many_who_ask_at_once_no_more_than_there_is_room_for(
    office: Office, database_url: str, shelf: Shelf
) -> None:
    toll, ready = Toll("robot/x", ROBOT), asyncio.Barrier(8)

    async def asks() -> int:
        async with another_office_at(database_url, shelf) as other:
            await ChatSend.all().count()
            await ready.wait()
            rooms = [await Quota(other, office.now).room([toll], 1) for _ in range(5)]
        return sum(room.messages for room in rooms)

    assert sum(await asyncio.gather(*(asks() for _ in range(8)))) == ROBOT.count


# --- Any burst ----------------------------------------------------------------------------------


class Timed(Group):
    """Notes when it was called."""

    def __init__(self, clock: StandingClock, limit: Limit) -> None:
        super().__init__(limits=(limit,))
        self.clock = clock
        self.at: list[datetime] = []

    async def send(self, card: Card) -> str | None:
        self.at.append(self.clock.now())
        return await super().send(card)


def fullest(at: list[datetime], within: timedelta) -> int:
    """Messages in the fullest window."""
    return max((sum(begin <= each < begin + within for each in at) for begin in at), default=0)


@pytest.mark.parametrize("limit", [ROBOT, PER_SECOND])
@pytest.mark.parametrize("seed", range(2))
async def test_never_more_than_the_limit_in_any_window_and_each_in_one_message(
    town: Town,
    order: int,
    clock: StandingClock,
    database_url: str,
    shelf: Shelf,
    seed: int,
    limit: Limit,
) -> None:
    """Whatever comes when, with two processes that deliver at once."""
    chance, group = random.Random(seed), Timed(clock, limit)  # noqa: S311

    async def other() -> None:
        async with another_office_at(database_url, shelf) as office:
            twin = replace(office, keys=town.office.keys, clock=clock)
            await deliver(twin, post(twin, group))

    async def both() -> None:
        await asyncio.gather(deliver(town.office, post(town.office, group)), other())

    put_in = 0
    for _ in range(4):
        count = chance.choice([1, 6, 19, 21, 33])
        await waits(town.office, order, count)
        put_in += count
        await both()
        clock.advance(seconds=limit.within.total_seconds() * chance.choice([0.1, 0.5, 0.9, 1]))
    while left := await Notice.filter(state="waiting").order_by("next_at").first():
        clock.at = max(clock.at, left.next_at)
        await both()
    assert fullest(group.at, limit.within) <= limit.count
    told = [_told(card) for card in group.cards]
    assert sum(told) == put_in == await Notice.filter(state="sent", attempts=1).count()
    assert max(told) > 1


def _told(card: Card) -> int:
    """How many notices the message is."""
    count, digest, _ = card.title.partition("条工单消息")
    return int(count) if digest else 1
