"""Callers whose process died in the middle of the call."""

from __future__ import annotations

from datetime import timedelta

from models.cases.handovers import Handed, claim
from models.ratings.by_phone import Said, finish, keep_level
from models.sweeps.handovers import LONGEST, end_handovers, left
from models.tables import Call, Evaluation, Handover, Notice
from models.tick import tick
from models.words import Level
from tests.models.contents import everything
from tests.models.crowd import look_closely
from tests.models.sweeps.test_indexes import plan
from tests.models.town import PHONE, Town, call
from tests.standing import MONDAY, StandingClock

CROWD = 5_000


async def put_through(town: Town, number: str) -> Handed:
    taken = await town.report(call(number, caller=PHONE))
    assert taken.handover is not None
    return await claim(town.office, taken.handover.id)


async def test_what_was_confirmed_counts_and_who_confirmed_nothing_gets_the_link(
    town: Town, clock: StandingClock
) -> None:
    confirmed, silent, whole = [await put_through(town, f"T{n}") for n in range(3)]
    await town.report(call("T3", caller=PHONE))
    await keep_level(town.office, confirmed, Level.BASICALLY_SATISFIED)
    await finish(town.office, whole, Said(Level.SATISFIED))
    clock.at += LONGEST - timedelta(seconds=1)
    assert await end_handovers(town.office) == 0
    clock.advance(seconds=1)
    assert await end_handovers(town.office) == 2
    assert [each.level for each in await Evaluation.all().order_by("level")] == [3, 4]
    (link,) = await Notice.all()
    assert link.body == {"invitation": silent.invitation.id}
    assert await Handover.filter(ended_at=None).count() == 1, "nobody was put through"
    stored = await everything()
    assert await end_handovers(town.office) == 0
    assert await everything() == stored


async def test_time_does_it(town: Town, clock: StandingClock) -> None:
    caller = await put_through(town, "T1")
    await keep_level(town.office, caller, Level.DISSATISFIED)
    clock.advance(hours=1)
    await tick(town.office)
    assert (await Evaluation.get()).level == 2


async def test_they_are_found_by_an_index(town: Town) -> None:
    await many(await put_through(town, "T1"))
    await look_closely(town.office)
    found = await plan(town.office, left(MONDAY))
    assert "due_handover" in found, found


async def many(of: Handed) -> None:
    """That have ended, one a call."""
    whole = await Call.get(number=of.call)
    await Call.bulk_create(
        [
            Call(
                number=f"N{number}",
                region_id=whole.region_id,
                platform_id=whole.platform_id,
                staff_id=whole.staff_id,
                ended_at=MONDAY,
                integrator_id=whole.integrator_id,
                reported_at=MONDAY,
                fingerprint="-",
            )
            for number in range(CROWD)
        ]
    )
    await Handover.bulk_create(
        [
            Handover(
                call_id=each, opened_at=MONDAY, until=MONDAY, claimed_at=MONDAY, ended_at=MONDAY
            )
            for each in await Call.filter(number__startswith="N").values_list("id", flat=True)
        ]
    )
