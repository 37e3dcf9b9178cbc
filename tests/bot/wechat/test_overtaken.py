"""Messages that arrive before those that were sent before them, or at the same time."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import asyncpg
import pytest

from bot.wechat.incoming import Kind
from bot.wechat.receiving import receive
from models.tables import ChatMessage, Evaluation, Notice
from tests.bot.wechat.chatting import CHAT, Citizen
from tests.models.offices import another_office_at
from tests.models.town import Town, case, done, under
from tests.standing import StandingClock


@pytest.fixture
def citizen(town: Town) -> Citizen:
    return Citizen(town.office)


async def rated(citizen: Citizen, town: Town, number: str) -> None:
    await citizen.scans(await town.invitation(case(number), done(number)))
    await citizen.says("5")


async def test_a_level_overtakes_its_scan(town: Town, citizen: Citizen) -> None:
    """What was rated before it is not what it is about."""
    await rated(citizen, town, "C1")
    scan = citizen.scan(await town.invitation(case("C2"), done("C2")))
    level = citizen.write("2 没人理")
    assert "已经评价过了" in str(await citizen.send(level))
    assert "评价“不满意”已收到" in str(await citizen.send(scan))
    assert sorted([each.level async for each in Evaluation.all()]) == [2, 5]


async def test_a_level_overtakes_its_scan_while_an_older_one_is_forgotten(
    town: Town, citizen: Citizen, clock: StandingClock
) -> None:
    await rated(citizen, town, "C1")
    scan = citizen.scan(await town.invitation(case("C2"), done("C2")))
    await citizen.says("4")
    clock.advance(minutes=10)
    assert "评价“满意”已收到" in str(await citizen.send(scan))


@under("chaoan")
@pytest.mark.parametrize("words", ["追评 4，第二天就办好了", "追评"])
async def test_a_follow_up_overtakes_the_rating(town: Town, citizen: Citizen, words: str) -> None:
    await citizen.scans(await town.invitation(case(), done()))
    rating = citizen.write("2 没人理")
    assert "没有可以追加" in str(await citizen.says(words))
    assert "追加评价" in str(await citizen.send(rating))
    await citizen.says("4，第二天就办好了")
    assert await Evaluation.filter(ordinal=2, level=4).count() == 1


async def test_two_processes_hear_of_following_and_leaving(
    town: Town, citizen: Citizen, database_url: str
) -> None:
    await citizen.rater()
    leave, follow = citizen.does(Kind.UNSUBSCRIBE), citizen.does(Kind.SUBSCRIBE)
    async with another_office_at(database_url, town.office.shelf) as other:
        offices = [town.office, replace(town.office, database=other.database)]
        await asyncio.gather(
            *(receive(office, CHAT, each) for each in (follow, leave) for office in offices)
        )
    assert (await citizen.rater()).follows


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
async def test_what_is_answered_later_is_not_answered_to_a_retry_too(
    citizen: Citizen, database_url: str
) -> None:
    """The platform asks again while the answer is still being made, and nobody waits any more for
    the first request's. Where one connection is all there is nobody overtakes."""
    await citizen.rater()
    wanted = citizen.write("帮助")
    busy = await asyncpg.connect(database_url)
    try:
        async with busy.transaction():
            await busy.execute("SELECT 1 FROM rater FOR NO KEY UPDATE")
            assert await citizen.send(wanted) is None
            again = asyncio.create_task(citizen.send(wanted))
            await asyncio.sleep(0)
        assert await again is None
    finally:
        await busy.close()
    message = await ChatMessage.get()
    assert message.answered_at is not None
    assert await Notice.filter(once=f"answer:{message.id}").count() == 1
    assert await citizen.send(wanted) is None
