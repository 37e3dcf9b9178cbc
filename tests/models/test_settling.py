"""Deadlines that wait for a year's notice: estimates until it comes, then settled (DESIGN §6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.calendar.added_years import read_year
from models.calendar.beijing import BEIJING
from models.calendar.working_days import WorkingDays
from models.calendar.year_plan import YearPlan, library_plans
from models.cases.terms import terms
from models.office import Office
from models.ratings.submit import submit
from models.rulebooks.rating_rules import Reminder
from models.rulebooks.rule import PLATFORM, Counting, Period, Since
from models.rulebooks.shelf import Shelf
from models.settling import settle
from models.tables import Evaluation, Invitation, OrderDeadline, WorkOrder
from models.tick import tick
from models.words import Level, Node
from tests.models.contents import everything
from tests.models.ratings.said import rating, reasons
from tests.models.town import Town, build, case, done
from tests.standing import StandingClock

KNOWN: Mapping[int, YearPlan] = {y: plan for y, plan in library_plans().items() if y <= 2026}
NOTICE = (Path(__file__).parent / "calendar" / "2027.toml").read_text("utf-8")
"""1 to 3 January are 元旦; without it only the weekend of the 2nd and 3rd can be told."""
WITHOUT = WorkingDays(library=KNOWN)
WITH = WorkingDays([read_year(NOTICE, "2027.toml", library=KNOWN)], library=KNOWN)
TUESDAY = datetime(2026, 12, 29, 10, tzinfo=BEIJING)


def midnight(day: int) -> datetime:
    """24:00 of the day before, in January."""
    return datetime(2027, 1, day, tzinfo=BEIJING)


@pytest.fixture
def december(office: Office, clock: StandingClock) -> Office:
    clock.at = TUESDAY
    return replace(office, days=WITHOUT)


async def completed(office: Office, rulebook: str) -> tuple[Town, Invitation]:
    town = await build(office, rulebook)
    return town, await town.invitation(case(), done(at=TUESDAY))


async def test_silence_is_settled_by_the_notice(december: Office) -> None:
    """天津, 5个工作日: 30, 31, then 1, 4, 5 by the weekday alone, or 4, 5, 6 by the notice."""
    _, invitation = await completed(december, "tianjin")
    assert (invitation.timely_until, invitation.provisional) == (midnight(6), True)
    assert await settle(december) == 0
    informed = replace(december, days=WITH)
    assert await settle(informed) == 1
    await invitation.refresh_from_db()
    assert (invitation.timely_until, invitation.provisional) == (midnight(7), False)
    assert await settle(informed) == 0


async def test_the_clocks_of_an_order_are_settled(december: Office, clock: StandingClock) -> None:
    """威海临港, 1个工作日 from the 31st: 1 January by the weekday, 4 January by the notice; and 15,
    the longest term of any class."""
    town, invitation = await completed(december, "lingang")
    clock.advance(days=2)
    await submit(town.office, invitation, rating(Level.DISSATISFIED, **reasons(item="慢")))
    assert await due_days() == {
        "appeal": (midnight(2), True),
        "first_contact": (midnight(2), True),
        "rectify": (midnight(22), True),
    }
    assert (await WorkOrder.get()).due_at == midnight(2)
    assert await settle(replace(december, days=WITH)) == 3
    assert await due_days() == {
        "appeal": (midnight(5), False),
        "first_contact": (midnight(5), False),
        "rectify": (midnight(23), False),
    }
    assert (await WorkOrder.get()).due_at == midnight(5)
    # The last working day before the 4th is the 31st, which is over: eight hours before is left.
    contact = await OrderDeadline.get(kind="first_contact")
    assert contact.warn_at == midnight(5) - timedelta(hours=8)


async def due_days() -> dict[str, tuple[datetime, bool]]:
    return {each.kind: (each.due_at, each.provisional) for each in await OrderDeadline.all()}


async def test_no_rating_waits_for_it(december: Office) -> None:
    town, invitation = await completed(december, "tianjin")
    receipt = await submit(town.office, invitation, rating())
    assert not receipt.late
    assert await Evaluation.all().count() == 1


async def test_natural_days_and_hours_need_no_notice(december: Office) -> None:
    _, invitation = await completed(december, "chaoan")
    assert not invitation.provisional
    assert invitation.timely_until == midnight(6)


async def test_a_beat_settles_and_changes_nothing_else(december: Office) -> None:
    await completed(december, "tianjin")
    informed = replace(december, days=WITH)
    assert await tick(informed) == 1
    before = await everything()
    assert await tick(informed) == 0
    assert await everything() == before


async def test_a_report_sent_again_settles_its_own(december: Office) -> None:
    town, invitation = await completed(december, "tianjin")
    await replace(town, office=replace(december, days=WITH)).report(done(at=TUESDAY))
    await invitation.refresh_from_db()
    assert (invitation.timely_until, invitation.provisional) == (midnight(7), False)


def test_a_reminder_in_working_days_is_provisional_as_well(shelf: Shelf) -> None:
    """None of the five texts has one; a rulebook may."""
    after = Period(count=3, unit=Counting.WORKING_DAYS, since=Since.COMPLETION)
    rule = Reminder(source=PLATFORM, after=after, channels=("sms",), mandatory=False)
    version = shelf.book("lingang").versions[0].model_copy(update={"reminder": rule})
    found = terms(version, Node.COMPLETION, TUESDAY, WITHOUT)
    assert (found.remind_at, found.provisional) == (midnight(2), True)
    found = terms(version, Node.COMPLETION, TUESDAY, WITH)
    assert (found.remind_at, found.provisional) == (midnight(5), False)
