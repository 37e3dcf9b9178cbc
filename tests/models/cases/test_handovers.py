"""From the agent to the rating by telephone: one handover a call, claimed once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from models.cases.handovers import (
    LIFE,
    Handed,
    HandoverExpired,
    HandoverUnknown,
    HandoverUsed,
    claim,
)
from models.office import Office
from models.ratings.submit import submit
from models.refusals import Conflict, Refused
from models.rulebooks.shelf import Shelf
from models.tables import Call, Handover, OptOut
from models.words import Channel, Level, Node
from tests.models.offices import another_office_at
from tests.models.ratings.said import rating
from tests.models.town import PHONE, Town, call, under
from tests.standing import StandingClock

LAND_LINE = "+867682223333"
MANY = 8


async def handover(town: Town, number: str = "T1", **more: object) -> UUID:
    found = (await town.report(call(number, **more))).handover
    assert found is not None
    return found.id


async def test_a_call_is_handed_over_once_however_often_it_is_reported(
    town: Town, clock: StandingClock
) -> None:
    first = (await town.report(call())).handover
    clock.advance(hours=1)
    again = (await town.report(call())).handover
    assert first is not None
    assert again is not None
    assert (again.id, again.until) == (first.id, first.until)
    assert first.until == first.opened_at + LIFE
    assert await Handover.all().count() == 1


@under("lingang")
async def test_a_call_that_nobody_rates_is_not(town: Town) -> None:
    assert (await town.report(call())).handover is None
    assert await Handover.all().count() == 0


async def test_a_call_without_its_end_ended_when_it_was_reported(
    town: Town, clock: StandingClock
) -> None:
    began = clock.now()
    first = await town.report(call(ended_at=None))
    clock.advance(minutes=5)
    again = await town.report(call(ended_at=None))
    assert (first.fresh, again.fresh) == (True, False)
    assert (await Call.get(number="T1")).ended_at == began
    with pytest.raises(Conflict):
        await town.report(call())


@pytest.mark.parametrize("more", [{"queue": "市民"}, {"case": "C9"}])
async def test_another_queue_or_case_is_another_report(town: Town, more: dict[str, str]) -> None:
    await town.report(call())
    with pytest.raises(Conflict):
        await town.report(call(**more))


def test_a_report_of_before_there_were_queues_is_the_same_report() -> None:
    """Calls stored by an older release are answered again."""
    assert call(caller=PHONE).model_dump_json() == (
        '{"number":"T1","platform":"hotline","staff":"staff-1",'
        f'"caller":"{PHONE}","ended_at":"2026-03-02T00:00:00Z"}}'
    )
    assert '"queue":"Q"' in call(queue="Q").model_dump_json()


@under("chaoan", "sanming")
async def test_who_claims_it_knows_what_to_ask(town: Town) -> None:
    handed = await claim(town.office, await handover(town, queue="市民", caller=PHONE))
    assert (handed.call, handed.queue) == ("T1", "市民")
    assert handed.negative == {Level.DISSATISFIED, Level.VERY_DISSATISFIED}
    assert handed.invitation.node == Node.CALL
    assert handed.reachable
    assert not handed.rated


async def test_no_second_time(town: Town) -> None:
    id_ = await handover(town)
    await claim(town.office, id_)
    with pytest.raises(HandoverUsed):
        await claim(town.office, id_)


async def test_it_lives_for_two_hours(town: Town, clock: StandingClock) -> None:
    early, late = await handover(town, "T1"), await handover(town, "T2")
    clock.advance(seconds=(LIFE - timedelta(seconds=1)).total_seconds())
    await claim(town.office, early)
    clock.advance(seconds=1)
    with pytest.raises(HandoverExpired):
        await claim(town.office, late)
    with pytest.raises(HandoverUsed):
        await claim(town.office, early)


async def test_another_id_is_nobodys(town: Town) -> None:
    await handover(town)
    with pytest.raises(HandoverUnknown):
        await claim(town.office, uuid4())


async def test_what_was_rated_otherwise_is_told(town: Town) -> None:
    id_ = await handover(town)
    await submit(town.office, await town.invitation(call(), node=Node.CALL), rating())
    assert (await claim(town.office, id_)).rated


@pytest.mark.parametrize(
    ("caller", "reachable"), [(PHONE, True), (LAND_LINE, False), (None, False)]
)
async def test_whom_a_link_reaches(town: Town, caller: str | None, reachable: bool) -> None:
    handed = await claim(town.office, await handover(town, caller=caller))
    assert handed.reachable is reachable


async def test_who_wants_no_messages_is_sent_no_link(town: Town) -> None:
    id_ = await handover(town, caller=PHONE)
    hashed = town.office.keys.find(PHONE, "phone")
    await OptOut.create(channel=Channel.SMS, address_hash=hashed, at=town.office.now())
    assert not (await claim(town.office, id_)).reachable


async def looked_then_claimed(office: Office, id_: UUID, everybody: asyncio.Barrier) -> bool:
    """As it must not be done."""
    row = await Handover.get(id=id_)
    await everybody.wait()
    if row.claimed_at is not None:
        return False
    await Handover.filter(id=id_).update(claimed_at=office.now())
    return True


async def test_who_looks_first_and_claims_then_is_not_alone(
    town: Town, database_url: str, shelf: Shelf
) -> None:
    """The race that the one statement of `claim` is there for."""
    id_, everybody = await handover(town), asyncio.Barrier(MANY)

    async def switch() -> bool:
        async with another_office_at(database_url, shelf) as office:
            return await looked_then_claimed(office, id_, everybody)

    assert await asyncio.gather(*(switch() for _ in range(MANY))) == [True] * MANY


async def test_of_many_who_claim_it_at_once_one_has_it(
    town: Town, database_url: str, shelf: Shelf
) -> None:
    """Each from connections of its own, as another process."""
    id_, everybody = await handover(town), asyncio.Barrier(MANY)

    async def switch() -> Handed | Refused:
        async with another_office_at(database_url, shelf) as office:
            await everybody.wait()
            try:
                return await claim(office, id_)
            except Refused as refusal:
                return refusal

    found = await asyncio.gather(*(switch() for _ in range(MANY)))
    assert sum(isinstance(each, Handed) for each in found) == 1
    assert sum(isinstance(each, HandoverUsed) for each in found) == MANY - 1
