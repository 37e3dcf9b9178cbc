"""What time does to an order: warned, marked, told to a higher bureau, each once and of its moment.

Chao'an: dispatched on Monday, 2 March 2026, 7个工作日 end with Wednesday, 11 March.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.calendar.added_years import read_year
from models.calendar.beijing import BEIJING
from models.calendar.working_days import WorkingDays
from models.calendar.year_plan import library_plans
from models.handling.acting import act
from models.office import Office
from models.orders.steps import STEPS
from models.rulebooks.shelf import Shelf
from models.settling import settle
from models.sweeps.orders import mark_overdue
from models.tables import Agency, Notice, OrderDeadline, OrderEvent, Region, WorkOrder
from models.tick import next_due, tick
from tests.models.elsewhere import Elsewhere, until_waiting
from tests.models.handling.desk import Desk, picture
from tests.models.town import build, under
from tests.standing import StandingClock

SECOND = timedelta(seconds=1)
KNOWN = {year: plan for year, plan in library_plans().items() if year <= 2026}
NOTICE = Path(__file__).parents[1] / "calendar" / "2027.toml"
ADDED = read_year(NOTICE.read_text("utf-8"), NOTICE.name, library=KNOWN)


def march(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=BEIJING)


FIRST_WARNING, SECOND_WARNING, DUE = march(10, 9), march(11, 16), march(12)
ESCALATED = march(17)
"""Thursday the 12th, Friday, Monday the 16th."""


@pytest.fixture
def elsewhere(database_url: str, shelf: Shelf) -> Elsewhere:
    return Elsewhere(database_url, shelf)


async def dispatched(desk: Desk) -> int:
    order = await desk.rated()
    await desk.step(order, "bureau", "dispatch", to="agency")
    return order


async def told(kind: str, clock: str = "rectify") -> list[str]:
    """The codes of the agencies told of that clock, one a notice."""
    ids = {row.id for row in await OrderDeadline.filter(kind=clock)}
    found = await Notice.filter(kind=kind).order_by("id").select_related("agency")
    return [
        each.agency.code if each.agency else "nobody"
        for each in found
        if each.body["deadline"] in ids
    ]


async def rectify(order: int) -> OrderDeadline:
    return await OrderDeadline.get(order_id=order, kind="rectify")


async def with_province(desk: Desk) -> None:
    """A bureau above the town's."""
    above = await Region.create(code="P", name="本省")
    await Agency.create(code="bureau-p", name="省政务局", region=above, party="bureau")
    await Region.filter(id=desk.town.region.id).update(parent_id=above.id)


async def test_warned_marked_and_told_higher(desk: Desk, clock: StandingClock) -> None:
    await with_province(desk)
    order = await dispatched(desk)
    office = desk.town.office
    seen: list[tuple[list[str], list[str]]] = []
    for moment in (FIRST_WARNING, SECOND_WARNING, DUE, ESCALATED):
        for clock.at in (moment - SECOND, moment, moment + SECOND):
            await tick(office)
            seen.append((await told("warning"), await told("overdue")))
    warned, twice = ["agency"], ["agency", "agency"]
    late = ["agency", "bureau"]
    assert seen == [
        ([], []),
        (warned, []),
        (warned, []),
        (warned, []),
        (twice, []),
        (twice, []),
        (twice, []),
        (twice, late),
        (twice, late),
        (twice, late),
        (twice, [*late, "bureau-p"]),
        (twice, [*late, "bureau-p"]),
    ]
    row = await rectify(order)
    assert (row.overdue_at, row.warn_at, row.escalate_at) == (DUE, None, None)


async def test_they_wake_who_sleeps(desk: Desk, clock: StandingClock) -> None:
    await dispatched(desk)
    for moment in (FIRST_WARNING, SECOND_WARNING, DUE):
        clock.at = moment - SECOND
        await tick(desk.town.office)
        assert await next_due(desk.town.office) == moment


async def test_after_a_long_standstill_each_once_and_no_warning(
    desk: Desk, clock: StandingClock
) -> None:
    """What is overdue is no more warned of."""
    await with_province(desk)
    order = await dispatched(desk)
    clock.at = march(31)
    await tick(desk.town.office)
    assert await told("warning") == []
    assert await told("overdue") == ["agency", "bureau", "bureau-p"]
    assert (await rectify(order)).overdue_at == DUE
    before = await Notice.all().count()
    clock.advance(days=3)
    assert await tick(desk.town.office) == 0
    assert await Notice.all().count() == before


