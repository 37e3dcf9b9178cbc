"""Each message once, whatever the platform does with it: again, in another order, to two processes
at once, slowly (bot/wechat/receiving.py)."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.receipts import Report
from bot.wechat.incoming import Consent as Told
from bot.wechat.incoming import Kind
from bot.wechat.listening import Account, listen
from bot.wechat.receiving import LEFT, TooEarly, receive
from bot.wechat.settings import OfficialAccount
from bot.wechat.talk import wording
from models.tables import (
    Attempt,
    ChatMessage,
    Consent,
    Evaluation,
    Notice,
)
from tests.bot.wechat.chatting import CHAT, Citizen
from tests.models.offices import another_office_at
from tests.models.town import Town, case, done
from tests.standing import StandingClock


@pytest.fixture
def citizen(town: Town) -> Citizen:
    return Citizen(town.office)


async def test_a_retry_gets_the_same_answer(town: Town, citizen: Citizen) -> None:
    await citizen.scans(await town.invitation(case(), done()))
    rating = citizen.write("5")
    first = await citizen.send(rating)
    assert await citizen.send(rating) == first
    assert await Evaluation.all().count() == 1
    assert await ChatMessage.all().count() == 2


async def test_two_processes_take_one_message(
    town: Town, citizen: Citizen, database_url: str
) -> None:
    await citizen.scans(await town.invitation(case(), done()))
    rating = citizen.write("5")
    async with another_office_at(database_url, town.office.shelf) as other:
        office = replace(town.office, database=other.database)
        answers = await asyncio.gather(
            *(receive(each, CHAT, rating) for each in (town.office, office) for _ in range(4))
        )
    assert len(set(answers)) == 1
    assert answers[0] is not None
    assert await Evaluation.all().count() == 1


@pytest.mark.parametrize("seed", range(6))
async def test_in_any_order_it_ends_the_same(town: Town, citizen: Citizen, seed: int) -> None:
    """Two cases, one rated well and one badly, sent in the order of a conversation and delivered in
    any, some of it twice."""
    first = await town.invitation(case("C1"), done("C1"))
    second = await town.invitation(case("C2"), done("C2"))
    sent = [
        citizen.scan(first),
        citizen.write("5"),
        citizen.scan(second),
        citizen.write("2"),
        citizen.write("窗口一直没有人"),
    ]
    delivered = [*sent, *sent[1:3]]
    random.Random(seed).shuffle(delivered)  # noqa: S311 - an order, no secret
    for incoming in delivered:
        await citizen.send(incoming)
    found = {each.invitation_id: each async for each in Evaluation.all()}
    assert {number: each.level for number, each in found.items()} == {first.id: 5, second.id: 2}
    (reason,) = found[second.id].reasons.values()
    assert reason["words"] == "窗口一直没有人"


async def test_what_was_left_over_is_worked_on(
    town: Town, citizen: Citizen, clock: StandingClock
) -> None:
    """A process that died between keeping a message and working on it."""
    await citizen.scans(await town.invitation(case(), done()))
    await citizen.says("5")
    said = await ChatMessage.all().order_by("-id").first()
    assert said is not None
    # As the process left it that had only kept it.
    await ChatMessage.all().update(answer=None, answered_at=None, next_at=clock.now() + LEFT)
    accounts = {CHAT.name: Account(CHAT, None)}
    assert await listen(town.office, accounts, None) == 0
    clock.advance(seconds=15)
    assert await listen(town.office, accounts, None) == 2
    assert await Evaluation.all().count() == 1
    assert await Notice.filter(once=f"answer:{said.id}").count() == 1
    clock.advance(days=3, seconds=1)
    await listen(town.office, accounts, None)
    assert not await ChatMessage.exists()


async def test_following_is_what_was_done_last(citizen: Citizen) -> None:
    follow, leave = citizen.does(Kind.SUBSCRIBE), citizen.does(Kind.UNSUBSCRIBE)
    assert await citizen.send(leave) is None
    assert not (await citizen.rater()).follows
    assert await citizen.send(follow) == wording.WELCOME
    assert not (await citizen.rater()).follows
    await citizen.says("帮助")
    assert (await citizen.rater()).follows


async def test_how_long_they_may_be_written_to(citizen: Citizen, clock: StandingClock) -> None:
    await citizen.taps("help")
    assert (await citizen.rater()).service_until == clock.now() + timedelta(minutes=1)
    await citizen.says("帮助")
    assert (await citizen.rater()).service_until == clock.now() + timedelta(hours=48)
    await citizen.taps("help")
    assert (await citizen.rater()).service_until == clock.now() + timedelta(hours=48)


async def test_following_by_a_code_opens_the_rating(town: Town, citizen: Citizen) -> None:
    invitation = await town.invitation(case(), done())
    asked = await citizen.send(citizen.scan(invitation, Kind.SUBSCRIBE))
    assert asked is not None
    assert asked.startswith("请评价")


async def test_consents_are_recorded_once(town: Town, citizen: Citizen) -> None:
    account = OfficialAccount.model_validate(
        {
            "app_id": "wx1234567890abcdef",
            "token": "tokenoftests",
            "mode": "plain",
            "templates": {
                "reminder": {
                    "id": "TEMPLATE-1",
                    "by": "subscription",
                    "fields": {"thing1": "{subject}"},
                }
            },
        }
    )
    chat = replace(CHAT, account=account)
    told = replace(
        citizen.does(Kind.CONSENT),
        consents=(Told("TEMPLATE-1", accepted=True), Told("OF-ANOTHER", accepted=True)),
    )
    for _ in range(2):
        assert await receive(town.office, chat, told) is None
    (consent,) = await Consent.all()
    assert (consent.kind, consent.lasting, consent.ended_at) == ("reminder", False, None)
    refused = replace(citizen.does(Kind.CONSENT), consents=(Told("TEMPLATE-1", accepted=False),))
    await receive(town.office, chat, refused)
    assert (await Consent.get()).ended_at is not None


async def test_a_result_that_comes_too_early_is_to_come_again(
    citizen: Citizen, clock: StandingClock
) -> None:
    result = replace(
        citizen.does(Kind.SENT),
        at=clock.now(),
        reports=(Report("200163836", delivered=False, why="用户拒收", at=clock.now()),),
    )
    with pytest.raises(TooEarly):
        await citizen.send(result)
    notice = await Notice.create(
        once="reminder:x",
        kind="reminder",
        body={},
        created_at=clock.now(),
        due_at=clock.now(),
        next_at=clock.now(),
        give_up_at=clock.now() + timedelta(days=3),
        state="sent",
        attempts=1,
        exhausted=[],
    )
    await Attempt.create(
        notice=notice,
        number=1,
        route="official_account",
        begun_at=clock.now(),
        reference="city/200163836",
    )
    assert await citizen.send(result) is None
    await notice.refresh_from_db()
    assert (notice.state, notice.exhausted) == ("waiting", ["official_account"])


async def test_a_picture_is_answered_and_kept_by_nobody(citizen: Citizen) -> None:
    assert await citizen.send(citizen.does(Kind.UNREAD)) == wording.NOTHING_SAID
    assert await citizen.send(citizen.does(Kind.OTHER)) is None
    assert not await ChatMessage.exists()


async def test_nothing_of_them_is_stored_in_the_open(town: Town, citizen: Citizen) -> None:
    await citizen.scans(await town.invitation(case(), done()))
    await citizen.says("1")
    await citizen.says("绑定13800138000")
    for table in ("rater", "chat_message", "phone_check"):
        for row in await town.office.database.rows(f"SELECT * FROM {table}"):  # noqa: S608
            assert citizen.openid not in str(row)
            assert "13800138000" not in str(row)
