"""Two reports at once: neither may decide without having seen the other (models/cases/locking)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random

import pytest

from models.cases.facts import GroupKind
from models.cases.received import Taken
from models.cases.reports import Report
from models.refusals import Conflict
from models.rulebooks.shelf import Shelf
from models.tables import Case, CaseGroup, Completion, Invitation, Visit
from tests.models.gate import build_gate, meet_at_the_gate, without_advisory_locks
from tests.models.offices import another_office_at, office_at
from tests.models.town import Town, build, case, done, member, take, under, visit

BATCH = GroupKind.BATCH
Race = tuple[list[Report], list[Report], str]
"""What is known before, what arrives at once, and the key of the invitation it should open."""

RACES: dict[str, Race] = {
    "the last two completions of a group": (
        [member("C1", BATCH), member("C2", BATCH)],
        [done("C1"), done("C2")],
        "group:1/completion",
    ),
    "the last case of a group and the completion of another": (
        [member("C1", BATCH), done("C2")],
        [member("C2", BATCH), done("C1")],
        "group:1/completion",
    ),
    "a visit and its case": ([], [visit(), case()], "case:1/visit:1"),
    "a completion and its case": ([], [done(), case()], "case:1/completion"),
}


async def opened_after(url: str, shelf: Shelf, race: Race) -> tuple[bool, bool]:
    """Whether the reports were taken, and whether the invitation is there afterwards."""
    before, at_once, key = race
    async with office_at(url, shelf) as office:
        town = await build(office)
        if before:
            await town.report(*before)
        found = await meet_at_the_gate(
            office.database, *(take(office, town.integrator, each) for each in at_once)
        )
        taken = all(isinstance(each, Taken) for each in found)
        return taken, await Invitation.exists(key=key, closed_at=None)


@pytest.fixture
async def gated(new_postgres: Callable[[str], str]) -> str:
    url = new_postgres("migrated")
    await build_gate(url, "visit", "completion", "case_file")
    return url


@pytest.mark.parametrize("race", RACES)
async def test_without_the_locks_nobody_opens_it(gated: str, shelf: Shelf, race: str) -> None:
    """The race that the locks are there for: each was taken, and neither saw the other."""
    await without_advisory_locks(gated)
    assert await opened_after(gated, shelf, RACES[race]) == (True, False)


@pytest.mark.parametrize("race", RACES)
async def test_with_the_locks_it_is_opened(gated: str, shelf: Shelf, race: str) -> None:
    assert await opened_after(gated, shelf, RACES[race]) == (True, True)


async def test_one_report_sent_twice_at_once_is_stored_once(gated: str, shelf: Shelf) -> None:
    async with office_at(gated, shelf) as office:
        town = await build(office)
        for each in (member("C1", BATCH), visit(), done()):
            found = await meet_at_the_gate(
                office.database, *(take(office, town.integrator, each) for _ in range(3))
            )
            assert sorted(taken.fresh for taken in found if isinstance(taken, Taken)) == [
                False,
                False,
                True,
            ]
        assert [await table.all().count() for table in (Case, CaseGroup, Visit, Completion)] == [
            1,
            1,
            1,
            1,
        ]


async def test_two_that_contradict_each_other_at_once_one_is_refused(
    gated: str, shelf: Shelf
) -> None:
    async with office_at(gated, shelf) as office:
        town = await build(office)
        found = await meet_at_the_gate(
            office.database,
            take(office, town.integrator, case()),
            take(office, town.integrator, case(item="item-2")),
        )
        assert {type(each) for each in found} == {Conflict, Taken}
        assert await Case.all().count() == 1


async def test_two_first_cases_of_one_group_make_it_once(gated: str, shelf: Shelf) -> None:
    async with office_at(gated, shelf) as office:
        town = await build(office)
        found = await meet_at_the_gate(
            office.database,
            *(take(office, town.integrator, member(f"C{n}", BATCH)) for n in range(1, 4)),
        )
        assert sum(isinstance(each, Conflict) for each in found) == 1
        assert await CaseGroup.all().count() == 1
        assert await Case.all().count() == 2


@under("sanming")
async def test_a_busy_morning_ends_as_a_quiet_one(
    town: Town, database_url: str, shelf: Shelf
) -> None:
    """Everything of ten groups at once over four connections or more, in no order, on each engine:
    no deadlock, nothing lost."""
    kind = GroupKind.PARALLEL
    reports: list[Report] = []
    for number in range(10):
        one, other, group = f"P{number}C1", f"P{number}C2", f"P{number}G"
        reports += [member(one, kind, 1, group=group), member(other, kind, 2, group=group)]
        reports += [visit(one), visit(other, 1, staff="staff-2"), done(one), done(other)]
    Random(1).shuffle(reports)  # noqa: S311

    async def counter(place: int) -> None:
        async with another_office_at(database_url, shelf) as office:
            for each in reports[place::4]:
                await take(office, town.integrator, each)

    async with asyncio.timeout(60):
        await asyncio.gather(*(counter(place) for place in range(4)))
    assert await Invitation.filter(closed_at=None).count() == 50
    assert await Invitation.exclude(closed_at=None).count() == 0