async def test_between_two_warnings_the_second_only(desk: Desk, clock: StandingClock) -> None:
    await dispatched(desk)
    clock.at = march(11, 12)
    await tick(desk.town.office)
    assert await told("warning") == ["agency"], "the first is late, and it is no second"
    clock.at = SECOND_WARNING
    await tick(desk.town.office)
    assert await told("warning") == ["agency", "agency"]


async def test_nobody_is_warned_of_a_clock_that_began_after_the_moment(
    desk: Desk, clock: StandingClock
) -> None:
    """The dispatch has one working day: it came in at nine, no earlier morning warns."""
    await desk.rated()
    for clock.at in (march(2, 9), march(2, 10), march(3, 15)):
        await tick(desk.town.office)
        assert await told("warning", "dispatch") == []
    clock.at = march(3, 16)
    await tick(desk.town.office)
    assert await told("warning", "dispatch") == ["bureau"]
    clock.at = march(4)
    await tick(desk.town.office)
    assert await told("overdue", "dispatch") == ["bureau"]


async def test_nobody_is_warned_of_what_is_done(desk: Desk, clock: StandingClock) -> None:
    order = await dispatched(desk)
    await desk.step(order, "handler", "verify")
    await desk.step(order, "handler", "answer", text="已经改正。")
    clock.at = march(31)
    await tick(desk.town.office)
    assert (await told("warning"), await told("overdue")) == ([], [])
    assert (await rectify(order)).overdue_at is None


async def found_mistaken(desk: Desk, order: int) -> None:
    files = [await picture()]
    said = {"ground": "误评", "reason": "评价人点错"}
    await desk.step(order, "handler", "find_mistaken", files=files, **said)


async def test_nobody_is_warned_while_it_is_decided_whether_it_counts(
    desk: Desk, clock: StandingClock
) -> None:
    order = await dispatched(desk)
    await found_mistaken(desk, order)
    for clock.at in (FIRST_WARNING, SECOND_WARNING, DUE):
        await tick(desk.town.office)
    assert (await told("warning"), await told("overdue")) == ([], [])


async def test_what_counts_after_all_is_warned_of_again(desk: Desk, clock: StandingClock) -> None:
    """The clock has run on all the time, and nobody hears of it for the first time when it ends."""
    order = await dispatched(desk)
    await found_mistaken(desk, order)
    clock.at = march(5)
    await desk.step(order, "bureau", "reject_mistaken", note="录像显示评价属实")
    clock.at = FIRST_WARNING
    await tick(desk.town.office)
    assert await told("warning") == ["agency"]


async def test_an_answer_that_comes_back_is_due_again(desk: Desk, clock: StandingClock) -> None:
    """Overdue it was told once; warned it is for as long as there is time."""
    order = await dispatched(desk)
    await desk.step(order, "handler", "verify")
    await desk.step(order, "handler", "answer", text="已经改正。")
    await desk.step(order, "bureau", "review_answer", passed=False, note="没有说明何时增开")
    for clock.at in (FIRST_WARNING, SECOND_WARNING, DUE):
        await tick(desk.town.office)
    assert await told("warning") == ["agency", "agency"]
    await desk.step(order, "handler", "answer", text="自3月9日起增开两个窗口。")
    await desk.step(order, "bureau", "review_answer", passed=False, note="没有说明哪两个")
    clock.at = march(13)
    await tick(desk.town.office)
    assert await told("overdue") == ["agency", "bureau"]
    assert (await rectify(order)).overdue_at == DUE


async def test_late_is_late_whoever_comes_first(desk: Desk, clock: StandingClock) -> None:
    """An answer after the day, before anybody has looked, is marked all the same."""
    order = await dispatched(desk)
    await desk.step(order, "handler", "verify")
    clock.at = DUE + SECOND
    await desk.step(order, "handler", "answer", text="已经改正。")
    await tick(desk.town.office)
    row = await rectify(order)
    assert (row.met_at, row.overdue_at) == (clock.at, DUE)


