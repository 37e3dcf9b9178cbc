"""定期通报: each month once, to agencies that have an address and a rulebook with a bulletin."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.bulletins import (
    HEADING,
    bulletin,
    issued_at,
    month_of,
    next_bulletins,
    put_bulletins,
)
from models.calendar.beijing import BEIJING, beijing_date
from models.ratings.submit import submit
from models.sweeps.silence import record_silence
from models.tables import Agency, Notice, Region
from models.words import Level
from tests.models.ratings.said import rating
from tests.models.town import Town, case, done, under
from tests.standing import StandingClock

MARCH = date(2026, 3, 1)
OUT = datetime(2026, 4, 1, 9, tzinfo=BEIJING)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "month"),
    [
        (OUT - SECOND, date(2026, 2, 1)),
        (OUT, MARCH),
        (OUT + timedelta(days=29), MARCH),
        (datetime(2026, 1, 1, 8, 59, tzinfo=BEIJING), date(2025, 11, 1)),
        (datetime(2026, 1, 1, 9, tzinfo=BEIJING), date(2025, 12, 1)),
    ],
)
def test_the_newest_month_that_is_out(now: datetime, month: date) -> None:
    assert month_of(now) == month


@given(
    st.integers(0, 4_000_000).map(lambda n: datetime(2024, 1, 1, tzinfo=BEIJING) + n * 40 * SECOND)
)
def test_a_month_is_out_when_it_is_issued(now: datetime) -> None:
    month = month_of(now)
    assert month.day == 1
    assert issued_at(month) <= now < issued_at((month + timedelta(days=31)).replace(day=1))
    assert month < beijing_date(now)


async def with_address(*codes: str) -> None:
    for code in codes:
        await Agency.filter(code=code).update(email=f"{code}@example.cn")


async def test_each_month_once_to_each(town: Town, clock: StandingClock) -> None:
    await with_address("agency", "bureau")
    clock.at = OUT
    assert await put_bulletins(town.office) == 2
    assert await put_bulletins(town.office) == 0
    clock.advance(days=20)
    assert await put_bulletins(town.office) == 0
    told = await Notice.filter(kind="bulletin").order_by("once")
    addressed = await Agency.exclude(email=None).order_by("id")
    assert [each.once for each in told] == [f"bulletin:{row.id}:2026-03" for row in addressed]
    assert {each.due_at for each in told} == {OUT}
    assert {each.body["month"] for each in told} == {"2026-03-01"}


async def test_after_a_pause_only_the_newest(town: Town, clock: StandingClock) -> None:
    await with_address("agency")
    clock.at = datetime(2026, 9, 15, 12, tzinfo=BEIJING)
    assert await put_bulletins(town.office) == 1
    (told,) = await Notice.all()
    assert told.due_at == datetime(2026, 9, 1, 9, tzinfo=BEIJING)
    assert told.give_up_at > clock.now()


async def test_a_new_address_gets_the_newest(town: Town, clock: StandingClock) -> None:
    await with_address("agency")
    clock.at = OUT
    await put_bulletins(town.office)
    await with_address("agency-2")
    clock.advance(days=1)
    assert await put_bulletins(town.office) == 1


@under("sanming", "lingang")
async def test_where_the_text_knows_no_bulletin_there_is_none(
    town: Town, clock: StandingClock
) -> None:
    await with_address("agency", "bureau")
    clock.at = OUT
    assert await put_bulletins(town.office) == 0


async def test_nor_where_there_is_no_rulebook(town: Town, clock: StandingClock) -> None:
    nowhere = await Region.create(code="N", name="无名")
    await Agency.filter(code="agency").update(region_id=nowhere.id)
    await with_address("agency")
    clock.at = OUT
    assert await put_bulletins(town.office) == 0


async def test_the_next_one_is_named(town: Town, clock: StandingClock) -> None:
    assert await next_bulletins(town.office) is None
    await with_address("agency")
    assert await next_bulletins(town.office) == OUT
    clock.at = OUT
    assert await next_bulletins(town.office) == datetime(2026, 5, 1, 9, tzinfo=BEIJING)


async def test_the_figures_of_an_agency_and_of_its_bureau(town: Town, clock: StandingClock) -> None:
    """The agency sees its own, the bureau everybody's in its region, and nobody the neighbour's."""
    for number in ("C1", "C2", "C3"):
        await town.report(case(number), done(number))
    await town.report(case("C4", agency="agency-2", item="item-2"), done("C4"))
    rated = await town.invitation(case("C5"), done("C5"))
    await submit(town.office, rated, rating(Level.SATISFIED))
    clock.at = datetime(2026, 3, 10, tzinfo=BEIJING)
    await record_silence(town.office)
    clock.at = OUT
    agency, second = [await Agency.get(code=code) for code in ("agency", "agency-2")]
    own = (agency.name, "服务事项", "0", "1", "0", "0", "0", "3", "0")
    other = (second.name, "服务事项", "0", "0", "0", "0", "0", "1", "0")
    assert await bulletin(town.office, agency, MARCH) == (HEADING, own)
    bureau = await Agency.get(code="bureau")
    assert await bulletin(town.office, bureau, MARCH) == (HEADING, own, other)
    assert await bulletin(town.office, bureau, date(2026, 2, 1)) == (HEADING,)
