"""What a caller says after the call: kept once, however the call ends."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from models.cases.handovers import Handed, claim, handed
from models.ratings.attachments import unsealed
from models.ratings.by_phone import RECORDED, Ended, Said, finish, keep_level
from models.ratings.story import story
from models.ratings.submit import submit
from models.rulebooks.shelf import Shelf
from models.tables import (
    Attachment,
    Evaluation,
    Handover,
    Notice,
    Opinion,
    WorkOrder,
)
from models.words import Channel, Credential, Level, Provenance
from tests.models.offices import another_office_at, office_at
from tests.models.ratings.files import WAV
from tests.models.ratings.said import rating
from tests.models.town import PHONE, Town, build, call, under
from tests.standing import StandingClock

GOOD, BAD = Said(Level.SATISFIED), Said(Level.DISSATISFIED, "等了很久", WAV)
NOTHING = Said()


async def put_through(town: Town, caller: str | None = PHONE) -> Handed:
    taken = await town.report(call(caller=caller))
    assert taken.handover is not None
    return await claim(town.office, taken.handover.id)


async def kinds() -> list[str]:
    return sorted([each.kind for each in await Notice.all()])


async def test_a_level_is_a_rating(town: Town) -> None:
    caller = await put_through(town)
    ended = await finish(town.office, caller, GOOD)
    said = await Evaluation.get()
    assert ended.receipt is not None
    assert ended.receipt.evaluation == said.id
    assert (said.level, said.channel, said.credential) == (4, Channel.HOTLINE, Credential.CALL)
    assert said.provenance == Provenance.PERSON
    assert said.reasons == {}
    assert await kinds() == []
    assert not ended.link


async def test_a_negative_one_brings_its_reason_and_opens_an_order(town: Town) -> None:
    caller = await put_through(town)
    ended = await finish(town.office, caller, BAD)
    said, kept = await Evaluation.get(), await Attachment.get()
    assert said.reasons == {"staff": {"indicators": [], "words": "等了很久"}}
    assert ended.receipt is not None
    assert ended.receipt.order == (await WorkOrder.get()).id
    assert kept.evaluation_id == said.id
    assert await unsealed(town.office, kept) == WAV
    assert kept.said_at == town.office.now()
    # In the thanks is the receipt, by which the caller asks after the order.
    assert await kinds() == ["complaint", "thanks"]


async def test_a_level_alone_counts_where_the_hotline_calls_back(town: Town) -> None:
    """潮安第十四条 人工回访 asks for the reason."""
    caller = await put_through(town)
    ended = await finish(town.office, caller, Said(Level.VERY_DISSATISFIED))
    assert ended.receipt is not None
    assert ended.receipt.order is not None
    said = await Evaluation.get()
    assert said.reasons == {}
    assert await Opinion.all().count() == 0
    handling = (await story(town.office, said)).first.handling
    assert handling is not None
    assert [step for _, step in handling.steps] == ["生成差评工单", "等待热线人工回访"]


async def test_the_recording_is_the_reason_where_no_word_was_understood(town: Town) -> None:
    caller = await put_through(town)
    ended = await finish(town.office, caller, Said(Level.VERY_DISSATISFIED, "", WAV))
    assert ended.receipt is not None
    assert (await Evaluation.get()).reasons["staff"]["words"] == RECORDED


async def test_what_is_said_too_long_or_with_odd_signs_is_kept(town: Town) -> None:
    caller = await put_through(town)
    await finish(town.office, caller, Said(Level.DISSATISFIED, "慢\x00" * 1200))
    assert (await Evaluation.get()).reasons["staff"]["words"] == "慢" * 1000


@under("sanming", "qijiang")
async def test_where_a_reason_is_needed_and_none_was_given_it_is_asked_for_by_sms(
    town: Town,
) -> None:
    caller = await put_through(town)
    ended = await finish(town.office, caller, Said(Level.DISSATISFIED))
    kept = await Opinion.get()
    assert ended == Ended(None, kept.id, link=True)
    assert (kept.level, kept.channel) == (2, Channel.HOTLINE)
    assert "不满意" in kept.words
    assert town.office.keys.open(kept.phone or "", "opinion.phone") == PHONE
    assert await Evaluation.all().count() == 0
    assert await kinds() == ["invitation"]


@under("tianjin")
async def test_where_the_name_is_needed_it_is_asked_for_by_sms(town: Town) -> None:
    """天津第十七条 实行实名制: a number is known, a name is not."""
    caller = await put_through(town)
    ended = await finish(town.office, caller, BAD)
    kept = await Opinion.get()
    assert ended == Ended(None, kept.id, link=True)
    assert kept.words.endswith("等了很久")
    assert (await Attachment.get()).opinion_id == kept.id


async def test_who_says_nothing_gets_the_link_once(town: Town, clock: StandingClock) -> None:
    caller = await put_through(town)
    assert await finish(town.office, caller, NOTHING) == Ended(link=True)
    clock.advance(hours=1)
    assert await finish(town.office, caller, NOTHING) == Ended(link=True)
    (notice,) = await Notice.all()
    assert (notice.kind, notice.once) == ("invitation", f"invitation:{caller.invitation.key}")
    assert await Evaluation.all().count() == await Opinion.all().count() == 0


async def test_who_cannot_be_reached_gets_none(town: Town) -> None:
    caller = await put_through(town, caller=None)
    assert await finish(town.office, caller, NOTHING) == Ended()
    assert await kinds() == []


async def test_at_night_it_waits_for_the_morning(town: Town, clock: StandingClock) -> None:
    clock.advance(hours=14)  # 23:00
    await finish(town.office, await put_through(town), NOTHING)
    assert (await Notice.get()).due_at == clock.now() + timedelta(hours=9)


async def test_a_confirmed_level_counts_whatever_comes_after(town: Town) -> None:
    caller = await put_through(town)
    await keep_level(town.office, caller, Level.BASICALLY_SATISFIED)
    ended = await finish(town.office, caller, NOTHING)
    assert ended.receipt is not None
    assert (await Evaluation.get()).level == 3


async def test_what_is_said_last_counts(town: Town) -> None:
    caller = await put_through(town)
    await keep_level(town.office, caller, Level.SATISFIED)
    await finish(town.office, caller, BAD)
    assert (await Evaluation.get()).level == 2


@pytest.mark.parametrize("said", [GOOD, BAD], ids=["good", "bad"])
async def test_sent_twice_it_is_kept_once(town: Town, said: Said) -> None:
    caller = await put_through(town)
    first = await finish(town.office, caller, said)
    for again in (said, NOTHING, Said(Level.VERY_DISSATISFIED, "别的", WAV)):
        assert await finish(town.office, caller, again) == first
    await keep_level(town.office, caller, Level.VERY_DISSATISFIED)
    assert (await Handover.get()).level == said.level
    assert await Evaluation.all().count() == 1
    assert await Attachment.all().count() == (said.recording is not None)


async def test_who_has_rated_by_the_link_meanwhile_is_not_asked_again(town: Town) -> None:
    caller = await put_through(town)
    await submit(town.office, caller.invitation, rating(Level.SATISFIED))
    assert await finish(town.office, caller, BAD) == Ended()
    assert (await Evaluation.get()).level == 4
    assert await kinds() == []
    assert (await Handover.get()).ended_at is not None


async def test_ended_by_two_at_once_it_is_kept_once(database_url: str, shelf: Shelf) -> None:
    """The process that was thought dead, and the sweep."""
    async with office_at(database_url, shelf) as office:
        caller = await put_through(await build(office))
        await keep_level(office, caller, Level.DISSATISFIED)
        everybody = asyncio.Barrier(4)

        async def end(said: Said) -> Ended:
            async with another_office_at(database_url, shelf) as theirs:
                mine = await handed(theirs, await Handover.get(id=caller.id))
                await everybody.wait()
                return await finish(theirs, mine, said)

        found = await asyncio.gather(*(end(said) for said in (BAD, NOTHING, BAD, NOTHING)))
        assert len({each.receipt.evaluation for each in found if each.receipt}) == 1
        assert all(each.receipt for each in found)
        assert await Evaluation.all().count() == await WorkOrder.all().count() == 1
        assert await Attachment.all().count() <= 1