@under("lingang")
async def test_a_review_is_the_bureaus_duty(desk: Desk, clock: StandingClock) -> None:
    """Whoever holds the order meanwhile: appealed on 2 March, 5个工作日 (reading 11)."""
    order = await desk.rated()
    files = [await picture()]
    await desk.step(order, "handler", "appeal", reason="当天系统故障", files=files)
    clock.at = march(6, 9)
    await tick(desk.town.office)
    assert await told("warning", "review") == ["bureau"]
    clock.at = march(10)
    await tick(desk.town.office)
    assert await told("overdue", "review") == ["bureau"]


@under("sanming")
async def test_bureau_and_agency_verify_together(desk: Desk, clock: StandingClock) -> None:
    """会同 (三明二(三)1): due with Thursday, 5 March."""
    await desk.rated()
    clock.at = march(4, 9)
    await tick(desk.town.office)
    assert await told("warning", "verify") == ["agency", "bureau"]
    clock.at = march(6)
    await tick(desk.town.office)
    assert await told("overdue", "verify") == ["agency", "bureau"]


async def test_a_right_is_nobodys_delay(desk: Desk, clock: StandingClock) -> None:
    """误评核实: who does not find a rating mistaken is late with nothing."""
    await dispatched(desk)
    clock.at = march(31)
    await tick(desk.town.office)
    assert (await told("warning", "exclude"), await told("overdue", "exclude")) == ([], [])


async def test_what_rests_on_an_estimated_day_waits(office: Office, clock: StandingClock) -> None:
    """Received on 24 December 2026: 5 days are known, two of January estimated."""
    clock.at = datetime(2026, 12, 24, 10, tzinfo=BEIJING)
    unknown = replace(office, days=WorkingDays(library=KNOWN))
    desk = await Desk.of(await build(unknown))
    order = await dispatched(desk)
    row = await rectify(order)
    assert (row.due_at, row.provisional) == (datetime(2027, 1, 5, tzinfo=BEIJING), True)
    for clock.at in (
        datetime(2027, 1, 1, 9, tzinfo=BEIJING),
        datetime(2027, 1, 4, 16, tzinfo=BEIJING),
        datetime(2027, 1, 5, tzinfo=BEIJING),
    ):
        await tick(unknown)
        assert (await told("warning"), await told("overdue")) == ([], [])
    # By the notice it ends with the 5th: warned eight hours before, marked at midnight.
    known = replace(office, days=WorkingDays([ADDED], library=KNOWN))
    for hour, warned in ((15, []), (16, ["agency"])):
        clock.at = datetime(2027, 1, 5, hour, tzinfo=BEIJING)
        await tick(known)
        assert (await told("warning"), await told("overdue")) == (warned, [])
    clock.at = datetime(2027, 1, 6, tzinfo=BEIJING)
    await tick(known)
    assert (await told("warning"), await told("overdue")) == (["agency"], ["agency", "bureau"])


@under("qijiang")
async def test_time_does_not_run_backwards(desk: Desk, clock: StandingClock) -> None:
    """The days to confirm end while it is decided whether the rating counts."""
    order = await desk.rated()
    await desk.step(order, "staff", "appeal", reason="当天系统故障")
    await desk.step(order, "handler", "verify", class_name="simple")
    await desk.step(order, "handler", "answer", text="已经改正。")
    clock.advance(days=29)
    await desk.step(order, "bureau", "decide_appeal", upheld=True, note="录像显示评价不实")
    await desk.object(order)
    clock.advance(days=3)
    await tick(desk.town.office)
    await desk.step(order, "bureau", "decide_objection", upheld=True, note="评价人坚持")
    clock.advance(days=1)
    await tick(desk.town.office)
    assert (await WorkOrder.get(id=order)).state == "closed"
    moments = [row.at for row in await OrderEvent.filter(order_id=order).order_by("sequence")]
    assert moments == sorted(moments)


# --- Several at once ----------------------------------------------------------------------------


@pytest.mark.parametrize("moment", [FIRST_WARNING, DUE, ESCALATED, march(31)])
async def test_two_processes_tell_each_once(
    desk: Desk, elsewhere: Elsewhere, moment: datetime
) -> None:
    await with_province(desk)
    orders = [await dispatched(desk) for _ in range(3)]
    await elsewhere.at_once((moment, tick), (moment, tick))
    warned, marked = ["agency"] * 3, ["agency", "bureau"] * 3 + ["bureau-p"] * 3 * (moment > DUE)
    assert sorted(await told("warning")) == (warned if moment < DUE else [])
    assert sorted(await told("overdue")) == (sorted(marked) if moment >= DUE else [])
    marks = {(await rectify(order)).overdue_at for order in orders}
    assert marks == {DUE if moment >= DUE else None}


