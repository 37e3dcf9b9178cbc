"""催评: at 24 hours, once, never by night, and never against the legal clock (matrix §3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar.beijing import BEIJING, beijing
from models.calendar.working_days import WorkingDays
from models.cases.facts import GroupKind
from models.cases.reports import Applicant
from models.cases.terms import terms
from models.notices import after_quiet_hours
from models.office import Office
from models.ratings.submit import submit
from models.rulebooks.rating_rules import QuietHours
from models.rulebooks.rule import PLATFORM
from models.rulebooks.shelf import Shelf
from models.sweeps.reminders import remind
from models.tables import Invitation, Notice
from models.words import CaseKind, Handling, Node
from tests.models.own_rules import amended, switched_on
from tests.models.ratings.said import rating
from tests.models.town import DONE, Town, build, call, case, done, member, under, visit
from tests.standing import StandingClock

REMINDING = ("chaoan", "tianjin")
NOT_REMINDING = ("lingang", "qijiang", "sanming")
SECOND = timedelta(seconds=1)
UNREACHABLE = Applicant(name="欧阳小明", identity="110101199003070134")
JANUARY = datetime(2026, 1, 1, tzinfo=BEIJING)
LATE_EVENING = datetime(2026, 3, 1, 22, 30, tzinfo=BEIJING)


@under(*REMINDING)
async def test_after_24_hours(town: Town, clock: StandingClock) -> None:
    invitation = await town.invitation(case(), done())
    clock.at = DONE + timedelta(hours=24) - SECOND
    assert await remind(town.office) == 0
    clock.at += SECOND
    assert await remind(town.office) == 1
    notice = await Notice.get(kind="reminder")
    assert (notice.once, notice.body) == (
        f"reminder:{invitation.key}",
        {"invitation": invitation.id},
    )
    assert (notice.agency_id, notice.due_at) == (invitation.agency_id, clock.now())
    assert (notice.created_at, notice.next_at) == (clock.now(), notice.due_at)
    await invitation.refresh_from_db()
    assert (invitation.reminded_at, invitation.closed_at) == (invitation.remind_at, None)
    assert await remind(town.office) == 0


@under(*NOT_REMINDING)
async def test_where_the_text_is_silent_nobody_is_reminded(
    town: Town, clock: StandingClock
) -> None:
    await town.report(case(), done())
    clock.advance(days=100)
    assert await remind(town.office) == 0
    assert not await Notice.filter(kind="reminder").exists()


@under(*REMINDING)
async def test_who_has_rated_is_not_reminded(town: Town, clock: StandingClock) -> None:
    invitation = await town.invitation(case(), done())
    await submit(town.office, invitation, rating())
    clock.advance(days=2)
    assert await remind(town.office) == 0
    assert not await Notice.filter(kind="reminder").exists()


@under(*REMINDING)
async def test_only_of_completed_items(town: Town, clock: StandingClock) -> None:
    """Reading 4: visits and calls have no such clock."""
    await town.report(case(), visit(), call())
    clock.advance(days=100)
    assert await remind(town.office) == 0


@under(*REMINDING)
async def test_by_night_the_message_waits_and_the_clock_does_not(
    town: Town, clock: StandingClock
) -> None:
    invitation = await town.invitation(case(), done(at=LATE_EVENING))
    until = invitation.timely_until
    clock.at = LATE_EVENING + timedelta(hours=24)
    assert await remind(town.office) == 1
    notice = await Notice.get(kind="reminder")
    assert notice.due_at == notice.next_at == datetime(2026, 3, 3, 8, tzinfo=BEIJING)
    await invitation.refresh_from_db()
    assert (invitation.reminded_at, invitation.timely_until) == (clock.now(), until)


times = st.times().map(lambda each: each.replace(tzinfo=None))
moments = st.integers(0, 300 * 24 * 3600).map(lambda n: JANUARY + n * SECOND)


@given(moments, times, times)
def test_quiet_hours_move_the_message_and_never_the_silence(
    shelf: Shelf, opened_at: datetime, begin: time, end: time
) -> None:
    """Reading 28, for spans over midnight and for those within a day."""
    version = shelf.book("chaoan").versions[0]
    hours = QuietHours(source=PLATFORM, begin=begin, end=end)
    quiet = version.model_copy(update={"quiet_hours": hours})
    found = terms(quiet, Node.COMPLETION, opened_at, WorkingDays())
    assert found == terms(version, Node.COMPLETION, opened_at, WorkingDays())
    assert found.remind_at == opened_at + timedelta(hours=24)
    sent = after_quiet_hours(found.remind_at, hours)
    clock = beijing(sent).time()
    within = begin <= clock < end if begin <= end else clock >= begin or clock < end
    assert not within
    assert found.remind_at <= sent < found.remind_at + timedelta(days=1)
    assert found.timely_until is not None
    assert sent < found.timely_until


@under("chaoan")
async def test_a_duty_to_somebody_unreachable_is_a_message_all_the_same(
    town: Town, clock: StandingClock
) -> None:
    """潮安's is a duty: it ends among the dead letters, where staff see it (reading 29, and
    tests/bot/test_ways.py)."""
    await town.report(case(applicant=UNREACHABLE), done())
    clock.advance(days=1)
    assert await remind(town.office) == 1
    assert await Notice.filter(kind="reminder").count() == 1


@under("tianjin")
async def test_an_optional_one_to_somebody_unreachable_is_none(
    town: Town, clock: StandingClock
) -> None:
    invitation = await town.invitation(case(applicant=UNREACHABLE), done())
    clock.advance(days=1)
    assert await remind(town.office) == 1
    assert not await Notice.exists()
    await invitation.refresh_from_db()
    assert invitation.reminded_at == invitation.remind_at


@under("tianjin")
async def test_a_call_handed_on_has_the_callers_number(town: Town, clock: StandingClock) -> None:
    """潮安第十四条: of who called, often the number is all that is known."""
    await town.report(case(kind=CaseKind.TRANSFERRED, call="T1", applicant=UNREACHABLE), done())
    clock.advance(days=1)
    await remind(town.office)
    assert await Notice.filter(kind="reminder").count() == 1


async def test_an_optional_one_may_be_left_out(
    office: Office, clock: StandingClock, tmp_path: Path
) -> None:
    """Reading 29: `sent = false`."""
    off = amended(tmp_path, "tianjin", ("mandatory = false\n", "mandatory = false\nsent = false\n"))
    town = await build(replace(office, shelf=off), "tianjin")
    invitation = await town.invitation(case(), done())
    assert invitation.remind_at is None
    clock.advance(days=100)
    assert await remind(town.office) == 0


async def test_left_out_from_now_on_it_is_not_sent_for_older_cases_either(
    office: Office, clock: StandingClock, tmp_path: Path
) -> None:
    off = amended(tmp_path, "tianjin", ("mandatory = false\n", "mandatory = false\nsent = false\n"))
    await (await build(office, "tianjin")).report(case(), done())
    clock.advance(days=1)
    await remind(replace(office, shelf=off))
    assert not await Notice.exists()


async def test_a_rulebook_may_switch_it_on(
    office: Office, clock: StandingClock, tmp_path: Path
) -> None:
    town = await build(
        replace(office, shelf=switched_on(tmp_path, "lingang", "reminder")), "lingang"
    )
    await town.report(case(), done())
    clock.at = DONE + timedelta(hours=24)
    assert await remind(town.office) == 1
    assert await Notice.filter(kind="reminder").count() == 1


@pytest.mark.parametrize(("days", "sent"), [(179, True), (181, False)])
async def test_nobody_is_sent_a_dead_link(
    town: Town, clock: StandingClock, days: int, sent: bool
) -> None:
    """After a pause as long as that there is nothing left to remind of."""
    invitation = await town.invitation(case(handling=Handling.ONLINE), done())
    clock.advance(days=days)
    assert await remind(town.office) == 1
    assert await Notice.filter(kind="reminder").exists() == sent
    await invitation.refresh_from_db()
    assert invitation.reminded_at == invitation.remind_at
    assert await Invitation.filter(reminded_at=None).count() == 0


async def test_one_reminder_asks_for_a_whole_group(town: Town, clock: StandingClock) -> None:
    """Its page offers to rate the cases separately, too."""
    for place, number in enumerate(("C1", "C2"), start=1):
        await town.report(member(number, GroupKind.THEME, place), done(number))
    clock.at = DONE + timedelta(hours=24)
    assert await remind(town.office) == 3
    assert [each.once for each in await Notice.all()] == ["reminder:group:1/completion"]
    assert await Invitation.filter(reminded_at=None).count() == 0


async def test_until_there_is_a_whole_each_case_asks_for_itself(
    town: Town, clock: StandingClock
) -> None:
    await town.report(member("C1", GroupKind.THEME), member("C2", GroupKind.THEME, 2), done("C1"))
    clock.at = DONE + timedelta(hours=24)
    assert await remind(town.office) == 1
    assert [each.once for each in await Notice.all()] == ["reminder:case:1/completion"]
