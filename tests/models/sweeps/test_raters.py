"""A citizen rates at the very moment at which silence is recorded; two rate what overlaps. First
that it can go wrong, then that it does not."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest

from models.calendar.beijing import BEIJING
from models.cases.facts import GroupKind
from models.office import Office
from models.ratings.decide import Given, decide
from models.ratings.ids import time_ordered_id
from models.ratings.refusals import AlreadyRated
from models.ratings.subject import Subject
from models.ratings.subjects import subject_of
from models.ratings.submit import Receipt, submit, submit_on
from models.sweeps.silence import record_silence
from models.tables import Coverage, Evaluation, Invitation
from tests.models.elsewhere import Elsewhere, until_waiting
from tests.models.ratings.said import rating
from tests.models.town import Town, case, done, member
from tests.standing import MONDAY, StandingClock

SEVEN_DAYS = datetime(2026, 3, 10, tzinfo=BEIJING)
BEFORE = SEVEN_DAYS - timedelta(seconds=1)
MANY = 20


async def just_in_time(town: Town, clock: StandingClock) -> Subject:
    """What the citizen's process has read a second before the silence."""
    invitation = await town.invitation(case(), done())
    clock.at = BEFORE
    return await subject_of(invitation)


async def beside_one_in_time() -> list[str]:
    """Slots in which a default stands beside a person's rating that passes for one in time."""
    found = await Coverage.all().select_related("evaluation")
    defaults = {row.slot for row in found if row.evaluation.provenance == "default"}
    in_time = {row.slot for row in found if row.ordinal == 1 and not row.evaluation.late}
    return sorted(defaults & {slot.removesuffix("1") + "0" for slot in in_time})


async def test_the_tables_alone_take_a_default_beside_one_in_time(
    town: Town, clock: StandingClock, elsewhere: Elsewhere
) -> None:
    """The race that `store` has to decide: decided in time, stored after the silence."""
    subject = await just_in_time(town, clock)
    assert await elsewhere.at(SEVEN_DAYS, record_silence) == 1
    version = town.office.shelf.book("chaoan").versions[0]
    given = Given(time_ordered_id(clock.now()), clock.now(), None)
    decision = decide(subject, rating(), version, town.office.days, given)
    await Evaluation.create(**decision.evaluation)
    await Coverage.bulk_create([Coverage(**row) for row in decision.coverage])
    assert await beside_one_in_time() == ["case-1/completion/item/0"]


async def test_stored_after_the_silence_it_is_late(
    town: Town, clock: StandingClock, elsewhere: Elsewhere
) -> None:
    subject = await just_in_time(town, clock)
    assert await elsewhere.at(SEVEN_DAYS, record_silence) == 1
    assert (await submit_on(town.office, subject, rating())).late
    assert await Evaluation.all().count() == 2
    assert await beside_one_in_time() == []


async def test_stored_before_it_there_is_no_silence(
    town: Town, clock: StandingClock, elsewhere: Elsewhere
) -> None:
    subject = await just_in_time(town, clock)
    assert not (await submit_on(town.office, subject, rating())).late
    assert await elsewhere.at(SEVEN_DAYS, record_silence) == 0
    assert await Evaluation.all().count() == 1


async def test_while_the_silence_is_being_recorded_a_rating_waits_and_is_late(
    town: Town, clock: StandingClock, elsewhere: Elsewhere
) -> None:
    subject = await just_in_time(town, clock)
    async with elsewhere.holding(SEVEN_DAYS, record_silence):
        rater = elsewhere.at(BEFORE, lambda at: submit_on(at, subject, rating()))
        await until_waiting(town.office.database)
    assert (await rater).late
    assert await Evaluation.all().count() == 2


async def test_while_a_rating_is_being_stored_the_silence_passes_it_over(
    town: Town, clock: StandingClock, elsewhere: Elsewhere
) -> None:
    subject = await just_in_time(town, clock)
    async with elsewhere.holding(BEFORE, lambda at: submit_on(at, subject, rating())):
        sweep = elsewhere.at(SEVEN_DAYS, record_silence)
        if town.office.database.is_postgres:
            assert await sweep == 0
    assert await sweep == 0
    (said,) = await Evaluation.all()
    assert not said.late


async def test_at_the_same_moment_either_may_be_first(
    town: Town, clock: StandingClock, elsewhere: Elsewhere
) -> None:
    for number in range(MANY):
        await town.report(case(f"C{number}"), done(f"C{number}"))
    clock.at = BEFORE
    subjects = [await subject_of(each) for each in await Invitation.all()]

    async def rate(at: Office) -> int:
        receipts = [await submit_on(at, each, rating()) for each in subjects]
        return sum(receipt.late for receipt in receipts)

    late, silent = await elsewhere.at_once((BEFORE, rate), (SEVEN_DAYS, record_silence))
    assert late == silent == await Evaluation.filter(provenance="default").count()
    assert await beside_one_in_time() == []


async def a_theme(town: Town) -> list[int]:
    """The invitations to rate one of its cases, and the whole."""
    for place, number in enumerate(("C1", "C2"), start=1):
        await town.report(member(number, GroupKind.THEME, place), done(number))
    part, whole = "case:1/completion", "group:1/completion"
    return [(await Invitation.get(key=key)).id for key in (part, whole)]


async def test_without_one_order_two_wait_for_each_other(
    town: Town, engine: str, elsewhere: Elsewhere
) -> None:
    """The race that the order of the locks in `store` is there for."""
    if engine == "sqlite":
        pytest.skip("SQLite has one lock, and nobody waits crosswise")
    ids = await a_theme(town)
    both_hold_one = asyncio.Barrier(2)

    async def close(at: Office, first: int, second: int) -> None:
        async with at.database.transaction() as connection:
            await connection.execute_query("SET LOCAL deadlock_timeout = '20ms'")
            await Invitation.filter(id=first).update(closed_at=MONDAY)
            await both_hold_one.wait()
            await Invitation.filter(id=second).update(closed_at=MONDAY)

    found = await asyncio.gather(
        elsewhere.at(MONDAY, lambda at: close(at, ids[0], ids[1])),
        elsewhere.at(MONDAY, lambda at: close(at, ids[1], ids[0])),
        return_exceptions=True,
    )
    (victim,) = [each for each in found if each is not None]
    assert "deadlock" in str(victim)


async def test_raters_of_a_whole_and_of_a_part_do_not(town: Town, elsewhere: Elsewhere) -> None:
    ids = await a_theme(town)

    async def rate(at: Office, which: int) -> Receipt | AlreadyRated:
        try:
            return await submit(at, await Invitation.get(id=which), rating())
        except AlreadyRated as second:
            return second

    async def lock(_at: Office) -> None:
        await Invitation.filter(id__in=ids).order_by("id").select_for_update().only("id")

    # Both stand before the locks when they are let go.
    async with elsewhere.holding(MONDAY, lock):
        raters = [
            elsewhere.at(MONDAY, lambda at: rate(at, ids[0])),
            elsewhere.at(MONDAY, lambda at: rate(at, ids[1])),
        ]
        await until_waiting(town.office.database, 2)
    found = await asyncio.gather(*raters)
    assert Counter(type(each) for each in found) == {Receipt: 1, AlreadyRated: 1}
    slots = [row.slot for row in await Coverage.all()]
    assert len(slots) == len(set(slots))
    assert not await Invitation.filter(closed_at=None, id__in=ids).exists()