async def test_a_sweep_first_and_a_handler_meanwhile(desk: Desk, elsewhere: Elsewhere) -> None:
    """The handler waits for the mark, and does not undo it."""
    order = await dispatched(desk)
    await desk.step(order, "handler", "verify")
    answer = STEPS["answer"].model_validate({"text": "已经改正。"})
    account = desk.who["handler"]
    async with elsewhere.holding(DUE + SECOND, mark_overdue):
        acting = elsewhere.at(DUE + SECOND, lambda there: act(there, order, answer, account))
        await until_waiting(desk.town.office.database)
    async with asyncio.timeout(30):
        await acting
    row = await rectify(order)
    assert (row.overdue_at, row.met_at) == (DUE, DUE + SECOND)
    assert await told("overdue") == ["agency", "bureau"]


async def test_a_handler_first_and_a_sweep_meanwhile(desk: Desk, elsewhere: Elsewhere) -> None:
    """The sweep takes nothing that somebody holds: on PostgreSQL it passes by, on SQLite it waits;
    another order is marked."""
    order, other = await dispatched(desk), await dispatched(desk)
    await desk.step(order, "handler", "verify")
    answer = STEPS["answer"].model_validate({"text": "已经改正。"})
    account = desk.who["handler"]
    postgres = desk.town.office.database.is_postgres
    async with elsewhere.holding(DUE - SECOND, lambda there: act(there, order, answer, account)):
        sweeping = elsewhere.at(DUE, tick)
        if postgres:
            async with asyncio.timeout(30):
                await sweeping
    async with asyncio.timeout(30):
        await sweeping
    assert (await rectify(order)).overdue_at is None
    assert (await rectify(order)).met_at == DUE - SECOND
    assert (await rectify(other)).overdue_at == DUE


async def test_many_sweep_while_many_act(desk: Desk, elsewhere: Elsewhere) -> None:
    """No deadlock, and nothing lost: five orders, five answers, three sweeps."""
    orders = [await dispatched(desk) for _ in range(5)]
    for order in orders:
        await desk.step(order, "handler", "verify")
    answer = STEPS["answer"].model_validate({"text": "已经改正。"})
    account = desk.who["handler"]

    def answering(order: int, there: Office) -> asyncio.Future[WorkOrder]:
        return asyncio.ensure_future(act(there, order, answer, account))

    works = [(DUE, lambda there, order=order: answering(order, there)) for order in orders]
    await elsewhere.at_once(*works, *[(DUE, tick)] * 3)
    for order in orders:
        row = await rectify(order)
        assert (row.overdue_at, row.met_at) == (DUE, DUE)


@under("lingang")
async def test_a_class_and_the_notice_of_a_year_at_once(
    desk: Desk, clock: StandingClock, elsewhere: Elsewhere
) -> None:
    """Of an order without a class the longest term is estimated; who gives it one meanwhile is not
    overtaken by the longest term settled."""
    clock.at = datetime(2026, 12, 31, 10, tzinfo=BEIJING)
    unknown = replace(desk.town.office, days=WorkingDays(library=KNOWN))
    known = replace(desk.town.office, days=WorkingDays([ADDED], library=KNOWN))
    town = replace(desk.town, office=unknown)
    order = await Desk(town, desk.who).rated()
    simple = STEPS["verify"].model_validate({"class_name": "simple"})
    account = desk.who["handler"]
    async with elsewhere.holding(
        clock.at, lambda there: act(replace(there, days=unknown.days), order, simple, account)
    ):
        settling = elsewhere.at(clock.at, lambda there: settle(replace(there, days=known.days)))
        await until_waiting(known.database)
    async with asyncio.timeout(30):
        await settling
    # 1个工作日: after 元旦 Monday, 4 January.
    due = datetime(2027, 1, 5, tzinfo=BEIJING)
    row = await rectify(order)
    assert (row.due_at, row.provisional) == (due, False)
    assert (await WorkOrder.get(id=order)).due_at == due
