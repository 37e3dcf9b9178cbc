"""Many rate at once: one rating counts, one order is opened, everybody else is told so."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from models.cases.facts import GroupKind
from models.database import Database
from models.ratings.given import Rating
from models.ratings.refusals import AlreadyRated
from models.ratings.subjects import subject_of
from models.ratings.submit import Receipt, submit, submit_on
from models.rulebooks.shelf import Shelf
from models.tables import Coverage, Evaluation, Invitation, LedgerLeaf, Notice, WorkOrder
from models.words import Level
from tests.models.offices import another_office_at
from tests.models.ratings.said import rating, reasons
from tests.models.town import Town, case, done, member, under

MANY = 12


async def without_unique_slots(database: Database) -> None:
    """The schema as it would be without the lock."""
    connection = database.connection
    if database.is_postgres:
        (row,) = await connection.execute_query_dict(
            "SELECT conname AS name FROM pg_constraint WHERE contype = 'u'"
            " AND conrelid = 'coverage'::regclass"
        )
        await connection.execute_script(f'ALTER TABLE coverage DROP CONSTRAINT "{row["name"]}"')
        return
    (row,) = await connection.execute_query_dict(
        "SELECT sql FROM sqlite_master WHERE name = 'coverage'"
    )
    await connection.execute_script(f"DROP TABLE coverage; {row['sql'].replace(' UNIQUE', '')}")


async def two_at_once(town: Town) -> list[object]:
    """Both have looked before either has stored anything."""
    invitation = await town.invitation(case(), done())
    one, other = await subject_of(invitation), await subject_of(invitation)
    found: list[object] = []
    for subject in (one, other):
        said = rating(Level.DISSATISFIED, **reasons(item="慢"))
        try:
            found.append(await submit_on(town.office, subject, said))
        except AlreadyRated as second:
            found.append(second)
    return found


async def test_without_the_unique_slot_both_count(town: Town, database: Database) -> None:
    """The race that the slot is there for."""
    await without_unique_slots(database)
    found = await two_at_once(town)
    assert [type(each) for each in found] == [Receipt, Receipt]
    assert await WorkOrder.all().count() == 2


async def test_with_it_the_first_counts_and_the_second_is_told(town: Town) -> None:
    first, second = await two_at_once(town)
    assert isinstance(first, Receipt)
    assert isinstance(second, AlreadyRated)
    assert (second.evaluation, second.follow_up_until) == (first.evaluation, first.follow_up_until)
    assert await Evaluation.all().count() == await WorkOrder.all().count() == 1


async def everybody(
    url: str, shelf: Shelf, said: list[tuple[str, Rating]]
) -> list[Receipt | AlreadyRated]:
    """Each from connections of their own, as from processes of their own, all at once."""
    ready = asyncio.Barrier(len(said))

    async def one(key: str, given: Rating) -> Receipt | AlreadyRated:
        async with another_office_at(url, shelf) as office:
            invitation = await Invitation.get(key=key)
            await ready.wait()
            try:
                return await submit(office, invitation, given)
            except AlreadyRated as second:
                return second

    async with asyncio.timeout(60):
        return await asyncio.gather(*(one(key, given) for key, given in said))


async def test_of_many_ratings_one_counts(town: Town, database_url: str, shelf: Shelf) -> None:
    invitation = await town.invitation(case(), done())
    said = [(invitation.key, rating(Level.DISSATISFIED, **reasons(item="慢"))) for _ in range(MANY)]
    found = await everybody(database_url, shelf, said)
    assert Counter(type(each) for each in found) == {Receipt: 1, AlreadyRated: MANY - 1}
    assert len({each.evaluation for each in found}) == 1
    for table in (Evaluation, Coverage, LedgerLeaf, WorkOrder):
        assert await table.all().count() == 1
    assert await Notice.filter(kind="complaint").count() == 1


async def test_one_submission_sent_many_times_is_answered_every_time(
    town: Town, database_url: str, shelf: Shelf
) -> None:
    invitation = await town.invitation(case(), done())
    said = rating(Level.DISSATISFIED, **reasons(item="慢"))
    found = await everybody(database_url, shelf, [(invitation.key, said)] * MANY)
    assert {type(each) for each in found} == {Receipt}
    assert len(set(found)) == 1
    assert await Evaluation.all().count() == await WorkOrder.all().count() == 1


@under("sanming")
async def test_the_whole_and_its_parts_at_once_fill_every_slot_once(
    town: Town, database_url: str, shelf: Shelf
) -> None:
    """Either the whole counts and no part of it, or parts do and not the whole. No deadlock."""
    kind, numbers = GroupKind.PARALLEL, ("C1", "C2", "C3")
    for place, number in enumerate(numbers, start=1):
        await town.report(member(number, kind, place, size=3), done(number))
    keys = [each.key for each in await Invitation.filter(closed_at=None, node="completion")]
    assert len(keys) == 4
    found = await everybody(database_url, shelf, [(key, rating()) for key in keys * 3])
    counted = {each.evaluation for each in found if isinstance(each, Receipt)}
    slots = [each.slot for each in await Coverage.all()]
    assert len(slots) == len(set(slots))
    assert await Evaluation.all().count() == len(counted)
    assert len(slots) == 3
    assert len(counted) in (1, 3)
    assert not await Invitation.filter(closed_at=None, node="completion").exists()


@pytest.mark.parametrize("invitations", [8])
async def test_ratings_of_different_cases_do_not_meet(
    town: Town, database_url: str, shelf: Shelf, invitations: int
) -> None:
    for number in range(invitations):
        await town.report(case(f"C{number}"), done(f"C{number}"))
    keys = [each.key for each in await Invitation.all()]
    found = await everybody(database_url, shelf, [(key, rating()) for key in keys])
    assert {type(each) for each in found} == {Receipt}
    assert await LedgerLeaf.all().count() == invitations
