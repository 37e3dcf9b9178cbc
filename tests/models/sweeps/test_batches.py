"""Several processes sweep at once, and one of them dies: each thing once, whole or not at all."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from models.calendar.beijing import BEIJING
from models.office import Office
from models.rulebooks.shelf import Shelf
from models.sweeps.reminders import remind
from models.tables import Coverage, Evaluation, Invitation, LedgerLeaf, Notice
from models.tick import tick
from tests.models.crowd import Share, a_place, invite
from tests.models.elsewhere import Elsewhere, until_waiting
from tests.models.gate import build_gate, meet_at_the_gate
from tests.models.offices import office_at

OPENED = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
TUESDAY = datetime(2026, 3, 3, 9, tzinfo=BEIJING)
SEVEN_DAYS = datetime(2026, 3, 10, tzinfo=BEIJING)
LATER = datetime(2026, 3, 20, 9, tzinfo=BEIJING)
SHARE = Share(
    "chaoan",
    opened_at=OPENED,
    until=datetime(2026, 8, 29, tzinfo=BEIJING),
    remind_at=TUESDAY,
    timely_until=SEVEN_DAYS,
)
CROWD = 1200
"""More than two batches."""
SAID = (Evaluation, Coverage, LedgerLeaf)


async def crowd(office: Office, number: int) -> None:
    await invite(office, await a_place(office), SHARE, first=1, number=number)


async def test_several_beats_share_the_work(office: Office, elsewhere: Elsewhere) -> None:
    await crowd(office, CROWD)
    found = await elsewhere.at_once(*[(LATER, tick)] * 3)
    assert sum(found) == 2 * CROWD
    assert await Notice.all().count() == CROWD
    assert [await table.all().count() for table in SAID] == [CROWD] * 3
    assert await Invitation.filter(silence="default", reminded_at=TUESDAY).count() == CROWD


async def mark(_office: Office, ids: list[int]) -> int:
    return await Invitation.filter(id__in=ids).update(reminded_at=TUESDAY)


async def look(_office: Office) -> list[int]:
    rows = await Invitation.filter(reminded_at=None).values_list("id", flat=True)
    return [int(str(row)) for row in rows]


async def test_without_the_lock_two_take_the_same_rows(
    office: Office, elsewhere: Elsewhere
) -> None:
    """The race: who has read before the other has written does it all again."""
    await crowd(office, 5)
    ours, theirs = await look(office), await elsewhere.at(TUESDAY, look)
    done = await mark(office, ours), await elsewhere.at(TUESDAY, lambda at: mark(at, theirs))
    assert done == (5, 5)


async def test_what_another_one_holds_is_left_to_it(
    office: Office, engine: str, elsewhere: Elsewhere
) -> None:
    if engine == "sqlite":
        pytest.skip("there a beat has the file for itself, and the other one waits")
    await crowd(office, 5)

    async def hold(_office: Office) -> None:
        await Invitation.filter(id__in=[2, 4]).select_for_update().only("id")

    async with elsewhere.holding(TUESDAY, hold):
        assert await elsewhere.at(TUESDAY, remind) == 3
    assert await elsewhere.at(TUESDAY, remind) == 2
    assert await Notice.all().count() == 5


class Died(Exception):
    pass


@dataclass
class FatalClock:
    """Stands still, and kills whoever asks it once too often."""

    at: datetime
    left: int

    def now(self) -> datetime:
        self.left -= 1
        if self.left == 0:
            raise Died
        return self.at


async def stored() -> tuple[int, int]:
    """How many reminders and how many defaults: all that belongs to each, or nothing of it."""
    told = await Invitation.exclude(reminded_at=None).count()
    silent = await Invitation.exclude(silence=None).count()
    assert await Notice.all().count() == told
    assert [await table.all().count() for table in SAID] == [silent] * 3
    return told, silent


async def test_killed_at_any_step_a_batch_is_whole_or_not_at_all(office: Office) -> None:
    """The clock is asked between most of the steps: whoever dies there loses nothing, and the next
    beat goes on from there."""
    await crowd(office, 7)
    deaths = 0
    while True:
        try:
            await tick(replace(office, clock=FatalClock(LATER, left=deaths + 1)))
        except Died:
            deaths += 1
        else:
            break
        assert await stored() in ((0, 0), (7, 0), (7, 7))
    assert deaths > 7
    assert await stored() == (7, 7)


TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.mark.parametrize("death", ["terminated", "cancelled"])
@pytest.mark.parametrize("table", ["notice", "ledger_leaf"])
async def test_cut_off_at_its_commit_it_has_done_all_of_it_or_nothing(
    database_url: str, engine: str, shelf: Shelf, table: str, death: str
) -> None:
    """All is written, and nothing is committed."""
    if engine == "sqlite":
        pytest.skip("its connection is in the process, which dies with it")
    await build_gate(database_url, table)
    elsewhere = Elsewhere(database_url, shelf)
    async with office_at(database_url, shelf) as office:
        await crowd(office, 7)
        if table == "ledger_leaf":
            await elsewhere.at(TUESDAY, tick)
        before = await stored()
        doomed = elsewhere.at(LATER, tick)

        async def kill() -> None:
            await until_waiting(office.database)
            if death == "terminated":
                await office.database.connection.execute_query(TERMINATE)
            else:
                doomed.cancel()

        async def die() -> None:
            await doomed

        (died, _) = await meet_at_the_gate(office.database, die(), kill())
        assert isinstance(died, Exception | asyncio.CancelledError)
        # Whoever is cancelled while it commits may have committed.
        after = before if death == "terminated" else (7, before[0])
        assert await stored() in (before, after)
        await elsewhere.at(LATER, tick)
        assert await stored() == (7, 7)
