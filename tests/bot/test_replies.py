"""上行短信: who answers has rated, once, and nothing that was said is lost (bot/replies.py)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answering import PATIENCE, TakenAs
from bot.delivery import deliver
from bot.replies import take_reply
from bot.sms.received import SmsReply
from models.cases.facts import GroupKind
from models.rulebooks.shelf import Shelf
from models.tables import Evaluation, Invitation, Notice, Opinion, OptOut, Reply, WorkOrder
from models.tick import tick
from models.words import Level, Ordinal
from tests.bot.conftest import Recording, post
from tests.models.offices import another_office_at
from tests.models.town import PHONE, Town, case, done, member, under, visit
from tests.standing import StandingClock

STRANGER = "+8613900139000"


async def asked(town: Town, sms: Recording) -> Invitation:
    """三明 asks by SMS at completion."""
    invitation = await town.invitation(case(), done())
    assert await deliver(town.office, post(sms=sms)) == 1
    return invitation


async def answer(town: Town, words: str, number: str = "1", phone: str = PHONE) -> TakenAs:
    return await take_reply(town.office, "plain", SmsReply(number, phone, words, None))


@pytest.mark.parametrize(
    ("words", "level"), [("5", 5), ("４", 4), ("非常满意", 5), ("还行", 3), ("满意，谢谢", 4)]
)
async def test_a_level_is_a_rating(town: Town, sms: Recording, words: str, level: int) -> None:
    invitation = await asked(town, sms)
    assert await answer(town, words) is TakenAs.RATING
    rated = await Evaluation.get()
    assert (rated.level, rated.invitation_id) == (level, invitation.id)
    assert (rated.provenance, rated.channel, rated.credential) == ("person", "sms", "reply")
    await invitation.refresh_from_db()
    assert invitation.closed_why == "rated"


async def test_words_are_the_reason(town: Town, sms: Recording) -> None:
    await asked(town, sms)
    assert await answer(town, "不满意，等了两个小时") is TakenAs.RATING
    rated = await Evaluation.get()
    assert (rated.level, rated.reasons["item"]["words"]) == (2, "等了两个小时")
    order = await WorkOrder.get()
    await deliver(town.office, post(sms=sms))
    thanks = sms.sent[-1]
    assert (thanks.kind, thanks.to) == ("thanks", PHONE)
    assert f"差评工单{order.id}号" in thanks.text
    assert "/receipt/" in thanks.text


async def test_a_bad_level_alone_is_asked_for_its_reason(town: Town, sms: Recording) -> None:
    await asked(town, sms)
    assert await answer(town, "2") is TakenAs.ASKED
    assert not await Evaluation.exists()
    await deliver(town.office, post(sms=sms))
    assert sms.sent[-1].text.startswith("您选择了“不满意”。请直接回复原因")
    assert await answer(town, "窗口没有人", "2") is TakenAs.RATING
    rated = await Evaluation.get()
    assert (rated.level, rated.reasons["item"]["words"]) == (2, "窗口没有人")


async def test_who_thinks_better_of_it_may(town: Town, sms: Recording) -> None:
    await asked(town, sms)
    await answer(town, "1")
    assert await answer(town, "5", "2") is TakenAs.RATING
    assert (await Evaluation.get()).level == 5


async def test_a_level_waits_for_its_reason_for_a_week(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    await asked(town, sms)
    await answer(town, "1")
    clock.advance(seconds=PATIENCE / timedelta(seconds=1))
    assert await answer(town, "没有人管", "2") is TakenAs.OPINION
    assert not await Evaluation.exists()


async def test_the_same_reply_again_is_the_same(town: Town, sms: Recording) -> None:
    await asked(town, sms)
    for _ in range(3):
        assert await answer(town, "5") is TakenAs.RATING
    assert await Evaluation.all().count() == 1
    assert await Reply.all().count() == 1


async def test_one_that_was_being_worked_on_is_finished(town: Town, sms: Recording) -> None:
    """The process died after the rating and before it was noted."""
    await asked(town, sms)
    await answer(town, "5")
    await Reply.all().update(taken_as=TakenAs.RECEIVED.value)
    assert await answer(town, "5") is TakenAs.RATING
    assert await Evaluation.all().count() == 1


async def test_at_once_from_two_processes_it_is_one(
    town: Town, sms: Recording, database_url: str, shelf: Shelf
) -> None:
    await asked(town, sms)

    async def process() -> TakenAs:
        async with another_office_at(database_url, shelf) as other:
            office = replace(town.office, database=other.database)
            return await take_reply(office, "plain", SmsReply("1", PHONE, "5", None))

    assert set(await asyncio.gather(process(), process())) == {TakenAs.RATING}
    assert await Evaluation.all().count() == 1


@pytest.mark.parametrize("words", ["TD", "退订", "t"])
async def test_stop_is_kept_to(town: Town, sms: Recording, words: str) -> None:
    await asked(town, sms)
    assert await answer(town, words) is TakenAs.STOP
    assert await OptOut.all().count() == 1
    await town.report(visit())
    assert await deliver(town.office, post(sms=sms)) == 0
    assert (await Notice.get(state="withdrawn")).why == "已退订"


async def test_who_stopped_the_sms_is_written_to_by_mail(
    town: Town, sms: Recording, mail: Recording
) -> None:
    await asked(town, sms)
    await answer(town, "TD")
    person = {"phone": PHONE, "email": "wang@example.cn"}
    await town.report(case("C2", applicant=person), done("C2"))
    assert await deliver(town.office, post(sms=sms, mail=mail)) == 1
    assert [message.to for message in mail.sent] == ["wang@example.cn"]


async def test_other_words_are_kept_as_an_opinion(town: Town, sms: Recording) -> None:
    invitation = await asked(town, sms)
    assert await answer(town, "你们周六上班吗") is TakenAs.OPINION
    opinion = await Opinion.get()
    assert (opinion.words, opinion.agency_id) == ("你们周六上班吗", invitation.agency_id)
    assert opinion.channel == "sms"
    assert not await Evaluation.exists()


async def test_whoever_has_rated_by_the_link_adds_an_opinion(town: Town, sms: Recording) -> None:
    await asked(town, sms)
    await answer(town, "5")
    assert await answer(town, "1 其实很慢", "2") is TakenAs.OPINION
    assert (await Evaluation.get()).level == 5
    assert (await Opinion.get()).words == "1 其实很慢"


async def test_a_number_that_was_never_written_to_rates_nothing(town: Town, sms: Recording) -> None:
    await asked(town, sms)
    assert await answer(town, "1 太慢", phone=STRANGER) is TakenAs.UNKNOWN
    assert not await Evaluation.exists()
    reply = await Reply.get()
    assert (reply.words, town.office.keys.open(reply.sender, "reply.sender")) == (
        "1 太慢",
        STRANGER,
    )


async def test_the_applicant_cannot_answer_for_the_agent(town: Town, sms: Recording) -> None:
    """Both numbers are known; the message went to who was there."""
    await town.report(case(agent={"name": "司马", "phone": "13700137000"}), done())
    await deliver(town.office, post(sms=sms))
    assert await answer(town, "5") is TakenAs.UNKNOWN
    assert await answer(town, "5", "2", "+8613700137000") is TakenAs.RATING


async def test_the_newest_message_is_answered_first(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    first = await asked(town, sms)
    clock.advance(minutes=5)
    second = await town.invitation(case("C2", item="item-2"), done("C2"))
    await deliver(town.office, post(sms=sms))
    await answer(town, "5", "1")
    await answer(town, "4", "2")
    rated = {each.invitation_id: each.level for each in await Evaluation.all()}
    assert rated == {second.id: 5, first.id: 4}


@under("tianjin")
async def test_what_takes_more_than_a_line_gets_the_link(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    """天津第十三条: 差评须分别选择服务人员和服务事项的具体内容."""
    kind = GroupKind.PARALLEL
    await town.report(member("C1", kind), member("C2", kind, 2), visit(), visit("C2"))
    await town.report(done("C1"), done("C2"))
    clock.advance(hours=24)
    await tick(town.office)
    await deliver(town.office, post(sms=sms))
    before = len(sms.sent)
    assert before >= 1
    assert await answer(town, "2 太慢") is TakenAs.BY_LINK
    await deliver(town.office, post(sms=sms))
    assert "分别说明" in sms.sent[-1].text
    assert len(sms.sent) == before + 1


@under("chaoan")
async def test_to_say_more_is_a_follow_up(town: Town, sms: Recording, clock: StandingClock) -> None:
    await town.report(case(), done())
    clock.advance(hours=24)
    await tick(town.office)
    await deliver(town.office, post(sms=sms))
    assert await answer(town, "4") is TakenAs.RATING
    assert await answer(town, "追评 2 后来又要补材料", "2") is TakenAs.FOLLOW_UP
    again = await Evaluation.get(ordinal=int(Ordinal.FOLLOW_UP))
    assert (again.level, again.reasons["item"]["words"]) == (2, "后来又要补材料")
    assert await WorkOrder.filter(evaluation=again).exists()
    assert await answer(town, "追评 5", "3") is TakenAs.OPINION


async def test_help_says_how(town: Town, sms: Recording) -> None:
    await asked(town, sms)
    assert await answer(town, "?") is TakenAs.HELP
    await deliver(town.office, post(sms=sms))
    assert sms.sent[-1].text.startswith("评价“事项之1”：回复数字5非常满意")


async def test_what_cannot_be_stored_is_left_out(town: Town, sms: Recording) -> None:
    await asked(town, sms)
    assert await answer(town, "2 慢\x00\ud800" + "很慢" * 900) is TakenAs.RATING
    assert len((await Evaluation.get()).reasons["item"]["words"]) <= 1000
    assert Level((await Evaluation.get()).level) is Level.DISSATISFIED
